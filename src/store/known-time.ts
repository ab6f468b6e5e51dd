/** Since when every trade is known, and what was lost in between: kept for the studies, published as coverage. */
import { compareTime, type UnixTime } from "../lib/time.ts";
import type { LinkGap } from "../lsg/link-state.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { KnownSpan } from "../studies/known-span.ts";
import { coverageOf, holesOf } from "./coverage.ts";
import type { Coverage } from "./snapshot.ts";

/** A market that trades has a trade in the first minute of its session. */
const HEAD_SEC = 60;
/** A trade received later than this after it was made has a damaged time. */
const LATE_SEC_MAX = 3_600;

export class KnownTime {
  /** As asked for, or else the first trade; null before both. */
  from: UnixTime | null;
  #gaps: readonly LinkGap[] = [];
  /** The time before the first trade, where that is long: a replay that begins late looks like a market that did. */
  #head: readonly LinkGap[] = [];
  #hasBegun: boolean;
  readonly #isAsked: boolean;
  #from: UnixTime | null = null;
  #day: TradingDay | null = null;
  #doubtful: readonly LinkGap[] = [];
  #reached = 0;
  #published: Coverage | null = null;

  /** `isAsked`: `from` is what a gateway was asked for; else what a recording is known to hold. */
  constructor(from: UnixTime | null, isAsked: boolean) {
    this.from = from;
    this.#isAsked = isAsked;
    this.#hasBegun = !isAsked;
  }

  /** What studies are told; null while nothing is known. */
  get span(): KnownSpan | null {
    return this.from === null ? null : { from: this.from, holes: holesOf([...this.#head, ...this.#gaps]) };
  }

  /** The day in which `from` lies. */
  dayOfFrom(calendar: TradingCalendar): TradingDay | null {
    return this.from === null ? null : calendar.dayOf(this.from.sec);
  }

  /** The first trade of all, made at `at` in this day and received at `arrived`: what came before it would have come first. */
  begin(at: UnixTime, arrived: UnixTime, day: TradingDay): void {
    this.from ??= at;
    if (!this.#isAsked) return;
    const open: UnixTime = { sec: day.openSec, nanos: 0 };
    const from = compareTime(this.from, open) < 0 ? open : this.from;
    const lateSec = arrived.sec - at.sec;
    const to = lateSec >= 0 && lateSec < LATE_SEC_MAX && compareTime(arrived, at) > 0 ? arrived : at;
    this.#head = at.sec - from.sec >= HEAD_SEC ? [{ from, to, state: "unverified", how: "no trade came of this time: nothing traded, or the gateway no longer has it" }] : [];
    this.#hasBegun = true;
    this.#published = null;
  }

  /** Another contract: nothing is known of it before `from`; null: that stays as it was. */
  restart(from: UnixTime | null): void {
    this.from = from ?? this.from;
    this.#head = [];
    this.#hasBegun = !this.#isAsked;
    this.#published = null;
  }

  /** False when the link has nothing new to say. */
  noteGaps(gaps: readonly LinkGap[]): boolean {
    if (gaps === this.#gaps || (gaps.length === 0 && this.#gaps.length === 0)) return false;
    this.#gaps = gaps;
    this.#published = null;
    return true;
  }

  /**
   * The coverage of a day's figures; the same object while nothing changed. `doubtful`: spans found wanting by the figures
   * themselves, beside the gaps that the link told; of a recording the link knows gaps ahead of `nowSec` (unix seconds).
   */
  publish(day: TradingDay | null, doubtful: readonly LinkGap[], nowSec: number): Coverage {
    const before = this.#published;
    const reached = this.#gaps.filter(({ from }) => from.sec <= nowSec);
    const isSame = day === this.#day && this.from === this.#from && doubtful === this.#doubtful && reached.length === this.#reached;
    if (before !== null && isSame) return before;
    this.#from = this.from;
    this.#reached = reached.length;
    this.#day = day;
    this.#doubtful = doubtful;
    // Before the first trade nobody knows whether there was none, or what was asked for did not come.
    this.#published = coverageOf(this.#hasBegun ? this.from : null, day, [...this.#head, ...reached, ...doubtful].sort((a, b) => compareTime(a.from, b.from)));
    return this.#published;
  }
}
