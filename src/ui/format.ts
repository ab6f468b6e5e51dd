/** Numbers and times as text: exact prices, grouped counts, Eastern clock times, ages. */
import { formatChange, formatCount, formatFractionalTicks, formatPercent } from "../market/price.ts";
import type { Instrument } from "../market/instrument.ts";
import type { UnixTime } from "../lib/time.ts";

/** The minus sign of prices and changes, one cell wide. */
const MINUS = "−";

function withMinus(text: string): string {
  return text.startsWith("-") ? MINUS + text.slice(1) : text;
}

/** A price given in ticks (fractions allowed, as of an average), e.g. `21,742.50`. */
export function priceText(ticks: number, instrument: Instrument): string {
  return withMinus(formatFractionalTicks(ticks, instrument));
}

/** A change in ticks with its sign always shown, e.g. `−186.50`. */
export function changeText(ticks: number, instrument: Instrument): string {
  return withMinus(formatChange(ticks, instrument));
}

/** A distance in ticks (fractions allowed, as of an average) with its sign, rounded as prices are: `−39.00`, `+0.13`. */
export function distanceText(ticks: number, instrument: Instrument): string {
  const size = formatFractionalTicks(Math.abs(ticks), instrument);
  if (!/[1-9]/.test(size)) return size;
  return (ticks < 0 ? MINUS : "+") + size;
}

/** A share of a base in percent with sign, two digits, e.g. `−0.85%`. */
export function percentText(part: number, base: number): string {
  return withMinus(formatPercent(part, base));
}

/** A whole number with thousands grouped. */
export function countText(value: number): string {
  return withMinus(formatCount(value));
}

/** A whole number with sign and thousands grouped. */
export function signedText(value: number): string {
  return value > 0 ? `+${countText(value)}` : countText(value);
}

/** Dollars, short: `$52.1M`, `$870k`. */
export function dollarsText(dollars: number): string {
  if (dollars >= 1_000_000) return `$${(dollars / 1_000_000).toFixed(1)}M`;
  if (dollars >= 1000) return `$${Math.round(dollars / 1000)}k`;
  return `$${Math.round(dollars)}`;
}

/** Bytes, short: `812 B`, `3.4 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(2)} GB`;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** Seconds of a local day as `HH:MM:SS`. */
function secondsOfDay(sec: number): string {
  const day = ((sec % 86_400) + 86_400) % 86_400;
  return `${two(Math.floor(day / 3600))}:${two(Math.floor(day / 60) % 60)}:${two(day % 60)}`;
}

/** `HH:MM:SS` of unix seconds moved by `offsetSec`. */
export function clockText(sec: number, offsetSec: number): string {
  return secondsOfDay(sec + offsetSec);
}

/** `HH:MM` of unix seconds moved by `offsetSec`. */
export function minuteText(sec: number, offsetSec: number): string {
  return secondsOfDay(sec + offsetSec).slice(0, 5);
}

/** `HH:MM:SS.mmm` of a time moved by `offsetSec`; milliseconds are cut, not rounded. */
export function millisText(time: UnixTime, offsetSec: number): string {
  return `${secondsOfDay(time.sec + offsetSec)}.${String(Math.floor(time.nanos / 1_000_000)).padStart(3, "0")}`;
}

/** A span of milliseconds for people: `0 s`, `42 s`, `3 min`, `2 h 05 min`, `4 d`. */
export function spanText(ms: number): string {
  const sec = Math.max(0, Math.floor(ms / 1000));
  if (sec < 120) return `${sec} s`;
  const min = Math.floor(sec / 60);
  if (min < 120) return `${min} min`;
  const hours = Math.floor(min / 60);
  return hours < 48 ? `${hours} h ${two(min % 60)} min` : `${Math.floor(hours / 24)} d`;
}
