/** Large trades as they grow: fires with the fill that brings an event of one aggressor to the size waited for. */
import type { TradeBatch } from "../market/trade-batch.ts";

export interface LargeRule {
  readonly rule: number;
  /** Contracts; null: the adaptive size. */
  readonly size: number | null;
  /** +1 buyers, -1 sellers, 0 any. */
  readonly side: 1 | -1 | 0;
}

/** The event had `size` contracts with the trade `at`; `least` was waited for. */
export type OnLarge = (rule: number, at: number, size: number, least: number) => void;

/**
 * Events are those of the large trades (`studies/large-trades.ts`): fills behind one another of the same time and side. Told
 * at once, not when the event is over: a trader wants to know while it happens, and when it is over nothing may follow.
 */
export class LargeEvents {
  readonly #fixed: readonly LargeRule[];
  readonly #adaptiveRules: readonly LargeRule[];
  /** Smallest size that any rule waits for. */
  #least: number;
  #adaptive: number | null = null;
  /** The newest event: it may go on in another batch. */
  #sec = -1;
  #nanos = 0;
  #side = 0;
  #size = 0;

  constructor(rules: readonly LargeRule[]) {
    this.#fixed = rules.filter(({ size }) => size !== null).sort((a, b) => (a.size ?? 0) - (b.size ?? 0) || a.rule - b.rule);
    this.#adaptiveRules = rules.filter(({ size }) => size === null);
    this.#least = this.#fixed[0]?.size ?? Number.POSITIVE_INFINITY;
  }

  get isEmpty(): boolean {
    return this.#fixed.length === 0 && this.#adaptiveRules.length === 0;
  }
  get isAdaptive(): boolean {
    return this.#adaptiveRules.length > 0;
  }
  get adaptive(): number | null {
    return this.#adaptive;
  }

  start(): void {
    this.#sec = -1;
    this.#size = 0;
    this.setAdaptive(null);
  }

  /** The size reached about six times an hour; null while it is not known. */
  setAdaptive(size: number | null): void {
    if (size === this.#adaptive) return;
    this.#adaptive = size;
    this.#least = Math.min(this.#fixed[0]?.size ?? Number.POSITIVE_INFINITY, size ?? Number.POSITIVE_INFINITY);
  }

  /** The trades `from` to `to - 1`, of one second. */
  scan(batch: TradeBatch, from: number, to: number, onLarge: OnLarge): void {
    const { event, size, nanos, aggressor } = batch;
    const goesOn = batch.sec[from] === this.#sec && nanos[from] === this.#nanos && aggressor[from] === this.#side;
    // What the event had before this batch, where its column does not hold that.
    const before = goesOn ? this.#size - (event[from]! - size[from]!) : 0; // from < to
    let at = from;
    if (before > 0) {
      do {
        this.#grow(batch, at, before + event[at]!, onLarge);
        at += 1;
      } while (at < to && event[at] !== size[at]);
    }
    const isOnlyOne = at === to;
    const least = this.#least;
    for (; at < to; at += 1) if (event[at]! >= least) this.#grow(batch, at, event[at]!, onLarge);
    const last = to - 1;
    this.#sec = batch.sec[last]!;
    this.#nanos = nanos[last]!;
    this.#side = aggressor[last]!;
    this.#size = (isOnlyOne ? before : 0) + event[last]!;
  }

  /** The event has come to `total` contracts with a trade. */
  #grow(batch: TradeBatch, at: number, total: number, onLarge: OnLarge): void {
    if (total < this.#least) return;
    const had = total - batch.size[at]!;
    const side = batch.aggressor[at]!;
    const tell = (rule: LargeRule, least: number): void => {
      if (had < least && total >= least && (rule.side === 0 || rule.side === side)) onLarge(rule.rule, at, total, least);
    };
    for (const rule of this.#fixed) {
      if ((rule.size ?? 0) > total) break;
      tell(rule, rule.size ?? 0);
    }
    if (this.#adaptive !== null) for (const rule of this.#adaptiveRules) tell(rule, this.#adaptive);
  }
}
