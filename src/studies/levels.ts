/** All named price levels of a session in one list: average price, value area, ranges, prior day, settlement, limits. */
import type { StudyViews } from "./index.ts";
import type { LimitsView } from "./limits.ts";
import type { PriorDay } from "./prior-day.ts";
import type { ProfileView, VolumeProfile } from "./profile.ts";
import type { OpeningRange, PriceRange, RangesView } from "./ranges.ts";
import type { SessionView } from "./session.ts";
import type { AnchoredVwap, VwapView } from "./vwap.ts";

export type LevelGroup = "vwap" | "profile" | "range" | "prior" | "settlement" | "limit";

export interface Level {
  /** Short, as traders say it, e.g. `VWAP +1 SD`, `RTH POC`, `ONH`, `PDL`. */
  readonly name: string;
  /** The price in ticks, rounded down to a whole one. */
  readonly ticks: number;
  /** What an average lies above `ticks`, a part of one tick; absent where the level is a traded price. */
  readonly fraction?: number;
  readonly group: LevelGroup;
  /** Unix seconds: true when every trade since then is known. Absent where the level was stated, or is of another day. */
  readonly fromSec?: number;
  /** The span it belongs to is not over. */
  readonly forming?: true;
}

/** A level that may not be known yet. */
type Named = readonly [
  name: string, ticks: number | null, group: LevelGroup, made?: Made | undefined,
];

interface Made {
  readonly fromSec: number;
  readonly forming: boolean;
}

const BANDS: readonly (readonly [string, number])[] = [["+2 SD", 2], ["+1 SD", 1], ["", 0], ["-1 SD", -1], ["-2 SD", -2]];

/** An average or a profile grows for as long as its session runs; that is no forming. */
function madeSince(of: { readonly fromSec: number } | null): Made | undefined {
  return of === null ? undefined : { fromSec: of.fromSec, forming: false };
}

function averages(vwap: AnchoredVwap | null, prefix: string): Named[] {
  const { vwapTicks = null, deviationTicks = null } = vwap ?? {};
  if (vwapTicks === null) return [];
  return BANDS.map(([band, times]) => {
    const ticks = times === 0 ? vwapTicks : deviationTicks === null ? null : vwapTicks + times * deviationTicks;
    return [`${prefix}VWAP ${band}`.trimEnd(), ticks, "vwap", madeSince(vwap)];
  });
}

function valueArea(profile: VolumeProfile | null, prefix: string): Named[] {
  if (profile === null) return [];
  const made = madeSince(profile);
  return [
    [`${prefix}VAH`, profile.valueAreaHighTicks, "profile", made],
    [`${prefix}POC`, profile.pocTicks, "profile", made],
    [`${prefix}VAL`, profile.valueAreaLowTicks, "profile", made],
  ];
}

function highAndLow(range: PriceRange | OpeningRange | null, high: string, low: string): Named[] {
  if (range === null) return [];
  const made = { fromSec: range.fromSec, forming: range.state === "forming" };
  return [[high, range.highTicks, "range", made], [low, range.lowTicks, "range", made]];
}

function prior(day: PriorDay | null): Named[] {
  if (day === null) return [];
  return [
    ["PDH", day.highTicks, "prior"],
    ["PDL", day.lowTicks, "prior"],
    ["PDC", day.closeTicks, "prior"],
    ["prior RTH high", day.rthHighTicks, "prior"],
    ["prior RTH low", day.rthLowTicks, "prior"],
    ["prior RTH close", day.rthCloseTicks, "prior"],
  ];
}

function settlement({ basis, basisTicks }: SessionView): Named[] {
  return basis === "settlement" || basis === "preliminary settlement" ? [[basis, basisTicks, "settlement"]] : [];
}

function allOf(session: SessionView, vwap: VwapView, profile: ProfileView, ranges: RangesView, limits: LimitsView): Named[] {
  return [
    ...averages(vwap.session, ""),
    ...averages(vwap.rth, "RTH "),
    ...valueArea(profile.session, ""),
    ...valueArea(profile.rth, "RTH "),
    ["session high", session.highTicks, "range", madeSince(vwap.session)],
    ["session low", session.lowTicks, "range", madeSince(vwap.session)],
    ["session open", session.openTicks, "range", madeSince(vwap.session)],
    ...highAndLow(ranges.overnight, "ONH", "ONL"),
    ...highAndLow(ranges.asia, "Asia high", "Asia low"),
    ...highAndLow(ranges.london, "London high", "London low"),
    ...highAndLow(ranges.rth, "RTH high", "RTH low"),
    ...highAndLow(ranges.openingRange5, "OR5 high", "OR5 low"),
    ...highAndLow(ranges.openingRange15, "OR15 high", "OR15 low"),
    ...highAndLow(ranges.openingRange30, "OR30 high", "OR30 low"),
    ...highAndLow(ranges.initialBalance, "IB high", "IB low"),
    ...prior(ranges.prior),
    ...settlement(session),
    ["limit up", limits.upperTicks, "limit"],
    ["limit down", limits.lowerTicks, "limit"],
  ];
}

function levelOf([name, , group, made]: Named, price: number): Level {
  const ticks = Math.floor(price);
  return {
    name,
    ticks,
    ...(price === ticks ? {} : { fraction: price - ticks }),
    group,
    ...(made === undefined ? {} : { fromSec: made.fromSec }),
    ...(made?.forming === true ? { forming: true } : {}),
  };
}

/**
 * Every level that is known, highest first; levels of one price in a fixed order. `ticks + (fraction ?? 0)` is the
 * level's price in ticks.
 */
export function levelsOf(views: Pick<StudyViews, "session" | "vwap" | "profile" | "ranges" | "limits">): readonly Level[] {
  return allOf(views.session, views.vwap, views.profile, views.ranges, views.limits)
    .flatMap((named) => (named[1] === null ? [] : [{ price: named[1], level: levelOf(named, named[1]) }]))
    .sort((a, b) => b.price - a.price)
    .map(({ level }) => level);
}
