/**
 * To which trade date's file a record goes. Its time says so; but one damaged time among millions must not open a file of
 * another year, so a record of another day than the one that is written waits until the next one of its schema agrees, or
 * a beat has passed. What describes the market (definitions, statistics, status) is told again with every session, from
 * long ago too: it belongs to the day whose trades it goes with, and waits for the first of them.
 */
import type { RecordView } from "../dbn/record-view.ts";
import type { RecordingDay } from "./recorder-options.ts";

/** A record, and before it perhaps a turn to another day. */
export interface Placed {
  readonly to: RecordingDay | null;
  readonly bytes: Uint8Array;
}

/** A record of a later day than this many seconds is damaged: no market is closed for longer. */
const APART_SEC_MAX = 8 * 86_400;
/** Records that may wait for the first trade, and beats that they do. */
const WAITING_MAX = 20_000;
const BEATS_MAX = 10;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly day: RecordingDay;
}

export class DayChoice {
  readonly #dayOf: (sec: number) => RecordingDay;
  readonly #isFollowing: boolean;
  #waiting: Waiting[] = [];
  #beats = 0;

  constructor(dayOf: (sec: number) => RecordingDay, isFollowing: boolean) {
    this.#dayOf = dayOf;
    this.#isFollowing = isFollowing;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Takes a copy of a record of this time, while files of `day` are written (null: none yet); what is to be written now, in order. */
  take(view: RecordView, sec: number, day: RecordingDay | null): readonly Placed[] {
    const bytes = view.bytes.slice(view.base, view.base + view.lengthBytes);
    const isOfDay = day !== null && sec < day.endSec && (this.#isFollowing || sec >= day.openSec);
    if (isOfDay) return [...this.drain().map((one) => ({ to: null, bytes: one })), { to: null, bytes }];
    const own = this.#dayOf(sec);
    const [before] = this.#waiting;
    this.#waiting.push({ bytes, day: own });
    this.#beats = 0;
    if (this.#isFollowing && day === null) return this.#waiting.length < WAITING_MAX ? [] : this.#placed(this.#newest());
    if (before === undefined) return [];
    if (before.day.tradeDate === own.tradeDate) return this.#placed(own);
    // Two that disagree: before the first file the earlier of them is right, else the older one is damaged.
    if (day === null) return this.#placed(before.day.openSec < own.openSec ? before.day : own);
    const [first] = this.#waiting.splice(0, 1);
    return first === undefined ? [] : [{ to: null, bytes: first.bytes }];
  }

  /** Everything that waits, to be written where the writer is. */
  drain(): readonly Uint8Array[] {
    const records = this.#waiting.map(({ bytes }) => bytes);
    this.#waiting = [];
    return records;
  }

  /** A beat has passed: what waits is decided, or null. `isLast`: there will be no later beat. */
  decide(day: RecordingDay | null, isLast: boolean): { readonly to: RecordingDay | null; readonly records: readonly Uint8Array[] } | null {
    const newest = this.#waiting.at(-1);
    if (newest === undefined) return null;
    this.#beats += 1;
    if (this.#isFollowing && day === null && this.#beats < BEATS_MAX && !isLast) return null;
    const to = this.#isFollowing ? this.#newest() : newest.day;
    const isPossible = day === null || Math.abs(to.openSec - day.openSec) <= APART_SEC_MAX;
    return { to: isPossible ? to : null, records: this.drain() };
  }

  #newest(): RecordingDay {
    return this.#waiting.reduce((a, b) => (b.day.openSec > a.day.openSec ? b : a)).day;
  }

  #placed(to: RecordingDay): readonly Placed[] {
    return this.drain().map((bytes, n) => ({ to: n === 0 ? to : null, bytes }));
  }
}
