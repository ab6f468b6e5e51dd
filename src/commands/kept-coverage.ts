/** What the trades recorded of a trade date cover: a note beside the files, replaced as a whole at each change. */
import * as v from "valibot";
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { fromNanos, toNanos, type UnixTime } from "../lib/time.ts";
import type { LinkGap } from "../lsg/link-state.ts";
import type { Disk } from "../recording/disk.ts";
import { readJson, replaceFile } from "../recording/whole-file.ts";

export interface KeptCoverage {
  /** Every trade since then is recorded, but for the gaps; null: not known. */
  readonly from: UnixTime | null;
  readonly gaps: readonly LinkGap[];
  /** The contract that the figures are of, e.g. `NQZ6`. */
  readonly contract: string;
}

/** Room for every gap with the longest reason. */
const BYTES_MAX = 512 * 1024;
/** Of the newest gaps. */
export const GAPS_MAX = 100;
/** Why a gap is what it is comes from the other side in part: so much of it is kept. */
const HOW_MAX = 400;
const CONTRACT_MAX = 71;
const nanos = v.pipe(v.string(), v.regex(/^\d{1,20}$/));
const schema = v.object({
  contract: v.pipe(v.string(), v.minLength(1), v.maxLength(CONTRACT_MAX), v.transform((name) => sanitiseText(name, CONTRACT_MAX))),
  from: v.nullable(nanos),
  gaps: v.pipe(
    v.array(v.object({ from: nanos, to: v.nullable(nanos), state: v.picklist(["open", "filled", "unverified", "not filled"]), how: v.pipe(v.string(), v.transform((how) => sanitiseText(how, HOW_MAX))) })),
    v.maxLength(GAPS_MAX),
  ),
});

const time = (text: string | null): UnixTime | null => (text === null ? null : fromNanos(BigInt(text)));
const text = (at: UnixTime | null): string | null => (at === null ? null : String(toNanos(at)));

export function coverageFile(directory: string, dataset: string, tradeDate: string): string {
  return `${directory}/${dataset}.${tradeDate}.coverage`;
}

/** Null when there is no note, or it cannot be read: then nothing is known of what the files cover. */
export async function readKeptCoverage(disk: Disk, path: string): Promise<KeptCoverage | null> {
  const { success, output } = v.safeParse(schema, await readJson(disk, path, BYTES_MAX));
  if (!success) return null;
  return {
    contract: output.contract,
    from: time(output.from),
    gaps: output.gaps.map(({ from, to, state, how }) => ({ from: fromNanos(BigInt(from)), to: time(to), state, how })),
  };
}

/** @throws NqError RECORD_DISK */
export async function writeKeptCoverage(disk: Disk, path: string, { contract, from, gaps }: KeptCoverage): Promise<void> {
  const kept = gaps.map(({ from: since, to, state, how }) => ({ from: text(since), to: text(to), state, how: sanitiseText(how, HOW_MAX) }));
  const bytes = new TextEncoder().encode(`${JSON.stringify({ contract, from: text(from), gaps: kept })}\n`);
  try {
    await replaceFile(disk, path, bytes);
  } catch (error) {
    throw new NqError("RECORD_DISK", `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
