/** The faults that can be asked for do what they say, and only that. */
import { expect, test } from "vitest";
import { HandClock } from "../client/hand-clock.ts";
import { rig } from "./gateway-rig.ts";
import { memorySource, tradeAt } from "./memory-source.ts";
import { brief } from "./raw-client.ts";

const source = memorySource({ records: Array.from({ length: 40 }, (_, index) => tradeAt(index, { sequence: index })) });
const LINES = ["schema=trades|symbols=NQU5|start=0", "start_session"];

test.each([{ cutWrites: [1, 3, 7] }, { cutWrites: [50, 1], pauseMs: 1 }])("cut writes %j change nothing of the stream", async (faults) => {
  const gateway = await rig({ source, faults: (connection) => (connection === 1 ? faults : {}) });
  const [cut, whole] = [await gateway.session(LINES), await gateway.session(LINES)];
  await Promise.all([cut.toEnd(), whole.toEnd()]);
  expect((await cut.stream()).records.map(brief)).toEqual((await whole.stream()).records.map(brief));
  expect(cut.received.length - cut.textBytes).toBe(whole.received.length - whole.textBytes);
  if (faults.pauseMs !== undefined) expect(cut.chunks.length).toBeGreaterThan(20);
});

test("a reset in the middle of a record is seen as one, after exactly that many bytes", async () => {
  const gateway = await rig({ source, faults: () => ({ atByte: 1000, strike: "reset" }) });
  const client = await gateway.session(LINES);
  await client.toEnd();
  await expect.poll(() => client.error?.message ?? "").toContain("ECONNRESET");
  expect(client.received.length).toBeLessThanOrEqual(1000);
  await expect.poll(() => gateway.events.at(-1)?.kind).toBe("closed");
});

test("an end in the middle of a record", async () => {
  const gateway = await rig({ source, faults: () => ({ atByte: 1001, strike: "end" }) });
  const client = await gateway.session(LINES);
  await client.toEnd();
  expect(client.received).toHaveLength(1001);
  expect(client.error).toBeNull();
});

test("a stall is silence on an open connection", async () => {
  const gateway = await rig({ source, faults: () => ({ atByte: 900, strike: "stall" }) });
  const client = await gateway.session(LINES);
  await client.until(() => client.received.length === 900);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(client.received).toHaveLength(900);
  expect(client.isEnded).toBe(false);
});

test("refusals: at the connection, and in words", async () => {
  const licence = "A live data license is required to access GLBX.MDP3.";
  const gateway = await rig({ source, faults: (connection) => (connection === 1 ? { dropAtConnect: true } : { refuse: licence }) });
  const dropped = gateway.client();
  await dropped.toEnd();
  expect(dropped.text).toBe("");
  const refused = gateway.client();
  expect(await refused.authenticate()).toBe(`success=0|error=${licence}`);
  await refused.toEnd();
});

test("an error record of any code, fatal or not", async () => {
  const fault = { code: 8, text: "replay data aged out" };
  const gateway = await rig({
    source, dbnVersion: 3, faults: (connection) => ({ error: { ...fault, isFatal: connection === 1 } }),
  });
  const [fatal, other] = [await gateway.session(LINES), await gateway.session(LINES)];
  await Promise.all([fatal.toEnd(), other.toEnd()]);
  const told = (await fatal.stream()).records.map(brief);
  expect(told.at(-1)).toBe("error 8: replay data aged out");
  expect((await other.stream()).records.filter((one) => one.kind === "trade")).toHaveLength(40);
});

test("delays before greeting, result and stream", async () => {
  const clock = new HandClock();
  const gateway = await rig({ source, clock, faults: () => ({ delayMs: { greeting: 100, result: 200, stream: 300 } }) });
  const client = gateway.client();
  await expect.poll(() => gateway.events.length).toBe(1);
  clock.advance(99);
  expect(client.text).toBe("");
  clock.advance(1);
  const answered = client.authenticate();
  await expect.poll(() => gateway.events.some(({ kind }) => kind === "authenticated")).toBe(true);
  clock.advance(199);
  expect(client.text).not.toContain("success");
  clock.advance(1);
  expect(await answered).toMatch(/^success=1/);
  client.send(...LINES);
  await expect.poll(() => gateway.events.some(({ kind }) => kind === "started")).toBe(true);
  clock.advance(299);
  expect(client.received).toHaveLength(client.textBytes);
  clock.advance(1);
  await client.toEnd();
  expect((await client.stream()).records.filter((one) => one.kind === "trade")).toHaveLength(40);
});
