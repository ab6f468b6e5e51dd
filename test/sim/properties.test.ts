/** Properties of the parts that accounting stands on, over structures made at random. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GapLog } from "../../src/client/gap-log.ts";
import { OccurrenceLedger } from "../../src/client/occurrence-ledger.ts";
import type { DbnVersion } from "../../src/dbn/constants.ts";
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { RECORD_KINDS } from "../../src/dbn/layouts.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { compareTime, type UnixTime } from "../../src/lib/time.ts";
import { ApiKey } from "../../src/lsg/api-key.ts";
import { boundedGaps } from "../../src/lsg/bounded-gaps.ts";
import { createLsgClientSession } from "../../src/lsg/client-session.ts";
import { createLsgServerSession } from "../../src/lsg/server-session.ts";
import type { LinkGap } from "../../src/lsg/link-state.ts";
import type { StypeIn, Subscription } from "../../src/lsg/subscription.ts";
import { concatBytes, tradeBytes } from "../helpers/dbn-bytes.ts";

const T0 = 1_749_821_400_000_000_000n;
const MICROS = 1_000n;

/** A handful of identities, so that equal ones are common. */
const identity = fc.record({ event: fc.nat({ max: 5 }), size: fc.integer({ min: 1, max: 2 }), sequence: fc.nat({ max: 1 }) });

function tradeOf({ event, size, sequence }: { event: number; size: number; sequence: number }, recv: number): Uint8Array {
  return tradeBytes({ tsEvent: T0 + BigInt(event) * MICROS, size, sequence, price: 21_000_000_000_000n, tsRecv: T0 + BigInt(recv) * MICROS });
}

describe("the ledger", () => {
  it("has counted each trade as often as the session that had it most, after every single record", () => {
    fc.assert(fc.property(fc.array(fc.array(identity, { maxLength: 40 }), { minLength: 1, maxLength: 6 }), (sessions) => {
      const ledger = new OccurrenceLedger();
      const counted = new Map<string, number>();
      const most = new Map<string, number>();
      const view = new RecordView();
      for (const [number, trades] of sessions.entries()) {
        ledger.beginSession(number === 0 ? null : T0 - 1_000_000_000n);
        const came = new Map<string, number>();
        for (const [recv, trade] of trades.entries()) {
          const key = JSON.stringify(trade);
          const occurrence = (came.get(key) ?? 0) + 1;
          came.set(key, occurrence);
          most.set(key, Math.max(occurrence, most.get(key) ?? 0));
          if (ledger.admit(view.point(tradeOf(trade, recv)))) counted.set(key, (counted.get(key) ?? 0) + 1);
          expect(counted.get(key)).toBe(most.get(key));
        }
        ledger.advance(0);
      }
    }), { numRuns: 2_000 });
  });
});

describe("the list of gaps", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("open" as const), us: fc.nat({ max: 1_000 }) }),
    fc.record({ kind: fc.constantFrom("filled" as const, "unverified" as const, "not filled" as const), us: fc.nat({ max: 1_000 }) }),
    fc.record({ kind: fc.constant("part" as const), us: fc.nat({ max: 1_000 }) }),
    fc.record({ kind: fc.constant("drop" as const), us: fc.constant(0) }),
    fc.record({ kind: fc.constantFrom("doubt" as const, "settle" as const), us: fc.nat({ max: 5_000 }) }),
  );

  it("is in order and bounded, and only its last is open, whatever happens", () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const gaps = new GapLog();
      let now = 1e15;
      for (const { kind, us } of steps) {
        now += us;
        if (kind === "open") gaps.open(now, "lost");
        else if (kind === "part") gaps.closeInPart(now, now + us, "in part");
        else if (kind === "drop") gaps.drop();
        else if (kind === "doubt") gaps.doubt(now - us, "doubtful");
        else if (kind === "settle") gaps.settle();
        else gaps.close(kind, now, "closed");
        const { list } = gaps;
        expect(list.length).toBeLessThanOrEqual(50);
        for (const [n, { from, to, state }] of list.entries()) {
          expect(to === null).toBe(state === "open");
          if (to === null) expect(n).toBe(list.length - 1);
          else expect(compareTime(from, to)).toBeLessThanOrEqual(0);
          if (n > 0) expect(compareTime(list[n - 1]?.from ?? from, from)).toBeLessThanOrEqual(0);
        }
        expect(gaps.isOpen).toBe(list.at(-1)?.state === "open");
      }
    }), { numRuns: 500 });
  });
});

describe("gaps of which there are too many", () => {
  const at = (sec: number): UnixTime => ({ sec, nanos: 0 });
  const gap = fc.record({
    from: fc.nat({ max: 200 }), length: fc.option(fc.nat({ max: 40 })), state: fc.constantFrom("filled" as const, "unverified" as const, "not filled" as const),
  }).map(({ from, length, state }): LinkGap => (length === null ? { from: at(from), to: null, state: "open", how: "" } : { from: at(from), to: at(from + length), state, how: "" }));

  it("are fewer, and no time that was in doubt is less so", () => {
    const isDoubtful = (gaps: readonly LinkGap[], sec: number): boolean =>
      gaps.some(({ from, to, state }) => state !== "filled" && from.sec <= sec && (to === null || to.sec >= sec));
    fc.assert(fc.property(fc.array(gap, { maxLength: 30 }), fc.integer({ min: 1, max: 10 }), (gaps, max) => {
      const ordered = [...gaps].sort((a, b) => compareTime(a.from, b.from));
      const fewer = boundedGaps(ordered, max);
      expect(fewer.length).toBe(Math.min(max, gaps.length));
      for (let sec = 0; sec < 250; sec += 1) if (isDoubtful(ordered, sec)) expect([sec, isDoubtful(fewer, sec)]).toEqual([sec, true]);
    }), { numRuns: 300 });
  });
});

describe("the decoder", () => {
  const kinds = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant("trade" as const) }, { weight: 1, arbitrary: fc.constantFrom(...RECORD_KINDS) }), {
    maxLength: 40,
  });

  it("hands out the same records one by one, in runs of trades, and in any cutting", () => {
    fc.assert(fc.property(kinds, fc.constantFrom<DbnVersion>(1, 2, 3), fc.boolean(), fc.array(fc.nat({ max: 8_000 }), { maxLength: 8 }), (all, version, hasSendTime, cuts) => {
      const bytes = concatBytes(...all.map((kind, n) => encodeRecord({ kind, tsEvent: T0 + BigInt(n) }, version, hasSendTime ? T0 : undefined)));
      const whole: string[] = [];
      createDbnDecoder({ fragment: { version } }).push(bytes, (view) => whole.push(Buffer.from(view.copy()).toString("hex")));
      expect(whole.length).toBe(all.length);
      const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const pieces: string[] = [];
      const decoder = createDbnDecoder({ fragment: { version } });
      const add = (view: RecordView): void => void pieces.push(Buffer.from(view.copy()).toString("hex"));
      for (const [n, edge] of edges.entries()) {
        decoder.push(bytes.subarray(edges[n - 1] ?? 0, edge), add, (view, count) => {
          const { base, lengthBytes } = view;
          for (let at = 0; at < count; at += 1) {
            view.base = base + at * lengthBytes;
            add(view);
          }
        });
      }
      expect(pieces).toEqual(whole);
      expect(decoder.records).toBe(all.length);
    }), { numRuns: 500 });
  });
});

describe("both halves of the protocol", () => {
  const symbol = fc.stringMatching(/^[A-Z0-9][A-Z0-9 .:-]{0,20}$/);
  const subscription: fc.Arbitrary<Subscription> = fc.record({
    schema: fc.constantFrom("trades", "mbp-1", "ohlcv-1m", "definition"),
    stypeIn: fc.constantFrom<StypeIn>("raw_symbol", "continuous", "parent", "instrument_id"),
    symbols: fc.array(symbol, { minLength: 1, maxLength: 700 }),
    start: fc.option(fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn })),
    snapshot: fc.constant(false),
    id: fc.option(fc.nat({ max: 0xffff_ffff })),
  });

  it("understand each other's subscriptions in any cutting", () => {
    fc.assert(fc.property(fc.array(subscription, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 5_000 }), (subscriptions, pieceBytes) => {
      const key = ApiKey.parse("db-unittestapikey1234567890FFFFF");
      const server = createLsgServerSession({ dataset: "GLBX.MDP3", keys: [key], challenge: "abcd1234", sessionId: "7", lsgVersion: "0.9.4" });
      const client = createLsgClientSession({
        apiKey: key, dataset: "GLBX.MDP3", tsOut: true, compression: "zstd", heartbeatIntervalS: 5, slowReaderBehavior: "warn", client: "x",
      });
      const understood: Subscription[] = [];
      let hasStarted = false;
      const send = (bytes: Uint8Array): void => {
        for (let at = 0; at < bytes.length; at += pieceBytes) {
          for (const event of server.receive(bytes.slice(at, at + pieceBytes))) {
            if (event.kind === "subscribed") understood.push(event.subscription);
            else if (event.kind === "start") hasStarted = true;
            else if (event.kind === "send") answer(event.bytes);
          }
        }
      };
      const answer = (bytes: Uint8Array): void => {
        for (let at = 0; at < bytes.length; at += pieceBytes) {
          for (const event of client.receive(bytes.slice(at, at + pieceBytes))) {
            if (event.kind === "send") send(event.bytes);
            else if (event.kind === "authenticated") send(client.start(subscriptions));
          }
        }
      };
      answer(server.greeting());
      expect(understood).toEqual(subscriptions);
      expect(hasStarted).toBe(true);
    }), { numRuns: 200 });
  });
});
