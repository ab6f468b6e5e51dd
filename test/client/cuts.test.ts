/** The connection is cut anywhere, again and again: what is handed out is what one unbroken session would have handed out. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createZstdPacker } from "../../src/dbn/zstd.ts";
import { Prng } from "../../src/lib/prng.ts";
import type { DbnVersion } from "../../src/dbn/constants.ts";
import { countsOf, keyOf, LATE_NS, LOG_START, makeLog, recordOf, REGIMES, replayed as replayOf, type LogTrade, type Regime } from "./market-log.ts";
import { acknowledged, mapped, MemoryRig, replayed, settle } from "./memory-rig.ts";
import { CHALLENGE, header } from "./scripted-gateway.ts";

const GREETING = Buffer.from(`lsg_version=0.9.4\ncram=${CHALLENGE}\nsuccess=1|session_id=1\n`);
const SECOND = 1e9;

/** What a session that asks from `start` on is sent when the log has `count` trades by then. */
function streamOf(log: readonly LogTrade[], start: bigint, version: DbnVersion = 3): Uint8Array[] {
  const nowSec = (log.at(-1)?.recv ?? 0) / SECOND;
  const trades = log.filter(({ event }) => LOG_START + BigInt(event) >= start).map((trade) => recordOf(trade));
  return [header(version), acknowledged(nowSec), mapped("NQ.c.0", "NQZ6"), ...trades, replayed(nowSec)];
}

/** Counts of what a rig was handed out. */
function handedOut(rig: MemoryRig): Map<string, number> {
  return countsOf(rig.records.flatMap((record) => record.kind !== "trade" ? [] : [{
    publisherId: record.publisherId, instrumentId: record.instrumentId, event: Number(record.tsEvent - LOG_START), recv: 0,
    sequence: record.sequence, price: Number(record.price / 250_000_000n), size: record.size, side: record.side as LogTrade["side"],
  }]));
}

describe("one cut", () => {
  it("at every byte of greeting and stream loses nothing and counts nothing twice", async () => {
    const log = makeLog(new Prng(11), "B", 30);
    const wanted = countsOf(log);
    const early = log.slice(0, 22);
    const bytes = Buffer.concat([GREETING, ...streamOf(early, 0n)]);
    let resumed = 0;
    for (let at = 0; at <= bytes.length; at += 1) {
      const rig = new MemoryRig();
      const first = await rig.peer();
      first.raw(bytes.subarray(0, at));
      first.reset();
      const second = await rig.peer();
      second.raw(GREETING);
      const start = second.starts()[0] ?? 0n;
      if (start > 0n) resumed += 1;
      second.send(...streamOf(log, start));
      const found = handedOut(rig);
      await rig.stop();
      if (found.size !== wanted.size || log.some((trade) => found.get(keyOf(trade)) !== wanted.get(keyOf(trade)))) {
        expect(found, `cut after ${at} of ${bytes.length} bytes`).toEqual(wanted);
      }
    }
    expect(resumed).toBeGreaterThan(bytes.length / 2);
  });

  it("at any place of a compressed stream does neither", async () => {
    const log = makeLog(new Prng(12), "B", 60);
    const wanted = countsOf(log);
    const pack = async (records: readonly Uint8Array[]): Promise<Buffer> => {
      const packer = createZstdPacker();
      const pieces: Uint8Array[] = [];
      for (const record of records) pieces.push(await packer.push(record));
      packer.close();
      return Buffer.concat(pieces);
    };
    const bytes = await pack(streamOf(log.slice(0, 50), 0n));
    for (let at = 0; at <= bytes.length; at += 37) {
      const rig = new MemoryRig({ compression: "zstd" });
      const first = await rig.peer();
      first.raw(GREETING);
      first.raw(bytes.subarray(0, at));
      // Expanding takes turns of its own; the cut may come before it is done.
      if (at % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      first.reset();
      const second = await rig.peer();
      second.raw(GREETING);
      second.raw(await pack(streamOf(log, second.starts()[0] ?? 0n)));
      while (rig.link.phase !== "LIVE") {
        await new Promise((resolve) => setImmediate(resolve));
        rig.clock.advance(1);
      }
      expect(handedOut(rig), `cut after ${at} of ${bytes.length} bytes`).toEqual(wanted);
      await rig.stop();
    }
  });
});

/** A gateway with a log that grows: each session gets the log from its start on, then what arrives, until it is cut. */
async function liveThrough(seed: number, regime: Regime): Promise<{ rig: MemoryRig; log: LogTrade[] }> {
  const prng = new Prng(seed);
  const log = makeLog(prng, regime, 400);
  const marginMs = regime === "D" ? (2 * LATE_NS.D) / 1e6 : 60_000;
  const rig = new MemoryRig({ replayMarginMs: marginMs });
  let arrived = prng.int(1, 200);
  for (let cuts = prng.int(1, 5); cuts >= 0; cuts -= 1) {
    const peer = await rig.peer();
    peer.raw(GREETING);
    const start = peer.starts()[0] ?? 0n;
    const now = (log[arrived - 1]?.recv ?? 0) / SECOND;
    const replay = replayOf(log.slice(0, arrived), regime, prng)
      .filter(({ trade }) => LOG_START + BigInt(trade.event) >= start)
      .map(({ trade, flags, inDelta }) => recordOf(trade, { flags, inDelta }));
    const until = cuts === 0 ? log.length : prng.int(arrived, log.length);
    const live = log.slice(arrived, until).map((trade) => recordOf(trade));
    const bytes = Buffer.concat([header(), acknowledged(now), mapped("NQ.c.0", "NQZ6"), ...replay, replayed(now), ...live]);
    // A cut anywhere, also inside the replay, also inside a record; what arrived beyond it is replayed to the next session.
    const end = cuts === 0 ? bytes.length : prng.int(0, bytes.length);
    for (let at = 0; at < end; ) {
      const size = Math.min(end - at, prng.int(1, 4_000));
      peer.raw(bytes.subarray(at, at + size));
      at += size;
    }
    await settle();
    if (cuts === 0 || peer.isClosed) {
      // The client itself may ask again: it always gets what it asks for.
      if (peer.isClosed) cuts += 1;
      continue;
    }
    peer.reset();
    arrived = Math.max(1, prng.int(Math.min(until, log.length), Math.min(log.length, until + 20)));
  }
  return { rig, log };
}

describe.each(Object.keys(REGIMES) as Regime[])("many cuts, regime %s", (regime) => {
  it("lose nothing and count nothing twice", async () => {
    await fc.assert(fc.asyncProperty(fc.integer(), async (seed) => {
      const { rig, log } = await liveThrough(seed, regime);
      expect(handedOut(rig)).toEqual(countsOf(log));
      await rig.stop();
    }), { numRuns: 40 });
  });
});
