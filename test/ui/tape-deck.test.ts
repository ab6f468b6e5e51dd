/** What recording and playing look like, and what their keys ask for. */
import { expect, test } from "vitest";
import { inCharset } from "../../src/ui/charset.ts";
import { createKeyMap } from "../../src/ui/key-map.ts";
import { resolveKey } from "../../src/ui/keys.ts";
import { layoutOf } from "../../src/ui/layout.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { playingRow, recordingPart, type PlayingNow } from "../../src/ui/tape-deck.ts";
import { playingHints } from "../../src/ui/shell-rows.ts";
import { statusRows } from "../../src/ui/status-rows.ts";
import { rowText, rowWidth } from "../../src/ui/text.ts";
import { initialView, reduceView } from "../../src/ui/view-state.ts";
import { sampleSnapshot } from "./sample-snapshot.ts";
import { whyNot } from "../../src/ui/why-not.ts";

const START = 1_749_821_400; // 09:30 Eastern
const EASTERN = -4 * 3600;
const playing: PlayingNow = {
  isPlaying: true, speed: 10, at: { sec: START + 600, nanos: 0 }, from: { sec: START, nanos: 0 }, to: { sec: START + 1200, nanos: 0 },
  minutes: Float64Array.from({ length: 20 }, (_, minute) => (minute === 3 ? 800 : minute === 15 ? 0 : 100)), firstMinuteSec: START,
  marks: [{ at: { sec: START + 1140, nanos: 0 } }], behind: null,
};

test("the line of a replay has state, speed, time, the bar with volume, mark and place, and the end", () => {
  const row = playingRow(playing, EASTERN, 46);
  const bar = "▂▂▂█▂▂▂▂▂▂◆▂▂▂▂─▂▂▂▂"; // a cell a minute
  expect(rowText(row)).toBe(`▶   10× 09:40:00 ${bar} 09:50:00`);
  expect(rowWidth(row)).toBe(46);
  expect(inCharset(rowText(row), "ascii")).toMatch(/^>   10x [^?]+$/);
  expect(row.filter(({ tone }) => tone === "warn").map(({ text }) => text)).toEqual(["▂"]); // the large trade, near the end
});

test("it is as wide as it is told to be, at any place and any width, before anything is known of the recording too", () => {
  for (const width of [10, 20, 40, 80, 109, 110, 200]) {
    for (const sec of [START - 5, START, START + 1200, START + 9999]) {
      expect(rowWidth(playingRow({ ...playing, at: { sec, nanos: 0 } }, EASTERN, width))).toBe(width);
      expect(rowWidth(playingRow({ ...playing, minutes: [], marks: [], speed: 0.1 }, EASTERN, width))).toBe(width);
    }
  }
  expect(rowText(playingRow({ ...playing, isPlaying: false, speed: 0.25 }, EASTERN, 40))).toMatch(/^Ⅱ 0\.25× 09:40:00/);
  expect(inCharset(rowText(playingRow({ ...playing, isPlaying: false }, EASTERN, 40)), "ascii")).toMatch(/^= {3}10x/);
});

test("a recording is a quiet badge, one that the disk refuses the loudest part of the line", () => {
  expect(recordingPart(undefined).ways).toEqual([]);
  expect(recordingPart({ isGood: true, records: 5, reason: "" }).ways.map(rowText)).toEqual(["● REC"]);
  const bad = recordingPart({ isGood: false, records: 5, reason: "the disk is full\u001B[2J" });
  expect(bad.ways.map(rowText)).toEqual(["[NOT RECORDING: the disk is full]", "[NOT RECORDING]"]);
  expect(bad.rank).toBeLessThanOrEqual(1);
});

test("the past of a running market: how far behind it is, in place of the mode; simulated prices still look like it; the market's own link", () => {
  const link = { ...sampleSnapshot().link!, phase: "DOWN" as const };
  const rows = (mode: "LIVE" | "DEMO", columns: number): string => statusRows({
    snapshot: { ...sampleSnapshot(), mode: "REPLAY" }, frozenAt: null, withPrice: false,
    now: { wallMs: 0, flash: null, playing: { ...playing, behind: { sec: 751, link, mode } } },
  }, { columns, rows: 2 }).map(rowText).join("\n");
  expect(rows("LIVE", 140)).toContain("[REWIND 12m 31s behind now]");
  expect(rows("LIVE", 140)).not.toContain("[REPLAY");
  expect(rows("LIVE", 140)).toContain("DOWN");
  expect(rows("DEMO", 140)).toContain("[DEMO REWIND 12m 31s behind now]");
  expect(rows("LIVE", 40)).toContain("[REWIND");
  const hints = (columns: number, chosen?: Record<string, string>): string => {
    const view = { ...initialView(PANES, { columns, rows: 24 }), keys: createKeyMap(PANES, chosen).map };
    return rowText(playingRow({ ...playing, behind: { sec: 751, link, mode: "LIVE" } }, EASTERN, columns, playingHints(view, layoutOf(view), true)));
  };
  expect(hints(62)).toMatch(/ End now$/);
  expect(hints(80)).toMatch(/ End now {2}\? help {2}more: 5 8 9 a$/);
  expect(hints(110)).toMatch(/ End now {2}\? help {2}more: 5 8 9 a {2}Space ← → , \. < > \( \) g W O$/);
  expect(hints(200)).toMatch(/ End now {2}\? help {2}(more: [\da ]+ {2})?Space ← → , \. < > \( \) g W O {2}q quit {2}b change/);
  // The keys are the reader's own.
  expect(hints(80, { "play.end": "n", help: "h" })).toMatch(/ n now {2}h help {2}more: 5 8 9 a$/);
  expect(rowText(playingRow(playing, EASTERN, 110, playingHints(initialView(PANES, { columns: 110, rows: 24 }), layoutOf(initialView(PANES, { columns: 110, rows: 24 })), false)))).not.toContain("now");
});

test("Space pauses a replay and freezes any other picture; the keys of a replay say so elsewhere", () => {
  const live = initialView(PANES, { columns: 80, rows: 24 });
  const replay = { ...live, plays: true };
  expect(reduceView(live, { kind: "freeze" }, sampleSnapshot()).frozen).toBe(true);
  expect(reduceView(replay, { kind: "freeze" }, sampleSnapshot()).frozen).toBe(false);
  for (const chord of ["<", ">", ".", ",", "(", ")", "W", "O"]) {
    const command = resolveKey(chord, replay);
    expect(command?.kind, chord).toBe("play");
    if (command?.kind !== "play") continue;
    expect(whyNot(live, chord)).toContain("in a replay only");
    expect(whyNot(replay, chord)).toBeNull();
  }
  expect(resolveKey("r", live)).toEqual({ kind: "record" });
});
