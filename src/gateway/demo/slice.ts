/** Plays the demo's day slice by slice: orders of the plan meet the quotes and become records on the tape. */
import { Prng } from "../../lib/prng.ts";
import { ceilingTicks, NIGHT_LAST_FREE_NANOS, type Anchor } from "./anchors.ts";
import { MINUTE_NANOS, minuteAt, RTH_MINUTE } from "./demo-day.ts";
import { OrderPlan } from "./order-plan.ts";
import { OtherInstruments } from "./other-instruments.ts";
import { FairPath, isThinMinute } from "./path.ts";
import { DAY_QUOTES, NIGHT_QUOTES, Quotes } from "./quotes.ts";
import type { BookSide, Tape } from "./tape.ts";

/** From here on quotes flicker between trades; before, history stays cheap to make. */
const RICH_FROM_MINUTE = minuteAt("09:25");
/** Orders per slice aimed at; a slice lasts between a second and a minute. */
const SLICE_ORDERS = 100;
/** Two events lie at least this far apart. */
const EVENT_DISTANCE = 20_000;
/** An order this shortly before an anchor waits until the anchor is through. */
const ANCHOR_CLEARANCE = 5_000_000;
/** The quotes an anchor needs stand this long before it. */
const ANCHOR_LEAD = 700_000;

/** Buyers prevail while the price rises: how far, in ticks, it must be above its recent average for the full effect. */
const TREND_TICKS = { day: 20, night: 6 } as const;
const TREND_NANOS = 20e9;
/** Chance to buy in a full rise, beyond one half. */
const TREND_PULL = 0.08;
/** Chance that an order so shortly after another comes from the same side. */
const SAME_SIDE = 0.72;
const SAME_SIDE_NANOS = 60_000_000;

export class DaySlices {
  readonly #tape: Tape;
  readonly #seed: number;
  readonly #plan: OrderPlan;
  readonly #path: FairPath;
  readonly #quotes: Quotes;
  readonly #others: OtherInstruments;
  #prng: Prng;
  /** Time of the last event, and of the last order with its side. */
  #last = -MINUTE_NANOS;
  #lastOrder = -MINUTE_NANOS;
  #lastSide: BookSide = "B";
  /** Recent average of the price, ticks. */
  #average: number;
  #nextOrder = 0;
  #nextAnchor = 0;
  /** End of what was played, and length of a slice in the present minute. */
  #sliceEnd = 0;
  #sliceNanos = MINUTE_NANOS;
  #isOver = false;

  constructor(seed: number, tape: Tape) {
    this.#seed = seed;
    this.#tape = tape;
    this.#plan = new OrderPlan(seed);
    this.#path = new FairPath(seed);
    this.#average = this.#path.ticksAt(0);
    this.#quotes = new Quotes(tape, Math.round(this.#average));
    this.#others = new OtherInstruments(tape);
    this.#prng = new Prng(seed, 4, 0);
  }

  /** Writes the next slice, perhaps an empty one, to the tape; false when the day is over. */
  next(): boolean {
    if (this.#isOver) return false;
    const { orders } = this.#plan;
    if (this.#sliceEnd >= (orders.minute + 1) * MINUTE_NANOS && !this.#openMinute()) {
      this.#isOver = true;
      this.#tape.writeColdUntil(Number.POSITIVE_INFINITY);
      return true;
    }
    this.#sliceEnd = Math.min(this.#sliceEnd + this.#sliceNanos, (orders.minute + 1) * MINUTE_NANOS);
    const isLast = this.#sliceEnd === (orders.minute + 1) * MINUTE_NANOS;
    for (;;) {
      const anchor = orders.anchors[this.#nextAnchor];
      const order = this.#nextOrder < orders.count ? (orders.times[this.#nextOrder] ?? 0) : Number.POSITIVE_INFINITY;
      const at = Math.max(order, this.#last + EVENT_DISTANCE);
      if (anchor !== undefined && anchor.nanos <= at + ANCHOR_CLEARANCE) {
        if (anchor.nanos >= this.#sliceEnd) return true;
        this.#playAnchor(anchor);
      } else {
        // Orders moved behind an anchor or a burst at the very end stay in their minute.
        if (order >= this.#sliceEnd || (at >= this.#sliceEnd && !isLast)) return true;
        this.#playOrder(Math.min(at, this.#latestFree()));
      }
    }
  }

  #latestFree(): number {
    const end = this.#sliceEnd - 1;
    return this.#plan.orders.minute === RTH_MINUTE - 1 ? Math.min(end, NIGHT_LAST_FREE_NANOS) : end;
  }

  #openMinute(): boolean {
    if (!this.#plan.next()) return false;
    const { minute, count } = this.#plan.orders;
    this.#prng = new Prng(this.#seed, 4, minute);
    this.#quotes.style = isThinMinute(minute) ? NIGHT_QUOTES : DAY_QUOTES;
    this.#nextOrder = 0;
    this.#nextAnchor = 0;
    this.#sliceNanos = Math.ceil(MINUTE_NANOS / Math.min(60, Math.max(1, Math.ceil(count / SLICE_ORDERS))));
    return true;
  }

  #playAnchor(anchor: Anchor): void {
    this.#nextAnchor += 1;
    const { top, style } = this.#quotes;
    const prng = this.#prng;
    const bid = anchor.side === "B" ? anchor.ticks - style.minSpread : anchor.ticks;
    const lead = Math.max(this.#last + 1_000, anchor.nanos - ANCHOR_LEAD);
    if (anchor.side === "N") this.#quotes.place(lead, anchor.ticks - 1, anchor.ticks + 1, prng);
    else this.#quotes.place(lead, bid, bid + style.minSpread, prng);
    this.#tape.begin(anchor.nanos, prng);
    this.#tape.trade(top, anchor.ticks, anchor.size, anchor.side);
    if (anchor.side === "N") this.#tape.quote(top, "M", "B", top.bid, top.bidSz, true);
    else this.#quotes.afterTrade(anchor.side === "B" ? "A" : "B", anchor.ticks, 0, prng);
    this.#last = anchor.nanos;
  }

  #playOrder(nanos: number): void {
    const prng = this.#prng;
    const quotes = this.#quotes;
    const { top } = quotes;
    const { orders } = this.#plan;
    const ceiling = ceilingTicks(nanos);
    const quiet = nanos - this.#last;
    if (orders.minute >= RICH_FROM_MINUTE) this.#flickerBefore(nanos, quiet, ceiling);
    const fair = this.#path.ticksAt(nanos);
    quotes.follow(nanos - Math.min(Math.floor(quiet / 2), EVENT_DISTANCE / 2), fair, ceiling, prng);
    const first = orders.firstFill[this.#nextOrder] ?? 0;
    const end = orders.firstFill[this.#nextOrder + 1] ?? first;
    this.#nextOrder += 1;
    const side = this.#drawSide(nanos, fair);
    this.#tape.begin(nanos, prng);
    const isBuy = side === "B";
    const step = isBuy ? 1 : -1;
    let ticks = isBuy ? top.ask : top.bid;
    let size = 0;
    for (let fill = first; fill < end; fill += 1) {
      // A sweep that meets the ceiling does the rest there.
      if (fill > first && !(isBuy && ticks >= ceiling)) ticks += step;
      size = orders.fills[fill] ?? 0;
      this.#tape.trade(top, ticks, size, side);
    }
    const shown = isBuy ? top.askSz : top.bidSz;
    // More than was shown met hidden orders; now and then they refill the price.
    const left = end - first > 1 ? 0 : size < shown ? shown - size : prng.chance(0.25) ? prng.geometric(0.5) : 0;
    quotes.afterTrade(isBuy ? "A" : "B", ticks, left, prng);
    this.#last = nanos;
    this.#lastOrder = nanos;
    this.#lastSide = side;
    if (this.#others.maybeTrade(nanos + EVENT_DISTANCE / 2, fair, prng)) this.#last = nanos + EVENT_DISTANCE / 2;
  }

  /** A few quote changes in the time since the last event. */
  #flickerBefore(nanos: number, quiet: number, ceiling: number): void {
    const prng = this.#prng;
    if (quiet < 1_000_000) return;
    const changes = Math.min(12, prng.geometric(quiet > 50_000_000 ? 0.25 : 0.5));
    for (let change = 0; change < changes; change += 1) {
      const at = nanos - quiet + Math.floor((quiet * (change + prng.float() * 0.9)) / (changes + 1)) + 1_000;
      this.#quotes.follow(at, this.#path.ticksAt(at), ceiling, prng);
      this.#quotes.flicker(at + 500, ceiling, prng);
    }
  }

  #drawSide(nanos: number, fair: number): BookSide {
    const prng = this.#prng;
    const age = nanos - this.#lastOrder;
    this.#average += (fair - this.#average) * (1 - Math.exp(-age / TREND_NANOS));
    if (age < SAME_SIDE_NANOS && prng.chance(SAME_SIDE)) return this.#lastSide;
    const full = this.#quotes.style === DAY_QUOTES ? TREND_TICKS.day : TREND_TICKS.night;
    const trend = Math.max(-1, Math.min(1, (fair - this.#average) / full));
    return prng.chance(0.5 + trend * TREND_PULL) ? "B" : "A";
  }
}
