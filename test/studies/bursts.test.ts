/** Bursts: which large trades are put together, and what they add up to. */
import { expect, test } from "vitest";
import type { Aggressor } from "../../src/market/trade.ts";
import { mergeBursts } from "../../src/studies/bursts.ts";
import type { LargeTrade } from "../../src/studies/index.ts";

/** One event, milliseconds after a second. */
function event(ms: number, aggressor: Aggressor, size: number, firstTicks = 100, lastTicks = firstTicks): LargeTrade {
  const at = { sec: 1_749_821_400 + Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 };
  const averageTicks = (firstTicks + lastTicks) / 2;
  return {
    at, aggressor, size, fills: 1, levels: 1, firstTicks, lastTicks, slippageTicks: lastTicks - firstTicks,
    ticksTimesSize: averageTicks * size, averageTicks, minuteVolume: size, closed: true,
  };
}

const shape = (events: readonly LargeTrade[], gapMs: number): unknown =>
  mergeBursts(events, gapMs).map(({ size, label }) => [size, label]);

test("same side and close together, over the border of a second too", () => {
  const events = [event(900, 1, 10, 100, 102), event(1100, 1, 30, 103), event(1350, 1, 20, 104)];
  expect(shape(events, 250)).toEqual([[60, "burst of 3"]]);
  expect(mergeBursts(events, 250)[0]).toMatchObject({
    at: events[0]?.at, until: events[2]?.at, aggressor: 1, slippageTicks: 4, averageTicks: (1010 + 3090 + 2080) / 60, events,
  });
  expect(shape(events, 249)).toEqual([[40, "burst of 2"], [20, ""]]);
});

test("another side in between, no side, or a gap of 0 keeps them apart", () => {
  const mixed = [event(0, 1, 10), event(10, -1, 11), event(20, 1, 12)];
  expect(shape(mixed, 500)).toEqual([[10, ""], [11, ""], [12, ""]]);
  expect(shape([event(0, 0, 10), event(1, 0, 11)], 500)).toEqual([[10, ""], [11, ""]]);
  expect(shape([event(0, -1, 10), event(0, -1, 11)], 0)).toEqual([[10, ""], [11, ""]]);
  expect(shape([], 500)).toEqual([]);
});
