/** Prices: 1e-9 units to ticks and ticks to text, in integers only. */
import type { Instrument } from "./instrument.ts";

/** What is needed to write ticks down as a price. */
export type PriceScale = Pick<Instrument, "tickUnits" | "decimals">;

const UNITS_PER_POINT = 1_000_000_000;

/**
 * 1e-9 units (an exact integer double, NaN when undefined) → a whole number of ticks; null when undefined or off the
 * tick grid. Exact: below 2^53 the product is equal to `units` only if the division left no rest.
 */
export function ticksOf(units: number, tickUnits: number): number | null {
  const ticks = Math.round(units / tickUnits);
  return ticks * tickUnits === units ? ticks : null;
}

/** Fewest digits after the point that write every multiple of the tick exactly, 0..9. */
export function decimalsOf(tickUnits: number): number {
  let decimals = 9;
  let rest = tickUnits;
  while (decimals > 0 && rest % 10 === 0) {
    rest /= 10;
    decimals -= 1;
  }
  return decimals;
}

/** One tick counted in the last digit that is shown, e.g. 25 for 0.25 with two decimals. */
function digitsPerTick(scale: PriceScale): number {
  return scale.tickUnits / 10 ** (9 - scale.decimals);
}

/** A whole number with commas between groups of three digits, e.g. `-1,234,567`. */
export function formatCount(count: number): string {
  const digits = String(Math.abs(count));
  let text = digits.slice(-3);
  for (let end = digits.length - 3; end > 0; end -= 3) text = `${digits.slice(Math.max(0, end - 3), end)},${text}`;
  return count < 0 ? `-${text}` : text;
}

/** A whole number of last digits (of `decimals` decimals) without its sign. */
function formatDigits(digits: number, decimals: number): string {
  const size = Math.abs(digits);
  if (decimals === 0) return formatCount(size);
  const text = String(size).padStart(decimals + 1, "0");
  return `${formatCount(Number(text.slice(0, -decimals)))}.${text.slice(-decimals)}`;
}

/** A price in ticks as text with the instrument's decimals, e.g. `21,742.50` or `-3.25`. */
export function formatTicks(ticks: number, scale: PriceScale): string {
  const text = formatDigits(ticks * digitsPerTick(scale), scale.decimals);
  return ticks < 0 ? `-${text}` : text;
}

/** A price between ticks (an average) as text, rounded to the instrument's decimals, halves away from zero. */
export function formatFractionalTicks(ticks: number, scale: PriceScale): string {
  const digits = Math.round(Math.abs(ticks) * digitsPerTick(scale));
  const text = formatDigits(digits, scale.decimals);
  return ticks < 0 && digits > 0 ? `-${text}` : text;
}

/** A distance in ticks as text with its sign, e.g. `+29.25`, `-2.25`, `0.00`. */
export function formatChange(ticks: number, scale: PriceScale): string {
  return ticks > 0 ? `+${formatTicks(ticks, scale)}` : formatTicks(ticks, scale);
}

/** 10,000 × change / basis, rounded, half away from zero; null for a basis of zero. */
function hundredthsOf(changeTicks: number, basisTicks: number): number | null {
  const basis = Math.abs(basisTicks);
  if (basis === 0) return null;
  const twice = 20_000 * Math.abs(changeTicks) + basis;
  const hundredths = (twice - (twice % (2 * basis))) / (2 * basis);
  return hundredths === 0 || changeTicks < 0 === basisTicks < 0 ? hundredths : -hundredths;
}

/** 100 × change / basis with two decimals and its sign, e.g. `+0.14%`; `n/a` for a basis of zero. */
export function formatPercent(changeTicks: number, basisTicks: number): string {
  const hundredths = hundredthsOf(changeTicks, basisTicks);
  if (hundredths === null) return "n/a";
  const text = `${formatDigits(hundredths, 2)}%`;
  return hundredths === 0 ? text : hundredths > 0 ? `+${text}` : `-${text}`;
}

/** The same as a number for machine-readable output, e.g. 0.14; null for a basis of zero. */
export function percentOf(changeTicks: number, basisTicks: number): number | null {
  const hundredths = hundredthsOf(changeTicks, basisTicks);
  return hundredths === null ? null : hundredths / 100;
}

/** Ticks as points: exact for every tick that is a sum of halves, quarters, …; for machine-readable output. */
export function pointsOf(ticks: number, scale: Pick<Instrument, "tickUnits">): number {
  return (ticks * scale.tickUnits) / UNITS_PER_POINT;
}

/** An average as points, to ten-thousandths: it lies between ticks and has no exact decimal form. */
export function averagePointsOf(ticks: number, scale: Pick<Instrument, "tickUnits">): number {
  return Math.round(pointsOf(ticks, scale) * 10_000) / 10_000;
}

/** Dollars of a sum of ticks × contracts; null when the point value is not known. */
export function dollarsOf(
  ticksTimesSize: number,
  instrument: Pick<Instrument, "tickUnits" | "pointValue">,
): number | null {
  if (instrument.pointValue === null) return null;
  return ((ticksTimesSize * instrument.tickUnits) / UNITS_PER_POINT) * instrument.pointValue;
}
