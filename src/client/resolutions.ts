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

/** An instrument id in the place of a name is no name. */
const NUMBER = /^\d*$/;
const ROLLS_MAX = 100;

export class Resolutions {
  /** Contracts to be asked for by name until a session has caught up. */
  rolls: readonly Roll[] = [];
  #before = new Map<string, string>();
  #now = new Map<string, string>();
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
  mapping(symbol: string, rawSymbol: string): void {
    if (!NUMBER.test(rawSymbol)) this.#now.set(symbol, rawSymbol);
  }

  /** The contracts of the session before that nothing in this one stands for, added to `rolls`; those just found. */
  findRolls(): readonly Roll[] {
    const covered = new Set([...this.#now.values(), ...this.rolls.map(({ rawSymbol }) => rawSymbol)]);
    const found: Roll[] = [];
    for (const [symbol, rawSymbol] of this.#before) {
      const isElsewhere = this.#continuous.has(symbol) && this.#now.has(symbol) && !covered.has(rawSymbol);
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
