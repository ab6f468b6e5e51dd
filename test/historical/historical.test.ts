/** The historical API's client against a real HTTP server that behaves as documented, and misbehaves as documented. */
import { afterEach, describe, expect, test } from "vitest";
import { fetchRange } from "../../src/historical/fetch-range.ts";
import { checkedBaseUrl, type HistoricalOptions } from "../../src/historical/options.ts";
import { availableUntil, priceOf, type HistoricalRange } from "../../src/historical/range.ts";
import { ApiKey } from "../../src/lsg/api-key.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { HandClock } from "../client/hand-clock.ts";
import { CANARY } from "../helpers/canary.ts";
import { startFakeApi, type FakeApi, type FakeApiOptions } from "./fake-api.ts";

const T0 = 1_749_821_400_000_000_000n;
const COUNT = 1_000;

/** Several of one index time, and equal fills among them: identity and count must tell them apart. */
const records = Array.from({ length: COUNT }, (_, n) => ({
  kind: "trade" as const, publisherId: 1, instrumentId: 42, tsEvent: T0 + BigInt(Math.floor(n / 7)) * 1_000_000n - 500n,
  tsRecv: T0 + BigInt(Math.floor(n / 7)) * 1_000_000n, action: "T", side: n % 2 === 0 ? "B" : "A", price: 21_680_750_000_000n,
  size: n % 7 < 3 ? 1 : n + 1, sequence: n % 7 < 3 ? Math.floor(n / 7) : n,
}));
const RANGE: HistoricalRange = { dataset: "GLBX.MDP3", schema: "trades", symbols: ["NQM5"], start: T0, end: T0 + 3_600_000_000_000n };

let api: FakeApi | null = null;
afterEach(async () => {
  await api?.close();
  api = null;
});

interface Rig {
  readonly options: HistoricalOptions;
  readonly notes: string[];
  readonly waits: number[];
  readonly fetched: string[];
  /** Records missing at each further call. */
  readonly goneOn: number[];
  fetch(expected?: number): ReturnType<typeof fetchRange>;
}

/** A clock whose waits are over at once, and counted. */
function rigged(baseUrl: string, abort = new AbortController()): Rig {
  const notes: string[] = [];
  const waits: number[] = [];
  const fetched: string[] = [];
  const goneOn: number[] = [];
  const hand = new HandClock();
  const clock: Clock = {
    wallMs: () => hand.wallMs(),
    monotonicMs: () => hand.monotonicMs(),
    after(delayMs, run) {
      if (delayMs >= 100_000 && delayMs !== 300_000) return () => {}; // silence is no subject here
      waits.push(delayMs);
      const timer = setImmediate(run);
      return () => clearImmediate(timer);
    },
  };
  const options: HistoricalOptions = {
    baseUrl, apiKey: ApiKey.parse(CANARY), clientName: "nq-tui/test", fetch: globalThis.fetch, clock, random: () => 0.5, signal: abort.signal,
    onNote: (note) => notes.push(note),
  };
  return {
    options, notes, waits, fetched, goneOn,
    fetch: (expected = COUNT) => fetchRange(options, RANGE, expected, {
      onMetadata: () => {},
      onRecord: (view) => fetched.push(`${view.tsEvent} ${view.size} ${view.side} ${view.sequence}`),
      onGoOn: (missing) => goneOn.push(missing),
      onProgress: () => {},
    }),
  };
}

async function start(options: Partial<FakeApiOptions> = {}): Promise<Rig> {
  api = await startFakeApi({ keyText: CANARY, records, ...options });
  return rigged(api.url);
}

const whole = records.map(({ tsEvent, size, side, sequence }) => `${tsEvent} ${size} ${side.charCodeAt(0)} ${sequence}`);

describe("prices", () => {
  test("cost, count and size are asked for and told, and the key goes as the user name of basic authentication", async () => {
    const { options } = await start();
    expect(await priceOf(options, RANGE)).toEqual({ dollars: expect.closeTo(0.1, 9), records: COUNT, bytes: COUNT * 48 });
    expect(api?.calls.map(({ method }) => method)).toEqual(["metadata.get_cost", "metadata.get_record_count", "metadata.get_billable_size"]);
    expect(api?.calls[0]?.params).toEqual({ dataset: "GLBX.MDP3", schema: "trades", symbols: "NQM5", stype_in: "raw_symbol", start: String(RANGE.start), end: String(RANGE.end) });
    expect(api?.heard[0]).toContain(`"authorization":"Basic ${Buffer.from(`${CANARY}:`).toString("base64")}"`);
    expect(api?.heard.join("")).not.toContain(CANARY); // not in an address, not in a body
  });

  test("the end of what can be had is that of the schema", async () => {
    const { options } = await start({ availableEnd: "2025-06-13T14:30:00.500000001Z" });
    expect(await availableUntil(options, "GLBX.MDP3", "trades")).toBe(1_749_825_000_500_000_001n);
  });

  test.each([['"0.01"'], ["-1"], ["null"], ["<html>"], [`{"cost": 1}`]])("an answer of %s is no price", async (body) => {
    const { options } = await start({ faults: { "metadata.get_cost": [{ status: 200, body }] } });
    await expect(priceOf(options, RANGE)).rejects.toMatchObject({ code: "HIST_CONTENT" });
  });
});

describe("a range", () => {
  test.each([[0], [1], [100], [5000]])("comes whole, in order, from frames of %i records, however it is cut", async (frameRecords) => {
    for (const cuts of [[1, 3], [977], [1_000_000]]) {
      const rig = await start({ frameRecords, cuts });
      expect(await rig.fetch()).toMatchObject({ records: COUNT, pieces: 1 });
      expect(rig.fetched).toEqual(whole);
      await api?.close();
    }
  });

  const cutsOf = (bytes: number): number[] => [0, 1, 3, 4, 60, 200, 1_000, 5_000, 12_345, bytes - 48, bytes - 1].filter((cut) => cut < bytes);
  test.each([
    ["plain", "reset", 0], ["plain", "end", 0], ["zstd", "reset", 50], ["zstd", "end", 50], ["zstd", "end", 1],
  ] as const)("a %s body that breaks off by %s is continued without loss and without doubles", async (_, how, frameRecords) => {
    for (const cutAfter of cutsOf(frameRecords === 0 ? 48_200 : 20_000)) {
      const rig = await start({ frameRecords, faults: { "timeseries.get_range": [{ cutAfter, how }, null, null] } });
      const { pieces } = await rig.fetch();
      expect(rig.fetched, `cut after ${cutAfter}`).toEqual(whole);
      expect(pieces).toBeGreaterThan(0);
      await api?.close();
    }
  });

  test("broken off again and again it goes on from where it was, and pays for no record twice but those of one time", async () => {
    const faults = [1_000, 3_000, 400, 9_000, 5_000].map((cutAfter) => ({ cutAfter, how: "reset" as const }));
    const rig = await start({ frameRecords: 20, faults: { "timeseries.get_range": faults } });
    expect(await rig.fetch()).toMatchObject({ pieces: 6 });
    expect(rig.fetched).toEqual(whole);
    const starts = (api?.calls ?? []).map(({ params }) => BigInt(params["start"] ?? 0));
    expect(starts).toEqual(starts.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(rig.goneOn).toHaveLength(5);
    expect(rig.goneOn).toEqual(rig.goneOn.toSorted((a, b) => b - a));
    expect(rig.notes.some((note) => /records are missing, going on from the last whole record/.test(note))).toBe(true);
  });

  test("a body that ends early at the end of a frame is noticed by its count", async () => {
    const rig = await start({ frameRecords: 100, faults: { "timeseries.get_range": [{ onlyRecords: 400 }] } });
    expect(await rig.fetch()).toMatchObject({ pieces: 2 });
    expect(rig.fetched).toEqual(whole);
  });

  test("one that never comes whole is given up after three tries that bring nothing; what came is kept", async () => {
    const rig = await start({ faults: { "timeseries.get_range": Array.from({ length: 9 }, () => ({ onlyRecords: 7 })) } });
    await expect(rig.fetch()).rejects.toMatchObject({ code: "HIST_CONTENT", message: expect.stringContaining("of 1,000 records are missing") });
    expect(rig.fetched).toEqual(whole.slice(0, rig.fetched.length));
    expect(api?.calls.length).toBeLessThan(9);
  });

  test("more records than were told of are an error, too", async () => {
    const rig = await start();
    await expect(rig.fetch(COUNT - 1)).rejects.toMatchObject({ code: "HIST_CONTENT", message: "expected 999 records, found 1,000" });
  });

  test("data of something else is refused", async () => {
    const { options } = await start();
    const taker = { onMetadata: () => {}, onRecord: () => {}, onGoOn: () => {}, onProgress: () => {} };
    await expect(fetchRange(options, { ...RANGE, schema: "mbp-1" }, 0, taker)).resolves.toMatchObject({ records: 0 });
    await expect(fetchRange(options, { ...RANGE, symbols: ["NQZ9"] }, 1, taker)).rejects.toMatchObject({ code: "HIST_REQUEST" });
  });

  test("warnings and 206 are told", async () => {
    const rig = await start({ warning: JSON.stringify([`PartialContent: some of it is missing ${CANARY}`, "\u001b[31mred"]) });
    await rig.fetch();
    expect(rig.notes[0]).toMatch(/^PartialContent: some of it is missing …/);
    expect(rig.notes[1]).toBe("red");
  });

  test("stopping ends it, and says so", async () => {
    api = await startFakeApi({ keyText: CANARY, records });
    const abort = new AbortController();
    const rig = rigged(api.url, abort);
    const fetching = fetchRange(rig.options, RANGE, COUNT, { onMetadata: () => abort.abort(), onRecord: () => {}, onGoOn: () => {}, onProgress: () => {} });
    await expect(fetching).rejects.toMatchObject({ code: "HIST_STOPPED" });
  });
});

describe("answers that are none", () => {
  const detail = (message: string, name = ""): string => JSON.stringify({ detail: name === "" ? message : { case: name, message, status_code: 0, docs: "", payload: {} } });
  test.each([
    [400, detail("bad"), "HIST_REQUEST", "bad"],
    [401, detail("Not authenticated"), "HIST_REFUSED", "Not authenticated"],
    [402, detail("Payment is overdue", "billing_payment_required"), "HIST_PAYMENT", "Payment is overdue"],
    [403, detail("A live data license is required to access GLBX.MDP3 after 2025-06-12", "license_not_found_unauthorized"), "HIST_LICENCE", "license_not_found_unauthorized"],
    [404, "<html>", "HIST_REQUEST", "no reason given"],
    [409, detail("conflict"), "HIST_REQUEST", "conflict"],
    [422, detail("until 14:30", "data_end_after_available_end"), "HIST_RANGE", "until 14:30"],
    [422, detail("until 14:30", "data_start_after_available_end"), "HIST_RANGE", "until 14:30"],
    [422, detail("use an end before 14:30", "dataset_unavailable_range"), "HIST_RANGE", "use an end before 14:30"],
    [422, detail("None of the symbols could be resolved", "symbology_invalid_request"), "HIST_REQUEST", "symbology_invalid_request"],
  ] as const)("%i stops at once, with its reason", async (status, body, code, text) => {
    const rig = await start({ faults: { "timeseries.get_range": [{ status, body }] } });
    await expect(rig.fetch()).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
    expect(api?.calls).toHaveLength(1);
  });

  test("429 is waited for as long as it asks, in seconds or until a date", async () => {
    const rig = await start({
      faults: {
        "timeseries.get_range": [
          { status: 429, headers: { "Retry-After": "17" } },
          { status: 429, headers: { "Retry-After": new Date(1_700_000_000_000 + 1_000_000 + 25_000).toUTCString() } },
        ],
      },
    });
    await rig.fetch();
    expect(rig.fetched).toEqual(whole);
    expect(rig.waits.filter((ms) => ms >= 10_000)).toEqual([17_000, 25_000]);
  });

  test("429 that asks for an hour is not waited for", async () => {
    const rig = await start({ faults: { "metadata.get_cost": [{ status: 429, headers: { "Retry-After": "3600" } }] } });
    await expect(priceOf(rig.options, RANGE)).rejects.toMatchObject({ code: "HIST_UNAVAILABLE", message: expect.stringContaining("a pause of 3600 s") });
  });

  test.each([[500], [502], [503], [504]])("%i is tried again with growing waits, then given up", async (status) => {
    const rig = await start({ faults: { "timeseries.get_range": Array.from({ length: 30 }, () => ({ status })) } });
    await expect(rig.fetch()).rejects.toMatchObject({ code: "HIST_UNAVAILABLE" });
    const first = rig.waits.slice(0, 5);
    expect(first).toEqual(first.toSorted((a, b) => a - b));
    expect(api?.calls.length).toBeLessThanOrEqual(18);
  });

  test("a connection that is closed without an answer is tried again", async () => {
    const rig = await start({ faults: { "timeseries.get_range": [{ drop: true }, { status: 503 }, { drop: true }] } });
    await rig.fetch();
    expect(rig.fetched).toEqual(whole);
  });

  test("nobody there is told as a failed connection", async () => {
    const rig = await start();
    await api?.close();
    await expect(priceOf(rig.options, RANGE)).rejects.toMatchObject({ code: "HIST_UNAVAILABLE", message: expect.stringContaining("ECONNREFUSED") });
  });
});

describe("an answer that breaks off after its head", () => {
  /** The first bodies as given, all others `5`. */
  function answering(...bodies: ConstructorParameters<typeof Response>[0][]): typeof fetch {
    return () => Promise.resolve(new Response(bodies.length === 0 ? "5" : bodies.shift()));
  }
  const stalled = (): ReadableStream => new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode("12")) });
  const broken = (): ReadableStream => new ReadableStream({ pull: (body) => body.error(new TypeError("terminated")) });

  test("a price that stays half said, or is cut off, is asked for again", async () => {
    const rig = rigged("http://127.0.0.1:1/v0/");
    const soon = rig.options.clock;
    const clock: Clock = { ...soon, after: (delayMs, run) => soon.after(delayMs === 100_000 ? 1 : delayMs, run) };
    expect(await priceOf({ ...rig.options, clock, fetch: answering(stalled(), broken()) }, RANGE)).toEqual({ dollars: 5, records: 5, bytes: 5 });
    expect(rig.notes).toEqual([
      expect.stringMatching(/^the data stopped coming for 100 s; trying again in /),
      expect.stringMatching(/^the connection to the historical API failed: terminated; trying again in /),
    ]);
  });

  test("whoever stops it meanwhile does not wait for it", async () => {
    const abort = new AbortController();
    const rig = rigged("http://127.0.0.1:1/v0/", abort);
    const body = new ReadableStream({ pull: (into) => { abort.abort(); into.error(abort.signal.reason); } });
    await expect(priceOf({ ...rig.options, fetch: answering(body) }, RANGE)).rejects.toMatchObject({ code: "HIST_STOPPED" });
  });
});

describe("the key", () => {
  test("is in no error and no note, even where the answer repeats it", async () => {
    api = await startFakeApi({ keyText: CANARY.replace("Canary", "Canari"), records });
    const rig = rigged(api.url);
    const error: unknown = await priceOf(rig.options, RANGE).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "HIST_REFUSED" });
    const told = `${String(error)} ${rig.notes.join(" ")} ${JSON.stringify(error)}`;
    expect(told).not.toContain("CanaryCanary");
    expect(told).not.toContain(Buffer.from(`${CANARY}:`).toString("base64").slice(8, 24));
  });

  test("follows no redirection", async () => {
    const elsewhere = await startFakeApi({ keyText: CANARY, records });
    const rig = await start({ faults: { "metadata.get_cost": Array.from({ length: 9 }, () => ({ status: 307, headers: { Location: `${elsewhere.url}metadata.get_cost` } })) } });
    await expect(priceOf(rig.options, RANGE)).rejects.toMatchObject({ code: "HIST_UNAVAILABLE" });
    expect(elsewhere.heard).toEqual([]);
    await elsewhere.close();
  });

  test.each([["https://hist.databento.com/v0"], ["http://127.0.0.1:80/v0/"], ["http://localhost:8080/"], ["http://[::1]:1/v0/"]])("may go to %s", (url) => {
    expect(checkedBaseUrl(url)).toBe(url.endsWith("/") ? url : `${url}/`);
  });

  test.each([["https://hist.databento.com.example.com/v0/"], ["http://hist.databento.com/v0/"], ["https://hist.databent0.com/v0/"], ["http://127.0.0.1@example.com/"], ["http://10.0.0.1/v0/"]])("may not go to %s", (url) => {
    expect(() => checkedBaseUrl(url)).toThrowError(/sent nowhere else/);
  });
});
