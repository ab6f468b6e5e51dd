/** Cuts at every byte, resumed: a short stream here, a long one in `npm run prove`. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { forbidAmbient } from "../ambient.ts";
import { RECORD_BYTES } from "../market-log.ts";
import { cutChain } from "./chain.ts";
import { streamLog } from "./stream-log.ts";
import { CONNECTION_CASES, connectionBytes, cutConnection } from "./whole-connection.ts";

let allowAmbient = (): void => {};

beforeEach(() => {
  allowAmbient = forbidAmbient();
});

afterEach(() => allowAmbient());

describe("a stream cut at every one of its bytes", () => {
  const records = 200;
  const log = streamLog(records, 1);

  it.each([0, 12, 24, 36])("loses nothing and doubles nothing, offsets within a record from %d on", async (from) => {
    let cuts = 0;
    for (let offset = from; offset < from + 12; offset += 1) cuts += await cutChain(log, offset, 0, records, () => {});
    expect(cuts).toBe(records * RECORD_BYTES / 4);
  });
});

describe("a whole connection cut at every one of its bytes", () => {
  const log = streamLog(12, 2);

  it.each(CONNECTION_CASES)("$which, $direction, $compression: the totals are those of the log", async (one) => {
    const bytes = await connectionBytes(log, one);
    expect(bytes).toBeGreaterThan(one.direction === "up" ? 200 : 300);
    let cuts = 0;
    await cutConnection(log, one, 0, bytes + 2, () => (cuts += 1));
    expect(cuts).toBe(bytes + 2);
  });
});
