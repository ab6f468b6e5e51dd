/** Which contract is asked for: by a roll rule, and never one that has expired when the market is live. */
import { NqError } from "../lib/errors.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import { dateText, dayNumberOfText } from "../market/civil-date.ts";
import { contractSymbol, parseContract, productOf } from "../market/contract.ts";
import { contractDates, expirySecOf, nextQuarter } from "../market/expiry.ts";
import { leadMonth, type RollRule } from "../market/front-month.ts";
import type { RequestedSymbol } from "./options.ts";

const CONTINUOUS = /^([A-Z0-9]{1,6})\.([cvn])\.(\d{1,2})$/;
/** Contracts are listed up to about five years ahead: one digit of a year farther off means the one that has expired. */
const LISTED_SEC = 6 * 366 * 86_400;

/** The trade date of a time, days since 1970-01-01. */
function tradeDateOf(nowSec: number, calendar: TradingCalendar): number {
  return dayNumberOfText(calendar.dayOf(nowSec).tradeDate);
}

/**
 * The symbol to ask for when `rule` chooses the contract of `symbol`'s product; `symbol` itself without a rule.
 * @throws NqError USAGE when the symbol names one contract already, or a product whose roll dates are not known
 */
export function symbolByRule(symbol: RequestedSymbol, rule: RollRule | null, nowSec: number, calendar: TradingCalendar): RequestedSymbol {
  if (rule === null) return symbol;
  const [, root, , rank] = CONTINUOUS.exec(symbol.text) ?? [];
  if (root === undefined || rank !== "0") {
    throw new NqError("USAGE", `--roll ${rule} chooses the contract; expected a --symbol such as NQ.v.0 with it, found ${symbol.text}`);
  }
  if (rule === "volume") return { text: `${root}.v.0`, stypeIn: "continuous" };
  if (rule === "expiry") return { text: `${root}.c.0`, stypeIn: "continuous" };
  if (productOf(root) === null) {
    throw new NqError("USAGE", `the roll dates of ${root} are not known; expected --roll volume or expiry, found ${rule}`);
  }
  return { text: contractSymbol({ root, ...leadMonth(rule, tradeDateOf(nowSec, calendar), calendar) }), stypeIn: "raw_symbol" };
}

/**
 * The contract that follows the one asked for, asked for in the same way: its volume tells when the market moves on.
 * Null when it cannot be named. Never the same instrument as `symbol`: ranks and months differ.
 */
export function companionOf(symbol: RequestedSymbol, nowSec: number): string | null {
  const [, root, order, rank] = CONTINUOUS.exec(symbol.text) ?? [];
  if (root !== undefined) return `${root}.${order}.${Number(rank) + 1}`;
  if (symbol.stypeIn !== "raw_symbol") return null;
  const contract = parseContract(symbol.text, nowSec);
  if (contract === null || productOf(contract.root) === null) return null;
  return contractSymbol({ root: contract.root, ...nextQuarter(contract) });
}

/** @throws NqError CONTRACT_EXPIRED for a contract that no longer trades, naming the lead month */
export function refuseExpired(symbol: RequestedSymbol, nowSec: number, calendar: TradingCalendar): void {
  const contract = symbol.stypeIn === "raw_symbol" ? parseContract(symbol.text, nowSec) : null;
  if (contract === null || productOf(contract.root) === null) return;
  const { root } = contract;
  let { expiry } = contractDates(contract, calendar);
  const stopsSec = expirySecOf(expiry, calendar);
  if (stopsSec > nowSec && stopsSec - nowSec < LISTED_SEC) return;
  if (stopsSec > nowSec) ({ expiry } = contractDates({ ...contract, year: contract.year - 10 }, calendar));
  const lead = contractSymbol({ root, ...leadMonth("monday", tradeDateOf(nowSec, calendar), calendar) });
  throw new NqError("CONTRACT_EXPIRED", `${symbol.text} stopped trading on ${dateText(expiry)} at 09:30 ET; the lead month is ${lead}`);
}
