/** What is known of a lost connection until it is made good, and from where the next session is to replay. */
import type { NqError } from "../lib/errors.ts";
import type { Subscription } from "../lsg/subscription.ts";
import { microsOfNanos, nanosOf } from "./high-water.ts";
import type { OccurrenceLedger } from "./occurrence-ledger.ts";

/** Times in microseconds since 1970. */
export interface Cut {
  /** How far the market had come. */
  readonly us: number;
  /** Where the comparison begins. */
  readonly startUs: number;
  /** Trades counted until then. */
  readonly added: number;
  /** The session ended with damaged data: what it brought last may be damaged too. */
  readonly isDamaged: boolean;
  /** Where the replay begins: a margin before the loss, ten margins earlier, or as far back as there is. */
  readonly from: "margin" | "earlier" | "all";
}

/** What is known of the session that runs. */
export interface RecoverySession {
  /** Everything is counted from nothing. */
  readonly isFresh: boolean;
  /** What was asked for; null: no replay of trades. */
  readonly start: bigint | null;
  /** The same of what continuous symbols stand for now. */
  readonly symbolsStart: bigint | null;
  /** Instruments that it asked for, as they were named to it: only one alone is sure to be replayed in order of time. */
  readonly instruments: Set<number>;
  hasBegun: boolean;
  hasCaughtUp: boolean;
  isJudged: boolean;
  /** The gateway's clock: when it began to answer, and now; -1 before. */
  joinedUs: number;
  gatewayUs: number;
  /** It has been told since the last piece of the stream. */
  hasTicked: boolean;
  /** Why this session is ended: so that the next one can do better. */
  ending: "earlier" | "afresh" | "roll" | null;
}

/** Records come at most this many times as late as the latest one seen. */
const LATENESS_FACTOR = 4;
/** A lateness is remembered for a day. */
const REMEMBER_MS = 86_400_000;
/** A retried replay begins this many margins earlier. */
const EARLIER_MARGINS = 10;
/** An overlap of fewer trades says too little; it is widened, but by an hour at most. */
const OVERLAP_TRADES = 150;
const OVERLAP_US_MAX = 3_600e6;
/** Damage after which what came last is not to be trusted. */
const DAMAGED: ReadonlySet<string> = new Set(["LSG_BAD_STREAM"]);

function earliest(subscriptions: readonly Subscription[]): bigint | null {
  const starts = subscriptions.flatMap(({ start }) => (start === null ? [] : [start]));
  return starts.length === 0 ? null : starts.reduce((a, b) => (b < a ? b : a));
}

export function sessionOf(subscriptions: readonly Subscription[], isFresh: boolean): RecoverySession {
  const trades = subscriptions.filter(({ schema, start }) => schema === "trades" && start !== null);
  return {
    isFresh,
    start: earliest(trades),
    symbolsStart: earliest(trades.filter(({ stypeIn }) => stypeIn === "continuous")),
    instruments: new Set(),
    hasBegun: false,
    hasCaughtUp: trades.length === 0,
    isJudged: isFresh,
    joinedUs: -1,
    gatewayUs: -1,
    hasTicked: false,
    ending: null,
  };
}

/** How late a record may still come: four times the largest lateness of the last day, but never less than given. */
export class Margin {
  readonly #leastUs: number;
  #latest: { readonly us: number; readonly atMs: number } = { us: 0, atMs: 0 };

  constructor(leastMs: number) {
    this.#leastUs = leastMs * 1_000;
  }

  get us(): number {
    return Math.max(this.#leastUs, LATENESS_FACTOR * this.#latest.us);
  }

  /** Takes the largest lateness of a session; monotonic milliseconds. */
  note(latenessUs: number, nowMs: number): void {
    if (latenessUs < this.#latest.us && nowMs - this.#latest.atMs <= REMEMBER_MS) return;
    this.#latest = { us: latenessUs, atMs: nowMs };
  }
}

/**
 * The loss of `session`, whose trades are in the ledger. `before`: the loss that it should have made good. Null when there
 * is nothing to go on from.
 */
export function cutAt(
  ledger: OccurrenceLedger,
  session: RecoverySession,
  before: Cut | null,
  error: NqError | null,
  marginUs: number,
): Cut | null {
  if (ledger.size === 0 || ledger.highUs < 0) return null;
  const us = ledger.highUs;
  let startUs = Math.min(us - marginUs, Math.max(ledger.oldestOf(OVERLAP_TRADES), us - OVERLAP_US_MAX));
  // Several instruments may be replayed one after the other: then how far it has come says nothing about all of them.
  const isOrdered = session.hasCaughtUp || session.instruments.size <= 1;
  if (!isOrdered && session.start !== null) startUs = Math.min(startUs, microsOfNanos(session.start));
  if (!isOrdered && startUs < ledger.floorUs) return null;
  // What an earlier loss left open is still open when its replay broke off: unless all from before came, it begins there again.
  const open = session.isJudged ? null : before;
  if (open !== null && open.startUs < startUs && !isRepeated(ledger, session, open)) startUs = open.startUs;
  const isDamaged = open?.isDamaged === true || (error !== null && DAMAGED.has(error.code));
  return { us, startUs, added: ledger.added, isDamaged, from: open?.from === "all" ? "all" : "margin" };
}

/** Whether what was counted shortly before the loss has come again. */
function isRepeated(ledger: OccurrenceLedger, { instruments }: RecoverySession, { startUs, us }: Cut): boolean {
  const { compared, missing, missingSince } = ledger.compare(Math.max(Math.floor(startUs), ledger.floorUs), us, instruments);
  return compared > 0 && missing === 0 && missingSince === 0;
}

/** Where the next session is to replay from, nanoseconds since 1970; 0n: as far back as the gateway goes. */
export function replayStart(cut: Cut, marginUs: number): bigint {
  if (cut.from === "all") return 0n;
  return nanosOf(cut.from === "earlier" ? cut.startUs - EARLIER_MARGINS * marginUs : cut.startUs);
}
