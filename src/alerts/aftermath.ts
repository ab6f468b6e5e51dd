/** What the price did after a firing: the last trade at or before so many minutes later, exact to the trade. */
import { compareTime, type UnixTime } from "../lib/time.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { Firing } from "./firing.ts";

/** Minutes after a firing that are looked at. */
export const HORIZONS_MIN = [1, 5, 15] as const;

/** Why there is no price: the session, or what is recorded, was over by then, or trades of the time between are missing. */
export type NoPrice = "closed" | "ended" | "gap" | "unknown";

/** A price in ticks, or why there is none. */
export type Later = { readonly ticks: number } | { readonly reason: NoPrice };

/** A firing with its price at each horizon, in their order. */
export interface Followed {
  readonly firing: Firing;
  readonly later: readonly Later[];
}

interface Waiting {
  readonly of: Open;
  readonly due: UnixTime;
}

interface Open {
  readonly firing: Firing;
  readonly later: (Later | null)[];
}

const MINUTE_SEC = 60;

/** Follows firings; hands each over once all its prices are known, in the order in which they fired. */
export class Aftermath {
  readonly #onDone: (followed: Followed) => void;
  /** Oldest first. */
  readonly #open: Open[] = [];
  /** For each horizon those that are due, the first one first. */
  readonly #waiting: readonly Waiting[][] = HORIZONS_MIN.map(() => []);
  #last: number | null = null;

  constructor(onDone: (followed: Followed) => void) {
    this.#onDone = onDone;
  }

  /** To be called as it fires, before the trades that it was told with. */
  readonly follow = (firing: Firing): void => {
    const open: Open = { firing, later: HORIZONS_MIN.map(() => null) };
    this.#open.push(open);
    const { at, day } = firing;
    for (const [horizon, minutes] of HORIZONS_MIN.entries()) {
      if (at === null || day === null) open.later[horizon] = { reason: "unknown" };
      else if (at.sec + minutes * MINUTE_SEC >= day.closeSec) open.later[horizon] = { reason: "closed" };
      else insert(this.#waiting[horizon] ?? [], { of: open, due: { sec: at.sec + minutes * MINUTE_SEC, nanos: at.nanos } });
    }
  };

  /** The trades `from` to `to - 1`. */
  trades(batch: TradeBatch, from: number, to: number, day: TradingDay): void {
    const runs = batch.seconds(from, to);
    for (let run = 0; run < runs.length; run += 1) {
      const sec = day.openSec + runs.sec[run]!; // run < runs.length
      if (this.#waiting.some(([next]) => next !== undefined && next.due.sec <= sec)) {
        for (let at = runs.from[run]!; at < runs.from[run + 1]!; at += 1) {
          this.#settle({ sec, nanos: batch.nanos[at]! });
          this.#last = batch.ticks[at]!;
        }
      }
      this.#last = runs.close[run]!;
    }
    this.#handOver();
  }

  /** No more trades come, or what comes is counted from nothing. */
  end(reason: NoPrice): void {
    for (const [horizon, queue] of this.#waiting.entries()) for (const { of } of queue.splice(0)) of.later[horizon] = { reason };
    this.#handOver();
    this.#last = null;
  }

  /** A trade has come whose time is `now`: what was due before it has the price before it. */
  #settle(now: UnixTime): void {
    for (const [horizon, queue] of this.#waiting.entries()) {
      let count = 0;
      for (const { of, due } of queue) {
        if (compareTime(due, now) >= 0) break;
        of.later[horizon] = this.#last === null ? { reason: "unknown" } : { ticks: this.#last };
        count += 1;
      }
      if (count > 0) queue.splice(0, count);
    }
  }

  #handOver(): void {
    let count = 0;
    for (const { firing, later } of this.#open) {
      const known = later.filter((one) => one !== null);
      if (known.length < later.length) break;
      this.#onDone({ firing, later: known });
      count += 1;
    }
    if (count > 0) this.#open.splice(0, count);
  }
}

/** Mostly at the end: only late trades make firings that are not in order of time. */
function insert(queue: Waiting[], waiting: Waiting): void {
  let at = queue.length;
  while (at > 0 && compareTime(queue[at - 1]?.due ?? waiting.due, waiting.due) > 0) at -= 1;
  queue.splice(at, 0, waiting);
}
