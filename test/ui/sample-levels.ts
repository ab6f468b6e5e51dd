/** The levels of the sample moment: plausible figures that fit each other and the seed day. */
import type { DiscoveryView, PriceRange, RangesView, StudyViews, VolumeProfile } from "../../src/studies/index.ts";

/** Points to ticks. */
const ticks = (points: number): number => Math.round(points * 4);
const HOUR = 3600;

/** A range that was high at one moment and low at another, hours after the open. */
function range(from: number, to: number, high: readonly [number, number], low: readonly [number, number], openSec: number): PriceRange {
  return {
    fromSec: openSec + from * HOUR,
    toSec: openSec + to * HOUR,
    highTicks: ticks(high[0]),
    lowTicks: ticks(low[0]),
    highAt: { sec: openSec + high[1] * HOUR, nanos: 0 },
    lowAt: { sec: openSec + low[1] * HOUR, nanos: 0 },
    state: to <= 16.975 ? "complete" : "forming",
  };
}

function ranges(openSec: number): RangesView {
  const opening = (minutes: number, high: number, low: number): RangesView["openingRange5"] => {
    const aboveTicks = ticks(21_763 - high);
    const belowTicks = Math.max(0, ticks(low - 21_640));
    const broken = belowTicks > 0 ? "both" : "up";
    const extension = Math.max(aboveTicks, belowTicks) / ticks(high - low);
    const formed = range(15.5, 15.5 + minutes / 60, [high, 15.51], [low, 15.55], openSec);
    return { ...formed, broken, aboveTicks, belowTicks, extension };
  };
  return {
    overnight: range(0, 15.5, [21_905.25, 0.1], [21_498.75, 4.75], openSec),
    asia: range(0, 9, [21_905.25, 0.1], [21_498.75, 4.75], openSec),
    london: range(9, 15.5, [21_702.5, 14.6], [21_601, 9.25], openSec),
    rth: range(15.5, 22, [21_763, 16.9667], [21_640, 15.7], openSec),
    openingRange5: opening(5, 21_688.25, 21_662.5),
    openingRange15: opening(15, 21_688.25, 21_640),
    openingRange30: opening(30, 21_694.75, 21_640),
    initialBalance: opening(60, 21_721.5, 21_640),
    prior: {
      tradeDate: "2025-06-12",
      highTicks: ticks(21_993.5),
      lowTicks: ticks(21_790.25),
      closeTicks: ticks(21_926.75),
      rthHighTicks: ticks(21_993.5),
      rthLowTicks: ticks(21_848),
      rthCloseTicks: ticks(21_931.25),
      source: "trades",
    },
  };
}

/** Volumes as one hump with some ripple. */
function profile(anchor: "session" | "RTH", fromSec: number, low: number, high: number, poc: number, area: readonly [number, number]): VolumeProfile {
  const lowTicks = ticks(low);
  const volumes = Array.from({ length: ticks(high) - lowTicks + 1 }, (_, row) => {
    const away = Math.abs(row - (ticks(poc) - lowTicks)) / ticks(high - low);
    return Math.round(420 * Math.exp(-18 * away * away)) + ((row * 13) % 17) * (away === 0 ? 0 : 1);
  });
  return {
    anchor,
    fromSec,
    lowTicks,
    volumes,
    total: volumes.reduce((sum, volume) => sum + volume, 0),
    beyond: 0,
    pocTicks: ticks(poc),
    valueAreaHighTicks: ticks(area[1]),
    valueAreaLowTicks: ticks(area[0]),
    share: 0.7,
  };
}

function discovery(openSec: number): DiscoveryView {
  const at = (hours: number, nanos = 0): { sec: number; nanos: number } => ({ sec: openSec + Math.round(hours * HOUR), nanos });
  return {
    preMarket: {
      fromSec: openSec + 10 * HOUR,
      toSec: openSec + 15.5 * HOUR,
      first: { ticks: ticks(21_653.75), at: at(10) },
      last: { ticks: ticks(21_683), at: { sec: openSec + 15.5 * HOUR - 1, nanos: 800_000_000 } },
      changeTicks: ticks(29.25),
      state: "complete",
      covered: true,
    },
    rthOpen: { fromSec: openSec + 15.5 * HOUR, ticks: ticks(21_680.75), at: at(15.5, 4_000_000), changeTicks: ticks(-2.25), covered: true },
    morning: {
      fromSec: openSec + 15.5 * HOUR,
      toSec: openSec + 18 * HOUR,
      open: { ticks: ticks(21_680.75), at: at(15.5, 4_000_000) },
      high: { ticks: ticks(21_763), at: { sec: openSec + 17 * HOUR - 120, nanos: 500_000_000 } },
      low: { ticks: ticks(21_640), at: at(15.7) },
      reached: "high",
      state: "forming",
      covered: true,
    },
    midday: null,
    afternoon: null,
    current: {
      ticks: ticks(21_742.5),
      at: { sec: openSec + 17 * HOUR - 90, nanos: 412_000_000 },
      movement: "consolidating",
      evaluatedSec: openSec + 17 * HOUR - 90,
      windowTicks: ticks(24.5),
      usualTicks: ticks(44),
      belowHighTicks: ticks(20.5),
      aboveLowTicks: ticks(102.5),
    },
  };
}

/** The views behind the levels, for a session that opened at `openSec`. */
export function sampleLevels(
  openSec: number,
  sides: { readonly buyVolume: number; readonly sellVolume: number; readonly noneVolume: number; readonly volume: number },
): Pick<StudyViews, "vwap" | "delta" | "profile" | "ranges" | "limits" | "discovery"> {
  const rthSec = openSec + 15.5 * HOUR;
  const { buyVolume, sellVolume, noneVolume, volume } = sides;
  const rth = { anchor: "RTH", fromSec: rthSec } as const;
  const session = { anchor: "session", fromSec: openSec } as const;
  return {
    vwap: {
      session: { ...session, volume, vwapTicks: ticks(21_661) + 0.37, deviationTicks: 171.4 },
      rth: { ...rth, volume: 108_331, vwapTicks: ticks(21_697.5) + 0.62, deviationTicks: 118.9 },
    },
    delta: {
      session: { ...session, delta: buyVolume - sellVolume, high: 2114, low: -9230, buyVolume, sellVolume, noneVolume },
      rth: { ...rth, delta: 1820, high: 2306, low: -1740, buyVolume: 55_070, sellVolume: 53_250, noneVolume: 11 },
    },
    profile: {
      session: profile("session", openSec, 21_498.75, 21_905.25, 21_666.25, [21_601.5, 21_733]),
      rth: profile("RTH", rthSec, 21_640, 21_763, 21_699.75, [21_672.25, 21_728.5]),
    },
    ranges: ranges(openSec),
    limits: { upperTicks: ticks(23_464), lowerTicks: ticks(20_394) },
    discovery: discovery(openSec),
  };
}

/** The same before anything came. */
export const NO_LEVELS: Pick<StudyViews, "vwap" | "delta" | "profile" | "ranges" | "limits" | "discovery"> = {
  vwap: { session: null, rth: null },
  delta: { session: null, rth: null },
  profile: { session: null, rth: null },
  ranges: {
    overnight: null, asia: null, london: null, rth: null, openingRange5: null, openingRange15: null, openingRange30: null,
    initialBalance: null, prior: null,
  },
  limits: { upperTicks: null, lowerTicks: null },
  discovery: { preMarket: null, rthOpen: null, morning: null, midday: null, afternoon: null, current: null },
};
