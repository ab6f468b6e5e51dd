/** Large trades of one side that follow each other closely, put together: a sliced order perhaps, but never a fact. */
import type { UnixTime } from "../lib/time.ts";
import type { Aggressor } from "../market/trade.ts";
import type { LargeTrade } from "./large-trades.ts";

export interface Burst {
  /** Time of its first event, and of its last. */
  readonly at: UnixTime;
  readonly until: UnixTime;
  readonly aggressor: Aggressor;
  /** Contracts, average price and way of all its events. */
  readonly size: number;
  readonly averageTicks: number;
  readonly slippageTicks: number;
  readonly events: readonly LargeTrade[];
  /** `burst of 3`; empty for a single event, which is no burst. */
  readonly label: string;
}

const NANOS_PER_SEC = 1_000_000_000;

function nanosBetween(from: UnixTime, to: UnixTime): number {
  return (to.sec - from.sec) * NANOS_PER_SEC + (to.nanos - from.nanos);
}

function burstOf(events: readonly LargeTrade[]): Burst | null {
  const [first] = events;
  const last = events.at(-1);
  if (first === undefined || last === undefined) return null;
  const size = events.reduce((sum, event) => sum + event.size, 0);
  return {
    at: first.at,
    until: last.at,
    aggressor: first.aggressor,
    size,
    averageTicks: events.reduce((sum, { ticksTimesSize }) => sum + ticksTimesSize, 0) / size,
    slippageTicks: last.lastTicks - first.firstTicks,
    events,
    label: events.length === 1 ? "" : `burst of ${events.length}`,
  };
}

/**
 * Merges events (oldest first) of the same side when each comes at most `gapMs` milliseconds after the one before it and
 * no other event lies between them. With 0 nothing is merged; events without an aggressor never are.
 */
export function mergeBursts(events: readonly LargeTrade[], gapMs: number): readonly Burst[] {
  const groups: LargeTrade[][] = [];
  for (const event of events) {
    const before = groups.at(-1)?.at(-1);
    const joins =
      gapMs > 0 &&
      before !== undefined &&
      event.aggressor !== 0 &&
      before.aggressor === event.aggressor &&
      nanosBetween(before.at, event.at) <= gapMs * 1_000_000;
    if (joins) groups.at(-1)?.push(event);
    else groups.push([event]);
  }
  return groups.map(burstOf).filter((burst) => burst !== null);
}
