/** Volume by price, with the point of control and the value area, of the session and of regular hours. */
import type { TradeBatch } from "../market/trade-batch.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { Anchor } from "./anchor.ts";
import type { Study } from "./study.ts";
import type { TradeRun } from "./trade-run.ts";
import { valueAreaOf } from "./value-area.ts";

export interface VolumeProfile {
  readonly anchor: Anchor;
  /** Unix seconds of the anchor. */
  readonly fromSec: number;
  /** The lowest price traded, in ticks. */
  readonly lowTicks: number;
  /** Contracts per tick from `lowTicks` up to the highest price traded; a tick that did not trade has 0. */
  readonly volumes: readonly number[];
  /** Sum of `volumes`. */
  readonly total: number;
  /** Contracts traded farther from the session's first price than the profile reaches: in no row and not in `total`. */
  readonly beyond: number;
  /** Point of control: the price with most volume. */
  readonly pocTicks: number;
  /** Highest and lowest price of the value area, which holds at least `share` of the volume. */
  readonly valueAreaHighTicks: number;
  readonly valueAreaLowTicks: number;
  readonly share: 0.7;
}

export interface ProfileView {
  /** Null before the first trade. */
  readonly session: VolumeProfile | null;
  /** Null before its first trade, and in a session without regular hours. */
  readonly rth: VolumeProfile | null;
}

export interface ProfileOptions {
  /** Rows on either side of the session's first price, one a tick: to begin with, and at most. */
  readonly firstReach: number;
  readonly reach: number;
}

/** Contracts by row; both parts of a session have the same rows. */
interface Rows {
  volumes: Float64Array;
  beyond: number;
  isDirty: boolean;
}

interface ProfileState {
  day: TradingDay | null;
  firstTicks: number;
  /** Rows on either side of `firstTicks`: row 0 is the price `firstTicks - reach`. */
  reach: number;
  /** A trade is in one of the two; the session is their sum. */
  readonly regular: Rows;
  readonly other: Rows;
  view: ProfileView;
}

const EMPTY: ProfileView = { session: null, rth: null };

function noRows(reach: number): Rows {
  return { volumes: new Float64Array(2 * reach), beyond: 0, isDirty: false };
}

function startDay(state: ProfileState, firstTicks: number, day: TradingDay, { firstReach }: ProfileOptions): void {
  state.day = day;
  state.firstTicks = firstTicks;
  state.reach = firstReach;
  Object.assign(state.regular, noRows(firstReach));
  Object.assign(state.other, noRows(firstReach));
  state.view = EMPTY;
}

/** Whether there is a row for a price, `away` ticks from the first. */
function reaches({ reach }: ProfileState, away: number): boolean {
  return away >= -reach && away < reach;
}

/** Makes rows for a price `away` ticks from the first, if it is not farther than a profile may reach. */
function widen(state: ProfileState, away: number, options: ProfileOptions): void {
  const before = state.reach;
  let reach = before;
  while (reach < options.reach && (away < -reach || away >= reach)) reach = Math.min(2 * reach, options.reach);
  if (away < -reach || away >= reach) return;
  for (const rows of [state.regular, state.other]) {
    const wider = new Float64Array(2 * reach);
    wider.set(rows.volumes, reach - before);
    rows.volumes = wider;
  }
  state.reach = reach;
}

/** A run of which some trades have no row yet, or none at all. */
function addFar(state: ProfileState, rows: Rows, { ticks, size }: TradeBatch, run: TradeRun, options: ProfileOptions): void {
  for (let at = run.from; at < run.to; at += 1) {
    const away = (ticks[at] ?? 0) - state.firstTicks;
    const contracts = size[at] ?? 0;
    if (!reaches(state, away)) widen(state, away, options);
    if (!reaches(state, away)) rows.beyond += contracts;
    else rows.volumes[away + state.reach] = (rows.volumes[away + state.reach] ?? 0) + contracts;
  }
}

function add(state: ProfileState, rows: Rows, batch: TradeBatch, run: TradeRun, options: ProfileOptions): void {
  const { firstTicks } = state;
  rows.isDirty = true;
  if (!reaches(state, run.lowTicks - firstTicks) || !reaches(state, run.highTicks - firstTicks)) {
    addFar(state, rows, batch, run, options);
    return;
  }
  const { volumes } = rows;
  const { ticks, size } = batch;
  const rowOfZero = (state.reach - firstTicks) | 0;
  for (let at = run.from; at < run.to; at += 1) {
    const row = ((ticks[at] ?? 0) + rowOfZero) | 0;
    volumes[row] = (volumes[row] ?? 0) + (size[at] ?? 0);
  }
}

/** The first row from `from` on, going `step` by `step`, that holds something; one outside when none does. */
function tradedRow(volumes: Float64Array, from: number, step: 1 | -1): number {
  let row = from;
  while (volumes[row] === 0) row += step;
  return row;
}

/** The profile of all `parts` together; null when none of them holds a trade within reach. */
function measure(anchor: Anchor, fromSec: number, lowestTicks: number, ...parts: readonly Rows[]): VolumeProfile | null {
  const rows = parts[0]?.volumes.length ?? 0;
  const low = Math.min(...parts.map((part) => tradedRow(part.volumes, 0, 1)));
  const high = Math.max(...parts.map((part) => tradedRow(part.volumes, rows - 1, -1)));
  if (low === rows) return null;
  const volumes: number[] = [];
  let total = 0;
  for (let row = low; row <= high; row += 1) {
    let volume = 0;
    for (const part of parts) volume += part.volumes[row] ?? 0;
    volumes.push(volume);
    total += volume;
  }
  const area = valueAreaOf(volumes);
  const lowTicks = lowestTicks + low;
  return {
    anchor,
    fromSec,
    lowTicks,
    volumes,
    total,
    beyond: parts.reduce((sum, { beyond }) => sum + beyond, 0),
    pocTicks: lowTicks + area.poc,
    valueAreaHighTicks: lowTicks + area.high,
    valueAreaLowTicks: lowTicks + area.low,
    share: 0.7,
  };
}

/** The screen's profile keeps 32,768 rows on either side: 8,192 points of NQ, a good deal more than its price limits. */
export function profileStudy(options: ProfileOptions): Study<ProfileState, ProfileView> {
  const { firstReach } = options;
  return {
    init: () => ({
      day: null, firstTicks: 0, reach: firstReach, regular: noRows(firstReach), other: noRows(firstReach), view: EMPTY,
    }),
    steps(state, batch, _from, _to, day, run) {
      if (state.day !== day) startDay(state, run.firstTicks, day, options);
      add(state, run.isRegular ? state.regular : state.other, batch, run, options);
    },
    view(state) {
      const { day, regular, other } = state;
      if (day === null || !(regular.isDirty || other.isDirty)) return state.view;
      const lowestTicks = state.firstTicks - state.reach;
      state.view = {
        session: measure("session", day.openSec, lowestTicks, other, regular),
        rth: regular.isDirty ? measure("RTH", day.rthOpenSec, lowestTicks, regular) : state.view.rth,
      };
      regular.isDirty = false;
      other.isDirty = false;
      return state.view;
    },
  };
}
