/** The volume analysis of one session as an object for `JSON.stringify`: prices in points, sizes in contracts. */
import { pointsOf } from "../market/price.ts";
import type { Aggressor } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { Mode, Snapshot } from "../store/snapshot.ts";
import type { HourVolume, LargeTrade, VolumeProfile } from "../studies/index.ts";
import { isoEastern, isoNanos, sessionAt } from "./eastern.ts";
import { outside } from "./text.ts";

/** What a report is made of. */
export interface VolumeSource {
  /** Published when the last trade of the session, or of what was asked of it, had been counted. */
  readonly snapshot: Snapshot;
  readonly day: TradingDay;
  /** What of the session the figures cover, in words. */
  readonly coverage: string;
  /** What they cover, unix seconds; the end is exclusive. */
  readonly fromSec: number;
  readonly toSec: number;
  /** True when only a part of the session was asked for. */
  readonly isPart: boolean;
  /** Trade records of this session that were held back (no price, off the tick grid, …). */
  readonly heldBack: number;
  /** Other instruments of the files, the most traded first. */
  readonly others: readonly string[];
  /** Where the recording could not be read on; null when it is whole. */
  readonly damage: Damage | null;
  /** Sentences that the reader should know, that of the damage among them. */
  readonly notes: readonly string[];
}

export interface Damage {
  readonly code: string;
  readonly sentence: string;
}

export interface HourFigures {
  /** Start of the hour, or 09:30 for the part of the 09 hour in regular hours; ISO 8601 in Eastern time. */
  readonly start: string;
  readonly session: "RTH" | "ETH";
  readonly volume: number;
  readonly trades: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly noneVolume: number;
}

export interface LargeTradeFigures {
  /** ISO 8601 in UTC with nine digits: exact. */
  readonly tsEvent: string;
  readonly side: "buy" | "sell" | "none";
  readonly size: number;
  readonly fills: number;
  /** Distinct prices. */
  readonly levels: number;
  readonly averagePrice: number;
  readonly firstPrice: number;
  readonly lastPrice: number;
  /** Last minus first price. */
  readonly slippage: number;
  /** Contracts traded in its minute up to its last fill, its own included. */
  readonly minuteVolume: number;
}

export interface ProfileFigures {
  readonly pointOfControl: number;
  readonly valueAreaHigh: number;
  readonly valueAreaLow: number;
  /** Share of the volume that the value area holds at least. */
  readonly share: number;
}

export interface VolumeFigures {
  readonly mode: Mode;
  readonly rawSymbol: string;
  readonly instrumentId: number;
  readonly tradeDate: string;
  readonly coverage: string;
  /** What the figures cover, ISO 8601 in Eastern time; the end is exclusive. */
  readonly from: string;
  readonly to: string;
  readonly trades: number;
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly noneVolume: number;
  readonly delta: number;
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly last: number | null;
  readonly highAt: string | null;
  readonly lowAt: string | null;
  readonly lastAt: string | null;
  readonly vwap: number | null;
  /** Volume-weighted standard deviation around it. */
  readonly vwapDeviation: number | null;
  readonly change: number | null;
  readonly basis: string | null;
  readonly basisPrice: number | null;
  readonly rthVolume: number;
  readonly ethVolume: number;
  /** Hours in which something traded. */
  readonly hours: readonly HourFigures[];
  readonly profile: ProfileFigures | null;
  /** Contracts from which on a trade is large, and how many there were. */
  readonly largeFrom: number;
  readonly largeCount: number;
  readonly heldBack: number;
  readonly otherInstruments: readonly string[];
  readonly damage: Damage | null;
  readonly notes: readonly string[];
}

/** Buyers, sellers or neither, as other programs read it. */
export function sideName(aggressor: Aggressor): "buy" | "sell" | "none" {
  return aggressor === 1 ? "buy" : aggressor === -1 ? "sell" : "none";
}

/** A part of an hour on one side of the borders of regular hours. */
export interface SessionHour {
  readonly startSec: number;
  readonly session: "RTH" | "ETH";
  readonly volume: number;
  readonly trades: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
}

/** The hour as one part, or as two where regular hours begin or end within it; parts without a trade are left out. */
export function partsOfHour(hour: HourVolume, day: TradingDay): SessionHour[] {
  const { startSec } = hour;
  const rth: SessionHour = {
    startSec: Math.max(startSec, day.rthOpenSec), session: "RTH", volume: hour.rthVolume, trades: hour.rthTrades,
    buyVolume: hour.rthBuyVolume, sellVolume: hour.rthSellVolume,
  };
  const eth: SessionHour = {
    startSec: sessionAt(startSec, day) === "RTH" ? day.rthCloseSec : startSec, session: "ETH",
    volume: hour.volume - rth.volume, trades: hour.trades - rth.trades,
    buyVolume: hour.buyVolume - rth.buyVolume, sellVolume: hour.sellVolume - rth.sellVolume,
  };
  return [rth, eth].filter((part) => part.trades > 0).sort((a, b) => a.startSec - b.startSec);
}

/** The name of what a change is measured against; the first trade of a part of the session is no open. */
export function basisName({ snapshot, isPart }: VolumeSource): string | null {
  const { basis } = snapshot.studies.session;
  return basis === "session open" && isPart ? "first trade of the part" : basis;
}

/** Everything but the large trades, which can be many: see `largeTradeFigures`. */
export function volumeFigures(source: VolumeSource): VolumeFigures {
  const { snapshot, day, coverage } = source;
  const { instrument, studies, mode } = snapshot;
  const { session, hours, profile, large, vwap } = studies;
  const price = (ticks: number | null): number | null => (ticks === null || instrument === null ? null : pointsOf(ticks, instrument));
  const parts = hours.hours.flatMap((hour) => partsOfHour(hour, day));
  return {
    mode,
    rawSymbol: outside(instrument?.rawSymbol ?? snapshot.requested, 70),
    instrumentId: instrument?.instrumentId ?? 0,
    tradeDate: day.tradeDate,
    coverage,
    from: isoEastern(source.fromSec, day),
    to: isoEastern(source.toSec, day),
    trades: session.trades,
    volume: session.volume,
    buyVolume: session.buyVolume,
    sellVolume: session.sellVolume,
    noneVolume: session.noneVolume,
    delta: session.buyVolume - session.sellVolume,
    open: price(session.openTicks),
    high: price(session.highTicks),
    low: price(session.lowTicks),
    last: price(session.last?.ticks ?? null),
    highAt: session.highAt === null ? null : isoNanos(session.highAt),
    lowAt: session.lowAt === null ? null : isoNanos(session.lowAt),
    lastAt: session.last === null ? null : isoNanos(session.last.at),
    vwap: price(session.vwapTicks),
    vwapDeviation: price(vwap.session?.deviationTicks ?? null),
    change: price(session.changeTicks),
    basis: basisName(source),
    basisPrice: price(session.basisTicks),
    rthVolume: hours.rth,
    ethVolume: hours.total - hours.rth,
    hours: parts.map((part) => hourFigures(part, day)),
    profile: profileFigures(profile.session, price),
    largeFrom: large.floor,
    largeCount: large.events.length,
    heldBack: source.heldBack,
    otherInstruments: source.others.map((symbol) => outside(symbol, 70)),
    damage: source.damage,
    notes: source.notes,
  };
}

function hourFigures(part: SessionHour, day: TradingDay): HourFigures {
  const { startSec, session, volume, trades, buyVolume, sellVolume } = part;
  return { start: isoEastern(startSec, day), session, volume, trades, buyVolume, sellVolume, noneVolume: volume - buyVolume - sellVolume };
}

function profileFigures(profile: VolumeProfile | null, price: (ticks: number) => number | null): ProfileFigures | null {
  if (profile === null) return null;
  const pointOfControl = price(profile.pocTicks);
  const valueAreaHigh = price(profile.valueAreaHighTicks);
  const valueAreaLow = price(profile.valueAreaLowTicks);
  if (pointOfControl === null || valueAreaHigh === null || valueAreaLow === null) return null;
  return { pointOfControl, valueAreaHigh, valueAreaLow, share: profile.share };
}

/** One large trade; `tickUnits` as of the instrument. */
export function largeTradeFigures(event: LargeTrade, tickUnits: number): LargeTradeFigures {
  const points = (ticks: number): number => pointsOf(ticks, { tickUnits });
  return {
    tsEvent: isoNanos(event.at),
    side: sideName(event.aggressor),
    size: event.size,
    fills: event.fills,
    levels: event.levels,
    averagePrice: points(event.averageTicks),
    firstPrice: points(event.firstTicks),
    lastPrice: points(event.lastTicks),
    slippage: points(event.slippageTicks),
    minuteVolume: event.minuteVolume,
  };
}
