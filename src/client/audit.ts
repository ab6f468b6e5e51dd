/** Whether a replay gave back what is known to have been there. Pure; the rule is told with each verdict. */
import type { Cut, RecoverySession } from "./cut.ts";
import { type OccurrenceLedger, SAME_MOMENT_US } from "./occurrence-ledger.ts";

/** What is known when the overlap of a replay with what was counted before has come. Times in microseconds. */
interface Findings {
  /** Trades counted before that lie in the overlap, and how many of them did not come again. */
  readonly compared: number;
  readonly missing: number;
  /** Trades that came of the time in which these lie and were not among them. */
  readonly others: number;
  /** Trades that a replay without proof had brought and that did not come again: one of the two is not whole. */
  readonly missingSince: number;
  /** ts_event of the oldest trade that came, and ts_recv of the one that came first; -1 when none did. */
  readonly firstUs: number;
  readonly beganUs: number;
  /** How far the market had come when the link was lost, and the gateway's clock when it was back. */
  readonly cutUs: number;
  readonly joinedUs: number;
  /** The last session ended with damaged data: what it brought last may be damaged too. */
  readonly isDamaged: boolean;
  /** A replay from an earlier time could still show more. */
  readonly canAskEarlier: boolean;
}

/**
 * verified: everything counted before came again, so the replay is whole as far as can be seen. unverified: the replay
 * came, but nothing says that it is all. gap: the replay begins after the loss. earlier: ask again from an earlier time.
 * afresh: what was counted is not what this gateway has; count from nothing.
 */
export type Verdict =
  | { readonly kind: "verified" | "unverified" | "earlier" | "afresh"; readonly how: string }
  | { readonly kind: "gap"; readonly toUs: number; readonly how: string };

/** Fewer than this may be damage. */
const STRANGE_MIN = 20;

const count = (value: number): string => value.toLocaleString("en-US");
const trades = (value: number): string => `${count(value)} trade${value === 1 ? "" : "s"}`;

/** The verdict once the session has passed the point of the loss. */
function judgeReplay(found: Findings): Verdict {
  const { compared, missing, firstUs, cutUs, joinedUs } = found;
  if (compared === 0) {
    return { kind: "unverified", how: "replayed; nothing traded shortly before the loss, so there was nothing to compare" };
  }
  if (missing === 0 && found.missingSince === 0) return { kind: "verified", how: `replayed; ${trades(compared)} from before came again` };
  if (missing === 0) {
    const lacks = `the replay lacks ${trades(found.missingSince)} that an earlier one brought`;
    return found.canAskEarlier
      ? { kind: "earlier", how: `${lacks}; asking again from earlier on` }
      : { kind: "unverified", how: `${lacks}; they stay counted` };
  }
  if (firstUs > cutUs) {
    // A replay comes in the order in which records reached the gateway: all that came before its first one may be missing.
    return { kind: "gap", toUs: Math.max(firstUs, found.beganUs), how: "the gateway no longer has that time" };
  }
  if (firstUs < 0 && !found.canAskEarlier) return { kind: "gap", toUs: joinedUs, how: "the gateway replayed no trade" };
  const lacks = `the replay lacks ${count(missing)} of ${trades(compared)} counted before`;
  if (found.canAskEarlier) return { kind: "earlier", how: `${lacks}; asking again from earlier on` };
  if (isAnother(found)) return { kind: "afresh", how: `${lacks}: it is another market; counting afresh` };
  if (found.isDamaged) return { kind: "afresh", how: `${lacks}, right after damaged data; counting afresh` };
  return { kind: "unverified", how: `${lacks}; they stay counted` };
}

/**
 * None of what was counted before came, but other trades of that time did. While a single one comes again it is the same
 * market, however much its replay lacks, and what was counted stays counted.
 */
function isAnother({ compared, missing, others }: Pick<Findings, "compared" | "missing" | "others">): boolean {
  return compared > 0 && missing === compared && others * 2 >= missing;
}

/** What speaks against a whole replay of a market that has not yet come to the point of the loss; null: nothing. */
function judgeSoFar({ compared, missing }: Pick<Findings, "compared" | "missing">): Verdict | null {
  if (missing * 2 <= compared) return null;
  return { kind: "afresh", how: `${count(missing)} of ${trades(compared)} counted before did not come: it is another market; counting afresh` };
}

/** Whether a replay of long ago brings trades where all are known, but not those; null: nothing speaks for it. */
export function foundAnother({ strange, known }: Pick<OccurrenceLedger, "strange" | "known">): Verdict | null {
  if (strange.trades < STRANGE_MIN || strange.trades <= known) return null;
  return { kind: "afresh", how: `trades of times that were counted are not those counted: it is another market; counting afresh` };
}

/** The same verdict, unless trades of a contract that counts from nothing now had come before, and not all came again. */
export function judgeRolled(verdict: Verdict, { compared, missing }: Pick<Findings, "compared" | "missing">): Verdict {
  if (missing === 0 || verdict.kind !== "verified") return verdict;
  return { kind: "unverified", how: `the replay lacks ${count(missing)} of ${trades(compared)} of the contract traded now that had come before` };
}

/** Whether the session that has caught up can be judged now, and how; null: not yet. */
export function auditSession(ledger: OccurrenceLedger, session: RecoverySession, cut: Cut, marginUs: number): Verdict | null {
  const { start, joinedUs, gatewayUs, instruments } = session;
  if (start === null) return { kind: "gap", toUs: joinedUs, how: "no replay was asked for" };
  const reachedUs = Math.max(ledger.water.us, gatewayUs);
  if (ledger.water.us > cut.us + SAME_MOMENT_US || gatewayUs > cut.us || isAhead(ledger, reachedUs)) {
    const found = ledger.compare(comparedFrom(ledger, cut), Number.POSITIVE_INFINITY, instruments);
    const canAskEarlier = cut.from === "margin" && start > 0n;
    return judgeReplay({
      ...found, others: ledger.others, firstUs: ledger.firstUs, beganUs: ledger.beganUs, cutUs: cut.us, joinedUs, isDamaged: cut.isDamaged, canAskEarlier,
    });
  }
  // The gateway plays its market again, from an earlier time.
  if (reachedUs + marginUs < ledger.oldestUs) {
    return { kind: "afresh", how: "the gateway's market is at a time before all that can be compared; counting afresh" };
  }
  return judgeSoFar(ledger.compare(ledger.floorUs, reachedUs - SAME_MOMENT_US, instruments));
}

/** From where on what was counted must come again, microseconds: from the very trade at which the replay begins. */
function comparedFrom({ floorUs }: OccurrenceLedger, { startUs }: Cut): number {
  return Math.max(Math.floor(startUs), floorUs);
}

/** Nothing that was counted lies after this: then the market had not come farther, whatever a damaged time said. */
function isAhead(ledger: OccurrenceLedger, reachedUs: number): boolean {
  const { compared, missingSince } = ledger.compare(reachedUs, Number.POSITIVE_INFINITY);
  return reachedUs >= 0 && compared === 0 && missingSince === 0;
}

/** Whether a replay that broke off had brought another market. */
export function broughtAnother(ledger: OccurrenceLedger, session: RecoverySession, cut: Cut): boolean {
  return isAnother({ ...ledger.compare(comparedFrom(ledger, cut), ledger.water.us - SAME_MOMENT_US, session.instruments), others: ledger.others });
}
