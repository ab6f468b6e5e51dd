/** The store's figures in the shape that figures.py prints, and that script as a process. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { UnixTime } from "../../src/lib/time.ts";
import { toNanos } from "../../src/lib/time.ts";
import type { Snapshot } from "../../src/store/snapshot.ts";
import type { AnchoredDelta, AnchoredVwap, LargeTrade, OpeningRange, PriceRange, VolumeProfile } from "../../src/studies/index.ts";

const SCRIPT = fileURLToPath(new URL("figures.py", import.meta.url));

export function hasPython(): boolean {
  return spawnSync("python3", ["--version"]).status === 0;
}

/** What the script makes of the bytes of a DBN stream. */
export function scriptFigures(bytes: Uint8Array): unknown {
  const { status, stdout, stderr } = spawnSync("python3", [SCRIPT], { input: bytes, maxBuffer: 2 ** 26, timeout: 55_000, encoding: "utf8" });
  if (status !== 0) throw new Error(`expected figures from figures.py, found: ${stderr}`);
  return JSON.parse(stdout);
}

const nanos = (time: UnixTime): string => String(toNanos(time));

function vwap(of: AnchoredVwap | null): unknown {
  if (of === null) return null;
  const text = (value: number | null): string => (value ?? Number.NaN).toFixed(12);
  return { volume: of.volume, vwapTicks: text(of.vwapTicks), deviationTicks: text(of.deviationTicks) };
}

function delta(of: AnchoredDelta | null): unknown {
  if (of === null) return null;
  const { anchor: _, fromSec: __, ...sums } = of;
  return sums;
}

function profile(of: VolumeProfile | null): unknown {
  if (of === null) return null;
  const { anchor: _, fromSec: __, share: ___, beyond: ____, ...rows } = of;
  return rows;
}

function range(of: PriceRange | OpeningRange | null): unknown {
  if (of === null) return null;
  const { highTicks, highAt, lowTicks, lowAt, state } = of;
  const ends = { highTicks, highAt: nanos(highAt), lowTicks, lowAt: nanos(lowAt), state };
  return "broken" in of ? { ...ends, broken: of.broken, aboveTicks: of.aboveTicks, belowTicks: of.belowTicks } : ends;
}

/** The largest first; of one size the earliest first. */
function largest(events: readonly LargeTrade[]): unknown {
  return [...events].sort((a, b) => b.size - a.size).slice(0, 10).map((event) => ({
    at: nanos(event.at), side: event.aggressor, size: event.size, fills: event.fills, levels: event.levels,
    firstTicks: event.firstTicks, lastTicks: event.lastTicks, ticksTimesSize: event.ticksTimesSize,
  }));
}

/** The same figures of a store that was made to keep every large trade from 10 contracts on. */
export function storeFigures({ instrument, day, studies }: Snapshot): unknown {
  const { session, hours, large, ranges, discovery } = studies;
  const busy = hours.hours.filter(({ trades }) => trades > 0);
  const { preMarket, rthOpen, morning, current } = discovery;
  return {
    instrumentId: instrument?.instrumentId, tradeDate: day?.tradeDate, trades: session.trades,
    openTicks: session.openTicks, highTicks: session.highTicks, lowTicks: session.lowTicks, closeTicks: session.last?.ticks,
    vwap: { session: vwap(studies.vwap.session), rth: vwap(studies.vwap.rth) },
    delta: { session: delta(studies.delta.session), rth: delta(studies.delta.rth) },
    profile: { session: profile(studies.profile.session), rth: profile(studies.profile.rth) },
    hours: Object.fromEntries(
      busy.map((of) => [String(of.hour), [of.volume, of.buyVolume, of.sellVolume, of.trades, of.rthVolume]]),
    ),
    large: {
      events: large.events.length, buyEvents: large.buyEvents, buyVolume: large.buyVolume, sellEvents: large.sellEvents,
      sellVolume: large.sellVolume, largest: largest(large.events),
    },
    ranges: Object.fromEntries(
      Object.entries(ranges).flatMap(([name, of]: [string, PriceRange | object | null]) =>
        of !== null && !("highAt" in of) ? [] : name === "prior" ? [] : [[name, range(of)]],
      ),
    ),
    discovery: {
      preMarket: preMarket === null ? null : [preMarket.first.ticks, preMarket.last.ticks],
      rthOpen: rthOpen === null ? null : [rthOpen.ticks, nanos(rthOpen.at)],
      morning:
        morning === null
          ? null
          : {
              highTicks: morning.high.ticks, highAt: nanos(morning.high.at), lowTicks: morning.low.ticks,
              lowAt: nanos(morning.low.at), state: morning.state,
            },
      movement: current?.movement ?? null,
    },
  };
}

/** `found` with numbers written as decimal text replaced by those of `wanted` where they are equal to nine digits. */
export function alike(found: unknown, wanted: unknown): unknown {
  if (typeof found === "string" && typeof wanted === "string" && found.includes(".")) {
    return Math.abs(Number(found) - Number(wanted)) < 1e-9 * Math.max(1, Math.abs(Number(wanted))) ? wanted : found;
  }
  if (typeof found !== "object" || typeof wanted !== "object" || found === null || wanted === null || Array.isArray(found)) return found;
  const right = new Map(Object.entries(wanted));
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [key, alike(value, right.get(key))]));
}
