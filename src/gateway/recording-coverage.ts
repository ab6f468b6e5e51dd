/** Of what times recorded files hold every trade: what was asked for, where the file says so; else what is in it. */
import { NO_SCHEMA, UNDEF_TIME } from "../dbn/constants.ts";
import { compareTime, fromNanos, type UnixTime } from "../lib/time.ts";
import type { RecordingScan } from "./recording-scan.ts";

/** `from` is included, `to` is not. */
export interface TimeSpan {
  readonly from: UnixTime;
  readonly to: UnixTime;
}

function earlier(a: UnixTime, b: UnixTime): UnixTime {
  return compareTime(a, b) <= 0 ? a : b;
}

function later(a: UnixTime, b: UnixTime): UnixTime {
  return compareTime(a, b) >= 0 ? a : b;
}

/**
 * A file of one schema says what time was asked for, and holds all of it. A live recording of several schemas does not:
 * its definitions may be days older than its first trade. A damaged file, and one cut by its limit, end where they end.
 */
function spanOf({ metadata, firstAt, lastAt, firstTradeAt, damage, records }: RecordingScan): TimeSpan | null {
  const { start, end, limit } = metadata;
  const isOneSchema = metadata.schema !== NO_SCHEMA;
  const asked = isOneSchema && start !== 0n && start !== UNDEF_TIME ? fromNanos(start) : null;
  const first = isOneSchema ? firstAt : firstTradeAt;
  const from = asked === null ? first : earlier(asked, first ?? asked);
  if (from === null) return null;
  const last = later(lastAt ?? from, from);
  const isWhole = damage === null && (limit === 0n || BigInt(records) < limit);
  const isEndSaid = isOneSchema && end !== UNDEF_TIME && end !== 0n && isWhole;
  return { from, to: isEndSaid ? later(fromNanos(end), last) : last };
}

/** The spans of these files, in order, joined where they touch. */
export function coveredSpans(scans: readonly RecordingScan[]): TimeSpan[] {
  const spans = scans.map(spanOf).filter((span) => span !== null);
  spans.sort((a, b) => compareTime(a.from, b.from));
  const joined: TimeSpan[] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    if (before === undefined || compareTime(span.from, before.to) > 0) joined.push(span);
    else joined[joined.length - 1] = { from: before.from, to: later(before.to, span.to) };
  }
  return joined;
}
