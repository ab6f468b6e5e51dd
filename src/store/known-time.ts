/** Since when every trade is known, and what was lost in between: kept for the studies, published as coverage. */
import { compareTime, type UnixTime } from "../lib/time.ts";
import type { LinkGap } from "../lsg/link-state.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { KnownSpan } from "../studies/known-span.ts";
import { coverageOf, holesOf } from "./coverage.ts";
import type { Coverage } from "./snapshot.ts";

export class KnownTime {
  /** As asked for, or else the first trade; null before both. */
  from: UnixTime | null;
  #gaps: readonly LinkGap[] = [];
  #from: UnixTime | null = null;
  #day: TradingDay | null = null;
  #doubtful: readonly LinkGap[] = [];
  #reached = 0;
  #published: Coverage | null = null;

  constructor(from: UnixTime | null) {
    this.from = from;
  }

  /** What studies are told; null while nothing is known. */
  get span(): KnownSpan | null {
    return this.from === null ? null : { from: this.from, holes: holesOf(this.#gaps) };
  }

  /** The day in which `from` lies. */
  dayOfFrom(calendar: TradingCalendar): TradingDay | null {
    return this.from === null ? null : calendar.dayOf(this.from.sec);
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
    this.#published = coverageOf(this.from, day, [...reached, ...doubtful].sort((a, b) => compareTime(a.from, b.from)));
    return this.#published;
  }
}
