/** Names for the instruments of recorded files: from metadata, definitions, mappings; the rest follows from them. */
import { stypeName } from "../dbn/constants.ts";
import type { DbnMetadata } from "../dbn/metadata.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import type { UnixTime } from "../lib/time.ts";
import { isOutright, parseContract, rootOf, type Contract } from "../market/contract.ts";
import { noteSymbol, type InstrumentCounts, type InstrumentNames, type RecordingScan } from "./recording-scan.ts";
import type { SourceInstrument } from "./source.ts";

const SYMBOL_LENGTH_MAX = 70;

/** UTC date as decimal YYYYMMDD. */
function dateOf(time: UnixTime): number {
  const date = new Date(time.sec * 1000);
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}

function namesOf(all: Map<number, InstrumentNames>, id: number): InstrumentNames {
  let names = all.get(id);
  if (names === undefined) all.set(id, (names = { rawSymbol: null, parents: new Set(), continuous: new Set() }));
  return names;
}

/** The metadata's mappings of the days that the file covers; ids mean other instruments on other days. */
function nameFromMetadata(all: Map<number, InstrumentNames>, metadata: DbnMetadata, from: number, to: number): void {
  const stypeOut = stypeName(metadata.stypeOut);
  const stypeIn = stypeName(metadata.stypeIn);
  for (const { rawSymbol: requested, intervals } of metadata.mappings) {
    for (const { startDate, endDate, symbol } of intervals) {
      if (startDate > to || Math.max(endDate, startDate + 1) <= from) continue;
      const idText = stypeOut === "instrument_id" ? symbol : stypeIn === "instrument_id" ? requested : "";
      if (!/^\d{1,10}$/.test(idText)) continue;
      const names = namesOf(all, Number(idText));
      if (stypeOut === "raw_symbol") names.rawSymbol ??= symbol;
      else if (stypeIn === "raw_symbol") names.rawSymbol ??= requested;
      noteSymbol(names, requested);
    }
  }
}

/** Contracts in the order in which they expire. */
const monthOf = ({ year, month }: Contract): number => year * 12 + month;

interface Named {
  readonly instrumentId: number;
  readonly rawSymbol: string;
  readonly counts: InstrumentCounts;
  readonly parents: Set<string>;
  readonly continuous: Set<string>;
  readonly future: Contract | null;
}

function addParents(named: Named): void {
  if (named.parents.size > 0) return;
  const legs = named.rawSymbol.split("-");
  const root = rootOf(legs[0] ?? "");
  if (root !== "" && legs.every(isOutright)) named.parents.add(`${root}.FUT`);
}

/** Roles the file does not give itself: `c` by expiry, `v` by trades in it, `n` too: open interest is not known. */
function addContinuous(all: readonly Named[]): void {
  const byRoot = new Map<string, (Named & { readonly future: Contract })[]>();
  for (const one of all) {
    const { future } = one;
    if (future === null) continue;
    const group = byRoot.get(future.root);
    if (group === undefined) byRoot.set(future.root, [{ ...one, future }]);
    else group.push({ ...one, future });
  }
  for (const [root, group] of byRoot) {
    if (group.some(({ continuous }) => continuous.size > 0)) continue;
    const byExpiry = [...group].sort((a, b) => monthOf(a.future) - monthOf(b.future));
    for (const [rank, one] of group.entries()) one.continuous.add(`${root}.v.${rank}`).add(`${root}.n.${rank}`);
    for (const [rank, one] of byExpiry.entries()) one.continuous.add(`${root}.c.${rank}`);
  }
}

/** The instruments that have records, the most traded first. */
export function nameInstruments(scans: readonly RecordingScan[]): SourceInstrument[] {
  const names = new Map<number, InstrumentNames>();
  const counts = new Map<number, InstrumentCounts>();
  let firstSec: number | null = null;
  for (const scan of scans) {
    for (const [id, said] of scan.names) {
      const known = namesOf(names, id);
      known.rawSymbol = said.rawSymbol ?? known.rawSymbol;
      for (const parent of said.parents) known.parents.add(parent);
      for (const symbol of said.continuous) known.continuous.add(symbol);
    }
    for (const [id, count] of scan.counts) {
      const sum = counts.get(id) ?? { records: 0, trades: 0 };
      counts.set(id, { records: sum.records + count.records, trades: sum.trades + count.trades });
    }
    if (scan.firstAt === null || scan.lastAt === null) continue;
    firstSec ??= scan.firstAt.sec;
    nameFromMetadata(names, scan.metadata, dateOf(scan.firstAt), dateOf(scan.lastAt));
  }
  const named: Named[] = [...counts].map(([instrumentId, count]) => {
    const said = names.get(instrumentId);
    const rawSymbol = sanitiseText(said?.rawSymbol ?? "", SYMBOL_LENGTH_MAX) || String(instrumentId);
    const future = parseContract(rawSymbol, firstSec ?? 0);
    const { parents, continuous } = said ?? { parents: new Set<string>(), continuous: new Set<string>() };
    return { instrumentId, rawSymbol, counts: count, parents, continuous, future };
  });
  const rank = (a: Named, b: Named): number => b.counts.trades - a.counts.trades || b.counts.records - a.counts.records;
  named.sort((a, b) => rank(a, b) || a.instrumentId - b.instrumentId);
  for (const one of named) addParents(one);
  addContinuous(named);
  return named.map(({ instrumentId, rawSymbol, parents, continuous }) => ({
    instrumentId, rawSymbol, parents: [...parents], continuous: [...continuous],
  }));
}
