/** All studies of one market together: fed as one, viewed as one value whose unchanged parts stay the same objects. */
import type { Quote, Trade } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { Settlement } from "./settlement.ts";
import type { MarketStatus } from "./status.ts";
import type { Study } from "./study.ts";

/** One study per field of the views. Their states differ in type and are known to the study alone. */
export type StudyRegistry<Views> = { readonly [Name in keyof Views]: Study<unknown, Views[Name]> };

interface Running {
  readonly name: string;
  readonly study: Study<unknown, unknown>;
  readonly state: unknown;
}

/** Studies that `step` calls by a line of its own; more of them work, a little slower. */
const CALL_SITES = 8;

export class StudySet<Views extends object> {
  readonly #all: readonly Running[];
  readonly #steps: readonly ((state: unknown, trade: Trade, day: TradingDay) => void)[];
  readonly #stepStates: readonly unknown[];
  #views: Views | null = null;

  constructor(registry: StudyRegistry<Views>) {
    const all: Running[] = [];
    const steps: ((state: unknown, trade: Trade, day: TradingDay) => void)[] = [];
    const stepStates: unknown[] = [];
    for (const [name, study] of Object.entries<Study<unknown, unknown>>(registry)) {
      const state = study.init();
      all.push({ name, study, state });
      if (study.step === undefined) continue;
      steps.push(study.step);
      stepStates.push(state);
    }
    while (steps.length < CALL_SITES) {
      steps.push(() => {});
      stepStates.push(null);
    }
    this.#all = all;
    this.#steps = steps;
    this.#stepStates = stepStates;
  }

  /**
   * Hot path: every usable trade passes here. Each call site sees one function only, so the compiler can inline it;
   * in a loop the one call site sees them all, which costs a fifth of the throughput.
   */
  step(trade: Trade, day: TradingDay): void {
    const steps = this.#steps;
    const states = this.#stepStates;
    steps[0]?.(states[0], trade, day);
    steps[1]?.(states[1], trade, day);
    steps[2]?.(states[2], trade, day);
    steps[3]?.(states[3], trade, day);
    steps[4]?.(states[4], trade, day);
    steps[5]?.(states[5], trade, day);
    steps[6]?.(states[6], trade, day);
    steps[7]?.(states[7], trade, day);
    for (let index = CALL_SITES; index < steps.length; index += 1) steps[index]?.(states[index], trade, day);
  }

  quote(quote: Quote): void {
    for (const { study, state } of this.#all) study.quote?.(state, quote);
  }

  status(status: MarketStatus): void {
    for (const { study, state } of this.#all) study.status?.(state, status);
  }

  settlement(settlement: Settlement): void {
    for (const { study, state } of this.#all) study.settlement?.(state, settlement);
  }

  /** The day that begins is known from its open, or only from later on. */
  coverage(isComplete: boolean): void {
    for (const { study, state } of this.#all) study.coverage?.(state, isComplete);
  }

  /** Market time has moved to `sec` (unix seconds) without a trade. */
  time(sec: number): void {
    for (const { study, state } of this.#all) study.time?.(state, sec);
  }

  /** All views; the same object as before when none of them changed. */
  views(): Views {
    const before: Partial<Record<string, unknown>> = this.#views ?? {};
    const views: Record<string, unknown> = {};
    let isChanged = this.#views === null;
    for (const { name, study, state } of this.#all) {
      const view = study.view(state);
      views[name] = view;
      if (before[name] !== view) isChanged = true;
    }
    if (isChanged) this.#views = views as Views; // the registry's type has a study for every field
    return this.#views ?? (views as Views);
  }
}
