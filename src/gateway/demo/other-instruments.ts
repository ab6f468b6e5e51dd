/** A little trade in the September contract and the calendar spread, which `NQ.FUT` contains as well. */
import type { Prng } from "../../lib/prng.ts";
import { BACK_MONTH_POINTS } from "./cold-records.ts";
import { CALENDAR_SPREAD, NQU5, SPREAD_TICK_UNITS, TICK_UNITS, ticksOf } from "./demo-day.ts";
import type { Tape, TopOfBook } from "./tape.ts";

/** Chances that such a trade follows an order in the main contract (estimates, far below those of a roll week). */
const BACK_MONTH_CHANCE = 0.006;
const SPREAD_CHANCE = 0.001;

const SPREAD_TICKS_PER_POINT = 20;

export class OtherInstruments {
  readonly #tape: Tape;
  readonly #back: TopOfBook;
  readonly #spread: TopOfBook;

  constructor(tape: Tape) {
    this.#tape = tape;
    const sizes = { bid: 0, ask: 0, bidSz: 1, askSz: 1, bidCt: 1, askCt: 1 };
    this.#back = { instrumentId: NQU5.instrumentId, tickUnits: TICK_UNITS, ...sizes };
    this.#spread = { instrumentId: CALENDAR_SPREAD.instrumentId, tickUnits: SPREAD_TICK_UNITS, ...sizes };
  }

  /** Perhaps a trade at `nanos` since 18:00, the main contract standing at `fair` ticks; true when there was one. */
  maybeTrade(nanos: number, fair: number, prng: Prng): boolean {
    const kind = prng.float();
    if (kind >= BACK_MONTH_CHANCE + SPREAD_CHANCE) return false;
    if (kind < BACK_MONTH_CHANCE) {
      const bid = Math.round(fair) + ticksOf(BACK_MONTH_POINTS) - prng.int(2, 5);
      this.#tradeIn(this.#back, nanos, bid, prng.int(4, 8), prng);
    } else {
      const bid = BACK_MONTH_POINTS * SPREAD_TICKS_PER_POINT + prng.int(-6, 4);
      this.#tradeIn(this.#spread, nanos, bid, prng.int(1, 3), prng);
    }
    return true;
  }

  #tradeIn(top: TopOfBook, nanos: number, bid: number, width: number, prng: Prng): void {
    top.bid = bid;
    top.ask = bid + width;
    top.bidSz = prng.geometric(0.5);
    top.askSz = prng.geometric(0.5);
    top.bidCt = top.askCt = 1;
    this.#tape.begin(nanos, prng);
    this.#tape.quote(top, "A", "B", top.bid, top.bidSz, true);
    const isBuy = prng.chance(0.5);
    const ticks = isBuy ? top.ask : top.bid;
    this.#tape.begin(nanos, prng);
    this.#tape.trade(top, ticks, prng.geometric(0.7), isBuy ? "B" : "A");
    if (isBuy) top.askSz += 1;
    else top.bidSz += 1;
    this.#tape.quote(top, "M", isBuy ? "A" : "B", ticks, isBuy ? top.askSz : top.bidSz, true);
  }
}
