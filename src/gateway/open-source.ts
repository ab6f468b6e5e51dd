/** Opens a source no earlier than a session needs it: whoever asks for nothing old need not wait until it was read past. */
import { compareTime, fromNanos } from "../lib/time.ts";
import type { MarketClock } from "./market-clock.ts";
import type { Sifter } from "./sifter.ts";
import type { GatewaySource, SourceReader } from "./source.ts";

/** A record received before it happened, by a clock that was off, must not be missed where its event time is asked for. */
const LEAD_NANOS = 5_000_000_000n;

/** `start`: nothing before it was asked for, nanoseconds since 1970. The sifter is told what it will not see. */
export function openSource(source: GatewaySource, market: MarketClock, start: bigint, sifter: Sifter): SourceReader {
  const from = fromNanos(start > LEAD_NANOS ? start - LEAD_NANOS : 0n);
  if (source.canSkip !== true || market.isEndless || compareTime(from, source.firstAt) <= 0) return source.open();
  sifter.openedAtSec = from.sec + 1;
  return source.open(from);
}
