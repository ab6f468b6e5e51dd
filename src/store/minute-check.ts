/**
 * The independent check: our volume of each minute against the gateway's one-minute bars. A hole in a replay that nothing
 * else shows is seen here. Both cut minutes by ts_event. A minute is compared when the trades have passed its end.
 */
import type { OhlcvMsg } from "../dbn/records.ts";
import type { UnixTime } from "../lib/time.ts";
import { boundedGaps } from "../lsg/bounded-gaps.ts";
import type { LinkGap } from "../lsg/link-state.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import { isPossible } from "./trade-times.ts";

/** A minute in which bar and trades differ. */
export interface DifferentMinute {
  /** Unix seconds of its start. */
  readonly sec: number;
  /** Contracts counted here, and contracts of the bar; 0 when there is no bar although later ones came. */
  readonly counted: number;
  readonly bar: number;
}

export interface MinutesView {
  /** Minutes of the session that were compared. */
  readonly checked: number;
  readonly different: number;
  /** The newest of them, at most 20, oldest first. */
  readonly newest: readonly DifferentMinute[];
  /** All of them as spans of which it is not known whether every trade is there; the oldest are one when they are many. */
  readonly spans: readonly LinkGap[];
}

export const NO_MINUTES: MinutesView = { checked: 0, different: 0, newest: [], spans: [] };

const MINUTE_SEC = 60;
/** Minutes kept: more than any session has, and a power of two. */
const SLOTS = 2_048;
/** Trades of a minute may come this late after its end. */
const GRACE_SEC = 5;
const AHEAD_SEC = 86_400;
const SHOWN_MAX = 20;
const SPANS_MAX = 50;
const NO_BAR = -1;

export class MinuteCheck {
  /** Which minute since 1970 a slot holds, what was counted in it, and its bar. */
  readonly #minutes = new Int32Array(SLOTS).fill(-1);
  readonly #counted = new Float64Array(SLOTS);
  readonly #bars = new Float64Array(SLOTS).fill(NO_BAR);
  #lastBar = -1;
  #isDirty = false;
  #view = NO_MINUTES;
  #different: readonly DifferentMinute[] = [];
  /** Minutes before this one were compared for the view. */
  #passed = -1;

  /** Trades of the session that opened at `openSec`. */
  trades(batch: TradeBatch, openSec: number): void {
    const runs = batch.seconds(0, batch.length);
    for (let run = 0; run < runs.length; run += 1) {
      const slot = this.#slotOf(Math.floor((runs.sec[run]! + openSec) / MINUTE_SEC)); // run < runs.length
      if (slot >= 0) this.#counted[slot]! += runs.volume[run]!;
    }
    this.#isDirty = true;
  }

  /** A one-minute bar of the instrument. `newestSec`: as below, or negative before the first trade. */
  bar(bar: OhlcvMsg, newestSec: number): void {
    const sec = Number(bar.tsEvent / 1_000_000_000n);
    const minute = Math.floor(sec / MINUTE_SEC);
    // Bars of a replay may come long before its trades, but not days.
    const isDamaged = !isPossible(sec) || (newestSec >= 0 && sec > newestSec + AHEAD_SEC);
    const slot = isDamaged ? -1 : this.#slotOf(minute);
    if (slot < 0) return;
    this.#bars[slot] = Number(bar.volume);
    this.#lastBar = Math.max(this.#lastBar, minute);
    this.#isDirty = true;
  }

  /** The session so far. `from`: where every trade is known from. `newestSec`: unix second of the newest trade. */
  publish(from: UnixTime | null, openSec: number, newestSec: number): MinutesView {
    const passed = Math.floor((newestSec - GRACE_SEC) / MINUTE_SEC);
    if (!this.#isDirty && passed === this.#passed) return this.#view;
    this.#isDirty = false;
    this.#passed = passed;
    if (from === null) return this.#view;
    const knownSec = Math.max(openSec, from.sec + (from.nanos > 0 ? 1 : 0));
    const last = Math.min(this.#lastBar, passed - 1);
    let minute = Math.max(Math.ceil(knownSec / MINUTE_SEC), last - SLOTS + 1);
    while (minute <= last && this.#barOf(minute) === NO_BAR) minute += 1; // bars may have been asked for from later on
    const checked = Math.max(0, last - minute + 1);
    const found: DifferentMinute[] = [];
    for (; minute <= last; minute += 1) {
      const slot = minute % SLOTS;
      const counted = this.#minutes[slot] === minute ? (this.#counted[slot] ?? 0) : 0;
      const bar = Math.max(0, this.#barOf(minute));
      if (counted !== bar) found.push({ sec: minute * MINUTE_SEC, counted, bar });
    }
    const newest = found.slice(-SHOWN_MAX);
    const before = this.#view;
    const isAsBefore = checked === before.checked && found.length === this.#different.length && isSame(found, this.#different);
    if (isAsBefore) return before;
    this.#different = found;
    this.#view = { checked, different: found.length, newest, spans: spansOf(found) };
    return this.#view;
  }

  #barOf(minute: number): number {
    const slot = minute % SLOTS;
    return this.#minutes[slot] === minute ? (this.#bars[slot] ?? NO_BAR) : NO_BAR;
  }

  /** The slot of a minute, emptied when it held an older one; -1 for a minute too old to be kept. */
  #slotOf(minute: number): number {
    const slot = minute % SLOTS;
    const held = this.#minutes[slot]!; // one of the slots
    if (held > minute) return -1;
    if (held < minute) {
      this.#minutes[slot] = minute;
      this.#counted[slot] = 0;
      this.#bars[slot] = NO_BAR;
    }
    return slot;
  }
}

/** Minutes behind one another are one span. */
function spansOf(minutes: readonly DifferentMinute[]): readonly LinkGap[] {
  const spans: LinkGap[] = [];
  for (const { sec } of minutes) {
    const before = spans.at(-1);
    const isNext = before?.to?.sec === sec;
    if (isNext) spans.pop();
    const from = isNext ? before.from : { sec, nanos: 0 };
    spans.push({ from, to: { sec: sec + MINUTE_SEC, nanos: 0 }, state: "unverified", how: "the gateway's bars have other volumes" });
  }
  return boundedGaps(spans, SPANS_MAX);
}

function isSame(a: readonly DifferentMinute[], b: readonly DifferentMinute[]): boolean {
  return a.length === b.length && a.every(({ sec, counted, bar }, n) => sec === b[n]?.sec && counted === b[n].counted && bar === b[n].bar);
}
