/** Times as Eastern or Central wall clock text, computed from the trading day's offset; no time zone is looked up. */
import type { UnixTime } from "../lib/time.ts";
import type { TradingDay } from "./trading-day.ts";

/** How far a wall clock is from UTC. */
export type Offset = Pick<TradingDay, "easternOffsetSec">;

export interface WallTimeOptions {
  /** Adds milliseconds, cut off, not rounded. */
  readonly ms?: boolean;
  /** Leaves the seconds out: `10:58`. */
  readonly minutes?: boolean;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

function wallText(time: UnixTime, offsetSec: number, options: WallTimeOptions): string {
  const ofDay = (((time.sec + offsetSec) % 86_400) + 86_400) % 86_400;
  const hours = Math.floor(ofDay / 3600);
  const minutes = Math.floor((ofDay % 3600) / 60);
  if (options.minutes === true) return `${two(hours)}:${two(minutes)}`;
  const text = `${two(hours)}:${two(minutes)}:${two(ofDay % 60)}`;
  return options.ms === true ? `${text}.${String(Math.floor(time.nanos / 1_000_000)).padStart(3, "0")}` : text;
}

/** Eastern time of day: `10:58:30`, with `ms` `10:58:30.123`, with `minutes` `10:58`. */
export function formatEastern(time: UnixTime, day: Offset, options: WallTimeOptions = {}): string {
  return wallText(time, day.easternOffsetSec, options);
}

/** Central (Chicago) time of day: an hour behind Eastern all year. */
export function formatCentral(time: UnixTime, day: Offset, options: WallTimeOptions = {}): string {
  return wallText(time, day.easternOffsetSec - 3600, options);
}
