/** The registry of studies: one line per running calculation, and the views they publish. */
import type { TradingCalendar } from "../market/calendar.ts";
import { barsStudy, type BarsView } from "./bars.ts";
import { deltaStudy, type DeltaView } from "./delta.ts";
import { discoveryStudy, type DiscoveryView } from "./discovery.ts";
import { hourVolumeStudy, type HourVolumesOptions, type HourVolumesView } from "./hour-volume.ts";
import { largeTradesStudy, type LargeTradesOptions, type LargeTradesView } from "./large-trades.ts";
import { limitsStudy, type LimitsView } from "./limits.ts";
import { paceStudy, type PaceView } from "./pace.ts";
import { profileStudy, type ProfileView } from "./profile.ts";
import { quoteStudy, type QuoteView } from "./quote.ts";
import { rangesStudy, rangesStudyBy, type RangesView } from "./ranges.ts";
import { sessionStudy, type SessionView } from "./session.ts";
import { statusStudy, type StatusView } from "./status.ts";
import { StudySet } from "./study-set.ts";
import { tapeStudy, type TapeTrade } from "./tape.ts";
import { vwapStudy, type VwapView } from "./vwap.ts";

export type { Anchor } from "./anchor.ts";
export type { Bar, BarsView } from "./bars.ts";
export type { AnchoredDelta, DeltaView } from "./delta.ts";
export type { CurrentPrice, DiscoveryView, Movement, PreMarket, PriceAt, RthOpen, RthPart } from "./discovery.ts";
export type { HourVolume, HourVolumesOptions, HourVolumesView } from "./hour-volume.ts";
export type { LargeClass, LargeTrade, LargeTradesOptions, LargeTradesView } from "./large-trades.ts";
export type { Level, LevelGroup } from "./levels.ts";
export type { LimitsView } from "./limits.ts";
export type { PaceView } from "./pace.ts";
export type { PriorDay } from "./prior-day.ts";
export type { ProfileView, VolumeProfile } from "./profile.ts";
export type { QuoteView } from "./quote.ts";
export type { OpeningRange, PriceRange, RangesView } from "./ranges.ts";
export type { ChangeBase, ChangeBasis } from "./change-bases.ts";
export type { LastTrade, SessionView, SettledToday } from "./session.ts";
export type { Adaptive } from "./size-window.ts";
export type { StatusView } from "./status.ts";
export type { TapeTrade } from "./tape.ts";
export type { AnchoredVwap, VwapView } from "./vwap.ts";

export interface StudyViews {
  readonly session: SessionView;
  readonly quote: QuoteView | null;
  readonly status: StatusView | null;
  /** Newest last, at most 500. */
  readonly tape: readonly TapeTrade[];
  readonly bars1s: BarsView;
  readonly bars1m: BarsView;
  readonly hours: HourVolumesView;
  readonly large: LargeTradesView;
  readonly pace: PaceView;
  readonly vwap: VwapView;
  readonly delta: DeltaView;
  readonly profile: ProfileView;
  readonly ranges: RangesView;
  readonly limits: LimitsView;
  readonly discovery: DiscoveryView;
}

/** What whoever counts may choose; the defaults are the screen's. */
export interface StudiesOptions {
  readonly large?: LargeTradesOptions;
  /** What recorded days had, hour by hour; asked again with every view, so it may become known later. */
  readonly hours?: HourVolumesOptions;
}

/** All studies at their beginning, by the built-in calendar unless told another. A new study is one line here and one in `StudyViews`. */
export function createStudies({ large = { floor: 10, capacity: 500 }, hours }: StudiesOptions = {}, calendar?: TradingCalendar): StudySet<StudyViews> {
  return new StudySet<StudyViews>({
    session: sessionStudy,
    quote: quoteStudy,
    status: statusStudy,
    tape: tapeStudy(500),
    bars1s: barsStudy({ intervalSec: 1, capacity: 3600 }),
    bars1m: barsStudy({ intervalSec: 60, capacity: 1440 }),
    hours: hourVolumeStudy(hours),
    large: largeTradesStudy(large),
    pace: paceStudy,
    vwap: vwapStudy,
    delta: deltaStudy,
    profile: profileStudy({ firstReach: 512, reach: 32_768 }),
    ranges: calendar === undefined ? rangesStudy : rangesStudyBy((sec) => calendar.dayOf(sec)),
    limits: limitsStudy,
    discovery: discoveryStudy,
  });
}
