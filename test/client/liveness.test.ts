/** What is said of a link that works: whether trades flow, how old they are, how far behind this reader is. */
import { afterEach, describe, expect, it } from "vitest";
import { encodeRecord } from "../../src/dbn/encode.ts";
import type { FlowFacts, FlowJudge } from "../../src/client/flow.ts";
import type { LiveClientOptions } from "../../src/client/live-options.ts";
import { TRADES } from "./client-rig.ts";
import { acknowledged, heartbeat, MemoryRig, replayed, settle, tick, ticks, type MemoryPeer } from "./memory-rig.ts";
import { failure } from "./scripted-gateway.ts";

let rig = new MemoryRig();

afterEach(async () => {
  await rig.stop();
});

async function streaming(options: Partial<LiveClientOptions> = {}): Promise<MemoryPeer> {
  await rig.stop();
  rig = new MemoryRig({ subscriptions: () => [TRADES], ...options });
  return (await rig.peer()).accept();
}

describe("the flow of trades", () => {
  const facts: FlowFacts[] = [];
  /** Stale after 5 s without trades, quiet after 2. */
  const judge: FlowJudge = (given) => {
    facts.push(given);
    if (given.pauseMs >= 5_000) return { state: "stale", reason: "nothing trades" };
    return given.pauseMs >= 2_000 ? { state: "quiet", reason: "few trade" } : { state: "flowing", reason: "" };
  };

  it("is shown as quiet, as stale, and as live at once when a trade comes", async () => {
    const peer = await streaming({ flow: judge });
    peer.send(acknowledged(0), tick(0));
    expect(rig.link.phase).toBe("LIVE");
    rig.clock.advance(2_500);
    expect(rig.link).toMatchObject({ phase: "QUIET", reason: "few trade" });
    peer.send(heartbeat(2.5));
    rig.clock.advance(3_000);
    expect(rig.link).toMatchObject({ phase: "STALE", reason: "nothing trades" });
    peer.send(heartbeat(5.5));
    expect(rig.link.phase).toBe("STALE");
    peer.send(tick(5.6));
    expect(rig.link).toMatchObject({ phase: "LIVE", reason: "" });
    expect(rig.link.stats.lastTradeAtMs).toBe(rig.clock.wallMs());
  });

  it("is not hidden by quotes", async () => {
    const peer = await streaming({ flow: judge });
    const quote = encodeRecord({ kind: "mbp1", instrumentId: 42, action: "A", side: "B" }, 3);
    peer.send(acknowledged(0), tick(0));
    for (let n = 0; n < 60; n += 1) {
      rig.clock.advance(100);
      peer.send(quote);
    }
    expect(rig.link).toMatchObject({ phase: "STALE", reason: "nothing trades" });
  });

  it("is judged by the usual pause and the gateway's time", async () => {
    facts.length = 0;
    const peer = await streaming({ flow: judge });
    peer.send(acknowledged(0));
    for (let sec = 1; sec < 40; sec += 1) {
      rig.clock.advance(1_000);
      peer.send(tick(sec));
    }
    rig.clock.advance(1_500);
    const last = facts.at(-1);
    expect(last?.pauseMs).toBeGreaterThanOrEqual(1_000);
    expect(last?.medianMs).toBeGreaterThan(900);
    expect(last?.medianMs).toBeLessThan(1_100);
    expect(last?.marketMs).toBeCloseTo(1_790_000_039_000, -2);
    expect(facts.find(({ marketMs }) => marketMs !== null)?.medianMs).toBeNull();
  });

  it("is not judged while a replay runs, whose pace is not the market's", async () => {
    const peer = await streaming({ flow: judge, subscriptions: () => [{ ...TRADES, start: 0n }] });
    peer.send(acknowledged(9_000), ...ticks(0, 50));
    rig.clock.advance(4_000);
    expect(rig.link.phase).toBe("CATCHING_UP");
    peer.send(...ticks(50, 100), replayed(9_000));
    expect(rig.link.phase).toBe("LIVE");
  });

  it("is seen after a loss too, while trades are still compared with those before", async () => {
    const peer = await streaming({ flow: judge, subscriptions: ({ resume }) => [{ ...TRADES, start: resume?.start ?? 0n }] });
    peer.send(acknowledged(0), replayed(0), ...ticks(0, 300));
    peer.reset();
    const second = (await rig.peer()).accept();
    second.send(acknowledged(310), ...ticks(150, 311), replayed(311));
    for (let sec = 311; sec < 330; sec += 1) {
      second.send(tick(sec));
      rig.clock.advance(1_000);
      expect(rig.link.phase).toBe("LIVE");
    }
    expect(rig.link.stats.lastTradeAtMs).toBe(rig.clock.wallMs() - 1_000);
  });

  it("gives way to bytes that are overdue, which are worse", async () => {
    const peer = await streaming({ flow: judge });
    peer.send(acknowledged(0), tick(0));
    rig.clock.advance(6_500);
    expect(rig.link.reason).toContain("no byte came");
    rig.clock.advance(10_000);
    await settle();
    expect(rig.link.phase).toBe("DOWN");
    expect(peer.isClosed).toBe(true);
  });
});

describe("a dead link", () => {
  it("is stale after 6 s of silence and lost after 15", async () => {
    const peer = await streaming();
    peer.send(acknowledged(0), tick(0));
    rig.clock.advance(5_999);
    expect(rig.link.phase).toBe("LIVE");
    rig.clock.advance(1);
    expect(rig.link.phase).toBe("STALE");
    rig.clock.advance(8_999);
    expect(peer.isClosed).toBe(false);
    rig.clock.advance(1);
    await settle();
    expect(rig.link).toMatchObject({ phase: "DOWN", reason: expect.stringContaining("nothing for 15 s") });
  });
});

describe("a machine that slept", () => {
  it("connects again at once, for the other side is long gone and nobody tells", async () => {
    const peer = await streaming();
    peer.send(acknowledged(0), ...ticks(0, 10));
    rig.clock.sleep(600_000);
    rig.clock.advance(1_000);
    await settle();
    expect(peer.isClosed).toBe(true);
    expect(rig.link.messages.at(-1)?.text).toMatch(/600 s more on the wall: this machine slept/);
    rig.clock.advance(1_000);
    await settle();
    expect(rig.peers.length).toBe(2);
  });

  it("does not wait on for a try that was planned before", async () => {
    const peer = await streaming({ reconnect: () => 25_000 });
    peer.reset();
    await settle();
    rig.clock.sleep(600_000);
    rig.clock.advance(2_000);
    await settle();
    expect(rig.peers.length).toBe(2);
  });

  it("is not what a corrected clock is", async () => {
    const peer = await streaming();
    peer.send(acknowledged(0));
    rig.clock.sleep(4_000);
    rig.clock.advance(1_000);
    rig.clock.sleep(-90_000);
    rig.clock.advance(1_000);
    await settle();
    expect(peer.isClosed).toBe(false);
  });
});

describe("the age of data", () => {
  const NOW = (): bigint => BigInt(rig.clock.wallMs()) * 1_000_000n;
  const MS = 1_000_000n;
  /** A trade that was recorded, sent and came so many milliseconds after it happened; null: no send time. */
  const aged = (recv: number, out: number | null, came: number): Uint8Array => {
    const event = NOW() - BigInt(came) * MS;
    const sent = out === null ? undefined : event + BigInt(out) * MS;
    return encodeRecord({ kind: "trade", instrumentId: 42, tsEvent: event, tsRecv: event + BigInt(recv) * MS, size: 1, action: "T", side: "B" }, 3, sent);
  };
  const begin = async (options: Partial<LiveClientOptions> = {}): Promise<MemoryPeer> => {
    const peer = await streaming({ tsOut: true, ...options });
    return peer.send(acknowledged(0));
  };
  const latency = () => {
    rig.clock.advance(1_000);
    return rig.link.latency;
  };
  const near = (value: number): object => ({ p50Ms: expect.closeTo(value, 0), p99Ms: expect.closeTo(value, 0) }) as object;

  it("has three legs: to Databento, inside it, and to here", async () => {
    const peer = await begin();
    for (let n = 0; n < 100; n += 1) {
      rig.clock.advance(50);
      peer.send(aged(2, 5, 12));
    }
    expect(latency()).toMatchObject({ exchange: near(2), gateway: near(3), network: near(7), clockBehindMs: null, behindMs: 0 });
    expect(rig.link.latency?.history.length).toBeGreaterThan(3);
  });

  it("tells the slowest hundredth apart, and forgets after a minute", async () => {
    const peer = await begin();
    for (let n = 0; n < 100; n += 1) {
      rig.clock.advance(10);
      peer.send(n < 3 ? aged(90, 95, 300) : aged(2, 5, 12));
    }
    expect(latency()?.exchange?.p50Ms).toBeCloseTo(2, 0);
    expect(latency()?.exchange?.p99Ms).toBeGreaterThan(80);
    rig.clock.advance(4_000);
    peer.send(heartbeat(1));
    for (let n = 0; n < 13; n += 1) {
      rig.clock.advance(5_000);
      peer.send(aged(2, 5, 12));
    }
    expect(latency()?.exchange?.p99Ms).toBeLessThan(3);
  });

  it("is not that of a piece which this reader left lying", async () => {
    const peer = await begin();
    for (let n = 0; n < 20; n += 1) {
      rig.clock.advance(50);
      peer.send(aged(2, 5, 12));
      peer.sendRested(aged(2, 5, 22));
    }
    expect(latency()).toMatchObject({ network: near(7) });
    expect(rig.records.filter(({ kind }) => kind === "trade").length).toBe(40);
  });

  it("does without the send time", async () => {
    const peer = await begin({ tsOut: false });
    peer.send(aged(2, null, 12));
    expect(latency()).toMatchObject({ exchange: near(2), gateway: null, network: near(10) });
  });

  it("warns of a clock that is behind the sender's", async () => {
    const peer = await begin();
    peer.send(aged(2, 5, -40));
    expect(latency()?.clockBehindMs).toBeCloseTo(45, 0);
  });

  it("says nothing of the way here when the market is on tape", async () => {
    const peer = await begin();
    peer.send(tick(0));
    expect(latency()).toMatchObject({ network: null, clockBehindMs: null });
  });

  it("measures nothing while a replay runs", async () => {
    const peer = await begin({ subscriptions: () => [{ ...TRADES, start: 0n }] });
    peer.send(aged(2, 5, 3_600_000));
    expect(latency()).toBeNull();
  });

  it("shows how far behind a reader is that cannot keep up, until it has caught up", async () => {
    const peer = await begin();
    peer.send(aged(2, 5, 10));
    for (const late of [200, 600, 1_500, 3_000]) {
      rig.clock.advance(500);
      peer.send(aged(2, 5, 10 + late));
    }
    expect(latency()?.behindMs).toBeCloseTo(3_000, 0);
    peer.send(aged(2, 5, 20));
    expect(latency()?.behindMs).toBe(0);
    peer.send(aged(2, 5, 2_000));
    expect(latency()?.behindMs).toBeGreaterThan(1_900);
    rig.clock.advance(2_000);
    peer.send(heartbeat(9));
    expect(latency()?.behindMs).toBe(0);
  });
});

describe("a notice that records were skipped", () => {
  it("is kept with schema and time, and touches no trade", async () => {
    const peer = await streaming();
    peer.send(acknowledged(0), tick(0), failure("Slow client detected for mbp-1. Skipped records", 7), tick(1));
    rig.clock.advance(1_000);
    expect(rig.link.skipped).toEqual({ schema: "mbp-1", atMs: rig.clock.wallMs() - 1_000 });
    expect(rig.link.stats.slowReaderWarnings).toBe(1);
    expect(rig.sequences).toEqual([0, 1_000]);
    expect(rig.gaps).toEqual([]);
  });
});
