/** Both halves of the protocol: against each other in every cutting, and against what should not come. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NqError } from "../../src/lib/errors.ts";
import { ApiKey } from "../../src/lsg/api-key.ts";
import { createLsgClientSession, type LsgClientEvent, type LsgClientOptions } from "../../src/lsg/client-session.ts";
import { createLsgServerSession, type ServerEvent } from "../../src/lsg/server-session.ts";
import type { Subscription } from "../../src/lsg/subscription.ts";

const KEY_TEXT = "db-unittestapikey1234567890FFFFF";
const KEY = ApiKey.parse(KEY_TEXT);
const AUTH = "be87ce3d564b64481d4ad1902e2b41b26e3eef62b9de37d87eb4a1d4a5199b6f-FFFFF";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

const server = (challenge = "abcd1234") =>
  createLsgServerSession({ dataset: "GLBX.MDP3", keys: [KEY], challenge, sessionId: "1755000001", lsgVersion: "0.9.4" });
const OPTIONS: LsgClientOptions = {
  apiKey: KEY, dataset: "GLBX.MDP3", tsOut: false, compression: "none", heartbeatIntervalS: 15,
  slowReaderBehavior: "skip", client: "example/1.0",
};
const client = (change: Partial<LsgClientOptions> = {}) => createLsgClientSession({ ...OPTIONS, ...change });
const SUBSCRIPTIONS: Subscription[] = [
  { schema: "trades", stypeIn: "continuous", symbols: ["NQ.c.0"], start: null, snapshot: false, id: 1 },
  { schema: "ohlcv-1m", stypeIn: "raw_symbol", symbols: Array.from({ length: 1200 }, (_, n) => `S${n}`), start: 0n, snapshot: false, id: 2 },
];

/** Cuts at the given places (taken modulo the length). */
function cut(data: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (data.length + 1)).toSorted((a, b) => a - b), data.length];
  return at.slice(1).map((end, i) => data.subarray(at[i], end));
}

/** Events as plain values; stream pieces joined, because their cutting is free. */
function plain(events: readonly LsgClientEvent[]): unknown[] {
  const stream = events.flatMap((event) => (event.kind === "stream" ? [...event.bytes] : []));
  const rest = events.filter(({ kind }) => kind !== "stream");
  return [...rest.map((event) => (event.kind === "send" ? text(event.bytes) : event)), stream];
}

const AUTH_LINE = `auth=${AUTH}|dataset=GLBX.MDP3|encoding=dbn|ts_out=0|compression=none|heartbeat_interval_s=15|client=example/1.0\n`;

describe("both halves together", () => {
  /** One whole session, the bytes of both directions cut by `split`. */
  function converse(split: (data: Uint8Array) => Uint8Array[]): { fromServer: ServerEvent[]; fromClient: unknown[] } {
    const gateway = server();
    const asking = client();
    const fromServer: ServerEvent[] = [];
    const fromClient: LsgClientEvent[] = [];
    const toServer = (data: Uint8Array): void => {
      for (const piece of split(data)) {
        const events = gateway.receive(piece);
        fromServer.push(...events);
        for (const event of events) {
          if (event.kind === "send") toClient(event.bytes);
          if (event.kind === "start") toClient(Uint8Array.of(68, 66, 78, 10, 0, 255, 10));
        }
      }
    };
    const toClient = (data: Uint8Array): void => {
      for (const piece of split(data)) {
        for (const event of asking.receive(piece)) {
          fromClient.push(event.kind === "stream" ? { ...event, bytes: event.bytes.slice() } : event);
          if (event.kind === "send") toServer(event.bytes);
          if (event.kind === "authenticated") toServer(asking.start(SUBSCRIPTIONS));
        }
      }
    };
    toClient(gateway.greeting());
    return { fromServer, fromClient: plain(fromClient) };
  }

  const whole = converse((data) => [data]);

  it("agree on key, request, subscriptions and start", () => {
    expect(whole.fromServer.map(({ kind }) => kind)).toEqual(["send", "authenticated", "subscribed", "subscribed", "start"]);
    expect(whole.fromServer[1]).toEqual({
      kind: "authenticated",
      request: {
        dataset: "GLBX.MDP3", encoding: "dbn", tsOut: false, compression: "none", heartbeatIntervalS: 15,
        slowReaderBehavior: "skip", client: "example/1.0",
      },
    });
    expect(whole.fromServer.slice(2, 4)).toEqual(SUBSCRIPTIONS.map((subscription) => ({ kind: "subscribed", subscription })));
    expect(whole.fromClient).toEqual([
      AUTH_LINE, { kind: "authenticated", sessionId: "1755000001", gatewayVersion: "0.9.4" }, [68, 66, 78, 10, 0, 255, 10],
    ]);
  });

  it("give the same events byte by byte and for any cutting", () => {
    expect(converse((data) => Array.from(data, (byte) => Uint8Array.of(byte)))).toEqual(whole);
    fc.assert(fc.property(fc.array(fc.nat(), { maxLength: 12 }), (places) => {
      expect(converse((data) => cut(data, places))).toEqual(whole);
    }), { numRuns: 60 });
  });
});

describe("client session", () => {
  it("gives the same events for every split of what a gateway sends", () => {
    const sent = [...bytes("lsg_version=0.9.4\ncram=abcd1234\nsuccess=1|session_id=7\n"), 68, 66, 78, 3, 10, 10, 255];
    const receive = (pieces: readonly Uint8Array[]): unknown[] => {
      const session = client();
      return plain(pieces.flatMap((piece) => session.receive(piece).map((event) =>
        event.kind === "stream" ? { ...event, bytes: event.bytes.slice() } : event)));
    };
    const data = Uint8Array.from(sent);
    const expected = receive([data]);
    expect(expected).toEqual([AUTH_LINE, { kind: "authenticated", sessionId: "7", gatewayVersion: "0.9.4" }, [68, 66, 78, 3, 10, 10, 255]]);
    for (let a = 0; a <= data.length; a += 1) {
      for (let b = a; b <= data.length; b += 1) expect(receive(cut(data, [a, b]))).toEqual(expected);
    }
  });

  it.each([
    ["Authentication failed.", "LSG_AUTH_REFUSED"],
    ["User has reached their open connection limit", "LSG_SESSION_LIMIT"],
    ["A live data license is required to access GLBX.MDP3.", "LSG_LICENCE"],
    ["User or API key deactivated", "LSG_KEY_DEACTIVATED"],
    ["Internal error", "LSG_INTERNAL"],
    ["Unknown subscription param 'x'", "LSG_SUBSCRIPTION"],
    ["something new", "LSG_AUTH_REFUSED"],
  ])("tells the refusal %j as %s", (reason, code) => {
    const session = client();
    session.receive(bytes("lsg_version=1\ncram=c\n"));
    expect(() => session.receive(bytes(`success=0|error=${reason}\n`))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(reason) }),
    );
    expect(session.state).toBe("over");
    expect(session.receive(bytes("success=1|session_id=1\n"))).toEqual([]);
  });

  it("hears a refusal in place of a greeting or challenge", () => {
    const limit = "success=0|error=User has reached their open connection limit\n";
    for (const before of ["", "lsg_version=1\n"]) {
      expect(() => client().receive(bytes(before + limit))).toThrow(expect.objectContaining({ code: "LSG_SESSION_LIMIT" }));
    }
    expect(() => client().receive(bytes("success=1|session_id=1\n"))).toThrow(expect.objectContaining({ code: "LSG_BAD_GREETING" }));
  });

  it("never repeats key or answer, and nothing that steers a terminal", () => {
    const session = client();
    session.receive(bytes("lsg_version=1\ncram=abcd1234\n"));
    let message = "";
    try {
      session.receive(bytes(`success=0|error=bad line auth=${AUTH} key ${KEY_TEXT} ${AUTH.toUpperCase()} \u202e\u009b31m end\n`));
    } catch (error) {
      message = error instanceof Error ? error.message : "";
    }
    expect(message).toContain("bad line auth=… key …FFFFF");
    expect(message).not.toMatch(/be87ce|BE87CE|unittest|[\u0080-\u009f\u202e]/);
  });

  it.each([
    ["an HTTP server", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["an HTTP server", "H"],
    ["an SSH server", "SSH-2.0-OpenSSH\r\n"],
    ["a TLS server", "\u0015\u0003\u0001\u0000\u0002"],
    ["binary data", "\u0000\u0001\u0002"],
    ["'220 mail ready'", "220 mail ready\r\n"],
  ])("names %s instead of a greeting, from the first wrong byte", (found, sent) => {
    const refusal = expect.objectContaining({
      code: "LSG_BAD_GREETING",
      message: sent.length < 2 ? expect.stringContaining("found") : expect.stringContaining(found),
    });
    expect(() => client().receive(bytes(sent))).toThrow(refusal);
  });

  it.each(["lsg_version=1\ncram=\n", "lsg_version=1\nhello\n", `lsg_version=${"x".repeat(2000)}`, "lsg_version=1\u0007\n"])(
    "refuses a damaged greeting %#",
    (sent) => {
      expect(() => client().receive(bytes(sent))).toThrow(expect.objectContaining({ code: "LSG_BAD_GREETING" }));
    },
  );

  it.each(["success=1\n", "success=1|session_id=\n", "nonsense\n", "x".repeat(1025)])("refuses a damaged result %#", (sent) => {
    const session = client();
    session.receive(bytes("lsg_version=1\ncram=c\n"));
    expect(() => session.receive(bytes(sent))).toThrow(NqError);
  });

  it("takes a result that is neither yes nor no for damage, which another try may mend, not for a refusal", () => {
    const session = client();
    session.receive(bytes("lsg_version=1\ncram=c\n"));
    expect(() => session.receive(bytes("succes3=1|session_id=4\n"))).toThrow(expect.objectContaining({ code: "LSG_BAD_LINE", retry: true }));
  });

  it("starts only when it is ready, once, and not with a bad subscription", () => {
    const session = client();
    expect(() => session.start([])).toThrow(expect.objectContaining({ code: "LSG_STATE" }));
    session.receive(bytes("lsg_version=1\ncram=c\nsuccess=1|session_id=1\n"));
    expect(() => session.start([{ ...SUBSCRIPTIONS[0]!, schema: "x" }])).toThrow(expect.objectContaining({ code: "LSG_SUBSCRIPTION" }));
    expect(text(session.start(SUBSCRIPTIONS)).split("\n").length).toBe(1 + 3 + 1 + 1);
    expect(() => session.start([])).toThrow(expect.objectContaining({ code: "LSG_STATE" }));
  });

  it("cannot be made to write a second pair by its own name", () => {
    const events = client({ client: "evil|auth=x\n\u001b[31m" }).receive(bytes("lsg_version=1\ncram=abcd1234\n"));
    expect(plain(events)[0]).toMatch(/\|client=evil\/auth=x\n$/);
  });

  it("gives events or a typed error for any bytes", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.constantFrom("lsg_version=1\n", "cram=c\n", "success=1|session_id=1\n", "success=0|error=x\n", "|", "\n").map(bytes),
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const session = client();
      try {
        for (const data of pieces) session.receive(data);
      } catch (error) {
        expect(error).toBeInstanceOf(NqError);
        expect(String(error)).not.toMatch(/unittest|[\u0000-\u0008\u001b]/); // eslint-disable-line no-control-regex
      }
    }), { numRuns: 500 });
  });
});

describe("server session", () => {
  const good = (change = ""): string => `auth=${AUTH}|dataset=GLBX.MDP3${change}\n`;
  const kinds = (events: readonly ServerEvent[]): string[] => events.map(({ kind }) => kind);

  /** A session that is past authentication. */
  function ready() {
    const session = server();
    expect(kinds(session.receive(bytes(good())))).toEqual(["send", "authenticated"]);
    return session;
  }

  it("greets with both lines in one piece", () => {
    expect(text(server().greeting())).toBe("lsg_version=0.9.4\ncram=abcd1234\n");
  });

  it("takes keys in any order, all documented ones, and fills in the defaults", () => {
    const all = `pretty_px=1|client=a=b|details=x|slow_reader_behavior=drop|heartbeat_interval_s=5|compression=zstd|ts_out=1|encoding=dbn|dataset=GLBX.MDP3|pretty_ts=0|auth=${AUTH}|\n`;
    const [sent, event] = server().receive(bytes(all));
    expect(sent?.kind === "send" && text(sent.bytes)).toBe("success=1|session_id=1755000001\n");
    expect(event).toEqual({
      kind: "authenticated",
      request: {
        dataset: "GLBX.MDP3", encoding: "dbn", tsOut: true, compression: "zstd", heartbeatIntervalS: 5,
        slowReaderBehavior: "skip", client: "a=b",
      },
    });
    expect(server().receive(bytes(good()))[1]).toMatchObject({ request: { heartbeatIntervalS: 30, client: "", tsOut: false } });
  });

  it.each([
    ["no auth", "dataset=GLBX.MDP3", /Missing auth/],
    ["no dataset", `auth=${AUTH}`, /Missing dataset/],
    ["a wrong dataset", `auth=${AUTH}|dataset=XNAS.ITCH`, /GLBX\.MDP3/],
    ["a wrong answer", `auth=${AUTH.replace("b", "c")}|dataset=GLBX.MDP3`, /^success=0\|error=Authentication failed\.\n$/],
    ["another encoding", `auth=${AUTH}|dataset=GLBX.MDP3|encoding=json`, /encoding=dbn/],
    ["a bad ts_out", `auth=${AUTH}|dataset=GLBX.MDP3|ts_out=2`, /ts_out/],
    ["a bad compression", `auth=${AUTH}|dataset=GLBX.MDP3|compression=gzip`, /compression/],
    ["a short heartbeat", `auth=${AUTH}|dataset=GLBX.MDP3|heartbeat_interval_s=4`, /5 to 1800/],
    ["a long heartbeat", `auth=${AUTH}|dataset=GLBX.MDP3|heartbeat_interval_s=1801`, /5 to 1800/],
    ["a heartbeat in words", `auth=${AUTH}|dataset=GLBX.MDP3|heartbeat_interval_s=1e1`, /5 to 1800/],
    ["an unknown key", `auth=${AUTH}|dataset=GLBX.MDP3|colour=red`, /'colour'/],
    ["a key twice", `auth=${AUTH}|dataset=GLBX.MDP3|auth=x`, /twice/],
    ["no pairs", `${AUTH}`, /success=0/],
    ["the answer in a wrong place", `${AUTH}=1`, /odd name/],
    ["an empty line", "", /success=0/],
    ["HTTP", "GET / HTTP/1.1\r", /success=0/],
    ["a long line", "a".repeat(1025), /success=0/],
  ])("refuses %s with a text and closes", (_title, line, expected) => {
    const session = server();
    const events = session.receive(bytes(`${line}\n`));
    expect(kinds(events)).toEqual(["send", "close"]);
    const answer = events[0]?.kind === "send" ? text(events[0].bytes) : "";
    expect(answer).toMatch(expected);
    expect(answer).toMatch(/^success=0\|error=[^|\n]+\n$/);
    expect(answer).not.toContain(AUTH.slice(0, 20));
    expect(session.receive(bytes(good()))).toEqual([]);
  });

  it("does not wait for the end of a line that is too long", () => {
    expect(kinds(server().receive(bytes("a".repeat(1025))))).toEqual(["send", "close"]);
    expect(kinds(ready().receive(bytes("a".repeat(65_537))))).toEqual(["refused"]);
    expect(kinds(ready().receive(bytes("a".repeat(65_536))))).toEqual([]);
  });

  it.each(["start_session", "start_session=0", "start_session=", "start_session|"])("starts on %s, once", (line) => {
    const session = ready();
    expect(kinds(session.receive(bytes(`${line}\n${line}\n`)))).toEqual(["start"]);
    expect(kinds(session.receive(bytes("start_session\nschema=trades|symbols=NQZ6\n")))).toEqual(["subscribed"]);
  });

  it.each([
    "schema=trades", "schema=trade|symbols=A", "schema=trades|symbols=A|x=1", "", "hello", "start_session=1",
    "start_session|schema=trades", "schema=trades|symbols=A|is_last=0\nstart_session",
    "schema=trades|symbols=A|is_last=0\nschema=mbp-1|symbols=B", "start_session\nschema=trades|symbols=A|start=0",
  ])("refuses %j with code 5", (lines) => {
    const session = ready();
    const events = session.receive(bytes(`${lines}\n`));
    expect(events.at(-1)).toMatchObject({ kind: "refused", code: 5 });
    expect(session.receive(bytes("start_session\n"))).toEqual([]);
  });

  it("takes authentication, subscriptions and start in one segment", () => {
    const events = server().receive(bytes(`${good()}schema=trades|symbols=A,B|is_last=0|id=3\nschema=trades|symbols=C|id=3\nstart_session\n`));
    expect(kinds(events)).toEqual(["send", "authenticated", "subscribed", "start"]);
    expect(events[2]).toMatchObject({ subscription: { symbols: ["A", "B", "C"], id: 3, stypeIn: "raw_symbol" } });
  });

  it("bounds what one client can ask for", () => {
    const events = ready().receive(bytes("schema=trades|symbols=A\n".repeat(1002)));
    expect(kinds(events).filter((kind) => kind === "subscribed").length).toBe(1000);
    expect(kinds(events).at(-1)).toBe("refused");
    const endless = ready().receive(bytes("schema=trades|symbols=A,B,C,D|is_last=0\n".repeat(600)));
    expect(kinds(endless)).toEqual(["refused"]);
  });

  it("never throws, whatever a client sends, and shows nothing after the end", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      fc.constantFrom(good(), "start_session\n", "schema=trades|symbols=A\n", "schema=trades|symbols=A|is_last=0\n", "\n").map(bytes),
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const session = server();
      const events = pieces.flatMap((data) => session.receive(data));
      const end = kinds(events).findIndex((kind) => kind === "close" || kind === "refused");
      expect(end === -1 || end === events.length - 1).toBe(true);
    }), { numRuns: 500 });
  });
});
