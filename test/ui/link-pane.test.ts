/** What the connection pane says of losses, replays, delays and checks. */
import { expect, test } from "vitest";
import type { LatencyState, LinkGap, LinkState } from "../../src/lsg/link-state.ts";
import { NO_MINUTES } from "../../src/store/minute-check.ts";
import { link as pane } from "../../src/ui/panes/link.ts";
import { rowText, rowWidth } from "../../src/ui/text.ts";
import { SAMPLE_WALL_MS, sampleLink, sampleSnapshot } from "./sample-snapshot.ts";

/** A market time of the sample's day, Eastern. */
const at = (time: string) => ({ sec: Date.parse(`2025-06-13T${time}-04:00`) / 1000, nanos: 0 });

function drawn(change: Partial<LinkState>, size = { columns: 100, rows: 40 }, snapshot: Parameters<typeof sampleSnapshot>[0] = {}): string {
  const shown = sampleSnapshot({ mode: "LIVE", link: { ...sampleLink, ...change }, ...snapshot });
  const rows = pane.open().draw(shown, size, { wallMs: SAMPLE_WALL_MS, flash: null });
  for (const row of rows) expect(rowWidth(row)).toBeLessThanOrEqual(size.columns);
  return rows.map(rowText).join("\n");
}

test("a replay says how far it is, in market time, before anything else", () => {
  const catchUp = { trades: 12_345, reached: at("10:42:10"), target: at("10:58:30"), isRepeat: false };
  const lines = drawn({ phase: "CATCHING_UP", catchUp }).split("\n");
  expect(lines[0]).toMatch(/^» CATCHING UP {2}the gateway replays the earlier part/);
  expect(lines[1]).toBe("catching up:  trades 12,345  to go 16 min  at 10:42:10  of 10:58:30");
  const repeat = { ...catchUp, isRepeat: true };
  expect(drawn({ phase: "CATCHING_UP", catchUp: repeat })).toContain("plays again what was counted:  trades 12,345  to go 16 min");
  expect(drawn({ phase: "CATCHING_UP", catchUp: { trades: 0, reached: null, target: null, isRepeat: false } })).toContain("catching up:  trades 0\n");
  expect(drawn({ catchUp: null })).not.toContain("catching up");
});

test("gaps say what became of them and how, the newest first; older ones are counted", () => {
  const gap = (n: number, state: LinkGap["state"], how: string): LinkGap => ({ from: at(`10:0${n}:10`), to: state === "open" ? null : at(`10:0${n}:41`), state, how });
  const gaps = [
    gap(1, "filled", "replayed; 150 trades from before came again"), gap(2, "unverified", "replayed; nothing to compare"),
    gap(3, "not filled", "the gateway no longer has that time"), gap(4, "filled", "replayed; 1 trade from before came again"), gap(5, "open", "no byte came"),
  ];
  const text = drawn({ gaps });
  const found = text.split("\n").filter((row) => row.startsWith("gap ") || row.includes("more gaps"));
  expect(found).toEqual([
    "gap since 10:05:10 open: no byte came",
    "gap 10:04:10–10:04:41 filled: replayed; 1 trade from before came again",
    "gap 10:03:10–10:03:41 not filled: the gateway no longer has that time",
    "gap 10:02:10–10:02:41 unverified: replayed; nothing to compare",
    "1 more gaps before",
  ]);
  expect(drawn({ gaps }, { columns: 30, rows: 60 })).toContain("gap 10:03:10–10:03:41 not\nfilled: the gateway no longer\nhas that time");
});

test("what a replay brought back and what it repeated is counted", () => {
  const stats = { ...sampleLink.stats, drops: 2, recoveredTrades: 1_204, repeatedTrades: 310 };
  expect(drawn({ stats })).toContain("sessions 1  drops 2  trades got back 1,204  not counted twice 310  slow reader 0");
  expect(drawn({ stats: { ...stats, heldBackTrades: 3 } })).toContain("not counted at all 3");
  expect(drawn({})).not.toMatch(/got back|at all/);
});

test("the age of data comes in three legs, with what is wrong with it", () => {
  const latency: LatencyState = { ...sampleLink.latency!, network: { p50Ms: 8.4, p99Ms: 1_204 } };
  expect(drawn({ latency })).toContain("p50/p99 ms  to Databento 0.4/6.2  inside 0.9/3.1  to here 8.4/1,204");
  expect(drawn({ latency }, { columns: 50, rows: 20 })).toContain("p50/p99 ms  0.4/6.2 + 0.9/3.1 + 8.4/1,204");
  expect(drawn({ latency: { ...latency, network: null, gateway: null } })).toContain("inside –  to here –");
  expect(drawn({ latency: { ...latency, clockBehindMs: 45.2 } })).toContain("this machine's clock is 45 ms behind");
  const behind = drawn({ latency: { ...latency, behindMs: 3_210 } }).split("\n");
  expect(behind[1]).toBe("behind by 3.2 s: more comes than can be taken in");
  expect(drawn({ latency })).toMatch(/age [▁▂▃▄▅▆▇█]{60} {2}most 69 ms/);
  expect(drawn({ latency: null })).not.toContain("p50");
});

test("skipped quotes are told as quotes, with their age", () => {
  const skipped = { schema: "mbp-1", atMs: SAMPLE_WALL_MS - 12_000 };
  expect(drawn({ skipped })).toContain("mbp-1 records skipped 12 s ago, this reader was slow; trades never are");
});

test("minutes that differ from the gateway's bars are told with an example", () => {
  const minutes = { ...NO_MINUTES, checked: 1_018, different: 2, newest: [{ sec: at("10:31:00").sec, counted: 812, bar: 815 }] };
  expect(drawn({}, undefined, { minutes })).toContain("minutes checked by bars 1,018  different 2  10:31:00: 812 here, 815 there");
});

test("in a small pane come phase and reason first, then what arrived last", () => {
  const rows = drawn({ phase: "STALE", reason: "the link works, but no trade came for more than 5.0 s" }, { columns: 60, rows: 4 }).split("\n");
  expect(rows[0]).toMatch(/^! STALE/);
  expect(rows[1]).toContain("no trade came");
  expect(rows[2]).toMatch(/^last byte 0 s ago {2}last trade 0 s ago/);
});
