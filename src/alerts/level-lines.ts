/** Levels that rules wait for: lines that move from second to second, touched trade by trade. */
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { ReadView } from "../store/watcher.ts";
import { levelsOf } from "../studies/levels.ts";
import type { OnCross } from "./price-lines.ts";

interface Line {
  readonly level: string;
  readonly rules: number[];
  /** In ticks, fractions allowed; null while it is not known or still forming. */
  ticks: number | null;
  /** The whole ticks at or below and at or above it. */
  floor: number;
  ceiling: number;
  /** On which side of it the last trade was; 0 at it, or none yet. */
  side: number;
}

/** Either kind of settlement is the settlement. */
const PRELIMINARY = "preliminary settlement";

/**
 * A level is touched by a trade at it or beyond it after one on the other side. Its price is that before the trade's
 * second, so no trade is measured by a level it made itself. A level that drifts by less than a tick may so come to the
 * price: the next trade touches it. One that jumps further, or begins, is only touched by a price that comes to it.
 * Ranges that are still forming are no levels yet.
 */
export class LevelLines {
  readonly #lines: readonly Line[];
  #last: number | null = null;

  constructor(rules: readonly { readonly rule: number; readonly level: string }[]) {
    const lines = new Map<string, Line>();
    for (const { rule, level } of rules) {
      const line = lines.get(level) ?? { level, rules: [], ticks: null, floor: 0, ceiling: 0, side: 0 };
      lines.set(level, line);
      line.rules.push(rule);
    }
    this.#lines = [...lines.values()];
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  start(ticks: number | null): void {
    this.#last = ticks;
    for (const line of this.#lines) Object.assign(line, { ticks: null, side: 0 });
  }

  /** Where a level is, in ticks; null while it is not known. */
  ticksOf(level: string): number | null {
    return this.#lines.find((line) => line.level === level)?.ticks ?? null;
  }

  /** Another second begins; the views hold what came before it. */
  second(read: ReadView): void {
    const [session, vwap, profile, ranges, limits] = [read("session"), read("vwap"), read("profile"), read("ranges"), read("limits")];
    const known = new Map<string, number>();
    for (const { name, ticks, fraction = 0, forming } of levelsOf({ session, vwap, profile, ranges, limits })) {
      if (forming !== true) known.set(name === PRELIMINARY ? "settlement" : name, ticks + fraction);
    }
    for (const line of this.#lines) this.#move(line, known.get(line.level) ?? null);
  }

  scan(batch: TradeBatch, runs: SecondRuns, run: number, onCross: OnCross): void {
    for (const line of this.#lines) if (line.ticks !== null) scanLine(line, batch, runs, run, onCross);
    this.#last = runs.close[run]!; // run < runs.length
  }

  #move(line: Line, ticks: number | null): void {
    const before = line.ticks;
    if (ticks === before) return;
    line.ticks = ticks;
    if (ticks === null) return;
    line.floor = Math.floor(ticks);
    line.ceiling = Math.ceil(ticks);
    const drifted = before !== null && Math.abs(ticks - before) < 1;
    if (!drifted) line.side = this.#last === null ? 0 : sideOf(line, this.#last);
  }
}

function sideOf({ floor, ceiling }: Line, ticks: number): number {
  return ticks > floor ? 1 : ticks < ceiling ? -1 : 0; // between ticks a price is never at it
}

function scanLine(line: Line, batch: TradeBatch, runs: SecondRuns, run: number, onCross: OnCross): void {
  const { floor, ceiling, rules } = line;
  if (line.side > 0 && runs.low[run]! > floor) return; // all above it; run < runs.length
  if (line.side < 0 && runs.high[run]! < ceiling) return;
  const to = runs.from[run + 1]!;
  for (let at = runs.from[run]!; at < to; at += 1) {
    const ticks = batch.ticks[at]!;
    const side = sideOf(line, ticks);
    if (line.side < 0 && side >= 0) for (const rule of rules) onCross(rule, at, line.ticks ?? ticks, 1);
    else if (line.side > 0 && side <= 0) for (const rule of rules) onCross(rule, at, line.ticks ?? ticks, -1);
    line.side = side;
  }
}
