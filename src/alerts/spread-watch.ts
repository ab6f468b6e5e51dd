/** The spread between bid and ask, as rules wait for it: fires when it has become as wide as they say. */
import type { Quote } from "../market/trade.ts";

export interface SpreadRule {
  readonly rule: number;
  readonly ticks: number;
}

/** A spread that stays wide fires once; a quote without a side says nothing of it. */
export class SpreadWatch {
  readonly #rules: readonly SpreadRule[];
  #last: number;

  /** `last`: the spread now, in ticks; infinite while it is not known. */
  constructor(rules: readonly SpreadRule[], last: number) {
    this.#rules = [...rules].sort((a, b) => a.ticks - b.ticks || a.rule - b.rule);
    this.#last = last;
  }

  get last(): number {
    return this.#last;
  }

  /** Whether a quote makes a rule fire. */
  isNews({ bidTicks, askTicks }: Quote): boolean {
    if (bidTicks === null || askTicks === null) return false;
    const spread = askTicks - bidTicks;
    return spread > this.#last && this.#rules.some(({ ticks }) => ticks > this.#last && ticks <= spread);
  }

  quote({ bidTicks, askTicks }: Quote, onSpread: (rule: number, ticks: number) => void): void {
    if (bidTicks === null || askTicks === null) return;
    const spread = askTicks - bidTicks;
    const last = this.#last;
    this.#last = spread;
    if (spread <= last) return;
    for (const { rule, ticks } of this.#rules) if (ticks > last && ticks <= spread) onSpread(rule, spread);
  }
}
