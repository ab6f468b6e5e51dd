/** Large trades: fills of one aggressor (same ts_event and side, one after the other) added up, the big ones kept. */
import type { UnixTime } from "../lib/time.ts";
import type { Aggressor } from "../market/trade.ts";
import { readHistory } from "./history.ts";
import { emptyState, noClass, startDay, stepEvents, WIDTH, type LargeState } from "./large-events.ts";
import { adaptiveOf, NOT_WARM, type Adaptive } from "./size-window.ts";
import type { Study } from "./study.ts";

/** One aggressor event: fills of the same instrument, ts_event and side. */
export interface LargeTrade {
  readonly at: UnixTime;
  readonly aggressor: Aggressor;
  readonly size: number;
  readonly fills: number;
  /** Distinct price levels. */
  readonly levels: number;
  readonly firstTicks: number;
  readonly lastTicks: number;
  /** Last minus first price: a buyer who swept the book paid up, a seller sold down. */
  readonly slippageTicks: number;
  /** Sum of ticks × size over the fills, and that divided by the size: the average price (a fraction). */
  readonly ticksTimesSize: number;
  readonly averageTicks: number;
  /** Contracts traded in the event's minute up to its last fill, its own included. */
  readonly minuteVolume: number;
  /** Another event has begun, or nothing came for a while. Should a further fill of it come nevertheless, it is added. */
  readonly closed: boolean;
}

/** Events of at least `from` contracts since the open of the day, by side; bought minus sold is their delta. */
export interface LargeClass {
  readonly from: number;
  readonly buyEvents: number;
  readonly sellEvents: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
}

export interface LargeTradesView {
  /** Events of at least this many contracts are kept. */
  readonly floor: number;
  /** Newest last, at most 500. The last one may still be growing. */
  readonly events: readonly LargeTrade[];
  /** Number and contracts of kept events since the open of the day, by side. */
  readonly buyEvents: number;
  readonly sellEvents: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  /** The same from the floor, 10, 25, 50 and 100 contracts on; smallest first, the first is the floor's. */
  readonly classes: readonly LargeClass[];
  /** The size reached about six times an hour, of regular hours and of the rest apart; `active`: where the market is. */
  readonly adaptive: { readonly rth: Adaptive; readonly eth: Adaptive; readonly active: "rth" | "eth" };
}

export interface LargeTradesOptions {
  /** Contracts from which on an event is kept. */
  readonly floor: number;
  /** Events kept. */
  readonly capacity: number;
}

/** Sizes from which events are summed up apart. */
const CLASSES = [10, 25, 50, 100];

function classesFrom(floor: number): readonly number[] {
  return [floor, ...CLASSES.filter((from) => from > floor)];
}

function largeTrade(ring: Float64Array, at: number, closed: boolean): LargeTrade {
  const [sec = 0, nanos = 0, side = 0, ...sums] = ring.subarray(at, at + WIDTH);
  const [size = 0, fills = 0, levels = 0, firstTicks = 0, lastTicks = 0, ticksTimesSize = 0, minuteVolume = 0] = sums;
  return {
    at: { sec, nanos },
    aggressor: side > 0 ? 1 : side < 0 ? -1 : 0,
    size,
    fills,
    levels,
    firstTicks,
    lastTicks,
    slippageTicks: lastTicks - firstTicks,
    ticksTimesSize,
    averageTicks: ticksTimesSize / size,
    minuteVolume,
    closed,
  };
}

function adaptives(state: LargeState, floor: number): LargeTradesView["adaptive"] {
  const before = state.view.adaptive;
  const rth = adaptiveOf(state.rth, floor, before.rth);
  const eth = adaptiveOf(state.eth, floor, before.eth);
  const active = state.isRegular ? "rth" : "eth";
  return rth === before.rth && eth === before.eth && active === before.active ? before : { rth, eth, active };
}

function isSameClass(a: LargeClass, b: LargeClass): boolean {
  return a.buyVolume === b.buyVolume && a.sellVolume === b.sellVolume && a.buyEvents === b.buyEvents && a.sellEvents === b.sellEvents;
}

function measure(state: LargeState, options: LargeTradesOptions, adaptive: LargeTradesView["adaptive"]): LargeTradesView {
  const { floor, capacity } = options;
  // Only while the latest trade belongs to the newest kept event can that one still grow.
  const isOpen = state.size >= floor;
  const newest = state.count - 1;
  const events = readHistory(state.history, { end: state.count, open: isOpen && state.count > 0 }, (entry) =>
    largeTrade(state.ring, (entry % capacity) * WIDTH, entry !== newest || !isOpen || state.isClosed),
  );
  const classes = state.classes.map((of, index) => {
    const before = state.view.classes[index];
    return before !== undefined && isSameClass(before, of) ? before : { ...of };
  });
  const { buyEvents, sellEvents, buyVolume, sellVolume } = classes[0] ?? noClass(floor);
  return { floor, events, buyEvents, sellEvents, buyVolume, sellVolume, classes, adaptive };
}

/** Trades without an aggressor form events of their own; they are listed but belong to neither side's sums. */
export function largeTradesStudy(options: LargeTradesOptions): Study<LargeState, LargeTradesView> {
  const { floor } = options;
  const sizes = classesFrom(floor);
  const empty: LargeTradesView = {
    floor, events: [], buyEvents: 0, sellEvents: 0, buyVolume: 0, sellVolume: 0, classes: sizes.map(noClass),
    adaptive: { rth: NOT_WARM, eth: NOT_WARM, active: "eth" },
  };
  return {
    init: () => emptyState(options, sizes, empty),
    steps(state, batch, from, to, day) {
      if (state.day !== day) startDay(state, day);
      stepEvents(state, batch, from, to, day, options);
    },
    lull(state) {
      if (state.size < floor || state.isClosed) return;
      state.isClosed = true;
      state.isDirty = true;
    },
    view(state) {
      const adaptive = adaptives(state, floor);
      if (state.isDirty) state.view = measure(state, options, adaptive);
      else if (adaptive !== state.view.adaptive) state.view = { ...state.view, adaptive };
      state.isDirty = false;
      return state.view;
    },
  };
}
