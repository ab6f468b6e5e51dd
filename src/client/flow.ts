/** How trades flow: when the last one came, and how long a pause is usual. What a pause means is for the owner to judge. */
import type { Clock } from "../lib/clock.ts";
import { RollingHistogram } from "./rolling-histogram.ts";

/** Facts about a link that works. */
export interface FlowFacts {
  /** Milliseconds of real time since a trade came, or since the stream began. */
  readonly pauseMs: number;
  /** Median pause between trades over the last 15 minutes, milliseconds; null while too few came. */
  readonly medianMs: number | null;
  /** Market time as the gateway told it last, milliseconds since 1970; null before. */
  readonly marketMs: number | null;
}

/** flowing: nothing to say. quiet: no trades, and none are to be expected. stale: there should be some. */
export interface FlowVerdict {
  readonly state: "flowing" | "quiet" | "stale";
  /** One sentence for the reader; empty when there is nothing to say. */
  readonly reason: string;
}

/** Knows the market: its hours, its halts, its pace. */
export type FlowJudge = (facts: FlowFacts) => FlowVerdict;

const WINDOW_MS = 15 * 60_000;
/** Fewer pauses than this have no median worth the name. */
const PAUSES_MIN = 20;

export class FlowMeter {
  readonly #clock: Clock;
  readonly #pauses = new RollingHistogram(WINDOW_MS);
  #tradeAtMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#tradeAtMs = clock.monotonicMs();
  }

  /** A stream begins; what lies between two is no pause of the market. */
  begin(): void {
    this.#tradeAtMs = this.#clock.monotonicMs();
  }

  /** Trades came. `isLive`: those of a replay have no pace of their own. */
  trades(isLive: boolean): void {
    const now = this.#clock.monotonicMs();
    if (isLive) this.#pauses.add((now - this.#tradeAtMs) * 1_000, now);
    this.#tradeAtMs = now;
  }

  facts(marketMs: number | null): FlowFacts {
    const now = this.#clock.monotonicMs();
    const median = this.#pauses.count(now) < PAUSES_MIN ? null : this.#pauses.quantile(0.5, now);
    return { pauseMs: now - this.#tradeAtMs, medianMs: median === null ? null : median / 1_000, marketMs };
  }
}
