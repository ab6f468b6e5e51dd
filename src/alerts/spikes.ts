/** Volume and delta spikes: a window of seconds against a fixed amount, or against a multiple of what such windows had. */
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import { SecondSums } from "./second-sums.ts";

export interface SpikeRule {
  readonly rule: number;
  readonly of: "volume" | "delta";
  /** Delta only: +1 bought, -1 sold, 0 either. */
  readonly side: 1 | -1 | 0;
  readonly windowSec: number;
  /** Contracts; null: `times` the average. */
  readonly size: number | null;
  readonly times: number;
  /** Windows that the average is made of. */
  readonly windows: number;
}

/** `contracts` of the window up to the trade `at`; `usual`: the average, rounded down, null for a fixed amount. */
export type OnSpike = (spike: SpikeRule, at: number, contracts: number, usual: number | null) => void;

interface Running {
  readonly spike: SpikeRule;
  /** End of the window being averaged next, in seconds since the open. */
  nextEnd: number;
  /** Whole windows averaged so far, at most `windows`, and their sum: of volume, or of delta without its sign. */
  count: number;
  sum: number;
  /** The amount is reached; it fires again when it has been below. */
  isOver: boolean;
}

/** `times` has at most so many digits behind the point: then comparisons are of whole numbers. */
const PARTS = 1000;
/** Seconds that are ended at once, see `SecondSums.advance`. */
const STRIDE = 4096;

/**
 * The window are the last `windowSec` seconds with the running one. Usual is the average over the last whole windows since
 * the open, as many as the rule says; before there are so many it does not fire. A late trade counts to the second in
 * which it came. It fires with the trade that reaches the amount, not again until the window has been below.
 */
export class Spikes {
  #rules: readonly Running[] = [];
  readonly #sums = new SecondSums();
  /** The day's first second of which all is known. */
  #startSec = 0;

  /** Other rules; what has been added up so far goes on to count for them. */
  setRules(rules: readonly SpikeRule[]): void {
    const before = new Map(this.#rules.map((one) => [JSON.stringify(one.spike), one.isOver]));
    this.#rules = rules.map((spike) => ({ spike, nextEnd: 0, count: 0, sum: 0, isOver: before.get(JSON.stringify(spike)) ?? false }));
    for (const one of this.#rules) this.#startAverage(one);
  }

  /** Another day, or another contract; `sec`: its first trade, in seconds since the open. */
  startDay(sec: number): void {
    this.#sums.restart();
    this.#startSec = sec;
    this.#sums.advance(sec);
    for (const one of this.#rules) {
      one.isOver = false;
      this.#startAverage(one);
    }
  }

  /** The average of the whole windows that there are since the start, as far back as it reaches. */
  #startAverage(one: Running): void {
    const { windowSec, windows, size } = one.spike;
    const first = Math.ceil(this.#startSec / windowSec);
    const ended = Math.floor(Math.max(0, this.#sums.sec) / windowSec);
    const from = Math.max(first, ended - windows);
    Object.assign(one, { nextEnd: (from + 1) * windowSec, count: 0, sum: 0 });
    if (size === null) while (one.nextEnd <= this.#sums.sec) this.#endWindow(one);
  }

  isWarm(rule: number): boolean {
    const found = this.#rules.find(({ spike }) => spike.rule === rule);
    return found === undefined || found.spike.size !== null || found.count >= found.spike.windows;
  }

  scan(batch: TradeBatch, runs: SecondRuns, run: number, onSpike: OnSpike): void {
    const sec = runs.sec[run]!; // run < runs.length
    this.#advance(sec);
    const from = runs.from[run]!;
    const to = runs.from[run + 1]!;
    for (const one of this.#rules) this.#look(one, batch, from, to, runs.volume[run]!, runs.sided[run]!, onSpike);
    this.#sums.add(runs.volume[run]!, runs.delta[run]!);
  }

  #advance(sec: number): void {
    const sums = this.#sums;
    while (sums.sec < sec) {
      sums.advance(Math.min(sec, sums.sec + STRIDE));
      for (const one of this.#rules) if (one.spike.size === null) while (one.nextEnd <= sums.sec) this.#endWindow(one);
    }
  }

  #endWindow(one: Running): void {
    const { windowSec, windows } = one.spike;
    const end = one.nextEnd;
    one.sum += this.#amountOf(one.spike, end - windowSec, end);
    one.count += 1;
    if (one.count > windows) {
      const old = end - windows * windowSec;
      one.sum -= this.#amountOf(one.spike, old - windowSec, old);
      one.count = windows;
    }
    one.nextEnd += windowSec;
  }

  #amountOf({ of }: SpikeRule, from: number, to: number): number {
    return of === "volume" ? this.#sums.volumeOf(from, to) : Math.abs(this.#sums.deltaOf(from, to));
  }

  /** `volume`, `sided`: contracts of the run, and those that move delta. */
  #look(one: Running, batch: TradeBatch, from: number, to: number, volume: number, sided: number, onSpike: OnSpike): void {
    const { spike } = one;
    if (spike.size === null && (one.count < spike.windows || one.sum === 0)) return;
    const first = this.#sums.sec - spike.windowSec + 1;
    const isVolume = spike.of === "volume";
    let amount = isVolume ? this.#sums.volumeSince(first) : this.#sums.deltaSince(first);
    one.isOver &&= isReached(one, amount);
    const most = isVolume ? amount + volume : Math.abs(amount) + sided;
    if (!isReached(one, most, true) || (isVolume && one.isOver)) return;
    for (let at = from; at < to; at += 1) {
      const size = batch.size[at]!; // at < to
      amount += isVolume ? size : size * batch.aggressor[at]!;
      const isOver = isReached(one, amount);
      if (isOver && !one.isOver) onSpike(spike, at, amount, spike.size === null ? Math.floor(one.sum / one.count) : null);
      one.isOver = isOver;
    }
  }
}

/** Whether a window's amount is what the rule waits for; `most`: whichever way it goes. */
function isReached({ spike, sum, count }: Running, amount: number, most = false): boolean {
  const signed = spike.of === "volume" || most ? amount : spike.side === 0 ? Math.abs(amount) : amount * spike.side;
  if (spike.size !== null) return signed >= spike.size;
  return signed * count * PARTS >= Math.round(spike.times * PARTS) * sum;
}
