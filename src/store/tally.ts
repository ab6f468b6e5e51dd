/** What became of the records: counted, of other instruments, or held back because something in them is damaged. */
import type { TradeBatch } from "../market/trade-batch.ts";
import type { Counters, Quarantined } from "./snapshot.ts";

/** Why a trade record of the instrument is not counted. */
export type QuarantineCause = keyof Quarantined;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const NONE_QUARANTINED: Quarantined = {
  noPrice: 0, offGrid: 0, noSize: 0, absurdSize: 0, badTime: 0, unknownInstrument: 0,
};
const NOTHING: Counters = {
  trades: 0, quotes: 0, otherInstrument: 0, quarantined: NONE_QUARANTINED, noAggressor: 0, oddStatistics: 0,
};

function isEqual(a: Quarantined, b: Quarantined): boolean {
  return (
    a.noPrice === b.noPrice &&
    a.offGrid === b.offGrid &&
    a.noSize === b.noSize &&
    a.absurdSize === b.absurdSize &&
    a.badTime === b.badTime &&
    a.unknownInstrument === b.unknownInstrument
  );
}

/** Changed in place, published as values that stay the same objects while nothing changed. */
export class Tally {
  trades = 0;
  quotes = 0;
  otherInstrument = 0;
  noAggressor = 0;
  oddStatistics = 0;
  readonly #quarantined: Mutable<Quarantined> = { ...NONE_QUARANTINED };
  #published: Counters = NOTHING;

  /** Trades that were handed to the studies. */
  noteTrades(batch: TradeBatch): void {
    this.trades += batch.length;
    const runs = batch.seconds(0, batch.length);
    for (let run = 0; run < runs.length; run += 1) {
      if (runs.volume[run] === runs.sided[run]) continue;
      for (let at = runs.from[run]!; at < runs.from[run + 1]!; at += 1) if (batch.aggressor[at] === 0) this.noAggressor += 1;
    }
  }

  quarantine(cause: QuarantineCause): void {
    this.#quarantined[cause] += 1;
  }

  publish(): Counters {
    const { trades, quotes, otherInstrument, noAggressor, oddStatistics } = this;
    const before = this.#published;
    const quarantined = isEqual(before.quarantined, this.#quarantined) ? before.quarantined : { ...this.#quarantined };
    const isSame =
      before.quarantined === quarantined &&
      before.trades === trades &&
      before.quotes === quotes &&
      before.otherInstrument === otherInstrument &&
      before.noAggressor === noAggressor &&
      before.oddStatistics === oddStatistics;
    if (!isSame) this.#published = { trades, quotes, otherInstrument, quarantined, noAggressor, oddStatistics };
    return this.#published;
  }
}

/** All trade records that were held back. */
export function quarantinedTotal({ quarantined }: Counters): number {
  return Object.values(quarantined).reduce((sum: number, count: number) => sum + count, 0);
}
