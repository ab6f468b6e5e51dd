/** A recording at a glance: when its trades are, how much traded in each minute, where the large ones are. */
import type { RecordView } from "../dbn/record-view.ts";
import { RecordView as View } from "../dbn/record-view.ts";
import { RTYPE } from "../dbn/constants.ts";
import { fromNanos, toNanos, type UnixTime } from "../lib/time.ts";
import { isTrade, tradeSize } from "./trade-cut.ts";
import type { GatewaySource } from "./source.ts";

/** Fills of one aggressor at one moment, together. */
export interface OutlineMark {
  /** Index time of its first fill. */
  readonly at: UnixTime;
  readonly size: number;
  /** `B`, `A` or `N`. */
  readonly side: string;
}

export interface Outline {
  readonly trades: number;
  /** Unix second of the first minute, and contracts in each from there on. */
  readonly firstMinuteSec: number;
  readonly minutes: Float64Array;
  /** In order of time, at most 10,000. */
  readonly large: readonly OutlineMark[];
  /** Index time of the first trade after a time; null: none. */
  nextTrade(after: UnixTime): UnixTime | null;
}

const FAR: UnixTime = { sec: 18_446_744_073, nanos: 0 };
const LARGE_MAX = 10_000;
const MINUTE_SEC = 60;
/** A day of minutes that nothing can stretch: a damaged time far ahead is left out of the picture. */
const MINUTES_MAX = 14 * 1440;

class Builder {
  /** Index times in nanoseconds; those of one packet are the same and one step. */
  times = new BigUint64Array(65_536);
  count = 0;
  trades = 0;
  firstMinuteSec = -1;
  minutes = new Float64Array(1440);
  last = 0;
  readonly large: OutlineMark[] = [];
  readonly #largeFrom: number;
  #event = { hi: -1, lo: -1, side: 0, size: 0, at: 0n };

  constructor(largeFrom: number) {
    this.#largeFrom = largeFrom;
  }

  take(view: RecordView): void {
    const at = view.index;
    const size = tradeSize(view);
    this.trades += 1;
    if (this.count === 0 || this.times[this.count - 1] !== at) this.#note(at);
    this.#minute(Number(at / 1_000_000_000n), size);
    const side = view.rtype === RTYPE.mbo ? view.mboSide : view.side;
    const event = this.#event;
    if (view.tsEventHi !== event.hi || view.tsEventLo !== event.lo || side !== event.side) {
      this.flush();
      this.#event = { hi: view.tsEventHi, lo: view.tsEventLo, side, size, at };
    } else event.size += size;
  }

  /** Ends the event that is open. */
  flush(): void {
    const { size, at, side } = this.#event;
    if (size >= this.#largeFrom && this.large.length < LARGE_MAX) this.large.push({ at: fromNanos(at), size, side: String.fromCharCode(side) });
    this.#event.size = 0;
  }

  #note(at: bigint): void {
    if (this.count === this.times.length) {
      const larger = new BigUint64Array(this.times.length * 2);
      larger.set(this.times);
      this.times = larger;
    }
    this.times[this.count] = at;
    this.count += 1;
  }

  #minute(sec: number, size: number): void {
    if (this.firstMinuteSec < 0) this.firstMinuteSec = sec - (sec % MINUTE_SEC);
    const index = Math.floor((sec - this.firstMinuteSec) / MINUTE_SEC);
    if (index < 0 || index >= MINUTES_MAX) return;
    if (index >= this.minutes.length) {
      const larger = new Float64Array(Math.max(index + 1, this.minutes.length * 2));
      larger.set(this.minutes);
      this.minutes = larger;
    }
    this.minutes[index] = (this.minutes[index] ?? 0) + size;
    if (index > this.last) this.last = index;
  }
}

/** Index of the first time after `at` in the first `count`. */
function firstAfter(times: BigUint64Array, count: number, at: bigint): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0n) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Reads the source through once. `largeFrom`: contracts from which an aggressor's fills together are marked.
 * What cannot be read any more ends it; what came before counts.
 */
export async function outlineOf(source: Pick<GatewaySource, "schemas" | "open">, instrumentId: number, largeFrom: number): Promise<Outline> {
  const builder = new Builder(largeFrom);
  const reader = source.open();
  const view = new View();
  // A file of mbp-1 beside one of trades has the same trades once more: the trade records alone count then.
  const hasTrades = source.schemas.includes("trades");
  try {
    for (let batch = await reader.read(FAR); batch !== "end"; batch = await reader.read(FAR)) {
      if (batch === null) continue;
      for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) {
        view.point(batch.bytes, at);
        if (view.instrumentId !== instrumentId) continue;
        const { rtype } = view;
        const mayTrade = hasTrades ? rtype === RTYPE.trade : rtype === RTYPE.mbo || rtype === RTYPE.mbp1 || rtype === RTYPE.mbp10;
        if (mayTrade && isTrade(view)) builder.take(view);
      }
    }
  } finally {
    await reader.close();
  }
  builder.flush();
  const { times, count } = builder;
  return {
    trades: builder.trades,
    firstMinuteSec: builder.firstMinuteSec,
    minutes: builder.minutes.slice(0, builder.firstMinuteSec < 0 ? 0 : builder.last + 1),
    large: builder.large,
    nextTrade(after) {
      const index = firstAfter(times, count, toNanos(after));
      return index < count ? fromNanos(times[index] ?? 0n) : null;
    },
  };
}
