/**
 * Who may wait before authenticating: how many at once, from one address, how fast new ones may come, how often an
 * address may answer wrongly. A crowd of strangers costs other strangers their places, never an authenticated client its data.
 */
import type { Clock } from "../lib/clock.ts";

/** Connections that have not authenticated, in all and from one address. */
const STRANGERS_MAX = 64;
const STRANGERS_PER_ADDRESS_MAX = 32;
/** New connections from one address: so many at once, and so many a second afterwards; the surplus is closed at once. */
const ARRIVALS_MAX = 100;
const ARRIVALS_PER_SECOND = 20;
/** Wrong answers from one address within the time below; until it is over, answers from there are not looked at. */
const FAILURES_MAX = 10;
const FAILURES_MS = 60_000;
/** Addresses remembered; beyond it the one that was quiet longest is forgotten. */
const ADDRESSES_MAX = 4_096;

interface AddressBook {
  strangers: number;
  /** Connections that may still come at once, at `atMs`. */
  arrivals: number;
  atMs: number;
  /** When wrong answers came, the oldest first. */
  failures: number[];
}

/** A connection from its acceptance to its end, or to its authentication. */
export interface Guest {
  /** False while the address has given too many wrong answers: then an answer must be refused unread. */
  mayTry(): boolean;
  /** A wrong answer. */
  failed(): void;
  /** It is a stranger no more: authenticated, or gone. May be called again. */
  leave(): void;
}

interface Stranger {
  readonly address: string;
  readonly cut: () => void;
}

/** IPv4 as it is, however written; of IPv6 the part that a provider gives to one customer. */
export function addressOf(remote: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remote)?.[1];
  if (mapped !== undefined || !remote.includes(":")) return mapped ?? remote;
  const [head = "", tail] = remote.toLowerCase().split("%")[0]?.split("::") ?? [];
  const left = head.split(":").filter((group) => group !== "");
  const right = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array.from({ length: zeros }, () => "0"), ...right].slice(0, 4).join(":");
}

export class Door {
  readonly #clock: Clock;
  /** In order of coming. */
  readonly #strangers = new Set<Stranger>();
  readonly #addresses = new Map<string, AddressBook>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Null when the connection must be closed at once. `cut` is called when its place is needed for a newer one: whoever
   * holds a key has answered long before.
   */
  enter(remote: string, cut: () => void): Guest | null {
    const address = addressOf(remote);
    const book = this.#bookOf(address);
    if (book.arrivals < 1) return null;
    book.arrivals -= 1;
    if (book.strangers >= STRANGERS_PER_ADDRESS_MAX) this.#cutOldest(address);
    else if (this.#strangers.size >= STRANGERS_MAX) this.#cutOldest(this.#mostCrowded());
    const stranger: Stranger = { address, cut };
    this.#strangers.add(stranger);
    book.strangers += 1;
    return {
      mayTry: () => this.#failuresOf(this.#bookOf(address)).length < FAILURES_MAX,
      failed: () => void this.#failuresOf(this.#bookOf(address)).push(this.#clock.monotonicMs()),
      leave: () => this.#leave(stranger),
    };
  }

  #leave(stranger: Stranger): void {
    if (this.#strangers.delete(stranger)) this.#bookOf(stranger.address).strangers -= 1;
  }

  #cutOldest(address: string): void {
    for (const stranger of this.#strangers) {
      if (stranger.address !== address) continue;
      this.#leave(stranger);
      return stranger.cut();
    }
  }

  #mostCrowded(): string {
    const most = [...this.#addresses].reduce<[string, number]>((best, [address, { strangers }]) => (strangers > best[1] ? [address, strangers] : best), ["", 0]);
    return most[0];
  }

  /** The address's page, with its arrivals brought up to now; it moves to the end of the order of forgetting. */
  #bookOf(address: string): AddressBook {
    const now = this.#clock.monotonicMs();
    const book = this.#addresses.get(address) ?? { strangers: 0, arrivals: ARRIVALS_MAX, atMs: now, failures: [] };
    book.arrivals = Math.min(ARRIVALS_MAX, book.arrivals + ((now - book.atMs) / 1000) * ARRIVALS_PER_SECOND);
    book.atMs = now;
    this.#addresses.delete(address);
    this.#addresses.set(address, book);
    if (this.#addresses.size > ADDRESSES_MAX) this.#forget();
    return book;
  }

  #forget(): void {
    for (const [address, { strangers }] of this.#addresses) {
      if (strangers === 0) return void this.#addresses.delete(address);
    }
  }

  /** Those that still count. */
  #failuresOf(book: AddressBook): number[] {
    const since = this.#clock.monotonicMs() - FAILURES_MS;
    while (book.failures[0] !== undefined && book.failures[0] <= since) book.failures.shift();
    return book.failures;
  }
}
