/** The least that a screen's figures need, all integers: last, high, low, average price, volume by hour, large trades. */
import type { RecordView } from "../../src/dbn/record-view.ts";

const HOUR_NANOS = 3_600_000_000_000n;
const TWO_32 = 4_294_967_296n;

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

  step(view: RecordView): void {
    const ticks = (view.price / 250_000_000) | 0;
    const size = view.size | 0;
    if (this.first === 0) this.first = ticks;
    this.last = ticks;
    if (ticks > this.high) this.high = ticks;
    if (ticks < this.low) this.low = ticks;
    this.offset += (ticks - this.first) * size;
    this.volume += size;
    const lo = view.tsEventLo;
    if (view.tsEventHi !== this.#hi || lo < this.#loFrom || lo >= this.#loTo) this.#findHour(view.tsEvent);
    this.hours[this.#hour]! += size; // 0..23
    if (size >= 25) this.large += 1;
  }

  /** @throws Error when the figures do not fit each other. */
  check(): void {
    const hours = this.hours.reduce((sum, volume) => sum + volume, 0);
    if (hours !== this.volume || this.high <= this.low || this.large === 0) throw new Error("the fold is wrong");
  }

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
