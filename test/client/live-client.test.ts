/** The live client on real sockets, against a gateway that does what each test says. */
import { createServer, type AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createZstdPacker } from "../../src/dbn/zstd.ts";
import type { DbnVersion } from "../../src/dbn/constants.ts";
import { createReconnectHandle, type SubscribeContext } from "../../src/client/live-options.ts";
import { ApiKey } from "../../src/lsg/api-key.ts";
import { HandClock } from "./hand-clock.ts";
import { Rig, TRADES, label } from "./client-rig.ts";
import {
  ACKNOWLEDGED, CHALLENGE, END, HEARTBEAT, KEY, KEY_TEXT, T0, failure, header, mapping, serveTcp, serveWs, system, trade,
  type Script, type ScriptedGateway,
} from "./scripted-gateway.ts";

let gateway: ScriptedGateway | null = null;
let rig: Rig | null = null;

afterEach(async () => {
  await rig?.stop();
  await gateway?.close();
  const failures = gateway?.failures ?? [];
  // Wherever the client told anything, the key was not in it.
  expect(JSON.stringify({ links: rig?.links, failure: String(rig?.failure) })).not.toContain("unittest");
  rig = null;
  gateway = null;
  expect(failures).toEqual([]);
});

/** Starts the gateway and the client. */
async function begin(script: Script, options: ConstructorParameters<typeof Rig>[1] = {}): Promise<Rig> {
  gateway = await serveTcp(script);
  rig = new Rig(gateway.port, options);
  return rig;
}

const bytes = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);
const soon = (): number => 5;

describe("a session over TCP", () => {
  it("authenticates, subscribes, streams and ends with the recording", async () => {
    let request: Map<string, string> | null = null;
    let asked: string[] = [];
    const client = await begin(async (peer) => {
      request = await peer.greet();
      await peer.write("success=1|session_id=42\n");
      asked = await peer.subscriptions();
      await peer.write(bytes(header(), ACKNOWLEDGED(), mapping(), trade(0), trade(1), HEARTBEAT(), END()));
      peer.end();
    });
    await client.done;
    expect(client.failure).toBeNull();
    expect([...request!].slice(1)).toEqual([
      ["dataset", "GLBX.MDP3"], ["encoding", "dbn"], ["ts_out", "0"], ["compression", "none"],
      ["heartbeat_interval_s", "5"], ["client", "test/1.0"],
    ]);
    expect(asked).toEqual(["schema=trades|stype_in=continuous|symbols=NQ.c.0|snapshot=0|id=1|is_last=1"]);
    expect(client.records.map(label)).toEqual(["system", "symbolMapping", "trades", "trades", "system", "system"]);
    expect(client.calls[0]).toBe("start");
    expect(client.calls.at(-1)).toBe("batch");
    expect(client.phases).toEqual(["CONNECTING", "AUTHENTICATING", "SUBSCRIBED", "LIVE", "ENDED"]);
    expect(client.metadata.length).toBe(1);
    const { link } = client;
    expect(link).toMatchObject({ sessionId: "42", dbnVersion: 3, attempt: 0, transport: "tcp", dataset: "GLBX.MDP3" });
    expect(link.gateway).toBe(`127.0.0.1:${gateway?.port}`);
    expect(link.stats).toMatchObject({ records: 6, heartbeats: 1, sessions: 1, drops: 0, unknownRecords: 0 });
    expect(link.stats.bytes).toBeGreaterThan(600);
  });

  it("has its first record within 100 ms", async () => {
    const client = await begin(async (peer) => {
      await peer.accept();
      await peer.write(bytes(header(), ACKNOWLEDGED()));
    });
    await client.until(() => client.links.some(({ stats }) => stats.connectMs !== null));
    expect(client.link.stats.connectMs).toBeLessThan(100);
  });

  it("understands the gateway when every byte comes alone", async () => {
    const client = await begin(async (peer) => {
      await peer.drip("lsg_version=0.9.4\ncram=abcd1234\n");
      await peer.line();
      await peer.drip("success=1|session_id=42\n");
      await peer.subscriptions();
      await peer.drip(bytes(header(1), mapping(1), trade(0, 1), trade(1, 1), system("End of recording", 255, 1)));
      peer.end();
    });
    await client.done;
    expect(client.sizes).toEqual([1, 2]);
    expect(client.phases.at(-1)).toBe("ENDED");
  });

  it("takes stream bytes that came with the result line", async () => {
    const client = await begin(async (peer) => {
      await peer.greet();
      await peer.write(Buffer.concat([Buffer.from("success=1|session_id=9\n"), header(), trade(4), END()]));
      await peer.subscriptions();
      peer.end();
    });
    await client.done;
    expect(client.sizes).toEqual([5]);
  });

  it.each<DbnVersion>([1, 2, 3])("reads version %d and hands out version 3", async (version) => {
    const client = await begin(async (peer) => {
      await peer.accept();
      const farewell = system("End of recording", 255, version);
      await peer.write(bytes(header(version), system("Heartbeat", 0, version), mapping(version), trade(7, version), farewell));
      peer.end();
    });
    await client.done;
    expect(client.link).toMatchObject({ phase: "ENDED", dbnVersion: version, stats: { heartbeats: 1 } });
    expect(client.records[1]).toMatchObject({ kind: "symbolMapping", stypeInSymbol: "NQ.c.0", stypeOutSymbol: "NQZ6" });
    expect(client.sizes).toEqual([8]);
  });

  it.each<DbnVersion>([1, 3])("asks for and reads send times in version %d", async (version) => {
    let request: Map<string, string> | null = null;
    const client = await begin(async (peer) => {
      request = await peer.greet();
      await peer.write("success=1|session_id=1\n");
      await peer.subscriptions();
      const farewell = system("End of recording", 255, version, T0);
      await peer.write(bytes(header(version, true), mapping(version, T0), trade(3, version, T0 + 5n), farewell));
      peer.end();
    }, { tsOut: true });
    await client.done;
    expect(request!.get("ts_out")).toBe("1");
    expect(client.metadata[0]?.tsOut).toBe(true);
    expect(client.records.map(label)).toEqual(["symbolMapping", "trades", "system"]);
    expect(client.phases.at(-1)).toBe("ENDED");
  });

  it("expands zstd, flushed piece by piece and in several frames", async () => {
    let request: Map<string, string> | null = null;
    const client = await begin(async (peer) => {
      request = await peer.greet();
      await peer.write("success=1|session_id=1\n");
      await peer.subscriptions();
      const first = createZstdPacker();
      await peer.write(await first.push(bytes(header(), ACKNOWLEDGED())));
      await peer.drip(await first.push(bytes(trade(0), trade(1))));
      await peer.write(await first.end());
      const second = createZstdPacker();
      const many = Array.from({ length: 20_000 }, (_, n) => trade(n + 2));
      await peer.write(await second.push(bytes(...many)));
      await peer.write(await second.push(END()));
      peer.end();
    }, { compression: "zstd" });
    await client.done;
    expect(request!.get("compression")).toBe("zstd");
    expect(client.sizes).toEqual(Array.from({ length: 20_002 }, (_, n) => n + 1));
    expect(client.phases.at(-1)).toBe("ENDED");
  });

  it("sends 1,200 symbols as three lines", async () => {
    const symbols = Array.from({ length: 1200 }, (_, n) => `S${n}`);
    let asked: string[] = [];
    const client = await begin(async (peer) => {
      asked = await peer.accept();
      await peer.write(bytes(header(), END()));
      peer.end();
    }, { subscriptions: () => [{ ...TRADES, stypeIn: "raw_symbol", symbols }] });
    await client.done;
    expect(asked.map((line) => [line.split("symbols=")[1]?.split("|")[0]?.split(",").length, line.slice(-1)])).toEqual([
      [500, "0"], [500, "0"], [200, "1"],
    ]);
  });

  it("catches up until every replay has caught up", async () => {
    const client = await begin(async (peer) => {
      await peer.accept();
      await peer.write(bytes(header(), ACKNOWLEDGED(), trade(0), system("Finished ohlcv-1m replay", 3)));
      await new Promise((resolve) => setTimeout(resolve, 20));
      await peer.write(system("Finished trades replay", 3));
    }, { subscriptions: () => [{ ...TRADES, start: 0n }, { ...TRADES, schema: "ohlcv-1m", start: 5n }] });
    await client.untilPhase("LIVE");
    expect(client.phases).toEqual(["CONNECTING", "AUTHENTICATING", "SUBSCRIBED", "CATCHING_UP", "LIVE"]);
  });

  it("passes on what the ledger admits, and gateway records always", async () => {
    const told: string[] = [];
    const client = await begin(async (peer) => {
      await peer.accept();
      await peer.write(bytes(header(), mapping(), trade(0), trade(1), trade(2), system("Finished trades replay", 3), END()));
      peer.end();
    }, {
      ledger: {
        beginSession: () => void told.push("begin"),
        admit: (view) => view.size !== 2,
        admitTrades: () => told.push("several"),
        replayCompleted: (schema) => void told.push(`completed ${schema}`),
      },
    });
    await client.done;
    expect(client.sizes).toEqual([1, 3]);
    expect(client.records.length).toBe(5);
    expect(told).toEqual(["begin", "completed trades"]);
  });

  it("counts unknown records and slow-reader errors, and shows what the gateway says without what steers a terminal", async () => {
    const unknown = trade(0);
    unknown[1] = 0x77;
    const client = await begin(async (peer) => {
      await peer.accept();
      await peer.write(bytes(
        header(), unknown, failure("Slow client detected for mbp-1. Skipped records", 7),
        failure("Failed to resolve symbol: \u001b[31mXX", 4), END(),
      ));
      peer.end();
    });
    await client.done;
    expect(client.link.stats).toMatchObject({ unknownRecords: 1, slowReaderWarnings: 1 });
    const texts = client.link.messages.map(({ text }) => text);
    expect(texts).toContain("Failed to resolve symbol: XX");
    expect(texts.join("")).not.toContain("\u001b");
  });
});

describe("a session over WebSocket", () => {
  it("is the same byte stream", async () => {
    gateway = await serveWs(async (peer) => {
      await peer.drip("lsg_version=0.9.4\ncram=abcd1234\n");
      await peer.line();
      await peer.write("success=1|session_id=42\n");
      expect(await peer.subscriptions()).toHaveLength(1);
      const data = bytes(header(2), mapping(2), trade(0, 2), trade(1, 2), system("End of recording", 255, 2));
      await peer.write(data.subarray(0, 301));
      await peer.write(data.subarray(301));
      peer.end();
    });
    rig = new Rig(0, { endpoint: { transport: "ws", url: `ws://user:unittest@127.0.0.1:${gateway.port}/live?token=unittest` } });
    await rig.done;
    expect(rig.failure).toBeNull();
    expect(rig.sizes).toEqual([1, 2]);
    expect(rig.phases).toEqual(["CONNECTING", "AUTHENTICATING", "SUBSCRIBED", "LIVE", "ENDED"]);
    expect(rig.link).toMatchObject({ transport: "ws", gateway: `ws://127.0.0.1:${gateway.port}/live` });
  });

  it("is connected again after an orderly close without farewell", async () => {
    gateway = await serveWs(async (peer, index) => {
      await peer.accept();
      await peer.write(bytes(header(), trade(index), ...(index === 0 ? [] : [END()])));
      peer.end();
    });
    rig = new Rig(0, { reconnect: soon, endpoint: { transport: "ws", url: `ws://127.0.0.1:${gateway.port}` } });
    await rig.done;
    expect(rig.sizes).toEqual([1, 2]);
    expect(rig.links.find(({ phase }) => phase === "DOWN")?.reason).toMatch(/at the end of a record/);
  });

  it("expands zstd", async () => {
    gateway = await serveWs(async (peer) => {
      await peer.accept();
      const packer = createZstdPacker();
      for (const part of [header(), trade(0), trade(1), trade(2), END()]) void peer.write(await packer.push(part));
      peer.end();
    });
    rig = new Rig(0, { compression: "zstd", endpoint: { transport: "ws", url: `ws://127.0.0.1:${gateway.port}` } });
    await rig.done;
    expect(rig.sizes).toEqual([1, 2, 3]);
  });

  it("refuses a message beyond the bound, and connects again", async () => {
    gateway = await serveWs(async (peer, index) => {
      await peer.accept();
      await peer.write(index === 0 ? Buffer.alloc(5 * 1024 * 1024) : bytes(header(), END()));
      if (index > 0) peer.end();
    });
    rig = new Rig(0, { reconnect: soon, endpoint: { transport: "ws", url: `ws://127.0.0.1:${gateway.port}` } });
    await rig.done;
    expect(rig.links.find(({ phase }) => phase === "DOWN")?.reason).toMatch(/unreadable WebSocket data/);
    expect(rig.phases.at(-1)).toBe("ENDED");
  });

  it("says what it found where no WebSocket is served", async () => {
    const plain = createServer((socket) => {
      socket.on("error", () => {}).resume().end("HTTP/1.1 404 Not Found\r\n\r\n");
    });
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const { port } = plain.address() as AddressInfo; // a listening TCP server has one
    rig = new Rig(0, { reconnect: false, endpoint: { transport: "ws", url: `ws://127.0.0.1:${port}` } });
    await rig.done;
    expect(rig.error).toMatchObject({ code: "NET_CONNECT", message: expect.stringContaining("404") });
    await new Promise((resolve) => plain.close(resolve));
  });
});

describe("a refusal", () => {
  it("of the key stops the client and says what to do", async () => {
    const client = await begin(async (peer) => {
      await peer.write("lsg_version=0.9.4\ncram=abcd1234\n");
      await peer.line();
      await peer.write("success=0|error=Authentication failed.\n");
      peer.end();
    }, { apiKey: ApiKey.parse("db-wrongtestapikey123456789FFFFF") });
    await client.done;
    expect(client.error).toMatchObject({ code: "LSG_AUTH_REFUSED", exit: 3 });
    expect(client.link.phase).toBe("REFUSED");
    expect(client.link.reason).toContain("Authentication failed.");
    expect(client.link.advice).toContain("DATABENTO_API_KEY");
    expect(gateway?.peers.length).toBe(1);
  });

  it.each<[number, string]>([[2, "LSG_KEY_DEACTIVATED"], [5, "LSG_SUBSCRIPTION"], [1, "LSG_AUTH_REFUSED"]])(
    "by an error record with code %d stops the client",
    async (code, expected) => {
      const client = await begin(async (peer) => {
        await peer.accept();
        await peer.write(bytes(header(), failure("first of two", code, 3, 0), failure("second", 6, 3, 1)));
        peer.end();
      });
      await client.done;
      expect(client.error).toMatchObject({ code: expected, message: expect.stringContaining("first of two") });
      expect(client.records.length).toBe(2);
      expect(client.link.phase).toBe("REFUSED");
    },
  );

  it("by an error record that repeats the key, a piece of it or the answer made from it shows none of them", async () => {
    const answer = KEY.respond(CHALLENGE);
    const client = await begin(async (peer) => {
      await peer.accept();
      await peer.write(bytes(header(), failure(`slow ${KEY_TEXT.slice(0, 20)}`, 7), system(`notice ${answer}`, 255), failure(`bad ${KEY_TEXT} ${answer}`, 5)));
      peer.end();
    });
    await client.done;
    const shown = JSON.stringify({ links: client.links, error: client.error.message });
    expect(shown).toContain("bad …FFFFF …");
    expect(shown).toContain("slow …");
    for (const secret of [KEY_TEXT.slice(3, 18), answer.slice(0, 24)]) expect(shown).not.toContain(secret);
  });

  it("of a subscription is found before anything is sent", async () => {
    const client = await begin(async (peer) => {
      await peer.greet();
      await peer.write("success=1|session_id=1\n");
      await peer.closed;
      expect(peer.lines).toEqual([]);
    }, { subscriptions: () => [{ ...TRADES, symbols: ["NQ|x"] }] });
    await client.done;
    expect(client.error.code).toBe("LSG_SUBSCRIPTION");
  });

  it.each([
    { dataset: "glbx|x" }, { heartbeatIntervalS: 4 }, { heartbeatIntervalS: 7.5 },
    { endpoint: { transport: "ws", url: "http://x" } as const }, { endpoint: { transport: "ws", url: "ws://x/#y" } as const },
    { endpoint: { transport: "tcp", host: "", port: 1 } as const }, { endpoint: { transport: "tcp", host: "x", port: 70_000 } as const },
  ])("of options that no gateway would take: %j", async (options) => {
    rig = new Rig(1, options);
    await rig.done;
    expect(rig.error.code).toBe("USAGE");
    expect(rig.links).toEqual([]);
  });
});

describe("a fault of the owner", () => {
  it.each(["onRecord", "onSessionStart", "onMetadata", "onBatchEnd", "subscriptions"] as const)(
    "in %s ends the client with that fault, not with a reconnect",
    async (name) => {
      const fault = new TypeError("ours");
      const client = await begin(async (peer) => {
        await peer.accept();
        await peer.write(bytes(header(), trade(0)));
      }, { [name]: () => { throw fault; }, reconnect: soon });
      await client.done;
      expect(client.failure).toBe(fault);
      expect(gateway?.peers.length).toBe(1);
      await gateway?.peers[0]?.closed;
      gateway?.failures.splice(0);
    },
  );
});

describe("a lost connection", () => {
  /** First connection as given, the second ends well. */
  const twice = (first: Script): Script => async (peer, index) => {
    if (index === 0) return first(peer, index);
    await peer.accept(`${index}`);
    await peer.write(bytes(header(), trade(10 + index), END()));
    peer.end();
  };

  it("by a reset in the middle of a record drops that part, subscribes again and knows the last time", async () => {
    const contexts: SubscribeContext[] = [];
    const asked: string[][] = [];
    const client = await begin(async (peer, index) => {
      asked.push(await peer.accept(`${index}`));
      if (index === 0) {
        await peer.write(bytes(header(), trade(0), trade(1), trade(2).subarray(0, 20)));
        await client.until(() => client.sizes.length === 2);
        peer.reset();
        return;
      }
      await peer.write(bytes(header(), trade(5), END()));
      peer.end();
    }, {
      reconnect: soon,
      subscriptions: (context) => {
        contexts.push(context);
        return [{ ...TRADES, start: context.resume?.start ?? null }];
      },
    });
    await client.done;
    expect(client.failure).toBeNull();
    expect(client.sizes).toEqual([1, 2, 6]);
    expect(client.calls.filter((call) => call === "start").length).toBe(2);
    expect(asked[1]?.[0]).toContain(`|start=${T0 - 60_000_000_000n}|`);
    expect(contexts).toMatchObject([
      { attempt: 1, resume: null, lastError: null },
      { attempt: 1, resume: { start: T0 - 60_000_000_000n, rolls: [] }, lastError: { code: "NET_CLOSED" } },
    ]);
    expect(client.phases).toEqual([
      "CONNECTING", "AUTHENTICATING", "SUBSCRIBED", "LIVE", "DOWN", "CONNECTING", "AUTHENTICATING", "SUBSCRIBED",
      "CATCHING_UP", "ENDED",
    ]);
    const down = client.links.find(({ phase }) => phase === "DOWN");
    expect(down).toMatchObject({ attempt: 1, sessionId: null, reason: expect.stringContaining("reset") });
    expect(down?.nextTryAtMs).toBeGreaterThan(down?.sinceMs ?? Number.POSITIVE_INFINITY);
    expect(client.link.stats).toMatchObject({ sessions: 2, drops: 1 });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ["at a record's end", trade(0), /at the end of a record/],
    ["inside a record", bytes(trade(0), trade(1).subarray(0, 3)), /in the middle of a record/],
  ])("by an orderly close %s is connected again", async (_title, data, reason) => {
    const client = await begin(twice(async (peer) => {
      await peer.accept();
      await peer.write(bytes(header(), data));
      peer.end();
    }), { reconnect: soon });
    await client.done;
    expect(client.sizes).toEqual([1, 12]);
    expect(client.links.find(({ phase }) => phase === "DOWN")?.reason).toMatch(reason);
  });

  it("is told with what the gateway said before", async () => {
    const client = await begin(twice(async (peer) => {
      await peer.accept();
      await peer.write(bytes(header(), failure("Maintenance at noon", 255)));
      peer.end();
    }), { reconnect: soon });
    await client.done;
    expect(client.links.find(({ phase }) => phase === "DOWN")?.reason).toContain("Maintenance at noon");
  });

  it.each<[string, string | Uint8Array]>([
    ["text", "220 mail ready\r\n"],
    ["HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["binary data", Uint8Array.from({ length: 100_000 }, (_, n) => (n * 7919) & 0xff)],
  ])("by %s instead of a greeting is known at once and tried again", async (_title, garbage) => {
    const client = await begin(twice((peer) => peer.write(garbage)), { reconnect: soon });
    await client.done;
    const down = client.links.find(({ phase }) => phase === "DOWN");
    expect(down?.reason).toMatch(/^expected a gateway's greeting/);
    expect(down?.advice).toContain("host and port");
    expect(client.sizes).toEqual([12]);
  });

  it("by damaged data is connected again, keeping what came before", async () => {
    const client = await begin(twice(async (peer) => {
      await peer.accept();
      await peer.write(bytes(header(), trade(0), Buffer.alloc(64)));
    }), { reconnect: soon });
    await client.done;
    expect(client.sizes).toEqual([1, 12]);
    expect(client.links.find(({ phase }) => phase === "DOWN")?.reason).toMatch(/the stream is damaged/);
  });

  it("by damaged zstd is connected again", async () => {
    const client = await begin(async (peer, index) => {
      await peer.accept();
      const packer = createZstdPacker();
      if (index === 0) {
        await peer.write(await packer.push(bytes(header(), trade(0))));
        await peer.write(Buffer.alloc(1000, 0xff));
        return;
      }
      await peer.write(await packer.push(bytes(header(), trade(1), END())));
      peer.end();
    }, { compression: "zstd", reconnect: soon });
    await client.done;
    expect(client.sizes).toEqual([1, 2]);
  });

  it("because of an unsupported version is not tried again", async () => {
    const client = await begin(async (peer) => {
      await peer.accept();
      const data = header();
      data[3] = 9;
      await peer.write(data);
    }, { reconnect: true });
    await client.done;
    expect(client.error.code).toBe("DBN_VERSION");
  });

  it("to a port where nobody listens is tried again until somebody does", async () => {
    const free = await serveTcp(async () => {});
    await free.close();
    const tries: number[] = [];
    rig = new Rig(free.port, {
      reconnect: (attempt) => {
        tries.push(attempt);
        return attempt < 3 ? 5 : null;
      },
    });
    await rig.done;
    expect(tries).toEqual([1, 2, 3]);
    expect(rig.error).toMatchObject({ code: "NET_CONNECT", message: expect.stringContaining("nobody listening") });
    expect(rig.links.filter(({ phase }) => phase === "DOWN").map(({ attempt }) => attempt)).toEqual([2, 3]);
    expect(rig.link.phase).toBe("REFUSED");
  });

  it("counts as a first one again after a healthy session", async () => {
    const clock = new HandClock();
    const tries: number[] = [];
    const client = await begin(async (peer, index) => {
      await peer.accept(`${index}`);
      await peer.write(bytes(header(), trade(index)));
      await client.until(() => client.sizes.length === index + 1);
      if (index === 2) clock.advance(5_000);
      peer.end();
    }, {
      clock,
      timeouts: { healthyMs: 5_000 },
      reconnect: (attempt) => {
        tries.push(attempt);
        if (tries.length === 4) return null;
        setImmediate(() => clock.advance(10));
        return 5;
      },
    });
    await client.done;
    expect(tries).toEqual([1, 2, 1, 2]);
  });

  it("is final when reconnecting is off", async () => {
    const client = await begin(async (peer) => {
      await peer.accept();
      await peer.write(bytes(header(), trade(0)));
      peer.end();
    }, { reconnect: false });
    await client.done;
    expect(client.error.code).toBe("NET_CLOSED");
    expect(client.link.phase).toBe("REFUSED");
  });

  it("can be asked for by hand", async () => {
    const handle = createReconnectHandle();
    const client = await begin(async (peer, index) => {
      await peer.accept(`${index}`);
      await peer.write(bytes(header(), trade(index), ...(index === 0 ? [] : [END()])));
      if (index > 0) peer.end();
    }, { reconnectHandle: handle });
    await client.untilPhase("LIVE");
    const before = performance.now();
    handle.reconnectNow();
    handle.reconnectNow();
    await client.done;
    expect(client.sizes).toEqual([1, 2]);
    expect(performance.now() - before).toBeGreaterThan(800); // never more than one connection a second
    expect(client.link.stats.drops).toBe(0);
  });
});

describe("the end asked for", () => {
  it("closes the socket and resolves, in every state", async () => {
    const client = await begin(async (peer) => {
      await peer.accept();
      await peer.write(bytes(header(), trade(0)));
    });
    await client.untilPhase("LIVE");
    await client.stop();
    expect(client.failure).toBeNull();
    await gateway?.peers[0]?.closed;
  });

  it("resolves at once while waiting for the next try", async () => {
    const free = await serveTcp(async () => {});
    await free.close();
    rig = new Rig(free.port, { clock: new HandClock() }); // whose time stands still
    await rig.untilPhase("DOWN");
    await rig.stop();
    expect(rig.failure).toBeNull();
  });

  it("does nothing when it was asked for before", async () => {
    const client = await begin(async (peer) => peer.closed, {});
    await client.stop();
    expect(client.failure).toBeNull();
  });
});

it("never sends the key", async () => {
  const client = await begin(async (peer) => {
    await peer.accept();
    await peer.write(bytes(header(), END()));
    peer.end();
  });
  await client.done;
  const sent = Buffer.concat(gateway?.peers.flatMap(({ received }) => received) ?? []).toString();
  expect(sent).toContain("start_session");
  expect(sent).not.toContain(KEY_TEXT.slice(0, 20));
});
