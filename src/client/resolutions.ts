/**
 * What continuous symbols stand for, session by session. Inside a session the gateway keeps to what it resolved at its
 * start; a new session may resolve anew. Then the contract before is asked for by its own name too, but only then: the
 * same records asked for under two names might be sent twice.
 */
import type { Subscription } from "../lsg/subscription.ts";

/** A continuous symbol that stands for another contract than in the session before. */
export interface Roll {
  /** As subscribed, e.g. `NQ.v.0`. */
  readonly symbol: string;
  /** The contract it stood for, e.g. `NQZ6`. */
  readonly rawSymbol: string;
}

/** What a contract stood for a symbol in one session. */
interface Resolution {
  readonly rawSymbol: string;
  readonly instrumentId: number;
}

/** A name of a contract, spreads and options too; an instrument id in its place is none, and damaged text is none. */
const NAME = /^(?=.*[A-Z])[A-Z0-9][A-Z0-9 :._-]*$/;
const ROLLS_MAX = 100;

export class Resolutions {
  /** Contracts to be asked for by name until a session has caught up. */
  rolls: readonly Roll[] = [];
  #before = new Map<string, Resolution>();
  #now = new Map<string, Resolution>();
  #continuous: ReadonlySet<string> = new Set();

  /** A session begins; only a resumed one has something to compare with. */
  begin(subscriptions: readonly Subscription[], isFresh: boolean): void {
    this.#before = isFresh ? new Map() : new Map([...this.#now, ...this.#before]);
    this.#now = new Map();
    if (isFresh) this.rolls = [];
    this.#continuous = new Set(
      subscriptions.flatMap(({ schema, stypeIn, start, symbols }) =>
        schema === "trades" && stypeIn === "continuous" && start !== null ? symbols : [],
      ),
    );
  }

  /** A symbol was resolved. */
  mapping(symbol: string, rawSymbol: string, instrumentId: number): void {
    if (NAME.test(rawSymbol)) this.#now.set(symbol, { rawSymbol, instrumentId });
  }

  /** The contract that a symbol stands for in this session; null while that is not known. */
  standsFor(symbol: string): number | null {
    return this.#now.get(symbol)?.instrumentId ?? null;
  }

  /**
   * The contracts of the session before that nothing in this one stands for, added to `rolls`; those just found. Another
   * name under the same id, or another id under the same name, is the same contract: one of the two was damaged.
   */
  findRolls(): readonly Roll[] {
    const now = [...this.#now.values()];
    const covered = new Set([...now, ...this.rolls].map(({ rawSymbol }) => rawSymbol));
    const ids = new Set(now.map(({ instrumentId }) => instrumentId));
    const found: Roll[] = [];
    for (const [symbol, { rawSymbol, instrumentId }] of this.#before) {
      const isCovered = covered.has(rawSymbol) || ids.has(instrumentId);
      const isElsewhere = this.#continuous.has(symbol) && this.#now.has(symbol) && !isCovered;
      if (isElsewhere) found.push({ symbol, rawSymbol });
    }
    if (found.length > 0) this.rolls = [...this.rolls, ...found].slice(-ROLLS_MAX);
    return found;
  }

  /** The session has caught up: what it resolved is what the next one is compared with. */
  settle(): void {
    this.#before = new Map();
    this.rolls = [];
  }
}
