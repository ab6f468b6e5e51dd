/** The least that a screen's figures need, all integers: last, high, low, average price, volume by hour, large trades. */
import type { RecordView } from "../../src/dbn/record-view.ts";

const HOUR_NANOS = 3_600_000_000_000n;
const TWO_32 = 4_294_967_296n;
const TICK = 250_000_000;

export class Fold {
  readonly hours = new Float64Array(24);
  last = 0;
  high = -0x8000_0000;
  low = 0x7fff_ffff;
  first = 0;
  offset = 0;
  volume = 0;
  large = 0;
  #hour = 0;
  /** The hour holds for this high half of ts_event, from and below these low halves. */
  #hi = -1;
  #loFrom = 0;
  #loTo = 0;

  /** Trades behind one another, the first at `view.base`. */
  take(view: RecordView, count: number): void {
    const { lengthBytes } = view;
    if (this.first === 0) this.first = (view.price / TICK) | 0;
    for (let left = count; left > 0; ) {
      this.#findHour(view.tsEvent);
      const taken = this.#takeHour(view, left, lengthBytes);
      left -= taken;
    }
  }

  /** Hot path: trades of one hour; leaves the view at the first of another. */
  #takeHour(view: RecordView, count: number, lengthBytes: number): number {
    const hi = this.#hi;
    const loFrom = this.#loFrom;
    const loTo = this.#loTo;
    const first = this.first;
    let { last, high, low } = this;
    let offset = 0;
    let volume = 0;
    let large = 0;
    let taken = 0;
    for (; taken < count; taken += 1) {
      const lo = view.tsEventLo;
      if (view.tsEventHi !== hi || lo < loFrom || lo >= loTo) break;
      const ticks = (view.price / TICK) | 0;
      const size = view.size | 0;
      last = ticks;
      if (ticks > high) high = ticks;
      if (ticks < low) low = ticks;
      offset += (ticks - first) * size;
      volume += size;
      if (size >= 25) large += 1;
      view.base += lengthBytes;
    }
    this.last = last;
    this.high = high;
    this.low = low;
    this.offset += offset;
    this.volume += volume;
    this.large += large;
    this.hours[this.#hour]! += volume; // 0..23
    return taken;
  }

  /** @throws Error when the figures do not fit each other. */
  check(): void {
    const hours = this.hours.reduce((sum, volume) => sum + volume, 0);
    if (hours !== this.volume || this.high <= this.low || this.large === 0) throw new Error("the fold is wrong");
  }

  /** Once per run of trades, and where an hour or a high half ends within it. */
  #findHour(ns: bigint): void {
    const hour = ns / HOUR_NANOS;
    const base = (ns / TWO_32) * TWO_32;
    const clamp = (at: bigint): number => Number(at < 0n ? 0n : at > TWO_32 ? TWO_32 : at);
    this.#hour = Number(hour % 24n);
    this.#hi = Number(ns / TWO_32);
    this.#loFrom = clamp(hour * HOUR_NANOS - base);
    this.#loTo = clamp((hour + 1n) * HOUR_NANOS - base);
  }
}
