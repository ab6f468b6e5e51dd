/** Prices that rules wait for: every crossing, trade by trade, at the cost of two comparisons while none is near. */
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";

/** A price was reached from below (1) or from above (-1) by the trade `at`; `rules` as they were added, in order. */
export type OnCross = (rule: number, at: number, ticks: number, direction: 1 | -1) => void;

interface Line {
  readonly ticks: number;
  readonly up: number[];
  readonly down: number[];
}

/**
 * A rule's price P is reached from below by a trade at P or above after one below P; from above likewise. A trade at P is
 * on neither side: going on through it is no second crossing, and the first trade of all crosses nothing.
 */
export class PriceLines {
  readonly #lines: readonly Line[];
  #last: number | null = null;
  /** The nearest prices beyond the last trade on either side, and whether it is at one itself. */
  #above = Number.POSITIVE_INFINITY;
  #below = Number.NEGATIVE_INFINITY;
  #isOn = false;

  /** `up`, `down`: which crossings a rule (a number) wants. */
  constructor(rules: readonly { readonly rule: number; readonly ticks: number; readonly up: boolean; readonly down: boolean }[]) {
    const lines = new Map<number, Line>();
    for (const { rule, ticks, up, down } of rules) {
      const line = lines.get(ticks) ?? { ticks, up: [], down: [] };
      lines.set(ticks, line);
      if (up) line.up.push(rule);
      if (down) line.down.push(rule);
    }
    this.#lines = [...lines.values()].sort((a, b) => a.ticks - b.ticks);
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** The last trade; null: there is none. */
  start(ticks: number | null): void {
    this.#last = ticks;
    this.#look();
  }

  /** The trades of `run`, one behind the other. */
  scan(batch: TradeBatch, runs: SecondRuns, run: number, onCross: OnCross): void {
    const isFar = !this.#isOn && runs.high[run]! < this.#above && runs.low[run]! > this.#below; // run < runs.length
    if (isFar && this.#last !== null) {
      this.#last = runs.close[run]!;
      return;
    }
    const to = runs.from[run + 1]!;
    for (let at = runs.from[run]!; at < to; at += 1) {
      const ticks = batch.ticks[at]!;
      const last = this.#last;
      if (last !== null && !this.#isOn && ticks < this.#above && ticks > this.#below) {
        this.#last = ticks;
        continue;
      }
      if (last !== null && ticks !== last) this.#cross(last, ticks, at, onCross);
      this.#last = ticks;
      if (ticks !== last) this.#look();
    }
  }

  /** Index of the first line above a price. */
  #firstAbove(ticks: number): number {
    let low = 0;
    let high = this.#lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle]?.ticks ?? 0) > ticks) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #look(): void {
    const last = this.#last;
    if (last === null) return;
    const above = this.#firstAbove(last);
    const before = this.#lines[above - 1]?.ticks ?? Number.NEGATIVE_INFINITY;
    this.#above = this.#lines[above]?.ticks ?? Number.POSITIVE_INFINITY;
    this.#isOn = before === last;
    this.#below = this.#isOn ? (this.#lines[above - 2]?.ticks ?? Number.NEGATIVE_INFINITY) : before;
  }

  #cross(last: number, ticks: number, at: number, onCross: OnCross): void {
    if (ticks > last) {
      for (let index = this.#firstAbove(last); index < this.#lines.length; index += 1) {
        const line = this.#lines[index];
        if (line === undefined || line.ticks > ticks) return;
        for (const rule of line.up) onCross(rule, at, line.ticks, 1);
      }
      return;
    }
    for (let index = this.#firstAbove(last - 1) - 1; index >= 0; index -= 1) {
      const line = this.#lines[index];
      if (line === undefined || line.ticks < ticks) return;
      for (const rule of line.down) onCross(rule, at, line.ticks, -1);
    }
  }
}
