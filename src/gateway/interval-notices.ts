/** Tells when an interval of a bar or sampled schema is over, so that no record of it means that nothing traded. */
import { BAR_SECONDS } from "./serving.ts";

const SECONDS: Readonly<Record<string, number>> = { ...BAR_SECONDS, "bbo-1s": 1, "bbo-1m": 60 };
/** After a long jump of the market's clock only the last ones are worth telling. */
const NOTICES_MAX = 5;
/** A bar may come this much after its end; its notice comes after it. */
const GRACE_NANOS = 60_000_000n;
const NANOS = 1_000_000_000n;

export interface IntervalNotice {
  readonly schema: string;
  /** End of the interval, nanoseconds since 1970. */
  readonly endNanos: bigint;
}

export class IntervalNotices {
  /** Schema → end of the interval that is told next. */
  readonly #next = new Map<string, bigint>();

  /** Market time of the next notice; null when no schema has intervals. */
  get dueNanos(): bigint | null {
    let due: bigint | null = null;
    for (const end of this.#next.values()) if (due === null || end < due) due = end;
    return due === null ? null : due + GRACE_NANOS;
  }

  /** The intervals of `schemas` that ended since the last call. */
  take(schemas: readonly string[], nowNanos: bigint): IntervalNotice[] {
    const notices: IntervalNotice[] = [];
    for (const schema of schemas) {
      const seconds = SECONDS[schema];
      if (seconds === undefined) continue;
      const step = BigInt(seconds) * NANOS;
      const next = this.#next.get(schema) ?? (nowNanos / step + 1n) * step;
      const last = ((nowNanos - GRACE_NANOS) / step) * step;
      const first = last - next > step * BigInt(NOTICES_MAX - 1) ? last - step * BigInt(NOTICES_MAX - 1) : next;
      for (let end = first; end <= last; end += step) notices.push({ schema, endNanos: end });
      this.#next.set(schema, last >= next ? last + step : next);
    }
    return notices;
  }
}
