/** Contracts: symbols to root, month and year, and what one tick and one point of a product are. */
import type { InstrumentDefMsg } from "../dbn/records.ts";
import { yearOf } from "./civil-date.ts";
import { contractDates, type ContractMonth } from "./expiry.ts";
import type { Instrument } from "./instrument.ts";
import { decimalsOf } from "./price.ts";
import { builtInCalendar } from "./trading-day.ts";

/** An outright future's symbol, taken apart. */
export interface Contract extends ContractMonth {
  readonly root: string;
}

const MONTH_LETTERS = "FGHJKMNQUVXZ";
const OUTRIGHT = /^([A-Z0-9]{1,5})([FGHJKMNQUVXZ])(\d{1,2})$/;

/** Tick in 1e-9 price units, dollars of one point. */
const PRODUCTS: Readonly<Record<string, { readonly tickUnits: number; readonly pointValue: number }>> = {
  NQ: { tickUnits: 250_000_000, pointValue: 20 },
  MNQ: { tickUnits: 250_000_000, pointValue: 2 },
  ES: { tickUnits: 250_000_000, pointValue: 50 },
  MES: { tickUnits: 250_000_000, pointValue: 5 },
  RTY: { tickUnits: 100_000_000, pointValue: 50 },
  M2K: { tickUnits: 100_000_000, pointValue: 5 },
  YM: { tickUnits: 1_000_000_000, pointValue: 5 },
  MYM: { tickUnits: 1_000_000_000, pointValue: 0.5 },
};

/** What the product table knows of a root; null for a product that is not in it. */
export function productOf(root: string): { tickUnits: number; pointValue: number; decimals: number } | null {
  const product = Object.hasOwn(PRODUCTS, root) ? PRODUCTS[root] : undefined;
  return product === undefined ? null : { ...product, decimals: decimalsOf(product.tickUnits) };
}

/**
 * One digit: the first such year whose contract has not expired a day before the reference. Two digits: the year of
 * that ending nearest to the reference, because an expired contract may be meant.
 */
function resolveYear(digits: string, month: number, referenceDay: number): number {
  const referenceYear = yearOf(referenceDay);
  const given = Number(digits);
  if (digits.length === 2) {
    const year = referenceYear - (referenceYear % 100) + given;
    if (year - referenceYear >= 50) return year - 100;
    return referenceYear - year > 50 ? year + 100 : year;
  }
  const year = referenceYear - (referenceYear % 10) + given;
  const { expiry } = contractDates({ year, month }, builtInCalendar);
  return expiry >= referenceDay - 1 ? year : year + 10;
}

/** True for the symbol of one future; false for spreads, options and symbols such as `NQ.v.0`. */
export function isOutright(symbol: string): boolean {
  return OUTRIGHT.test(symbol);
}

/** Root of an outright's symbol (`NQ` of `NQZ6`); empty when it is not an outright. */
export function rootOf(symbol: string): string {
  return OUTRIGHT.exec(symbol)?.[1] ?? "";
}

/** Root of the product that a symbol is of (`NQ` of `NQZ6`, `NQ.v.0` and `NQ.FUT`); empty for anything else. */
export function productRoot(symbol: string): string {
  return rootOf(symbol) || (/^([A-Z0-9]{1,5})\./.exec(symbol)?.[1] ?? "");
}

/** An outright's symbol taken apart, its year found near the reference (unix seconds); null for anything else. */
export function parseContract(symbol: string, referenceSec: number): Contract | null {
  const [, root, letter, digits] = OUTRIGHT.exec(symbol) ?? [];
  if (root === undefined || letter === undefined || digits === undefined) return null;
  const month = MONTH_LETTERS.indexOf(letter) + 1;
  return { root, month, year: resolveYear(digits, month, Math.floor(referenceSec / 86_400)) };
}

/** The symbol of a contract, its year in one digit as the venue writes it: `NQZ6`. */
export function contractSymbol({ root, month, year }: Contract): string {
  return `${root}${MONTH_LETTERS[month - 1] ?? ""}${year % 10}`;
}

/** A symbol from outside with everything but printable ASCII replaced, so that it can be shown. */
function showable(symbol: string): string {
  return symbol.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 71);
}

/** The instrument by the product table; null for spreads and unknown roots, which need a definition. */
export function instrumentFor(instrumentId: number, rawSymbol: string): Instrument | null {
  const root = rootOf(rawSymbol);
  const product = productOf(root);
  if (product === null) return null;
  return { instrumentId, rawSymbol, root, ...product, source: "product table" };
}

/** The fields of a definition that say what an instrument is. */
export type DefinitionFacts = Pick<
  InstrumentDefMsg,
  "instrumentId" | "rawSymbol" | "minPriceIncrement" | "unitOfMeasureQty"
>;

/** 1e-9 units as an exact positive number; null when undefined, not positive or beyond 2^53. */
function positiveUnits(units: bigint): number | null {
  return units > 0n && units <= 9_007_199_254_740_991n ? Number(units) : null;
}

/** The instrument as its definition says; null when the definition has no tick. A missing point value is looked up. */
export function instrumentFromDefinition(definition: DefinitionFacts): Instrument | null {
  const tickUnits = positiveUnits(definition.minPriceIncrement);
  if (tickUnits === null) return null;
  const rawSymbol = showable(definition.rawSymbol);
  const root = rootOf(rawSymbol);
  const quantity = positiveUnits(definition.unitOfMeasureQty);
  return {
    instrumentId: definition.instrumentId,
    rawSymbol,
    root,
    tickUnits,
    pointValue: quantity === null ? (productOf(root)?.pointValue ?? null) : quantity / 1_000_000_000,
    decimals: decimalsOf(tickUnits),
    source: "definition",
  };
}
