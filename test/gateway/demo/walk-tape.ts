/** Reads a demo source the way a gateway does and hands its records out, decoded, with exact times. */
import { createDbnDecoder, type DbnDecoder } from "../../../src/dbn/decoder.ts";
import type { RecordView } from "../../../src/dbn/record-view.ts";
import { NanosSplitter, type UnixTime } from "../../../src/lib/time.ts";
import { createDemoSource } from "../../../src/gateway/demo/demo-source.ts";
import { NQM5, OPEN_SEC, secondsAt, TICK_UNITS } from "../../../src/gateway/demo/demo-day.ts";

/** Later than the demo's day. */
export const NEVER: UnixTime = { sec: OPEN_SEC + 10 * 86_400, nanos: 0 };

/** The instant of the demo's day at this Eastern wall time. */
export function at(eastern: string): UnixTime {
  const seconds = secondsAt(eastern);
  const sec = Math.floor(seconds);
  return { sec: OPEN_SEC + sec, nanos: Math.round((seconds - sec) * 1e9) };
}

/** Nanoseconds since 18:00, exact. */
export function dayNanos(eastern: string): number {
  return Math.round(secondsAt(eastern) * 1e9);
}

export class DayTimes {
  readonly #event = new NanosSplitter();
  readonly #index = new NanosSplitter();

  /** ts_event in nanoseconds since 18:00. */
  event(view: RecordView): number {
    this.#event.split(view.tsEventHi, view.tsEventLo);
    return (this.#event.sec - OPEN_SEC) * 1e9 + this.#event.nanos;
  }

  /** Index time in nanoseconds since 18:00. */
  index(view: RecordView): number {
    this.#index.split(view.indexHi, view.indexLo);
    return (this.#index.sec - OPEN_SEC) * 1e9 + this.#index.nanos;
  }
}

/** Every record up to `until`, through the product's own decoder. */
export async function walkTape(
  options: { seed?: number; until?: UnixTime },
  onRecord: (view: RecordView, times: DayTimes) => void,
): Promise<DbnDecoder> {
  const { until = NEVER, ...source } = options;
  const reader = createDemoSource(source).open();
  const decoder = createDbnDecoder({ fragment: { version: 3 } });
  const times = new DayTimes();
  for (;;) {
    const batch = await reader.read(until);
    if (batch === null || batch === "end") return decoder;
    decoder.push(batch.bytes, (view) => onRecord(view, times));
  }
}

/** One trade of the main contract. */
export interface TapeTrade {
  /** Nanoseconds since 18:00. */
  readonly nanos: number;
  readonly ticks: number;
  readonly size: number;
  readonly side: string;
}

/** All trades of the main contract, in the order of the tape. */
export async function tradesOfDay(options: { seed?: number; until?: UnixTime } = {}): Promise<TapeTrade[]> {
  const trades: TapeTrade[] = [];
  await walkTape(options, (view, times) => {
    if (view.rtype !== 0 || view.instrumentId !== NQM5.instrumentId) return;
    trades.push({
      nanos: times.event(view), ticks: view.price / TICK_UNITS, size: view.size, side: String.fromCharCode(view.side),
    });
  });
  return trades;
}
