/**
 * The sidecar of a growing file: one line for each time its bytes were forced to the device. Plain DBN has no checksum;
 * the sums here are what finds bytes that a loss of power turned into zeros.
 */
import { crc32 } from "node:zlib";

export interface Checkpoint {
  /** Bytes of the file that are on the device. */
  readonly offset: number;
  readonly records: number;
  /** CRC-32 of the bytes between the checkpoint before and this one. */
  readonly sum: number;
  readonly bootId: string;
}

/** Sum over `bytes`, going on from `before` (0 at the start). */
export function sumOf(bytes: Uint8Array, before = 0): number {
  return crc32(bytes, before);
}

/** `offset records sum boot check` and a newline; `check` is the CRC-32 of what stands before it in the line. */
export function checkpointLine({ offset, records, sum, bootId }: Checkpoint): string {
  const text = `${offset} ${records} ${sum.toString(16).padStart(8, "0")} ${bootId === "" ? "-" : bootId}`;
  return `${text} ${crc32(text).toString(16).padStart(8, "0")}\n`;
}

const LINE = /^(\d{1,15}) (\d{1,15}) ([0-9a-f]{8}) (-|[0-9a-f-]{1,64}) ([0-9a-f]{8})$/;

function parseLine(line: string): Checkpoint | null {
  const [, offset, records, sum, bootId, check] = LINE.exec(line) ?? [];
  if (offset === undefined || records === undefined || sum === undefined || bootId === undefined || check === undefined) return null;
  if (crc32(line.slice(0, -9)) !== Number.parseInt(check, 16)) return null;
  return { offset: Number(offset), records: Number(records), sum: Number.parseInt(sum, 16), bootId: bootId === "-" ? "" : bootId };
}

/** The whole lines of a sidecar, in order; the first torn or damaged one, and a step backwards, ends them. */
export function parseCheckpoints(text: string): readonly Checkpoint[] {
  const checkpoints: Checkpoint[] = [];
  const lines = text.split("\n");
  lines.pop(); // what follows the last newline is no whole line
  for (const line of lines) {
    const checkpoint = parseLine(line);
    const before = checkpoints.at(-1);
    if (checkpoint === null || (before !== undefined && checkpoint.offset < before.offset)) break;
    checkpoints.push(checkpoint);
  }
  return checkpoints;
}
