/** Runs one study over trades in batches, looking at it after some of them as commits would. */
import { expect } from "vitest";
import type { Study } from "../../src/studies/study.ts";
import type { DayTrade } from "../helpers/random-day.ts";
import { batchOf, knowSince } from "./feed.ts";

export { batchOf, feed, knowSince } from "./feed.ts";

export interface Run<State, View> {
  readonly state: State;
  readonly view: View;
}

/**
 * Views after every `lookEvery` trades (0: only at the end); every look twice, to see that it gives the same object.
 * Batches are as long as the looks allow; with `lookEvery` odd each is handed over in two parts.
 */
export function runStudy<State, View>(study: Study<State, View>, trades: readonly DayTrade[], lookEvery = 0): Run<State, View> {
  const state = study.init();
  knowSince(study, state, 0);
  let from = 0;
  while (from < trades.length) {
    const day = trades[from]?.day;
    if (day === undefined) break;
    let to = from + 1;
    while (to < trades.length && trades[to]?.day === day && (lookEvery === 0 || to % lookEvery !== 0)) to += 1;
    const batch = batchOf(trades.slice(from, to), day);
    const middle = lookEvery % 2 === 1 ? batch.length >> 1 : 0;
    if (middle > 0) study.steps?.(state, batch, 0, middle, day);
    study.steps?.(state, batch, middle, batch.length, day);
    // The store reuses its batch: whoever kept it would see this.
    for (const column of [batch.sec, batch.nanos, batch.ticks, batch.size, batch.aggressor, batch.sequence]) column.fill(-1);
    from = to;
    if (lookEvery === 0 || from % lookEvery !== 0) continue;
    const view = study.view(state);
    expect(study.view(state)).toBe(view);
  }
  return { state, view: study.view(state) };
}
