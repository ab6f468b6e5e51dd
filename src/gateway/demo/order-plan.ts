/** Aggressor orders minute by minute: how many, how large, when; their contracts meet the volume plan exactly. */
import { Prng } from "../../lib/prng.ts";
import { ANCHORS, NIGHT_LAST_FREE_NANOS, type Anchor } from "./anchors.ts";
import { DAY_MINUTES, MINUTE_NANOS, RTH_MINUTE } from "./demo-day.ts";
import { isThinMinute } from "./path.ts";
import { drawRecordSize, drawWhaleSize } from "./sizes.ts";
import { beginsWithBurst, minuteWeights, VOLUME_BLOCKS, type VolumeBlock } from "./volume-plan.ts";

/** Orders that are no anchors, in order of time. Reused from minute to minute. */
interface MinuteOrders {
  /** Minute since 18:00. */
  minute: number;
  /** Nanoseconds since 18:00, sorted; the first `count` entries. */
  times: Float64Array;
  count: number;
  /** Contracts of every fill of all orders, one after the other. */
  readonly fills: number[];
  /** Where the fills of order i begin; one more entry marks the end. More than one: a sweep over as many prices. */
  readonly firstFill: number[];
  /** Anchors of the minute. */
  anchors: readonly Anchor[];
}

/** Chance that an order sweeps several prices, and that it is a large one. */
const SWEEP_CHANCE = { day: 0.035, night: 0.025 } as const;
const WHALE_CHANCE = 0.0004;

/** Self-excitement: share of orders set off by an earlier one, and how long after, in nanoseconds (means). */
const OFFSPRING = 0.7;
const DELAYS: readonly (readonly [upTo: number, meanNanos: number])[] = [
  [0.375, 5e6],
  [0.75, 5e8],
  [1, 2e10],
];
/** How much a minute that begins with a burst leans towards its start. */
const BURST_LEAN = 1.6;
/** No order falls into the last moments of a minute: events that must keep a distance may move a little. */
const MINUTE_END_MARGIN = 20_000_000;

export class OrderPlan {
  readonly orders: MinuteOrders = {
    minute: -1, times: new Float64Array(256), count: 0, fills: [], firstFill: [], anchors: [],
  };
  readonly #seed: number;
  #block: VolumeBlock = { firstMinute: 0, minutes: 0, contracts: 0 };
  #blockIndex = -1;
  #weights: readonly number[] = [];
  /** Contracts of the block still to trade. */
  #remaining = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Plans the next minute into `orders`; false when the day is over. */
  next(): boolean {
    const { orders } = this;
    const minute = orders.minute + 1;
    if (minute >= DAY_MINUTES) return false;
    orders.minute = minute;
    if (minute >= this.#block.firstMinute + this.#block.minutes) this.#openBlock();
    const prng = new Prng(this.#seed, 1, minute);
    orders.anchors = anchorsBetween(minute, minute + 1);
    this.#drawSizes(prng, minute);
    this.#drawTimes(prng, minute);
    return true;
  }

  #openBlock(): void {
    this.#blockIndex += 1;
    const block = VOLUME_BLOCKS[this.#blockIndex];
    if (block === undefined) throw new RangeError("the volume plan ends before the day");
    this.#block = block;
    this.#weights = minuteWeights(this.#seed, block);
    this.#remaining = block.contracts;
  }

  /**
   * Draws orders until the minute has its share of what the block has left. A large order takes from the minutes after
   * it; the block's last minute takes the exact rest.
   */
  #drawSizes(prng: Prng, minute: number): void {
    const { orders } = this;
    const index = minute - this.#block.firstMinute;
    const blockEnd = this.#block.firstMinute + this.#block.minutes;
    const weight = this.#weights[index] ?? 0;
    let ahead = 0;
    for (let at = index; at < this.#weights.length; at += 1) ahead += this.#weights[at] ?? 0;
    const share = index === this.#weights.length - 1 ? this.#remaining : Math.round((this.#remaining * weight) / ahead);
    const anchored = sizeOf(orders.anchors);
    const target = share - anchored;
    // What anchors of later minutes need is not for sale.
    const limit = this.#remaining - anchored - sizeOf(anchorsBetween(minute + 1, blockEnd));
    const sweep = isThinMinute(minute) ? SWEEP_CHANCE.night : SWEEP_CHANCE.day;
    orders.count = 0;
    orders.fills.length = 0;
    orders.firstFill.length = 0;
    let done = 0;
    while (done < target && done < limit) {
      orders.firstFill.push(orders.fills.length);
      orders.count += 1;
      done += drawOrder(prng, sweep, Math.min(limit - done, this.#block.contracts >> 4), orders.fills);
    }
    orders.firstFill.push(orders.fills.length);
    this.#remaining -= done + anchored;
  }

  #drawTimes(prng: Prng, minute: number): void {
    const { orders } = this;
    if (orders.times.length < orders.count) orders.times = new Float64Array(orders.count * 2);
    const times = orders.times;
    const from = minute * MINUTE_NANOS;
    const span = (minute === RTH_MINUTE - 1 ? NIGHT_LAST_FREE_NANOS - from : MINUTE_NANOS) - MINUTE_END_MARGIN;
    const lean = beginsWithBurst(minute) ? BURST_LEAN : 1;
    for (let order = 0; order < orders.count; order += 1) {
      let at = -1;
      if (order > 0 && prng.float() < OFFSPRING) {
        const kind = prng.float();
        const mean = DELAYS.find(([upTo]) => kind < upTo)?.[1] ?? 5e8;
        at = (times[prng.int(0, order - 1)] ?? 0) - from + prng.exponential(mean);
      }
      // First of its kind, or set off too late for this minute.
      if (at < 0 || at >= span) at = span * (lean === 1 ? prng.float() : prng.float() ** lean);
      times[order] = from + Math.floor(at);
    }
    times.subarray(0, orders.count).sort();
  }
}

/** Appends one order's fills, at most `limit` contracts; returns their sum. */
function drawOrder(prng: Prng, sweepChance: number, limit: number, fills: number[]): number {
  const kind = prng.float();
  if (kind < WHALE_CHANCE) return drawWhale(prng, limit, fills);
  const prices = kind < WHALE_CHANCE + sweepChance ? 1 + Math.min(4, prng.geometric(0.6)) : 1;
  let sum = 0;
  for (let price = 0; price < prices && sum < Math.max(1, limit); price += 1) {
    const size = Math.min(drawRecordSize(prng), Math.max(1, limit - sum));
    fills.push(size);
    sum += size;
  }
  return sum;
}

/** A large order over one to six prices, in parts of similar size. */
function drawWhale(prng: Prng, limit: number, fills: number[]): number {
  const size = Math.min(drawWhaleSize(prng), Math.max(1, limit));
  let left = size;
  for (let prices = Math.min(prng.int(1, 6), size); prices > 1; prices -= 1) {
    const part = Math.max(1, Math.min(left - prices + 1, Math.round((left / prices) * (0.5 + prng.float()))));
    fills.push(part);
    left -= part;
  }
  fills.push(left);
  return size;
}

function anchorsBetween(fromMinute: number, toMinute: number): readonly Anchor[] {
  return ANCHORS.filter(({ nanos }) => nanos >= fromMinute * MINUTE_NANOS && nanos < toMinute * MINUTE_NANOS);
}

function sizeOf(anchors: readonly Anchor[]): number {
  return anchors.reduce((sum, { size }) => sum + size, 0);
}
