/** Which contract is "the" future on a trade date: rules by date. The rule by volume is the gateway's to answer. */
import type { TradingCalendar } from "./calendar.ts";
import { yearOf } from "./civil-date.ts";
import { contractDates, nextQuarter, type ContractDates, type ContractMonth } from "./expiry.ts";

/**
 * `volume`: the contract that traded most the day before, as the gateway ranks them. `monday`: the next one from the
 * Monday of expiry week. `thursday`: from the Thursday of the week before. `expiry`: the one that expires next.
 */
export const ROLL_RULES = ["volume", "monday", "thursday", "expiry"] as const;
export type RollRule = (typeof ROLL_RULES)[number];

function isStillLead(dates: ContractDates, rule: RollRule, tradeDate: number): boolean {
  switch (rule) {
    case "expiry": return dates.expiry >= tradeDate; // the day it expires on is still its own
    case "thursday": return dates.rollThursday > tradeDate;
    case "volume": // not known by date; volume crosses on the Monday, mostly
    case "monday": return dates.rollMonday > tradeDate;
  }
}

/** The quarterly contract that leads on a trade date (days since 1970-01-01). */
export function leadMonth(rule: RollRule, tradeDate: number, calendar: TradingCalendar): ContractMonth {
  let contract: ContractMonth = { year: yearOf(tradeDate) - 1, month: 12 };
  while (!isStillLead(contractDates(contract, calendar), rule, tradeDate)) contract = nextQuarter(contract);
  return contract;
}
