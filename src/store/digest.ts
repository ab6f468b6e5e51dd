/** The figures of a snapshot as canonical text, to compare two runs over the same records. */
import type { Snapshot } from "./snapshot.ts";

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object") return value;
  const sorted: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) sorted[key] = canonical(inner);
  return sorted;
}

/**
 * JSON with sorted keys of instrument, trading day, counters and studies. Left out is what the same records do not
 * decide: version, link, mode, the symbol asked for, what was asked for (coverage), and what passes with time alone
 * (`asOf`, the pace, which hour is current and what it may come to, whether a pause has closed a large trade): heartbeats
 * and timers move those, and a replay has its own. Nor do they decide what other days had.
 */
export function marketDigest(snapshot: Snapshot): string {
  const { instrument, day, counters, studies } = snapshot;
  const { pace: _, hours: { averageDays: ______, ...hours }, large, ...others } = studies;
  const timeless = {
    ...others,
    hours: { ...hours, hours: hours.hours.map(({ current: __, projected: ___, average: ____, ...hour }) => hour) },
    large: { ...large, events: large.events.map(({ closed: _____, ...event }) => event) },
  };
  return JSON.stringify(canonical({ instrument, day, counters, studies: timeless }));
}
