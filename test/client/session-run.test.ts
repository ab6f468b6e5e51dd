/** One connection without a socket: time moved by hand, and every cutting of the bytes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlowMeter } from "../../src/client/flow.ts";
import { LatencyMeter } from "../../src/client/latency.ts";
import { createLinkReporter } from "../../src/client/link-reporter.ts";
import { DEFAULT_TIMEOUTS, type LiveClientOptions } from "../../src/client/live-options.ts";
import { runLiveClient } from "../../src/client/live-client.ts";
import { Recovery } from "../../src/client/recovery.ts";
import type { SessionOutcome } from "../../src/client/session.ts";
import { startSession } from "../../src/client/session-run.ts";
import type { TransportHandlers } from "../../src/client/transport.ts";
import { NqError } from "../../src/lib/errors.ts";
import type { LinkState } from "../../src/lsg/link-state.ts";
import { TRADES } from "./client-rig.ts";
import { HandClock } from "./hand-clock.ts";
import { CHALLENGE, DATASET, HEARTBEAT, KEY, T0, failure, header, mapping, serveTcp, system, trade } from "./scripted-gateway.ts";

const GREETING = Buffer.from(`lsg_version=0.9.4\ncram=${CHALLENGE}\n`);
const RESULT = Buffer.from("success=1|session_id=8\n");

/** A run whose connection is this test. */
function begin(change: Partial<LiveClientOptions> = {}) {
  const clock = new HandClock();
  const links: LinkState[] = [];
  const told: string[] = [];
  const sent: string[] = [];
  let handlers: TransportHandlers | null = null;
  let outcome: SessionOutcome | null = null;
  let isClosed = false;
  const client: LiveClientOptions = {
    endpoint: { transport: "tcp", host: "h", port: 1 },
    dataset: DATASET,
    apiKey: KEY,
    subscriptions: () => [TRADES],
    clock,
    random: () => 0,
    onMetadata: ({ version }) => told.push(`version ${version}`),
    onSessionStart: () => told.push("start"),
    onRecord: (view) => told.push(`${view.rtype} ${view.tsEvent}`),
    ...change,
  };
  const reporter = createLinkReporter({
    clock, gateway: "h:1", transport: "tcp", dataset: DATASET, onLink: (link) => links.push(link),
  });
  const recovery = new Recovery({ clock, reporter, marginMs: 60_000 });
  const run = startSession({
    client,
    reporter,
    ledger: recovery.ledger,
    recovery,
    flow: new FlowMeter(clock),
    latency: new LatencyMeter(clock),
    timeouts: DEFAULT_TIMEOUTS,
    heartbeatIntervalS: 10,
    context: () => ({ attempt: 1, resume: null, lastError: null }),
    dial: (given) => {
      handlers = given;
      return {
        write: (bytes) => void sent.push(Buffer.from(bytes).toString()),
        pause: () => {},
        resume: () => {},
        close: () => void (isClosed = true),
      };
    },
  });
  void run.done.then((value) => (outcome = value));
  return {
    clock, links, told, sent, recovery, run,
    open: () => handlers?.onOpen(),
    /** The buffer is overwritten after the call, as a reused one is. */
    bytes(data: Uint8Array): void {
      const copy = Uint8Array.from(data);
      if (!isClosed) handlers?.onBytes(copy);
      copy.fill(0xee);
    },
    end: () => isClosed || handlers?.onEnd(),
    get isClosed() { return isClosed; },
    get phase() { return links.at(-1)?.phase; },
    async outcome(): Promise<SessionOutcome | null> {
      await Promise.resolve();
      return outcome;
    },
  };
}

function streaming(change: Partial<LiveClientOptions> = {}) {
  const run = begin(change);
  run.open();
  run.bytes(Buffer.concat([GREETING, RESULT]));
  return run;
}

const lostWith = (code: string) => expect.objectContaining({ kind: "lost", error: expect.objectContaining({ code }) });

describe("time-outs", () => {
  it("of the connection", async () => {
    const run = begin();
    run.clock.advance(9_999);
    expect(await run.outcome()).toBeNull();
    run.clock.advance(1);
    expect(await run.outcome()).toEqual(lostWith("NET_CONNECT_TIMEOUT"));
    expect(run.isClosed).toBe(true);
    expect(run.clock.pending).toBe(0);
  });

  it.each<[string, Uint8Array]>([
    ["nothing", Buffer.alloc(0)], ["half a greeting", GREETING.subarray(0, 5)], ["no result", GREETING],
  ])("of the authentication, when %s comes", async (_title, data) => {
    const run = begin();
    run.open();
    expect(run.phase).toBe("AUTHENTICATING");
    run.clock.advance(20_000);
    if (data.length > 0) run.bytes(data);
    run.clock.advance(9_999);
    expect(await run.outcome()).toBeNull();
    run.clock.advance(1);
    expect(await run.outcome()).toEqual(lostWith("NET_AUTH_TIMEOUT"));
  });

  it("of the stream: stale after 11 s, lost after 20 s, also before the first record", async () => {
    const run = streaming();
    expect(run.phase).toBe("SUBSCRIBED");
    run.clock.advance(10_999);
    expect(run.phase).toBe("SUBSCRIBED");
    run.clock.advance(1);
    expect(run.phase).toBe("STALE");
    expect(run.links.at(-1)?.reason).toContain("10 s");
    run.clock.advance(9_000);
    expect(await run.outcome()).toEqual(lostWith("NET_SILENT"));
  });

  it("counts any bytes, not only whole records", async () => {
    const run = streaming();
    const data = Buffer.concat([header(), trade(0)]);
    for (let at = 0; at < data.length; at += 10) {
      run.clock.advance(9_000);
      run.bytes(data.subarray(at, at + 10));
    }
    expect(await run.outcome()).toBeNull();
    expect(run.phase).toBe("LIVE");
  });
});

describe("phases of a stream", () => {
  it("become quiet with heartbeats only, stale without them, and live with data", async () => {
    const run = streaming();
    run.bytes(Buffer.concat([header(), trade(0)]));
    expect(run.phase).toBe("LIVE");
    for (let n = 0; n < 5; n += 1) {
      run.clock.advance(10_000);
      run.bytes(HEARTBEAT());
      expect(run.phase).toBe("QUIET");
    }
    run.clock.advance(11_000);
    expect(run.phase).toBe("STALE");
    run.bytes(HEARTBEAT());
    expect(run.phase).toBe("QUIET");
    run.bytes(trade(1));
    expect(run.phase).toBe("LIVE");
    expect(run.links.at(-1)?.stats.heartbeats).toBe(6);
    run.run.stop();
    expect(await run.outcome()).toEqual({ kind: "stopped" });
    expect(run.isClosed).toBe(true);
  });

  it("catch up again after a quiet or stale time inside a replay", () => {
    const run = streaming({ subscriptions: () => [{ ...TRADES, start: 0n }] });
    run.bytes(Buffer.concat([header(), trade(0)]));
    run.clock.advance(12_000);
    expect(run.phase).toBe("STALE");
    run.bytes(trade(1));
    expect(run.phase).toBe("CATCHING_UP");
    run.bytes(system("Finished trades replay", 3));
    expect(run.phase).toBe("LIVE");
  });

  it("know from where to go on after a loss: a minute before the farthest time, undefined ones left out", () => {
    const run = streaming();
    const undefinedTime = trade(0);
    undefinedTime.fill(0xff, 32, 40);
    run.bytes(Buffer.concat([header(), trade(5), trade(2), undefinedTime, HEARTBEAT()]));
    run.recovery.end(new NqError("NET_CLOSED", "lost"));
    expect(run.recovery.resume).toEqual({ start: T0 - 60_000_000_000n, rolls: [] });
  });
});

describe("farewell", () => {
  it("makes every end the end of the source", async () => {
    for (const finish of ["end", "silence"] as const) {
      const run = streaming();
      run.bytes(Buffer.concat([header(), system("End of recording, 5 records", 255)]));
      if (finish === "end") run.end();
      else run.clock.advance(100_000);
      expect(await run.outcome()).toEqual({ kind: "ended" });
    }
  });

  it("of an error record: the first fatal one is the cause, at the last one or at the close", async () => {
    const run = streaming();
    run.bytes(Buffer.concat([header(), failure("full", 3, 3, 0), failure("bye", 6, 3, 0)]));
    expect(await run.outcome()).toBeNull();
    run.end();
    expect(await run.outcome()).toEqual(lostWith("LSG_SESSION_LIMIT"));
  });
});

describe("bytes", () => {
  const whole = Buffer.concat([
    GREETING, RESULT, header(1), mapping(1), trade(0, 1), system("Heartbeat", 0, 1), trade(1, 1), trade(2, 1),
    failure("Failed to resolve symbol: X", 4, 1),
  ]);

  const play = (pieces: readonly Uint8Array[]): unknown => {
    const run = begin();
    run.open();
    for (const piece of pieces) run.bytes(piece);
    run.run.stop();
    return { told: run.told, sent: run.sent, phases: [...new Set(run.links.map(({ phase }) => phase))] };
  };

  it("give the same calls for any cutting", () => {
    const expected = play([whole]);
    expect(expected).toMatchObject({ told: { length: 8 }, sent: { length: 2 } });
    expect(play(Array.from(whole, (byte) => Uint8Array.of(byte)))).toEqual(expected);
    fc.assert(fc.property(fc.array(fc.nat({ max: whole.length }), { maxLength: 12 }), (places) => {
      const at = [0, ...places.toSorted((a, b) => a - b), whole.length];
      expect(play(at.slice(1).map((end, i) => whole.subarray(at[i], end)))).toEqual(expected);
    }), { numRuns: 200 });
  });

  it("of any kind end in a typed error, never in another", async () => {
    const mutation = fc.record({ at: fc.nat({ max: whole.length - 1 }), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) });
    await fc.assert(fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
      const damaged = Uint8Array.from(whole);
      for (const { at, bytes } of mutations) damaged.set(bytes.subarray(0, damaged.length - at), at);
      const run = begin();
      run.open();
      for (let at = 0; at < damaged.length; at += 97) run.bytes(damaged.subarray(at, at + 97));
      run.end();
      const outcome = await run.outcome();
      expect(outcome?.kind).toMatch(/^(lost|ended)$/);
      if (outcome?.kind === "lost") expect(outcome.error).toBeInstanceOf(NqError);
      // eslint-disable-next-line no-control-regex
      expect(JSON.stringify(run.links.map(({ reason, messages }) => [reason, messages]))).not.toMatch(/[\u0000-\u001f]|unittest/);
    }), { numRuns: 300 });
  });
});

describe("a dial of the owner", () => {
  it("replaces the socket, one connection after another", async () => {
    const clock = new HandClock();
    const dialled: TransportHandlers[] = [];
    const phases: string[] = [];
    const stop = new AbortController();
    let isClosed = false;
    const done = runLiveClient({
      endpoint: { transport: "tcp", host: "nowhere.invalid", port: 1 },
      dataset: DATASET,
      apiKey: KEY,
      subscriptions: () => [TRADES],
      clock,
      random: () => 0.5,
      dial: (handlers) => {
        dialled.push(handlers);
        isClosed = false;
        return { write: () => {}, pause: () => {}, resume: () => {}, close: () => void (isClosed = true) };
      },
      onRecord: () => {},
      onLink: ({ phase }) => void phases.push(phase),
    }, stop.signal);
    dialled[0]?.onError(new NqError("NET_CONNECT", "expected a gateway, found nothing"));
    await Promise.resolve();
    await Promise.resolve();
    expect(phases).toEqual(["CONNECTING", "DOWN"]);
    clock.advance(1_000);
    await Promise.resolve();
    await Promise.resolve();
    expect(dialled).toHaveLength(2);
    stop.abort();
    await done;
    expect(isClosed).toBe(true);
  });
});

describe("waiting", () => {
  it("at the session limit is at least 30 s, shown with the time of the next try", async () => {
    const clock = new HandClock();
    const links: LinkState[] = [];
    const gateway = await serveTcp((peer, index) => {
      if (index === 0) return peer.write("success=0|error=User has reached their open connection limit\n");
      return peer.write("success=0|error=Authentication failed.\n");
    });
    let wake = (): void => {};
    const down = new Promise<void>((resolve) => (wake = resolve));
    const done = runLiveClient({
      endpoint: { transport: "tcp", host: "127.0.0.1", port: gateway.port },
      dataset: DATASET,
      apiKey: KEY,
      subscriptions: () => [TRADES],
      clock,
      random: () => 0.5,
      onRecord: () => {},
      onLink: (link) => {
        links.push(link);
        if (link.phase === "DOWN") wake();
      },
    }, new AbortController().signal);
    await down;
    expect(links.at(-1)).toMatchObject({ phase: "DOWN", nextTryAtMs: clock.wallMs() + 45_000 });
    await Promise.resolve();
    clock.advance(44_999);
    expect(gateway.peers.length).toBe(1);
    clock.advance(1);
    await expect(done).rejects.toMatchObject({ code: "LSG_AUTH_REFUSED" });
    expect(gateway.peers.length).toBe(2);
    await gateway.close();
  });
});
