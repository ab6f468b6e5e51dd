/** One execution, above the wire: price in ticks, aggressor as a sign. */

/** +1 buyer aggressed, -1 seller aggressed, 0 no aggressor. */
export type Aggressor = 1 | -1 | 0;

/** Mutable and reused on the hot path; a study that keeps a trade copies the fields it needs. */
export interface Trade {
  /** ts_event, exact. */
  sec: number;
  nanos: number;
  /** Price as a count of the instrument's ticks. */
  ticks: number;
  /** Contracts. */
  size: number;
  aggressor: Aggressor;
  /** Venue sequence number. */
  sequence: number;
}

/** A top-of-book quote; a side without orders is null. Prices in ticks, sizes in contracts. */
export interface Quote {
  sec: number;
  nanos: number;
  bidTicks: number | null;
  askTicks: number | null;
  bidSize: number;
  askSize: number;
}
