/**
 * Getting back what a lost connection took: from where the next session replays, what of it is new, whether it was whole.
 * Laws: the far point of gateway time never goes back and follows no single damaged time; a replay begins a margin before
 * it, never after it; every loss is a gap that says what became of it; figures are only ever counted afresh as a whole.
 */
import type { Clock } from "../lib/clock.ts";
import type { NqError } from "../lib/errors.ts";
import type { CatchUp, LinkGap } from "../lsg/link-state.ts";
import type { Subscription } from "../lsg/subscription.ts";
import { auditSession, broughtAnother, foundAnother, judgeRolled, type Verdict } from "./audit.ts";
import { cutAt, Margin, replayStart, sessionOf, type Cut, type RecoverySession } from "./cut.ts";
import { GapLog, timeOfMicros } from "./gap-log.ts";
import { isPossibleMicros, microsOfNanos } from "./high-water.ts";
import type { LinkReporter } from "./link-reporter.ts";
import { OccurrenceLedger } from "./occurrence-ledger.ts";
import { Resolutions, type Roll } from "./resolutions.ts";

/** What the first record of a session means. */
export interface SessionStart {
  /** The figures are to be counted from nothing, for what comes is all of them. */
  readonly isFresh: boolean;
  /** Of these instruments what was handed out before is handed out again: what was known of it was given up. */
  readonly again: ReadonlySet<number> | "all";
}

/** How a session goes on from what was counted before. */
export interface Resume {
  /** Trades are to be asked for from here, nanoseconds since 1970; 0n: as far back as the gateway goes. */
  readonly start: bigint;
  /** Contracts that continuous symbols no longer stand for: to be asked for by name too, from `start` on. */
  readonly rolls: readonly Roll[];
}

/** How a message begins that says what became of a loss; the gap says it too. */
export const LOSS_JUDGED = "after the loss: ";
/** Comparing walks over all that is kept. */
const COMPARE_EVERY_MS = 1_000;
const PACK_EVERY_MS = 1_000;
/** No replay at all: later than any record. */
const NO_REPLAY = 0xffff_ffff_ffff_ffffn;

export interface RecoveryOptions {
  readonly clock: Clock;
  readonly reporter: LinkReporter;
  /** Shortest margin, milliseconds. */
  readonly marginMs: number;
}

export class Recovery {
  readonly ledger = new OccurrenceLedger();
  readonly #options: RecoveryOptions;
  readonly #gaps = new GapLog();
  readonly #resolutions = new Resolutions();
  readonly #margin: Margin;
  #session: RecoverySession | null = null;
  #cut: Cut | null = null;
  #batchAtMs: number;
  #packedAtMs: number;
  #comparedAtMs = Number.NEGATIVE_INFINITY;
  #recoveredBefore = 0;
  /** Contracts that a symbol stands for now: the owner's figures of them begin anew with the next session. */
  #rolledTo = new Set<number>();
  /** From here on, microseconds, they are being replayed, and the replay has not come to its end; null: none are. */
  #rolledFromUs: number | null = null;

  constructor(options: RecoveryOptions) {
    this.#options = options;
    this.#margin = new Margin(options.marginMs);
    this.ledger.mayCount = () => this.#mayCount();
    this.#batchAtMs = options.clock.monotonicMs();
    this.#packedAtMs = this.#batchAtMs;
  }

  /** How the next session is to go on; null: from nothing. */
  get resume(): Resume | null {
    if (this.#cut === null) return null;
    return { start: replayStart(this.#cut, this.#margin.us), rolls: this.#resolutions.rolls };
  }

  /** The market has not yet come to where it was when the link was lost. */
  get isBehind(): boolean {
    const session = this.#session;
    return this.#cut !== null && session !== null && session.hasBegun && !session.isJudged;
  }

  /** Market time as the session told it last, milliseconds since 1970; null before. */
  get marketMs(): number | null {
    const us = Math.max(this.#session?.gatewayUs ?? -1, this.ledger.water.us);
    return us < 0 ? null : us / 1_000;
  }

  /** How far the replay has come, and where it is going. */
  get progress(): CatchUp {
    const reachedUs = this.ledger.water.us;
    const gatewayUs = this.#session?.gatewayUs ?? -1;
    const cutUs = this.#cut?.us ?? -1;
    const targetUs = Math.max(gatewayUs, cutUs);
    return {
      trades: this.ledger.seen,
      reached: reachedUs < 0 ? null : timeOfMicros(reachedUs),
      target: targetUs < 0 ? null : timeOfMicros(targetUs),
      isRepeat: this.#session?.hasCaughtUp === true && gatewayUs < cutUs,
    };
  }

  /** The session's subscriptions are being sent. */
  subscribed(subscriptions: readonly Subscription[]): void {
    const isFresh = this.#cut === null;
    this.#resolutions.begin(subscriptions, isFresh);
    this.#session = sessionOf(subscriptions, isFresh);
  }

  /** The first record is next. */
  begin(): SessionStart {
    const session = this.#session;
    if (session === null) throw new Error("a session begins that was not subscribed");
    session.hasBegun = true;
    const { added, startUs = 0 } = this.#cut ?? {};
    this.ledger.beginSession(session.isFresh ? null : (session.start ?? NO_REPLAY), {
      ...(added === undefined ? {} : { expected: added }),
      settledUs: session.start === 0n ? startUs : 0,
      again: this.#rolledTo,
    });
    if (session.hasCaughtUp) this.ledger.replayCompleted(null);
    if (session.isFresh) this.#gaps.clear();
    this.#tellGaps();
    const again = this.#rolledTo;
    if (session.isFresh) this.#rolledFromUs = null;
    else if (again.size > 0) this.#rolledFromUs = session.symbolsStart === null ? null : microsOfNanos(session.symbolsStart);
    this.#rolledTo = new Set();
    return { isFresh: session.isFresh || again.size > 0, again: session.isFresh ? "all" : again };
  }

  /** The clock of the gateway, from a record about the stream. */
  gatewayTime(us: number): void {
    const session = this.#session;
    if (session === null || !isPossibleMicros(us)) return;
    session.gatewayUs = us;
    session.hasTicked = true;
    if (session.joinedUs < 0) session.joinedUs = us;
  }

  /** A symbol was resolved. */
  mapping(symbol: string, rawSymbol: string, instrumentId: number): void {
    this.#session?.instruments.add(instrumentId);
    this.#resolutions.mapping(symbol, rawSymbol, instrumentId);
  }

  replayCompleted(schema: string | null): void {
    const session = this.#session;
    if (session === null || (schema !== null && schema !== "trades") || !this.#mayCount()) return;
    session.hasCaughtUp = true;
    this.ledger.replayCompleted(schema);
    // A replay that is still to be judged may have to be asked for again, of all contracts.
    if (this.#cut === null || session.isJudged) this.#resolutions.settle();
  }

  /** After each piece of the stream. A sentence when the session must end so that the next one does better; else null. */
  batch(): string | null {
    const session = this.#session;
    if (session === null || !session.hasBegun) return null;
    if (session.ending === "roll") {
      const contracts = this.#resolutions.rolls.map(({ symbol, rawSymbol }) => `${symbol} stood for ${rawSymbol}`);
      return `the contract has changed (${contracts.join(", ")}): asking for what is missing of both`;
    }
    const now = this.#options.clock.monotonicMs();
    this.#follow(session, (now - this.#batchAtMs) * 1_000);
    this.#batchAtMs = now;
    this.#packAt(now);
    const cut = this.#cut;
    if (cut === null) return null;
    const other = session.isJudged ? null : foundAnother(this.ledger);
    if (other !== null) return this.#take(session, cut, other);
    if (!session.hasCaughtUp) return null;
    if (!session.isJudged) return this.#judge(session, cut, now);
    if (this.ledger.water.us > cut.us + 2 * this.#margin.us) {
      this.ledger.settle();
      this.#cut = null;
    }
    return null;
  }

  /** Gaps of what an earlier run of the program kept. */
  takeGaps(gaps: readonly LinkGap[]): void {
    this.#gaps.take(gaps);
  }

  /** The session is over; `error`: why it was lost, null when that was wanted. */
  end(error: NqError | null): void {
    const session = this.#session;
    this.#session = null;
    if (error?.code === "LSG_REPLAY_AGED_OUT" && this.#cut !== null) this.#cut = { ...this.#cut, from: "all" };
    if (session === null || !session.hasBegun) return;
    const { ledger } = this;
    ledger.advance(0);
    this.#margin.note(ledger.lateness(), this.#options.clock.monotonicMs());
    this.#recoveredBefore += ledger.recovered;
    this.#cut = this.#cutAfter(session, error);
    if (this.#cut !== null) {
      this.#gaps.open(this.#cut.us, error === null ? "connecting again was asked for" : error.message);
      // Of what has no beginning nothing is claimed before its first trade.
      if (this.#rolledFromUs === 0) this.#rolledFromUs = Math.max(0, ledger.firstUs);
      if (this.#rolledFromUs !== null && this.#rolledFromUs > 0) this.#gaps.doubt(this.#rolledFromUs, "the replay of the contract that is traded now broke off");
    }
    this.#tellGaps();
  }

  #cutAfter(session: RecoverySession, error: NqError | null): Cut | null {
    const cut = this.#cut;
    if (session.ending === "afresh") return null;
    if (session.ending === "roll") return cut;
    if (session.ending === "earlier") return cut === null ? null : { ...cut, from: "earlier" };
    if (error?.code === "LSG_REPLAY_AGED_OUT" && !session.isJudged) return cut;
    if (cut !== null && !session.isJudged && broughtAnother(this.ledger, session, cut)) return null;
    return cutAt(this.ledger, session, cut, error, this.#margin.us);
  }

  /** Before the first trade of a resumed session: the contracts of before must all be asked for, by whatever name. */
  #mayCount(): boolean {
    const session = this.#session;
    if (session === null || session.isFresh || session.start === null) return true;
    const rolls = session.ending === null ? this.#resolutions.findRolls() : [];
    if (rolls.length > 0) session.ending = "roll";
    for (const { symbol } of rolls) this.#rolledTo.add(this.#resolutions.standsFor(symbol) ?? 0);
    return session.ending === null;
  }

  /** Notes how far the market has come. */
  #follow(session: RecoverySession, elapsedUs: number): void {
    const { ledger } = this;
    ledger.advance(elapsedUs);
    // One instrument alone is replayed in order: past the moment of joining, the replay is over, told or not.
    const isPast = session.joinedUs >= 0 && ledger.water.us > session.joinedUs + this.#margin.us;
    if (!session.hasCaughtUp && isPast && session.instruments.size <= 1) this.replayCompleted(null);
    if (session.hasCaughtUp && session.hasTicked) ledger.tick(session.gatewayUs, elapsedUs);
    session.hasTicked = false;
    const { stats } = this.#options.reporter;
    stats.repeatedTrades = ledger.repeated;
    stats.heldBackTrades = ledger.heldBack;
    stats.recoveredTrades = this.#recoveredBefore + ledger.recovered;
  }

  /** One block a second: a replay at full speed fills hundreds, and uses them again before packing them would pay. */
  #packAt(now: number): void {
    if (now - this.#packedAtMs < PACK_EVERY_MS) return;
    this.#packedAtMs = now;
    this.ledger.pack();
  }

  #judge(session: RecoverySession, cut: Cut, now: number): string | null {
    if (now - this.#comparedAtMs < COMPARE_EVERY_MS && this.progress.isRepeat) return null;
    this.#comparedAtMs = now;
    const verdict = auditSession(this.ledger, session, cut, this.#margin.us);
    return verdict === null ? null : this.#take(session, cut, verdict);
  }

  #take(session: RecoverySession, cut: Cut, verdict: Verdict): string | null {
    session.isJudged = true;
    if (verdict.kind === "earlier" || verdict.kind === "afresh") {
      session.ending = verdict.kind;
      return verdict.how;
    }
    if (session.hasCaughtUp) this.#resolutions.settle();
    this.#closeGap(session, cut, verdict);
    return null;
  }

  #closeGap(session: RecoverySession, cut: Cut, found: Verdict): void {
    const { strange, water, firstUs } = this.ledger;
    const rolledFromUs = this.#rolledFromUs === 0 ? firstUs : (this.#rolledFromUs ?? -1);
    this.#rolledFromUs = null;
    const verdict = judgeRolled(found, this.ledger.judgeAgain());
    // What was lost is judged up to where the replay has come, not only to where it began.
    const toUs = Math.max(session.joinedUs, session.gatewayUs, water.us, cut.us);
    this.#gaps.settle();
    const lostToUs = Math.max(verdict.kind === "gap" ? verdict.toUs : 0, cut.us);
    if (verdict.kind === "gap") this.#gaps.closeInPart(lostToUs, session.start === null ? lostToUs : toUs, verdict.how);
    else if (verdict.kind === "unverified") this.#gaps.close("unverified", toUs, verdict.how);
    else if (session.joinedUs <= cut.us) this.#gaps.drop(); // the market itself had stood still
    else this.#gaps.close("filled", toUs, verdict.how);
    // The figures of a contract that a symbol stands for now are all of this one replay.
    if (rolledFromUs > 0 && rolledFromUs < cut.us && verdict.kind !== "verified") this.#gaps.add(rolledFromUs, cut.us, verdict.how);
    if (strange.trades > 0) {
      this.#gaps.add(strange.fromUs, strange.toUs + 1, `${strange.trades} trades of this time came only now and are not counted`);
    }
    this.#options.reporter.message(verdict.kind === "verified" ? "info" : "warn", `${LOSS_JUDGED}${verdict.how}`, "link");
    this.#tellGaps();
  }

  #tellGaps(): void {
    this.#options.reporter.setGaps(this.#gaps.list);
  }
}
