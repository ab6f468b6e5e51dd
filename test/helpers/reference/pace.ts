/** The pace straight from its definition: whole seconds of market time, the current one included. */
import type { PaceView } from "../../../src/studies/index.ts";
import { contracts, type DayTrade } from "../random-day.ts";

export function naivePace(trades: readonly DayTrade[], nowSec: number): PaceView {
  const within = (seconds: number): readonly DayTrade[] =>
    trades.filter(({ sec }) => sec > nowSec - seconds && sec <= nowSec);
  return {
    trades1s: within(1).length,
    trades10s: within(10).length,
    trades60s: within(60).length,
    volume1s: contracts(within(1)),
    volume10s: contracts(within(10)),
    volume60s: contracts(within(60)),
    perSecond: Array.from({ length: 60 }, (_, index) => trades.filter(({ sec }) => sec === nowSec - 59 + index).length),
  };
}
