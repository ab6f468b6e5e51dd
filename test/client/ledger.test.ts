/** The ledger against the plainest model of its rule, over logs of every nasty kind and cuts anywhere. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OccurrenceLedger } from "../../src/client/occurrence-ledger.ts";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { Prng } from "../../src/lib/prng.ts";
import {
  countsOf, keyOf, LATE_NS, LOG_START, makeLog, NaiveLedger, recordOf, REGIMES, replayed, viewOf, type LogTrade, type Regime,
} from "./market-log.ts";

const RECORDS = 300;

interface Run {
  readonly log: readonly LogTrade[];
  readonly ledger: OccurrenceLedger;
  readonly naive: NaiveLedger;
  readonly counted: Map<string, number>;
  readonly repeats: number;
}

/**
 * Lives through a log with 1 to 5 cuts, some of them inside a replay. `marginNs`: how long before the farthest point a
 * replay begins; null: at the log's beginning.
 */
function live(seed: number, regime: Regime, ledger: OccurrenceLedger, marginNs: number | null): Run {
  const prng = new Prng(seed);
  const log = makeLog(prng, regime, RECORDS);
  const naive = new NaiveLedger();
  const counted = new Map<string, number>();
  const take = (trade: LogTrade, extra: { flags?: number; inDelta?: number }): void => {
    const isNew = ledger.admit(viewOf(recordOf(trade, extra)));
    if (isNew !== naive.admit(trade)) throw new Error(`the model decides otherwise about ${keyOf(trade)}`); // expect is slow
    if (isNew) counted.set(keyOf(trade), (counted.get(keyOf(trade)) ?? 0) + 1);
    if (prng.chance(0.2)) ledger.advance(0);
  };
  /** Where the gateway's log ends now; a session gets the log from its start to there, then what arrives until the cut. */
  let arrived = prng.int(1, RECORDS);
  let start: bigint | null = null;
  for (let cuts = prng.int(1, 5); cuts >= 0; cuts -= 1) {
    ledger.beginSession(start);
    naive.beginSession();
    const from = start === null ? 0 : Number(start - LOG_START);
    const sent = replayed(log.slice(0, arrived), regime, prng).filter(({ trade }) => trade.event >= from);
    const isCutInside = cuts > 0 && prng.chance(0.3);
    const sentCount = isCutInside ? prng.int(0, sent.length) : sent.length;
    for (const { trade, flags, inDelta } of sent.slice(0, sentCount)) take(trade, { flags, inDelta });
    if (!isCutInside) {
      ledger.replayCompleted("trades");
      const until = cuts === 0 ? RECORDS : prng.int(arrived, RECORDS);
      for (const trade of log.slice(arrived, until)) take(trade, {});
      arrived = until;
    }
    ledger.advance(0);
    // Nothing came twice within the log, so nothing may have been lost or counted twice up to here.
    const highNs = ledger.highUs < 0 ? 0 : ledger.highUs * 1000 - Number(LOG_START);
    start = marginNs === null || ledger.highUs < 0 ? LOG_START : LOG_START + BigInt(Math.max(0, Math.floor(highNs - marginNs)));
    arrived = Math.min(RECORDS, arrived + prng.int(0, 20));
  }
  return { log, ledger, naive, counted, repeats: ledger.repeated };
}

describe.each(Object.entries(REGIMES))("regime %s: %o", (name) => {
  const regime = name as Regime; // a key of that table
  const marginNs = 2 * (regime === "D" ? LATE_NS.D : 60_000_000_000);

  it("loses nothing and counts nothing twice, whatever is cut where", () => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      const { log, counted, naive } = live(seed, regime, new OccurrenceLedger(), marginNs);
      expect(counted).toEqual(countsOf(log));
      expect(naive.counted).toEqual(countsOf(log));
    }), { numRuns: 150 });
  });

  it("does so when everything is replayed from the beginning", () => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      const { log, counted } = live(seed, regime, new OccurrenceLedger(), null);
      expect(counted).toEqual(countsOf(log));
    }), { numRuns: 80 });
  });
});

describe("a ledger that keeps few records", () => {
  /** A market in order of time; what was given up is known by its age. */
  it("passes by what it gave up, compares what it kept, and counts what is new", () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 2, max: 5 }), (seed, blocks) => {
      const prng = new Prng(seed);
      const log = makeLog(prng, "A", RECORDS);
      const ledger = new OccurrenceLedger({ blockRecords: 16, blocks });
      const counted: LogTrade[] = [];
      let reached = 0;
      for (let session = 0; session < 4; session += 1) {
        ledger.beginSession(session === 0 ? null : LOG_START);
        const until = session === 3 ? RECORDS : prng.int(0, RECORDS);
        for (const trade of log.slice(0, until)) if (ledger.admit(viewOf(recordOf(trade)))) counted.push(trade);
        ledger.advance(0);
        reached = Math.max(reached, until);
        expect(countsOf(counted)).toEqual(countsOf(log.slice(0, reached)));
        expect(ledger.size).toBeLessThanOrEqual(16 * blocks);
      }
    }), { numRuns: 100 });
  });

  it("admits an instrument it never had, however old", () => {
    const prng = new Prng(5);
    const ledger = new OccurrenceLedger({ blockRecords: 4, blocks: 2 });
    const log = makeLog(prng, "A", 60);
    ledger.beginSession(null);
    for (const trade of log) ledger.admit(viewOf(recordOf(trade)));
    ledger.advance(0);
    ledger.beginSession(LOG_START);
    const old = log[0];
    if (old === undefined) throw new Error("the log is empty");
    expect(ledger.admit(viewOf(recordOf(old)))).toBe(false);
    expect(ledger.admit(viewOf(recordOf({ ...old, instrumentId: 77 })))).toBe(true);
  });
});

describe("many trades at once", () => {
  it("are decided as one by one, whatever lies together, with and without a send time behind each", () => {
    fc.assert(fc.property(fc.integer(), fc.boolean(), (seed, hasSendTime) => {
      const prng = new Prng(seed);
      const log = makeLog(prng, "B", 120);
      const one = new OccurrenceLedger({ blockRecords: 16, blocks: 3 });
      const many = new OccurrenceLedger({ blockRecords: 16, blocks: 3 });
      const lengthBytes = hasSendTime ? 56 : 48;
      const bytes = Buffer.concat(log.map((trade) => recordOf(trade, { tsOut: hasSendTime ? 5n : undefined })));
      for (const start of [null, LOG_START, LOG_START + BigInt(log[60]?.event ?? 0)]) {
        one.beginSession(start);
        many.beginSession(start);
        const passed: [number[], number[]] = [[], []];
        for (let at = 0; at < log.length; ) {
          const count = Math.min(prng.int(1, 30), log.length - at);
          for (let n = at; n < at + count; n += 1) if (one.admit(viewOf(bytes.subarray(n * lengthBytes)))) passed[0].push(n);
          many.admitTrades(new RecordView().point(bytes, at * lengthBytes), count, (view, got) => {
            for (let k = 0; k < got; k += 1) passed[1].push(view.base / lengthBytes + k);
          });
          one.advance(0);
          many.advance(0);
          at += count;
        }
        expect(passed[1]).toEqual(passed[0]);
        expect([many.size, many.admitted, many.repeated, many.highUs]).toEqual([one.size, one.admitted, one.repeated, one.highUs]);
      }
    }), { numRuns: 60 });
  });
});

describe("identity", () => {
  const base: LogTrade = { publisherId: 1, instrumentId: 42, event: 1e9, recv: 1e9, sequence: 7, price: 84_000, size: 3, side: "B" };
  const after = (trade: LogTrade, extra: { flags?: number; inDelta?: number } = {}): boolean => {
    const ledger = new OccurrenceLedger();
    ledger.beginSession(null);
    ledger.admit(viewOf(recordOf(base)));
    ledger.advance(0);
    ledger.beginSession(LOG_START);
    return ledger.admit(viewOf(recordOf(trade, extra)));
  };

  it("is told by each of its fields", () => {
    const others: Partial<LogTrade>[] = [
      { publisherId: 2 }, { instrumentId: 43 }, { event: 1e9 + 1 }, { event: 1e9 + 2 ** 32 }, { sequence: 8 }, { price: 84_001 }, { size: 4 }, { side: "A" },
    ];
    for (const other of others) expect(after({ ...base, ...other }), JSON.stringify(other)).toBe(true);
  });

  it("is not told by what another host may stamp", () => {
    expect(after(base)).toBe(false);
    expect(after({ ...base, recv: 2e9 })).toBe(false);
    expect(after(base, { flags: 0x88, inDelta: 55 })).toBe(false);
  });

  it("leaves other schemas alone", () => {
    const ledger = new OccurrenceLedger();
    ledger.beginSession(null);
    const status = encodeRecord({ kind: "status", instrumentId: 42, tsEvent: LOG_START }, 3);
    const quote = encodeRecord({ kind: "mbp1", instrumentId: 42, tsEvent: LOG_START, size: 3 }, 3);
    for (let session = 0; session < 2; session += 1) {
      expect([ledger.admit(viewOf(status)), ledger.admit(viewOf(quote))]).toEqual([true, true]);
      ledger.beginSession(LOG_START);
    }
  });

  it("survives a send time behind the record", () => {
    const ledger = new OccurrenceLedger();
    const bytes = encodeRecord({ kind: "trade", instrumentId: 42, tsEvent: LOG_START, tsRecv: LOG_START, size: 1 }, 3);
    const sent = encodeRecord({ kind: "trade", instrumentId: 42, tsEvent: LOG_START, tsRecv: LOG_START, size: 1 }, 3, 99n);
    ledger.beginSession(null);
    expect(ledger.admit(viewOf(sent))).toBe(true);
    ledger.advance(0);
    ledger.beginSession(LOG_START);
    expect(ledger.admit(viewOf(bytes))).toBe(false);
  });
});

describe("the comparison with what was counted before", () => {
  it("agrees with the model about what did not come again, wherever the replay begins", () => {
    fc.assert(fc.property(fc.integer(), fc.nat({ max: RECORDS }), fc.nat({ max: RECORDS }), (seed, lost, from) => {
      const log = makeLog(new Prng(seed), "B", RECORDS);
      const ledger = new OccurrenceLedger();
      const naive = new NaiveLedger();
      ledger.beginSession(null);
      naive.beginSession();
      for (const trade of log) if (ledger.admit(viewOf(recordOf(trade))) !== naive.admit(trade)) throw new Error("at first");
      ledger.advance(0);
      const start = log[from]?.event ?? 0;
      ledger.beginSession(LOG_START + BigInt(start));
      naive.beginSession();
      const sent = log.filter(({ event }, at) => event >= start && at % (lost + 1) !== 0);
      for (const trade of sent) if (ledger.admit(viewOf(recordOf(trade))) !== naive.admit(trade)) throw new Error("again");
      const { compared, missing } = ledger.compare(0, Number.POSITIVE_INFINITY);
      expect(compared).toBe(log.filter(({ event }) => event >= start).length);
      expect(missing).toBe(naive.missing(start));
    }), { numRuns: 100 });
  });

  it("is over once it is settled: everything is new from then on", () => {
    const ledger = new OccurrenceLedger();
    const [first, second] = makeLog(new Prng(1), "A", 2).map((trade) => recordOf(trade));
    if (first === undefined || second === undefined) throw new Error("the log is too short");
    ledger.beginSession(null);
    ledger.admit(viewOf(first));
    ledger.advance(0);
    ledger.beginSession(LOG_START);
    expect([Number.isFinite(ledger.oldestUs), ledger.admit(viewOf(first))]).toEqual([true, false]);
    ledger.settle();
    expect([Number.isFinite(ledger.oldestUs), ledger.admit(viewOf(first)), ledger.admit(viewOf(second))]).toEqual([false, true, true]);
    ledger.advance(0);
    expect([ledger.admitted, ledger.repeated, ledger.size]).toEqual([3, 1, 3]);
  });
});

describe("lateness", () => {
  it("is the most that a live record came behind the market; what is replayed says nothing", () => {
    const ledger = new OccurrenceLedger();
    const at = (event: number, recv: number): LogTrade => ({
      publisherId: 1, instrumentId: 42, event: event * 1e9, recv: recv * 1e9, sequence: 1, price: 1, size: 1, side: "N",
    });
    const take = (...trades: readonly LogTrade[]): void => {
      for (const trade of trades) ledger.admit(viewOf(recordOf(trade)));
      ledger.advance(0);
    };
    ledger.beginSession(null);
    take(at(500, 500), at(510, 510), at(100, 511));
    expect(ledger.lateness()).toBe(0);
    ledger.replayCompleted("statistics");
    take(at(512, 512));
    expect(ledger.lateness()).toBe(0);
    ledger.replayCompleted("trades");
    take(at(513, 513), at(514, 514), at(507, 515), at(516, 516));
    expect(ledger.lateness()).toBeCloseTo(8e6, -1);
  });
});

describe("the far point", () => {
  it("is moved by no single damaged time, and by two that agree", () => {
    fc.assert(fc.property(fc.integer(), fc.nat({ max: RECORDS - 2 }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat({ max: 40 }),
      (seed, place, wild, batch) => {
        const log = makeLog(new Prng(seed), "A", RECORDS);
        const ledger = new OccurrenceLedger();
        ledger.beginSession(null);
        for (const [at, trade] of log.entries()) {
          const bytes = recordOf(trade);
          if (at === place + 1) new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(32, wild, true);
          ledger.admit(viewOf(bytes));
          if (at % (batch + 1) === 0) ledger.advance(0);
        }
        ledger.advance(0);
        const micros = (trade: LogTrade | undefined): number => Number((LOG_START + BigInt(trade?.recv ?? 0)) / 1000n);
        expect(ledger.highUs).toBeLessThanOrEqual(micros(log.at(-1)) + 10e6 + 1);
        // The damaged one may be the last of all.
        expect(ledger.highUs).toBeGreaterThanOrEqual(micros(log.at(-2)) - 1);
      }), { numRuns: 200 });
  });

  it.each([11, 60, 200, 299, 301, 10_000])("is not moved by one time that is %d seconds ahead, whatever comes after it", (aheadSec) => {
    const ledger = new OccurrenceLedger();
    ledger.beginSession(null);
    for (let sec = 1; sec <= 20; sec += 1) {
      const recv = (sec === 10 ? sec + aheadSec : sec) * 1e9;
      ledger.admit(viewOf(recordOf({ publisherId: 1, instrumentId: 42, event: sec * 1e9, recv, sequence: sec, price: 1, size: 1, side: "N" })));
      ledger.advance(1e6);
    }
    expect(ledger.highUs).toBeCloseTo(Number(LOG_START / 1000n) + 20e6, -1);
  });

  it("follows a market that rested for a week", () => {
    const ledger = new OccurrenceLedger();
    const [one, two, three] = [1, 2, 3].map((n): LogTrade => ({
      publisherId: 1, instrumentId: 42, event: n * 1e9, recv: n * 1e9, sequence: n, price: 1, size: 1, side: "N",
    }));
    if (one === undefined || two === undefined || three === undefined) throw new Error("three were made");
    const week = 7 * 86_400 * 1e9;
    ledger.beginSession(null);
    for (const trade of [one, two, { ...three, recv: week }]) ledger.admit(viewOf(recordOf(trade)));
    ledger.advance(0);
    expect(ledger.highUs).toBeCloseTo(Number(LOG_START / 1000n) + 2e6, -1);
    ledger.admit(viewOf(recordOf({ ...three, recv: week + 5e9 })));
    ledger.advance(0);
    expect(ledger.highUs).toBeCloseTo(Number(LOG_START / 1000n) + week / 1000 + 5e6, -1);
  });
});
