/** Which of several files the trades of a market are taken from, and how: each trade once, from the best schema it is in. */
import { RTYPE, schemaName } from "../dbn/constants.ts";
import { compareTime } from "../lib/time.ts";
import { parseSegmentFile } from "../recording/segment-names.ts";
import type { RecordingScan } from "./recording-scan.ts";
import { rtypeOfSchema, servingOf } from "./serving.ts";

/**
 * `none`: it has none, and was not asked to have any. `own`: as the source serves them from this schema. `added`: to be
 * cut out of its records, for other files have trade records. `passed over`: another file has them in a better schema.
 */
export type TradeRole = "none" | "own" | "added" | "passed over";

/** Record types that hold trades, the best first. */
const RANKS: readonly number[] = [RTYPE.trade, RTYPE.mbp1, RTYPE.mbp10, RTYPE.mbo];

/** The record type from which a file's trades are taken; null when it is no file of trades. */
function tradeRtype(scan: RecordingScan): number | null {
  const asked = rtypeOfSchema(schemaName(scan.metadata.schema) ?? "");
  return servingOf("trades", [...scan.schemas])?.rtype ?? (asked !== null && RANKS.includes(asked) ? asked : null);
}

function isSameTime(one: RecordingScan, other: RecordingScan): boolean {
  if (one.firstAt === null || one.lastAt === null || other.firstAt === null || other.lastAt === null) return false;
  return compareTime(one.firstAt, other.lastAt) <= 0 && compareTime(other.firstAt, one.lastAt) <= 0;
}

function tradesSame(one: RecordingScan, other: RecordingScan): boolean {
  return [...one.counts].some(([id, { trades }]) => trades > 0 && (other.counts.get(id)?.trades ?? 0) > 0);
}

/** The role of each file. Files of one schema are simply served; different ones must not give a trade twice. */
export function tradeRoles(scans: readonly RecordingScan[]): TradeRole[] {
  const rtypes = scans.map(tradeRtype);
  const isMixed = new Set(rtypes.filter((rtype) => rtype !== null)).size > 1;
  const rankOf = (at: number): number => RANKS.indexOf(rtypes[at] ?? -1);
  return scans.map((scan, at): TradeRole => {
    if (rtypes[at] === null) return "none";
    if (!isMixed || rtypes[at] === RTYPE.trade) return "own";
    const isBetter = (other: RecordingScan, index: number): boolean =>
      rtypes[index] !== null && rankOf(index) < rankOf(at) && isSameTime(scan, other) && tradesSame(scan, other);
    return scans.some(isBetter) ? "passed over" : "added";
  });
}

/**
 * For each file, the number of the recording it is a part of: `….000.dbn.zst` and `….001.dbn.zst` of one folder are parts of
 * one, and have nothing twice.
 */
export function recordingsOf(paths: readonly string[]): readonly number[] {
  const keys = paths.map((path, index) => {
    const at = path.lastIndexOf("/") + 1;
    const name = parseSegmentFile(path.slice(at));
    return name === null ? String(index) : `${path.slice(0, at)} ${name.dataset} ${name.schema} ${name.tradeDate}`;
  });
  return keys.map((key) => keys.indexOf(key));
}

/** Whether two files have records of the same schema at the same time: then some of them may be the same. */
export function isOverlapping(scans: readonly RecordingScan[]): boolean {
  return scans.some((one, index) =>
    scans.slice(index + 1).some((other) => isSameTime(one, other) && [...one.schemas].some((schema) => other.schemas.has(schema))),
  );
}
