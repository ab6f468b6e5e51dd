/** Volume by price, with the point of control and the value area, of the session and of regular hours. */
import type { SecondRuns } from "../market/second-runs.ts";
import type { TradeBatch } from "../market/trade-batch.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { isRegular, type Anchor } from "./anchor.ts";
import type { Study } from "./study.ts";
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

/** Trades of which some have no row yet, or get none at all. */
function addFar(state: ProfileState, rows: Rows, batch: TradeBatch, from: number, to: number, options: ProfileOptions): void {
  for (let at = from; at < to; at += 1) {
    const away = batch.ticks[at]! - state.firstTicks;
    const contracts = batch.size[at]!;
    if (!reaches(state, away)) widen(state, away, options);
    if (!reaches(state, away)) rows.beyond += contracts;
    else rows.volumes[away + state.reach]! += contracts;
  }
}

/** Hot path: trades that all have a row. */
function addNear(volumes: Float64Array, { ticks, size }: TradeBatch, from: number, to: number, rowOfZero: number): void {
  for (let at = from; at < to; at = (at + 1) | 0) volumes[(ticks[at]! + rowOfZero) | 0]! += size[at]!;
}

function add(state: ProfileState, rows: Rows, batch: TradeBatch, runs: SecondRuns, run: number, options: ProfileOptions): void {
  const { firstTicks, reach } = state;
  const from = runs.from[run]!; // run < runs.length
  const to = runs.from[run + 1]!;
  const isNear = reaches(state, runs.low[run]! - firstTicks) && reaches(state, runs.high[run]! - firstTicks);
  if (isNear) addNear(rows.volumes, batch, from, to, reach - firstTicks);
  else addFar(state, rows, batch, from, to, options);
  rows.isDirty = true;
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
    for (let at = 0; at < parts.length; at += 1) volume += parts[at]!.volumes[row]!;
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
    steps(state, batch, from, to, day) {
      if (state.day !== day) startDay(state, batch.ticks[from] ?? 0, day, options);
      const runs = batch.seconds(from, to);
      for (let run = 0; run < runs.length; run += 1) {
        add(state, isRegular(runs.sec[run]!, day) ? state.regular : state.other, batch, runs, run, options);
      }
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
