/** What a pause between trades means. */
import { describe, expect, test } from "vitest";
import { createFlowJudge } from "../../src/commands/flow-judge.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import type { StatusView } from "../../src/studies/status.ts";

const RTH = "2026-11-18T11:00:00-05:00";
const NIGHT = "2026-11-18T04:30:00-05:00";

function judge(at: string | null, pauseSec: number, medianSec: number | null = null, status: StatusView | null = null): [state: string, reason: string] {
  const { state, reason } = createFlowJudge(builtInCalendar, () => status)({
    pauseMs: pauseSec * 1000, medianMs: medianSec === null ? null : medianSec * 1000, marketMs: at === null ? null : Date.parse(at),
  });
  return [state, reason];
}

describe("a pause between trades", () => {
  test("in regular hours is too long after 5 s", () => {
    expect(judge(RTH, 4.9, 0.1)).toEqual(["flowing", ""]);
    expect(judge(RTH, 5, 0.1)).toEqual(["stale", "the link works, but no trade came for more than 5.0 s; usual is one in 0.1 s"]);
    expect(judge(RTH, 5, 0.01)[1]).toContain("usual is one in less than 0.1 s");
    expect(judge(RTH, 5)).toEqual(["stale", "the link works, but no trade came for more than 5.0 s"]);
  });

  test("in a slow market may be six times the usual", () => {
    expect(judge(RTH, 11, 2)).toEqual(["quiet", "no trade for more than 10 s"]);
    expect(judge(RTH, 12, 2)[0]).toBe("stale");
    expect(judge(NIGHT, 89, 15)[0]).toBe("quiet");
    expect(judge(NIGHT, 90, 15)[0]).toBe("stale");
  });

  test("outside regular hours is a minute at the least, for trades come in clusters", () => {
    expect(judge(NIGHT, 9, 1)[0]).toBe("flowing");
    expect(judge(NIGHT, 59, 1)[0]).toBe("quiet");
    expect(judge(NIGHT, 60, 1)[0]).toBe("stale");
  });

  test.each([
    ["the daily break", "2026-11-18T17:30:00-05:00", "daily break"],
    ["the weekend", "2026-11-21T12:00:00-05:00", "weekend"],
    ["a holiday", "2026-12-25T12:00:00-05:00", "holiday"],
  ])("in %s is natural, however long", (_, at, name) => {
    expect(judge(at, 3, 0.1)[0]).toBe("flowing");
    const [state, reason] = judge(at, 3_000, 0.1);
    expect(state).toBe("quiet");
    expect(reason).toContain(name);
  });

  test("while the venue has halted trading is natural; its word beats the calendar", () => {
    const halted: StatusView = { at: { sec: Date.parse(RTH) / 1000 - 60, nanos: 0 }, text: "halted (market event)", isTrading: false };
    expect(judge(RTH, 300, 0.1, halted)).toEqual(["quiet", "no trades are to be expected: halted (market event)"]);
    const trading: StatusView = { ...halted, text: "trading", isTrading: true };
    expect(judge(RTH, 300, 0.1, trading)[0]).toBe("stale");
  });

  test("begins with the open, with regular hours, and with the end of a halt", () => {
    expect(judge("2026-11-18T18:00:05-05:00", 3_600, 0.1)[0]).toBe("flowing");
    expect(judge("2026-11-18T18:01:01-05:00", 3_661, 0.1)[0]).toBe("stale");
    expect(judge("2026-11-18T09:30:03-05:00", 40, 0.1)[0]).toBe("flowing");
    expect(judge("2026-11-18T09:30:06-05:00", 43, 0.1)[0]).toBe("stale");
    const resumed: StatusView = { at: { sec: Date.parse(RTH) / 1000 - 3, nanos: 0 }, text: "trading", isTrading: true };
    expect(judge(RTH, 300, 0.1, resumed)[0]).toBe("flowing");
  });

  test("says nothing while market time is not known", () => {
    expect(judge(null, 300)[0]).toBe("flowing");
  });
});
