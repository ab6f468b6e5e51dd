/** Whether the contract on screen is about to be left, or has been left, by the market: by date and by volume. */
import { dateText, dayNumberOfText } from "./civil-date.ts";
import type { ContractDates } from "./expiry.ts";

export type RollLevel = "none" | "info" | "warn" | "alarm";

export interface RollFacts {
  /** The contract on screen and the one after it, e.g. `NQM5`, `NQU5`. */
  readonly front: string;
  readonly next: string;
  readonly dates: ContractDates;
  /** Unix seconds at which trading in the front stops. */
  readonly expirySec: number;
  /** Contracts traded in the running session. */
  readonly frontVolume: number;
  /** Null: its trades are not seen. */
  readonly nextVolume: number | null;
}

export interface RollNotice {
  readonly level: RollLevel;
  /** One line, the most pressing first; null without a reason. */
  readonly warning: string | null;
}

/** Fewer contracts than these, of both together, say nothing about where the market trades. */
const SHARE_FROM_CONTRACTS = 1000;
/** The next contract's volume in percent of the front's from which it is worth a warning. */
const NOTABLE_PERCENT = 50;

const ORDER: readonly RollLevel[] = ["none", "info", "warn", "alarm"];
const NOTHING: RollNotice = { level: "none", warning: null };

function byDate(facts: RollFacts, tradeDate: number, nowSec: number): RollNotice {
  const { front, next, dates, expirySec } = facts;
  const days = dates.expiry - tradeDate;
  if (nowSec >= expirySec) return { level: "alarm", warning: `${front} stopped trading ${dateText(dates.expiry)} 09:30 ET; the next contract is ${next}` };
  if (days <= 0) return { level: "alarm", warning: `${front} stops trading 09:30 ET today; the next contract is ${next}` };
  const inDays = days === 1 ? "in 1 day" : `in ${days} days`;
  if (tradeDate >= dates.rollMonday) return { level: "warn", warning: `${front} expires ${inDays}; by date ${next} leads` };
  if (tradeDate >= dates.rollThursday) return { level: "info", warning: `${front} rolls to ${next} on Monday ${dateText(dates.rollMonday)}` };
  return NOTHING;
}

function byVolume({ front, next, frontVolume, nextVolume }: RollFacts): RollNotice {
  if (nextVolume === null || frontVolume + nextVolume < SHARE_FROM_CONTRACTS) return NOTHING;
  if (nextVolume > frontVolume) return { level: "alarm", warning: `the market has moved to ${next}: it trades more than ${front}` };
  const percent = Math.floor((100 * nextVolume) / frontVolume);
  return percent < NOTABLE_PERCENT ? NOTHING : { level: "warn", warning: `${next} trades ${percent}% of the volume of ${front}` };
}

/** What there is to say at a market time (unix seconds) of a trade date such as `2025-06-16`. */
export function rollNotice(facts: RollFacts, tradeDate: string, nowSec: number): RollNotice {
  const found = [byDate(facts, dayNumberOfText(tradeDate), nowSec), byVolume(facts)]
    .sort((a, b) => ORDER.indexOf(b.level) - ORDER.indexOf(a.level));
  const texts = found.flatMap(({ warning }) => warning ?? []);
  return { level: found[0]?.level ?? "none", warning: texts.length === 0 ? null : texts.join("; ") };
}
