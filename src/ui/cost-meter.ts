/** What the screen costs, measured once a second: for the row that says it. */
import type { DebugFigures, RuntimeFigures } from "./debug-row.ts";

/** Counts since the start, and how long frames took, in milliseconds. */
export interface CostCounts {
  readonly frames: number;
  readonly bytes: number;
  readonly skipped: number;
  readonly paintMs: number;
  readonly paintMsP99: number;
}

export interface CostMeter {
  /** A second has passed. */
  tick(): void;
  /** Null before the first whole second. */
  now(): DebugFigures | null;
}

/** Makes a meter; nothing is measured until it is ticked. */
export function createCostMeter(counts: () => CostCounts, runtime: () => RuntimeFigures): CostMeter {
  let before: CostCounts | null = null;
  let figures: DebugFigures | null = null;
  return {
    tick: () => {
      const now = counts();
      const { skipped, paintMs, paintMsP99 } = now;
      const rates = before === null ? null : { framesPerSecond: now.frames - before.frames, bytesPerSecond: now.bytes - before.bytes };
      before = now;
      const cost = runtime();
      figures = rates === null ? null : { ...cost, ...rates, skipped, paintMs, paintMsP99 };
    },
    now: () => figures,
  };
}
