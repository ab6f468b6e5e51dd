/** Gateway records as events, in every version of the format. */
import { describe, expect, it } from "vitest";
import { convertRecord, encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import type { DbnVersion } from "../../src/dbn/constants.ts";
import { streamEvent, type StreamEvent } from "../../src/lsg/stream-events.ts";

const VERSIONS: readonly DbnVersion[] = [1, 2, 3];

/** The event of a record that came in `version` and was upgraded, as the decoder does it. */
function eventOf(record: PartialRecord, version: DbnVersion): StreamEvent | null {
  return streamEvent(new RecordView().point(convertRecord(encodeRecord(record, version), version, 3)));
}

describe.each(VERSIONS)("gateway records of version %d", (version) => {
  it.each<[string, number, StreamEvent]>([
    ["Heartbeat", 0, { kind: "heartbeat" }],
    ["Subscription request 1 for trades data succeeded", 1,
      { kind: "acknowledged", schema: "trades", text: "Subscription request 1 for trades data succeeded" }],
    ["Subscription request for ohlcv-1m data succeeded", 1,
      { kind: "acknowledged", schema: "ohlcv-1m", text: "Subscription request for ohlcv-1m data succeeded" }],
    ["Warning: slow reading, not keeping pace with mbp-1 data", 2,
      { kind: "slowReading", text: "Warning: slow reading, not keeping pace with mbp-1 data" }],
    ["Finished trades replay", 3, { kind: "replayCompleted", schema: "trades" }],
    ["End of interval for ohlcv-1m", 4, { kind: "endOfInterval", schema: "ohlcv-1m" }],
    ["End of recording nq.dbn", 255, { kind: "sourceFinished", text: "End of recording nq.dbn" }],
    ["Something else", 255, { kind: "notice", text: "Something else" }],
  ])("system %j", (msg, code, expected) => {
    expect(eventOf({ kind: "system", tsEvent: 1n, msg, code }, version)).toEqual(expected);
  });

  it.each<[string, number, number, string | null]>([
    ["User or API key deactivated", 2, 2, "LSG_KEY_DEACTIVATED"],
    ["User has reached their open connection limit", 3, 3, "LSG_SESSION_LIMIT"],
    ["Failed to resolve symbol: XX", 4, 4, null],
    ["Internal error", 6, 6, "LSG_INTERNAL"],
    ["Slow client detected for mbp-1. Skipped records", 7, 7, null],
    ["Invalid subscription: no such schema", 5, 5, "LSG_SUBSCRIPTION"],
    ["Replay data aged out", 8, 8, "LSG_REPLAY_AGED_OUT"],
    ["Who knows", 255, 255, null],
  ])("error %j", (err, code, expected, fatal) => {
    expect(eventOf({ kind: "error", tsEvent: 1n, err, code, isLast: 1 }, version)).toEqual({
      kind: "error", code: expected, fatal, isLast: true, text: err,
    });
  });

  it("symbol mapping", () => {
    const record: PartialRecord = {
      kind: "symbolMapping", instrumentId: 4916, stypeInSymbol: "NQ.c.0", stypeOutSymbol: "NQZ6",
    };
    expect(eventOf(record, version)).toEqual({
      kind: "mapping", instrumentId: 4916, stypeInSymbol: "NQ.c.0", rawSymbol: "NQZ6",
    });
  });
});

describe("gateway records", () => {
  it("carry codes that need no text in newer versions", () => {
    expect(eventOf({ kind: "error", err: "too old", code: 8, isLast: 0 }, 3)).toMatchObject({
      code: 8, fatal: "LSG_REPLAY_AGED_OUT", isLast: false,
    });
    expect(eventOf({ kind: "error", err: "no", code: 1, isLast: 1 }, 2)).toMatchObject({ fatal: "LSG_AUTH_REFUSED" });
  });

  it("without a code are read from their text in newer versions too", () => {
    expect(eventOf({ kind: "system", msg: "Heartbeat", code: 255 }, 3)).toEqual({ kind: "heartbeat" });
    expect(eventOf({ kind: "system", msg: "Finished trades replay", code: 255 }, 2)).toMatchObject({ kind: "replayCompleted" });
  });

  it("cannot steer a terminal", () => {
    const evil = "\u001b]0;title\u0007\u001b[31mred\u009b2J\r\nnext";
    const event = eventOf({ kind: "error", err: evil, code: 6, isLast: 1 }, 3);
    expect(event?.kind === "error" && event.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/); // eslint-disable-line no-control-regex
    const mapped = eventOf({ kind: "symbolMapping", stypeInSymbol: "\u001b[2J", stypeOutSymbol: "NQ\u0007Z6" }, 3);
    expect(mapped).toMatchObject({ stypeInSymbol: "", rawSymbol: "NQZ6" });
  });

  it("are not market records", () => {
    expect(eventOf({ kind: "trade", size: 1 }, 3)).toBeNull();
  });
});
