/** The demo source keeps the contract of a source, and gives the same bytes however it is read. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecordView } from "../../../src/dbn/record-view.ts";
import { createDemoSource, DEMO_SEED } from "../../../src/gateway/demo/demo-source.ts";
import { demoTimeOfDay } from "../../../src/gateway/demo/demo-day.ts";
import type { SourceReader } from "../../../src/gateway/source.ts";
import { compareTime, fromNanos, toNanos, type UnixTime } from "../../../src/lib/time.ts";
import { at, NEVER } from "./walk-tape.ts";

interface Digest {
  readonly hash: string;
  readonly bytes: number;
  readonly records: number;
}

/** Reads on at each of these times until nothing more is due. */
async function digestOf(reader: SourceReader, untils: Iterable<UnixTime>): Promise<Digest> {
  const hash = createHash("sha256");
  let bytes = 0;
  let records = 0;
  for (const until of untils) {
    for (;;) {
      const batch = await reader.read(until);
      if (batch === null || batch === "end") break;
      hash.update(batch.bytes);
      bytes += batch.bytes.length;
      records += batch.records;
    }
  }
  return { hash: hash.digest("hex"), bytes, records };
}

function* every(nanos: bigint, from: UnixTime, to: UnixTime): Generator<UnixTime> {
  for (let now = toNanos(from); now < toNanos(to); now += nanos) yield fromNanos(now);
  yield to;
}

describe("the demo's bytes", () => {
  const end = at("09:31:00");

  test("are the same in one go, second by second, and at odd times", async () => {
    const source = createDemoSource();
    const whole = await digestOf(source.open(), [end]);
    expect(whole.records).toBeGreaterThan(150_000);
    expect(await digestOf(source.open(), every(1_000_000_000n, at("09:28:00"), end))).toEqual(whole);
    expect(await digestOf(source.open(), every(9_973_127n, at("09:29:40"), end))).toEqual(whole);
    expect(await digestOf(createDemoSource({ seed: DEMO_SEED, startAt: at("11:00") }).open(), [end])).toEqual(whole);
  });

  test("are the same for any sequence of times", async () => {
    const until = at("18:20");
    const whole = await digestOf(createDemoSource({ seed: 5 }).open(), [until]);
    const seconds = fc.array(fc.integer({ min: -2_000, max: 1_190 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(seconds, async (times) => {
        const reader = createDemoSource({ seed: 5 }).open();
        const untils = times.map((second) => ({ sec: at("18:00").sec + second, nanos: 123_456_789 }));
        expect(await digestOf(reader, [...untils, until])).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  test("are the same over the whole day, and differ for another seed", async () => {
    const [a, b, other] = [
      await digestOf(createDemoSource().open(), [NEVER]),
      await digestOf(createDemoSource().open(), every(600_000_000_000n, at("18:00"), NEVER)),
      await digestOf(createDemoSource({ seed: 1 }).open(), [NEVER]),
    ];
    expect(b).toEqual(a);
    expect(other?.hash).not.toBe(a?.hash);
    expect(a?.records).toBeGreaterThan(1_000_000);
  });

  test("of two readers do not depend on each other", async () => {
    const source = createDemoSource({ seed: 3 });
    const until = at("18:10");
    const alone = await digestOf(source.open(), [until]);
    const [first, second] = [source.open(), source.open()];
    const early = at("18:04");
    await digestOf(second, [early]);
    expect(await digestOf(first, [early, until])).toEqual(alone);
  });
});

describe("a reader", () => {
  test("hands out only what is due, in batches of bounded size, and says when the next is due", async () => {
    const source = createDemoSource();
    const reader = source.open();
    const view = new RecordView();
    expect(reader.nextAt).toEqual(source.firstAt);
    expect(await reader.read({ sec: source.firstAt.sec, nanos: source.firstAt.nanos - 1 })).toBeNull();
    let last = source.firstAt;
    for (const until of every(250_000_000n, at("09:29:50"), at("09:30:20"))) {
      for (;;) {
        const batch = await reader.read(until);
        if (batch === "end") throw new Error("ended before the close");
        if (batch === null) break;
        expect(batch.bytes.length).toBeLessThanOrEqual(262_144);
        let records = 0;
        for (let base = 0; base < batch.bytes.length; base += view.lengthBytes) {
          view.point(batch.bytes, base);
          const index = fromNanos((BigInt(view.indexHi) << 32n) | BigInt(view.indexLo));
          if (records === 0 || base + view.lengthBytes === batch.bytes.length) {
            expect(compareTime(index, until)).toBeLessThanOrEqual(0);
            expect(compareTime(index, last)).toBeGreaterThanOrEqual(0);
            last = index;
          }
          records += 1;
        }
        expect(records).toBe(batch.records);
      }
      expect(compareTime(reader.nextAt ?? source.firstAt, until)).toBeGreaterThan(0);
    }
  });

  test("waits for the close, then ends for good", async () => {
    const reader = createDemoSource().open();
    const beforeClose = at("16:59:59.9");
    while ((await reader.read(beforeClose)) !== null);
    const closing = await reader.read(NEVER);
    expect(closing).not.toBeNull();
    expect(closing).not.toBe("end");
    while ((await reader.read(NEVER)) !== "end");
    expect(await reader.read(NEVER)).toBe("end");
    expect(reader.nextAt).toBeNull();
  });

  test("takes a time without end, and has nothing after it was closed", async () => {
    const reader = createDemoSource().open();
    expect(await reader.read({ sec: Number.POSITIVE_INFINITY, nanos: 0 })).not.toBeNull();
    await reader.close();
    await reader.close();
    expect(await reader.read(NEVER)).toBe("end");
    expect(reader.nextAt).toBeNull();
  });
});

describe("the source", () => {
  test("describes itself", () => {
    const source = createDemoSource();
    expect(source.mode).toBe("demo");
    expect(source.dataset).toBe("GLBX.MDP3");
    expect(new Date(source.startAt.sec * 1000).toISOString()).toBe("2025-06-13T13:29:30.000Z");
    expect(new Date(source.firstAt.sec * 1000).toISOString()).toBe("2025-06-12T21:40:00.000Z");
    const front = source.instruments.filter(({ continuous }) => continuous.includes("NQ.v.0"));
    expect(front.map(({ rawSymbol }) => rawSymbol)).toEqual(["NQM5"]);
    expect(source.instruments.every(({ parents }) => parents.includes("NQ.FUT"))).toBe(true);
    expect(new Set(source.instruments.map(({ instrumentId }) => instrumentId)).size).toBe(3);
  });

  test("starts its clock where it is told, but not before its first record", () => {
    expect(createDemoSource({ startAt: at("10:57:30") }).startAt).toEqual(at("10:57:30"));
    const early = createDemoSource({ startAt: { sec: 0, nanos: 0 } });
    expect(early.startAt).toEqual(early.firstAt);
  });

  test("finds the instant of a time of day: evening hours lie before midnight", () => {
    expect(demoTimeOfDay(9.5 * 3600)).toEqual(at("09:30"));
    expect(demoTimeOfDay(18 * 3600).sec).toBe(Date.UTC(2025, 5, 12, 22) / 1000);
    expect(demoTimeOfDay(0).sec).toBe(Date.UTC(2025, 5, 13, 4) / 1000);
    expect(demoTimeOfDay(16 * 3600 + 3599).sec).toBe(Date.UTC(2025, 5, 13, 20, 59, 59) / 1000);
  });
});
