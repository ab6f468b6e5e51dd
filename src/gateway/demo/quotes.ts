/** The best bid and ask of the demo's main contract: how they follow the price, flicker, and give way to trades. */
import type { Prng } from "../../lib/prng.ts";
import { cumulativeOf } from "../../lib/prng.ts";
import { NQM5, TICK_UNITS } from "./demo-day.ts";
import type { BookSide, Tape, TopOfBook } from "./tape.ts";

/** Spread in ticks, all estimates: 1 to 3 in regular hours, 2 to 5 at night. */
interface QuoteStyle {
  readonly minSpread: number;
  readonly maxSpread: number;
  /** Chances of the spreads from `minSpread` up, as running sums. */
  readonly spreads: Float64Array;
  /** How far, in ticks, the middle may be off the price before quotes move. */
  readonly slack: number;
  /** Chance that the price behind the best one is empty. */
  readonly gap: number;
}

export const DAY_QUOTES: QuoteStyle = {
  minSpread: 1, maxSpread: 3, spreads: cumulativeOf([0.5, 0.37, 0.13]), slack: 1, gap: 0.15,
};
export const NIGHT_QUOTES: QuoteStyle = {
  minSpread: 2, maxSpread: 5, spreads: cumulativeOf([0.42, 0.33, 0.17, 0.08]), slack: 2, gap: 0.35,
};

/** Contracts at the best price: geometric with mean 2, at most this many. */
const SIZE_MAX = 9;

function drawTopSize(prng: Prng): number {
  return Math.min(SIZE_MAX, prng.geometric(0.5));
}

function drawCount(prng: Prng, size: number): number {
  return size === 1 ? 1 : prng.int(1, size);
}

export class Quotes {
  readonly top: TopOfBook;
  style: QuoteStyle = NIGHT_QUOTES;
  readonly #tape: Tape;

  constructor(tape: Tape, ticks: number) {
    this.#tape = tape;
    this.top = {
      instrumentId: NQM5.instrumentId, tickUnits: TICK_UNITS,
      bid: ticks - 1, ask: ticks + 1, bidSz: 2, askSz: 2, bidCt: 1, askCt: 1,
    };
  }

  /** Moves bid and ask to stand around `fair` ticks, the ask not above `ceiling`, when they are too far off. */
  follow(nanos: number, fair: number, ceiling: number, prng: Prng): void {
    const { top, style } = this;
    const spread = top.ask - top.bid;
    const isFitting = spread <= style.maxSpread && spread >= style.minSpread && top.ask <= ceiling;
    if (isFitting && Math.abs(fair - (top.bid + top.ask) / 2) <= style.slack) return;
    const wanted = style.minSpread + prng.pick(style.spreads);
    const ask = Math.min(ceiling, Math.round(fair - wanted / 2) + wanted);
    this.place(nanos, ask - wanted, ask, prng);
  }

  /** Puts bid and ask where they are wanted; the side that gives way moves first, so that they never cross. */
  place(nanos: number, bid: number, ask: number, prng: Prng): void {
    const { top } = this;
    const first: BookSide = ask >= top.ask ? "A" : "B";
    const movesBoth = bid !== top.bid && ask !== top.ask;
    if (bid === top.bid && ask === top.ask) return;
    this.#tape.begin(nanos, prng);
    for (const side of first === "A" ? (["A", "B"] as const) : (["B", "A"] as const)) {
      const to = side === "A" ? ask : bid;
      if (to !== (side === "A" ? top.ask : top.bid)) this.#move(side, to, prng, !(movesBoth && side === first));
    }
  }

  /** One small change: a size, or a price by one tick within the allowed spread. */
  flicker(nanos: number, ceiling: number, prng: Prng): void {
    const { top, style } = this;
    this.#tape.begin(nanos, prng);
    const kind = prng.float();
    const side: BookSide = prng.chance(0.5) ? "B" : "A";
    const spread = top.ask - top.bid;
    const outward = side === "B" ? -1 : 1;
    const price = side === "B" ? top.bid : top.ask;
    if (kind < 0.2 && spread > style.minSpread) this.#move(side, price - outward, prng, true);
    else if (kind > 0.85 && spread < style.maxSpread && (side === "B" || price < ceiling)) {
      this.#move(side, price + outward, prng, true);
    } else this.#resize(side, prng);
  }

  /**
   * After trades against one side, in the same event: `left` contracts remain at the best price, or, when it is used
   * up, the price one or two ticks behind `lastTicks` becomes the best. The other side steps up when that leaves too
   * wide a spread.
   */
  afterTrade(against: BookSide, lastTicks: number, left: number, prng: Prng): void {
    const { top, style } = this;
    if (left > 0) {
      this.#show(against, lastTicks, left, drawCount(prng, left));
      this.#tape.quote(top, "M", against, lastTicks, left, true);
      return;
    }
    const step = prng.chance(style.gap) ? 2 : 1;
    const price = against === "A" ? lastTicks + step : lastTicks - step;
    const excess = Math.abs(price - (against === "A" ? top.bid : top.ask)) - style.maxSpread;
    this.#move(against, price, prng, excess <= 0);
    if (excess <= 0) return;
    if (against === "A") this.#move("B", top.bid + excess, prng, true);
    else this.#move("A", top.ask - excess, prng, true);
  }

  /** The best price of a side changes: to a worse one by a cancellation there, to a better one by an order added. */
  #move(side: BookSide, to: number, prng: Prng, isLast: boolean): void {
    const { top } = this;
    const from = side === "A" ? top.ask : top.bid;
    const oldSize = side === "A" ? top.askSz : top.bidSz;
    const size = drawTopSize(prng);
    this.#show(side, to, size, drawCount(prng, size));
    const isWorse = side === "A" ? to > from : to < from;
    if (isWorse) this.#tape.quote(top, "C", side, from, oldSize, isLast);
    else this.#tape.quote(top, "A", side, to, size, isLast);
  }

  #resize(side: BookSide, prng: Prng): void {
    const { top } = this;
    const old = side === "B" ? top.bidSz : top.askSz;
    const fresh = drawTopSize(prng);
    const size = fresh === old ? old + 1 : fresh;
    const ticks = side === "B" ? top.bid : top.ask;
    this.#show(side, ticks, size, drawCount(prng, size));
    this.#tape.quote(top, size > old ? "A" : "M", side, ticks, size, true);
  }

  #show(side: BookSide, ticks: number, size: number, count: number): void {
    const { top } = this;
    if (side === "B") {
      top.bid = ticks;
      top.bidSz = size;
      top.bidCt = count;
    } else {
      top.ask = ticks;
      top.askSz = size;
      top.askCt = count;
    }
  }
}
