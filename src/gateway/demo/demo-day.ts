/** The demo's day, trade date Friday 2025-06-13: its hours, its instruments, and times as nanoseconds since 18:00. */
import type { UnixTime } from "../../lib/time.ts";
import type { SourceInstrument } from "../source.ts";

/** Unix seconds of the open: 2025-06-12 18:00 Eastern. */
export const OPEN_SEC = Date.UTC(2025, 5, 12, 22) / 1000;
export const NANOS = 1_000_000_000;
export const MINUTE_NANOS = 60 * NANOS;

/** Seconds since 18:00 Eastern of a wall time such as `09:29:59` or `10:58:00.5`; hours from 18 on lie first. */
export function secondsAt(eastern: string): number {
  const [hour = 0, minute = 0, second = 0] = eastern.split(":").map(Number);
  return ((hour + 6) % 24) * 3600 + minute * 60 + second;
}

/** Nanoseconds since 18:00 Eastern of a wall time. */
export function nanosAt(eastern: string): number {
  return Math.round(secondsAt(eastern) * NANOS);
}

/** The instant of the demo's day at `seconds` since Eastern midnight; from 18:00 on, those of the evening before. */
export function demoTimeOfDay(seconds: number): UnixTime {
  return toUnixTime(((seconds + 6 * 3600) % 86_400) * NANOS);
}

/** Minutes since 18:00 Eastern of a wall time. */
export function minuteAt(eastern: string): number {
  return Math.floor(secondsAt(eastern) / 60);
}

/** Minutes of the trading day, 18:00 to 17:00. */
export const DAY_MINUTES = 23 * 60;
/** 09:30, the open of regular trading hours, as a minute and in nanoseconds since 18:00. */
export const RTH_MINUTE = minuteAt("09:30");
export const RTH_NANOS = nanosAt("09:30");

/** Nanoseconds since 18:00 (may be negative) → a time. */
export function toUnixTime(nanos: number): UnixTime {
  const sec = Math.floor(nanos / NANOS);
  return { sec: OPEN_SEC + sec, nanos: nanos - sec * NANOS };
}

/** A time → nanoseconds since 18:00; exact within the day, monotonic everywhere, infinite for an infinite time. */
export function toDayNanos(time: UnixTime): number {
  return (time.sec - OPEN_SEC) * NANOS + time.nanos;
}

/** One tick of the outrights in 1e-9 price units: 0.25 points. */
export const TICK_UNITS = 250_000_000;
/** One tick of the calendar spread: 0.05 points. */
export const SPREAD_TICK_UNITS = 50_000_000;

/** Points → ticks of the outrights. */
export function ticksOf(points: number): number {
  return Math.round(points * 4);
}

/** Databento's publisher number of GLBX.MDP3. */
export const PUBLISHER_ID = 1;

/** Instrument ids are this demo's own; real ones change from week to week. */
export const NQM5: SourceInstrument = {
  instrumentId: 42_005_804,
  rawSymbol: "NQM5",
  parents: ["NQ.FUT"],
  continuous: ["NQ.v.0", "NQ.c.0", "NQ.n.0"],
};
export const NQU5: SourceInstrument = {
  instrumentId: 42_009_475,
  rawSymbol: "NQU5",
  parents: ["NQ.FUT"],
  continuous: ["NQ.v.1", "NQ.c.1", "NQ.n.1"],
};
export const CALENDAR_SPREAD: SourceInstrument = {
  instrumentId: 42_139_265,
  rawSymbol: "NQM5-NQU5",
  parents: ["NQ.FUT"],
  continuous: [],
};
export const INSTRUMENTS: readonly SourceInstrument[] = [NQM5, NQU5, CALENDAR_SPREAD];
