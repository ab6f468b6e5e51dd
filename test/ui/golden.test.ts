/** Whole screens of a made-up moment, as text files that a person has looked at. UPDATE_GOLDEN=1 writes them anew. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Snapshot } from "../../src/store/snapshot.ts";
import type { AlertsNow } from "../../src/ui/alerts-now.ts";
import type { Charset } from "../../src/ui/charset.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { composeScreen } from "../../src/ui/screen.ts";
import { encodeRow, rowText, rowWidth } from "../../src/ui/text.ts";
import type { Row, Size } from "../../src/ui/text.ts";
import { paletteFor } from "../../src/ui/theme.ts";
import type { ColorDepth } from "../../src/ui/theme.ts";
import { initialView } from "../../src/ui/view-state.ts";
import type { ViewState } from "../../src/ui/view-state.ts";
import { sampleAlerts } from "./sample-alerts.ts";
import { emptySnapshot, SAMPLE_WALL_MS, sampleLink, sampleSnapshot } from "./sample-snapshot.ts";

const FOLDER = fileURLToPath(new URL("../golden/ui/", import.meta.url));
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

function screen(size: Size, snapshot: Snapshot, change: Partial<ViewState> = {}, alerts: AlertsNow = sampleAlerts, isAscii = false): readonly Row[] {
  const view = { ...initialView(PANES, size), ...change };
  const now = { wallMs: SAMPLE_WALL_MS, flash: null, alerts, isAscii };
  return composeScreen({ shown: snapshot, latest: snapshot, view, frozenAt: view.frozen ? "10:58:30 ET" : null, now });
}

function compareText(name: string, lines: readonly string[]): void {
  const text = `${lines.join("\n")}\n`;
  const path = `${FOLDER}${name}.txt`;
  if (UPDATE) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, "utf8"));
}

function compare(name: string, rows: readonly Row[]): void {
  compareText(name, rows.map((row) => rowText(row).trimEnd()));
}

const down: Snapshot = sampleSnapshot({
  mode: "LIVE",
  link: {
    ...sampleLink,
    phase: "DOWN",
    gateway: "glbx-mdp3.lsg.databento.com:13000",
    sessionId: null,
    reason: "no byte for 15 s, and heartbeats were asked for every 10 s",
    advice: "check network, host and port",
    attempt: 3,
    nextTryAtMs: SAMPLE_WALL_MS + 12_000,
    sinceMs: SAMPLE_WALL_MS - 19_000,
    stats: { ...sampleLink.stats, drops: 1, lastByteAtMs: SAMPLE_WALL_MS - 34_000 },
  },
  coverage: {
    ...sampleSnapshot().coverage,
    complete: false,
    text: "since 18:00, gap since 10:57:56",
    gaps: [{ from: { sec: Math.floor(SAMPLE_WALL_MS / 1000) - 34, nanos: 0 }, to: null, state: "open", text: "gap since 10:57:56" }],
  },
});

/** Joined at 10:42: nothing before it is known. */
const partial: Snapshot = sampleSnapshot({
  mode: "LIVE",
  coverage: { from: { sec: (sampleSnapshot().day?.openSec ?? 0) + 16.7 * 3600, nanos: 0 }, complete: false, text: "partial: from 10:42", gaps: [] },
});

const SIZES: readonly (readonly [number, number])[] = [[200, 60], [120, 40], [80, 24], [60, 15], [40, 10]];

test.each(SIZES)("demo at %ix%i", (columns, rows) => {
  compare(`demo-${columns}x${rows}`, screen({ columns, rows }, sampleSnapshot()));
});

test.each(SIZES)("connection down in live mode at %ix%i", (columns, rows) => {
  compare(`down-${columns}x${rows}`, screen({ columns, rows }, down));
});

test("before the first byte, at 80x24", () => {
  compare("empty-80x24", screen({ columns: 80, rows: 24 }, emptySnapshot()));
});

test("replay, frozen, at 120x40", () => {
  const size = { columns: 120, rows: 40 };
  compare("frozen-120x40", screen(size, sampleSnapshot({ mode: "REPLAY" }), { frozen: true, focus: 3 }));
});

test("help at 80x24 and 120x40", () => {
  compare("help-80x24", screen({ columns: 80, rows: 24 }, sampleSnapshot(), { help: true }));
  compare("help-120x40", screen({ columns: 120, rows: 40 }, sampleSnapshot(), { help: true }));
});

/** The three ways a terminal may show a screen: in colour, under NO_COLOR (bold, dim and reverse stay), in ASCII. */
const LOOKS: readonly (readonly [name: string, depth: ColorDepth, charset: Charset])[] = [
  ["color", "16", "unicode"], ["plain", "none", "unicode"], ["ascii", "none", "ascii"],
];

function compareLooks(name: string, draw: (isAscii: boolean) => readonly Row[], columns: number): void {
  for (const [look, depth, charset] of LOOKS) {
    const encoded = draw(charset === "ascii").map((row) => encodeRow(row, columns, paletteFor(depth), charset));
    const lines = look === "ascii" ? encoded.map((line) => line.replace(/\u001B\[[0-9;]*m/g, "")) : encoded;
    if (look === "ascii") for (const line of lines) expect(line).toMatch(/^[\u0020-\u007E]*$/);
    compareText(`${look}/${name}`, lines.map((line) => line.trimEnd()));
  }
}

test("alerts: none yet, and snoozed on a replay", () => {
  const focus = PANES.findIndex(({ id }) => id === "alerts");
  const none: AlertsNow = { ...sampleAlerts, rules: [], log: [], count: 0, failed: 0 };
  compare("alerts-none-80x24", screen({ columns: 80, rows: 24 }, sampleSnapshot(), { focus, zoomed: true }, none));
  const asleep: AlertsNow = { ...sampleAlerts, snoozedUntilMs: SAMPLE_WALL_MS + 272_000, silence: "a replay", dropped: 4 };
  compare("alerts-snoozed-120x40", screen({ columns: 120, rows: 40 }, sampleSnapshot({ mode: "REPLAY" }), { focus, zoomed: true }, asleep));
});

const PANE_SIZES = [[80, 24], [120, 40], [200, 60]] as const;

test.each(PANES.map((pane, index) => [pane.id, index] as const))("%s zoomed at three sizes, in colour, without, in ASCII", (id, focus) => {
  for (const [columns, rows] of PANE_SIZES) {
    compareLooks(`${id}-${columns}x${rows}`, (isAscii) => screen({ columns, rows }, sampleSnapshot(), { focus, zoomed: true }, sampleAlerts, isAscii), columns);
  }
});

test.each(PANE_SIZES)("the whole screen at %ix%i, in colour, without, in ASCII", (columns, rows) => {
  compareLooks(`screen-${columns}x${rows}`, (isAscii) => screen({ columns, rows }, sampleSnapshot(), {}, sampleAlerts, isAscii), columns);
});

test("a session that was joined late says so in the status line and in every title it concerns", () => {
  compare("partial-120x40", screen({ columns: 120, rows: 40 }, partial));
  compare("partial-80x24", screen({ columns: 80, rows: 24 }, partial));
});

test("no screen of any size is larger or smaller than the terminal", () => {
  for (const snapshot of [sampleSnapshot(), emptySnapshot(), down]) {
    for (let columns = 20; columns <= 300; columns += 28) {
      for (let rows = 5; rows <= 90; rows += 12) {
        for (const change of [{}, { help: true }, { zoomed: true, focus: 2 }]) {
          const drawn = screen({ columns, rows }, snapshot, change);
          expect(drawn.length).toBe(rows);
          expect(drawn.every((row) => rowWidth(row) === columns)).toBe(true);
        }
      }
    }
  }
});

test("nothing is cut where all panes have room", () => {
  for (const [columns, rows] of [[80, 24], [120, 40], [160, 48], [200, 60]] as const) {
    const text = screen({ columns, rows }, sampleSnapshot()).map(rowText).join("\n");
    expect(text).not.toContain("…");
  }
});

test("every colour depth draws the same text", () => {
  const rows = screen({ columns: 120, rows: 40 }, sampleSnapshot());
  const plain = (depth: ColorDepth): string => {
    const encoded = rows.map((row) => encodeRow(row, 120, paletteFor(depth))).join("\n");
    return encoded.replace(/\u001B\[[0-9;]*m/g, "");
  };
  for (const depth of ["16", "256", "true"] as const) expect(plain(depth)).toBe(plain("none"));
  const none = rows.map((row) => encodeRow(row, 120, paletteFor("none"))).join("\n");
  expect(none).not.toMatch(/\u001B\[(?:[0-9;]*;)?(?:3[0-9]|4[0-9]|9[0-9])[;m]/);
});

test.each([
  ["DEMO", "[DEMO"],
  ["REPLAY", "[REPLAY"],
  ["LIVE", "[LIVE]"],
] as const)("%s is said in words on every screen from 20x5", (mode, words) => {
  for (const [columns, rows] of [[20, 5], [40, 10], [80, 24], [120, 40]] as const) {
    for (const change of [{}, { help: true }, { zoomed: true, focus: 4 }, { frozen: true }]) {
      const drawn = screen({ columns, rows }, sampleSnapshot({ mode }), change).map(rowText);
      expect(drawn[0]).toContain(words);
      if (mode === "LIVE") continue;
      expect(drawn[0]).not.toContain("[LIVE]");
      expect(drawn.join("\n")).not.toContain("● LIVE");
    }
  }
});

test("panes without room are named", () => {
  const narrow = screen({ columns: 60, rows: 15 }, sampleSnapshot()).map(rowText).join("\n");
  expect(narrow).toMatch(/more: (\d ){3,}\d/);
  const wide = screen({ columns: 120, rows: 40 }, sampleSnapshot()).map(rowText).join("\n");
  expect(wide).toContain("more: 8 Delta & profile");
});
