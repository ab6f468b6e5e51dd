/**
 * Names of recorded files: `GLBX.MDP3.trades.2025-06-13.000.dbn` while it grows (`.part` after it), `.dbn.zst` when it
 * is finished; `.ckpt` beside the growing one says what of it is known to be on the device, `.info` beside the finished
 * one what it holds.
 */

export interface SegmentName {
  readonly dataset: string;
  /** Schema word, e.g. `mbp-1`. */
  readonly schema: string;
  /** `2025-06-13`. */
  readonly tradeDate: string;
  /** Counts the files of one day and schema from 0. */
  readonly part: number;
}

export type SegmentState = "growing" | "finished" | "packing";

const PATTERN = /^([A-Z0-9]{1,8}(?:\.[A-Z0-9]{1,8}){0,2})\.([a-z0-9-]{2,12})\.(\d{4}-\d\d-\d\d)\.(\d{3,6})\.dbn(\.part|\.zst|\.zst\.tmp)$/;
const ENDINGS: Readonly<Record<SegmentState, string>> = { growing: ".part", finished: ".zst", packing: ".zst.tmp" };

function stem({ dataset, schema, tradeDate, part }: SegmentName): string {
  return `${dataset}.${schema}.${tradeDate}.${String(part).padStart(3, "0")}.dbn`;
}

export function segmentFile(name: SegmentName, state: SegmentState): string {
  return stem(name) + ENDINGS[state];
}

export function checkpointFile(name: SegmentName): string {
  return `${stem(name)}.ckpt`;
}

/** What is known of a finished file, so that a list need not read it. */
export function infoFile(name: SegmentName): string {
  return `${stem(name)}.info`;
}

/** A file's name taken apart; null for names that are none of a recording's. */
export function parseSegmentFile(file: string): (SegmentName & { readonly state: SegmentState }) | null {
  const [, dataset, schema, tradeDate, part, ending] = PATTERN.exec(file) ?? [];
  if (dataset === undefined || schema === undefined || tradeDate === undefined || part === undefined) return null;
  const state = ending === ".part" ? "growing" : ending === ".zst" ? "finished" : "packing";
  return { dataset, schema, tradeDate, part: Number(part), state };
}
