/** Runs one study over trades, looking at it after some of them as commits would. */
import { expect } from "vitest";
import type { Study } from "../../src/studies/study.ts";
import type { DayTrade } from "../helpers/random-day.ts";

export interface Run<State, View> {
  readonly state: State;
  readonly view: View;
}

/** Views after every `lookEvery` trades (0: only at the end); every look twice, to see that it gives the same object. */
export function runStudy<State, View>(
  study: Study<State, View>,
  trades: readonly DayTrade[],
  lookEvery = 0,
): Run<State, View> {
  const state = study.init();
  for (const [index, { day, ...trade }] of trades.entries()) {
    study.step?.(state, trade, day);
    // The store reuses its trade: whoever kept it would see this.
    Object.assign(trade, { sec: -1, nanos: -1, ticks: -1, size: -1, aggressor: 0, sequence: -1 });
    if (lookEvery === 0 || index % lookEvery !== 0) continue;
    const view = study.view(state);
    expect(study.view(state)).toBe(view);
  }
  return { state, view: study.view(state) };
}
