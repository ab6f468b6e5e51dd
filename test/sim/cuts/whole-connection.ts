/**
 * Cuts at every byte of a whole connection, greeting, authentication, subscription, metadata, replay and live part, in
 * both directions, plain and compressed. Each cut is a run of its own, from nothing to the end; nothing is shared.
 */
import { RECORD_BYTES, type MarketLog } from "../market-log.ts";
import { CutFailure } from "./chain.ts";
import { CutRig, type Cut } from "./cut-rig.ts";
import { keyNumber, Tally } from "./stream-log.ts";

export interface ConnectionCase {
  readonly compression: "none" | "zstd";
  readonly direction: "down" | "up";
  /** The connection that is cut: the first, or the one that resumes after a loss. */
  readonly which: "first" | "resumed";
}

export const CONNECTION_CASES: readonly ConnectionCase[] = (["none", "zstd"] as const).flatMap((compression) =>
  (["down", "up"] as const).flatMap((direction) => (["first", "resumed"] as const).map((which) => ({ compression, direction, which }))));

/** One run: half of the records are there at the beginning, a quarter comes before the end of the connection in question. */
async function run(log: MarketLog, one: ConnectionCase, cut: Cut | null): Promise<{ rig: CutRig; bytes: number }> {
  const rig = new CutRig({ log, compression: one.compression });
  const quarter = Math.floor(log.count / 4);
  rig.arrive(quarter * 2);
  if (one.which === "resumed") {
    await rig.connect(null);
    await rig.break("reset");
    rig.arrive(quarter * 2 + 3);
  }
  await rig.connect(cut);
  rig.arrive(quarter * 3);
  await rig.rest();
  const bytes = one.direction === "down" ? rig.downBytes : rig.upBytes;
  await rig.connect(null);
  rig.arrive(log.count);
  // A cut may strike in the last part only.
  await rig.connect(null);
  await rig.rest();
  return { rig, bytes };
}

/** How many bytes the connection in question has when it is not cut. */
export async function connectionBytes(log: MarketLog, one: ConnectionCase): Promise<number> {
  const { rig, bytes } = await run(log, one, null);
  await rig.stop();
  return bytes;
}

/** Cuts at each byte from `from` to `to`. The totals must be those of the log. */
export async function cutConnection(log: MarketLog, one: ConnectionCase, from: number, to: number, onCut: () => void): Promise<number> {
  const truth = new Tally();
  const dv = new DataView(log.bytes.buffer, log.bytes.byteOffset, log.bytes.byteLength);
  for (let number = 0; number < log.count; number += 1) truth.add(keyNumber(dv, number * RECORD_BYTES), log.sizes[number] ?? 0);
  for (let atByte = from; atByte < to; atByte += 1) {
    const cut: Cut = { direction: one.direction, atByte, way: atByte % 2 === 0 ? "end" : "reset", pieces: 1 + (atByte % 4) };
    const { rig } = await run(log, one, cut);
    await rig.stop();
    if (!rig.tally.isSame(truth)) {
      throw new CutFailure(`${JSON.stringify(one)}, cut at byte ${atByte}: ${rig.tally.toString()}, expected ${truth.toString()}`);
    }
    onCut();
  }
  return to - from;
}
