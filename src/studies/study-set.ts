/** All studies of one market together: fed as one, viewed as one value whose unchanged parts stay the same objects. */
import type { TradeBatch } from "../market/trade-batch.ts";
import type { Quote } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { KnownSpan } from "./known-span.ts";
import type { Settlement } from "./settlement.ts";
import type { Statistic } from "./statistic.ts";
import type { MarketStatus } from "./status.ts";
import type { Study } from "./study.ts";

/** One study per field of the views. Their states differ in type and are known to the study alone. */
export type StudyRegistry<Views> = { readonly [Name in keyof Views]: Study<unknown, Views[Name]> };

interface Running {
  readonly name: string;
  readonly study: Study<unknown, unknown>;
  readonly state: unknown;
}

export class StudySet<Views extends object> {
  readonly #all: readonly Running[];
  /** Some study takes trades and quotes, so they must come in their order. */
  readonly needsOrder: boolean;
  #views: Views | null = null;

  constructor(registry: StudyRegistry<Views>) {
    const all: Running[] = [];
    for (const [name, study] of Object.entries<Study<unknown, unknown>>(registry)) {
      all.push({ name, study, state: study.init() });
    }
    this.#all = all;
    this.needsOrder = all.some(({ study }) => study.steps !== undefined && study.quote !== undefined);
  }

  /** Hot path: usable trades of one day, a batch or a part of it at a time. */
  steps(batch: TradeBatch, day: TradingDay, from = 0, to = batch.length): void {
    for (const { study, state } of this.#all) study.steps?.(state, batch, from, to, day);
  }

  /** The view of one study; the others are not looked at. */
  view<Name extends keyof Views>(name: Name): Views[Name] {
    const running = this.#all.find((one) => one.name === name);
    return running?.study.view(running.state) as Views[Name]; // the registry has a study for every name
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

  statistic(statistic: Statistic): void {
    for (const { study, state } of this.#all) study.statistic?.(state, statistic);
  }

  coverage(known: KnownSpan): void {
    for (const { study, state } of this.#all) study.coverage?.(state, known);
  }

  /** Market time has moved to `sec` (unix seconds) without a trade. */
  time(sec: number): void {
    for (const { study, state } of this.#all) study.time?.(state, sec);
  }

  /** Nothing has come for a while. */
  lull(): void {
    for (const { study, state } of this.#all) study.lull?.(state);
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
