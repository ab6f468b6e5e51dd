/** The registry of studies: one line per running calculation, and the views they publish. */
import type { Aggressor } from "../market/trade.ts";
import type { UnixTime } from "../lib/time.ts";

/** The basis a change is measured against; always named on screen. */
export type ChangeBasis = "settlement" | "preliminary settlement" | "session open";

export interface SessionView {
  readonly last: LastTrade | null;
  readonly openTicks: number | null;
  readonly highTicks: number | null;
  readonly lowTicks: number | null;
  readonly highAt: UnixTime | null;
  readonly lowAt: UnixTime | null;
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly noneVolume: number;
  readonly trades: number;
  /** Volume-weighted average price since 18:00, in ticks (a fraction); null before the first trade. */
  readonly vwapTicks: number | null;
  /** What `changeTicks` is measured against; null when there is nothing to compare with. */
  readonly basis: ChangeBasis | null;
  readonly basisTicks: number | null;
  readonly changeTicks: number | null;
}

export interface LastTrade {
  readonly at: UnixTime;
  readonly ticks: number;
  readonly size: number;
  readonly aggressor: Aggressor;
  /** +1 or -1: direction from the last different price; 0 before there was one. */
  readonly direction: 1 | -1 | 0;
  /** True when this trade's price equals the one before it. */
  readonly unchanged: boolean;
}

export interface QuoteView {
  readonly at: UnixTime;
  readonly bidTicks: number | null;
  readonly askTicks: number | null;
  readonly bidSize: number;
  readonly askSize: number;
}

export interface TapeTrade {
  readonly at: UnixTime;
  readonly ticks: number;
  readonly size: number;
  readonly aggressor: Aggressor;
}

/** One bar; `sec` is its start in unix seconds. Prices in ticks. */
export interface Bar {
  readonly sec: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
}

/** Oldest first; intervals without a trade have no bar. The last one may still be forming. */
export interface BarsView {
  readonly intervalSec: number;
  readonly bars: readonly Bar[];
}

export interface HourVolume {
  /** Eastern hour, 18..23 then 0..16. */
  readonly hour: number;
  readonly startSec: number;
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly trades: number;
  /** Contracts of this hour traded inside 09:30-16:00 Eastern. */
  readonly rthVolume: number;
  /** The hour has begun but not ended. */
  readonly current: boolean;
}

export interface HourVolumesView {
  /** 23 entries, 18:00 to 16:00 Eastern; hours to come have volume 0. Empty before the first trade. */
  readonly hours: readonly HourVolume[];
  readonly total: number;
  readonly rth: number;
  /** Largest hour, for scaling. */
  readonly max: number;
}

/** One aggressor event: fills of the same instrument, ts_event and side. */
export interface LargeTrade {
  readonly at: UnixTime;
  readonly aggressor: Aggressor;
  readonly size: number;
  readonly fills: number;
  /** Distinct price levels. */
  readonly levels: number;
  readonly firstTicks: number;
  readonly lastTicks: number;
  /** Sum of ticks × size over the fills; divide by size for the average price. */
  readonly ticksTimesSize: number;
}

export interface LargeTradesView {
  /** Events of at least this many contracts are kept. */
  readonly floor: number;
  /** Newest last, at most 500. The last one may still be growing. */
  readonly events: readonly LargeTrade[];
  /** Number and contracts of kept events since the open of the day, by side. */
  readonly buyEvents: number;
  readonly sellEvents: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
}

export interface PaceView {
  /** Trades and contracts in the last 1, 10 and 60 s of market time. */
  readonly trades1s: number;
  readonly trades10s: number;
  readonly trades60s: number;
  readonly volume1s: number;
  readonly volume10s: number;
  readonly volume60s: number;
  /** Trades per second of the last 60 s, oldest first, 60 entries. */
  readonly perSecond: readonly number[];
}

export interface StatusView {
  readonly at: UnixTime;
  /** In words: `pre-open`, `trading`, `halted`, … */
  readonly text: string;
  readonly isTrading: boolean | null;
}

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
}
