/**
 * Cuts within a long stream: one client for each offset within a record, cut once in every record at that offset, each
 * time resumed from a replay. All 48 offsets together cut the stream at every one of its bytes. No state is copied or
 * shared between clients.
 */
import { RECORD_BYTES, type MarketLog } from "../market-log.ts";
import { CutRig } from "./cut-rig.ts";
import { keyNumber, Tally } from "./stream-log.ts";

export class CutFailure extends Error {
  override readonly name = "CutFailure";
}

/**
 * Cuts the records `from` to `to` of the log at byte `offset` of each, a client of its own seeing nothing before `from`.
 * After each resumption the totals must be those of the uncut stream. Returns how many cuts there were.
 */
export async function cutChain(log: MarketLog, offset: number, from: number, to: number, onCut: () => void): Promise<number> {
  const rig = new CutRig({ log });
  const truth = new Tally();
  const dv = new DataView(log.bytes.buffer, log.bytes.byteOffset, log.bytes.byteLength);
  rig.skip(from);
  await rig.connect(null);
  let cuts = 0;
  for (let number = from; number < to; number += 1) {
    rig.partial(offset);
    await rig.break((number + offset) % 2 === 0 ? "reset" : "end");
    rig.arrive(number + 1);
    await rig.connect(null);
    truth.add(keyNumber(dv, number * RECORD_BYTES), log.sizes[number] ?? 0);
    if (!rig.tally.isSame(truth)) {
      throw new CutFailure(`cut at byte ${offset} of record ${number}: ${rig.tally.toString()}, expected ${truth.toString()}`);
    }
    cuts += 1;
    onCut();
  }
  await rig.stop();
  return cuts;
}
