/**
 * How old data is when it comes, in three legs, and how far behind this reader is. One record is measured for each piece
 * of the stream: the first of it, which waited longest.
 * exchange: ts_recv − ts_event. gateway: ts_out − ts_recv, inside Databento. network: now − ts_out, which needs clocks that
 * agree; where it is negative they do not.
 */
import type { RecordView } from "../dbn/record-view.ts";
import type { Clock } from "../lib/clock.ts";
import type { LatencyLeg, LatencyState } from "../lsg/link-state.ts";
import { microsOf, microsOfNanos } from "./high-water.ts";
import { RollingHistogram } from "./rolling-histogram.ts";

const WINDOW_MS = 60_000;
/** Seconds in the history. */
const HISTORY = 60;
/** Ages beyond this are those of a market on tape, or of a clock that is wrong: the network's leg is then not known. */
const AGE_US_MAX = 86_400e6;
/** Falling behind is told from here on; less is a hiccup. */
const BEHIND_MS = 500;
/** What was late then says nothing any more when nothing has come for so long. */
const STALE_MS = 2_000;

export class LatencyMeter {
  readonly #clock: Clock;
  readonly #exchange = new RollingHistogram(WINDOW_MS);
  readonly #gateway = new RollingHistogram(WINDOW_MS);
  readonly #network = new RollingHistogram(WINDOW_MS);
  /** Largest age of each second, milliseconds, and when the newest second began. */
  readonly #history: number[] = [];
  #second = -1;
  /** Smallest difference between our clock and the sender's in this session, microseconds. */
  #leastUs = Number.POSITIVE_INFINITY;
  #behindUs = 0;
  #sampledAtMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A new session may be with another host, whose clock differs. */
  begin(): void {
    this.#leastUs = Number.POSITIVE_INFINITY;
    this.#behindUs = 0;
  }

  /** A trade or a quote that is up to date: one whose ts_event is its own. */
  sample(view: RecordView): void {
    const now = this.#clock.monotonicMs();
    const recvUs = microsOf(view.indexHi, view.indexLo);
    const sentNanos = view.tsOut;
    const sentUs = sentNanos === null ? null : microsOfNanos(sentNanos);
    this.#exchange.add(recvUs - microsOf(view.tsEventHi, view.tsEventLo), now);
    if (sentUs !== null) this.#gateway.add(sentUs - recvUs, now);
    const ageUs = this.#clock.wallMs() * 1_000 - (sentUs ?? recvUs);
    this.#leastUs = Math.min(this.#leastUs, ageUs);
    this.#behindUs = ageUs - this.#leastUs;
    this.#sampledAtMs = now;
    if (Math.abs(ageUs) < AGE_US_MAX) {
      this.#network.add(ageUs, now);
      this.#note(ageUs / 1_000, now);
    }
  }

  /** What is known now; null before the first record. */
  state(): LatencyState | null {
    const now = this.#clock.monotonicMs();
    if (this.#leastUs === Number.POSITIVE_INFINITY) return null;
    const isLive = Math.abs(this.#leastUs) < AGE_US_MAX;
    const behindMs = this.#behindUs / 1_000;
    return {
      exchange: this.#leg(this.#exchange, now),
      gateway: this.#leg(this.#gateway, now),
      network: isLive ? this.#leg(this.#network, now) : null,
      clockBehindMs: isLive && this.#leastUs < 0 ? -this.#leastUs / 1_000 : null,
      behindMs: behindMs >= BEHIND_MS && now - this.#sampledAtMs < STALE_MS ? behindMs : 0,
      history: [...this.#history],
    };
  }

  #leg(histogram: RollingHistogram, now: number): LatencyLeg | null {
    const p50 = histogram.quantile(0.5, now);
    const p99 = histogram.quantile(0.99, now);
    return p50 === null || p99 === null ? null : { p50Ms: p50 / 1_000, p99Ms: p99 / 1_000 };
  }

  #note(ageMs: number, now: number): void {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#history.push(0);
      if (this.#history.length > HISTORY) this.#history.shift();
    }
    const last = this.#history.length - 1;
    this.#history[last] = Math.max(this.#history[last] ?? 0, ageMs);
  }
}
