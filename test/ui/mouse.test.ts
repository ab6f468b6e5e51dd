/** The mouse: a click focuses, the wheel scrolls, reports come only while the screen is up, and nothing else gets in. */
import { expect, test } from "vitest";
import { DEFAULTS } from "../../src/config/settings.ts";
import { createMouseFilter } from "../../src/ui/mouse.ts";
import { restoreSequence } from "../../src/ui/mount.tsx";
import { sampleAlerts } from "./sample-alerts.ts";
import { sampleSnapshot } from "./sample-snapshot.ts";
import { mounted, mountRig } from "./screen-rig.ts";
import type { ScreenRig } from "./screen-rig.ts";

const SIZE = { columns: 120, rows: 40 };
/** The report of a terminal for a button at the first cell of a text on screen. */
async function reportAt(rig: ScreenRig, text: string, button: number, end = "M"): Promise<string> {
  const lines = (await rig.terminal.text()).split("\n");
  const y = lines.findIndex((one) => one.includes(text));
  return `\u001B[<${button};${(lines[y]?.indexOf(text) ?? 0) + 1};${y + 1}${end}`;
}

const mouseChords = (input: string): readonly string[] => createMouseFilter()(input).chords;

test("reports become chords; releases, movements, other buttons and other text do not", () => {
  expect(mouseChords("\u001B[<0;13;6M")).toEqual(["mouse click 12 5"]);
  expect(mouseChords("\u001B[<4;1;1M")).toEqual(["mouse click 0 0"]);
  expect(mouseChords("\u001B[<65;2;3M")).toEqual(Array.from({ length: 3 }, () => "mouse down 1 2"));
  for (const nothing of ["\u001B[<0;13;6m", "\u001B[<2;13;6M", "\u001B[<35;13;6M"]) expect(mouseChords(nothing)).toEqual([]);
  for (const other of ["", "q", "\u001B[<", "\u001B[<0;1M", "[<0;1;1M", "\u001B[<99999;1;1M"]) expect(mouseChords(other)).toEqual([]);
  expect(mouseChords("q\u001B[<0;1;1M\u001B[<0;2;1Mq")).toEqual(["mouse click 0 0", "mouse click 1 0"]);
});

test("whatever pieces the input comes in, reports and keys come out whole; no digit of a report is a key", () => {
  const input = "1\u001B[<0;13;6Mq\u001B[<65;2;3M\u001B[<0;13;6m\u001B[A2\u001B[M q!";
  const whole = createMouseFilter()(input);
  expect(whole.rest).toBe("1q\u001B[A2");
  expect(whole.chords).toEqual(["mouse click 12 5", ...Array.from({ length: 3 }, () => "mouse down 1 2")]);
  // A lone Esc or `Esc [` at the end of a piece is Ink's: it waits for what follows.
  const starts = [...input.matchAll(/\u001B\[[<M]/g)].flatMap(({ index }) => [index + 1, index + 2]);
  for (let cut = 0; cut <= input.length; cut++) {
    if (starts.includes(cut)) continue;
    const filter = createMouseFilter();
    const parts = [filter(input.slice(0, cut)), filter(input.slice(cut))];
    expect(parts.map(({ rest }) => rest).join("")).toBe(whole.rest);
    expect(parts.flatMap(({ chords }) => chords)).toEqual(whole.chords);
  }
});

test("what only begins like a report is handed on, and nothing is kept without end", () => {
  const filter = createMouseFilter();
  expect(filter("\u001B[<0;1").rest).toBe("");
  expect(filter("x").rest).toBe("\u001B[<0;1x");
  expect(filter(`\u001B[<${"1;".repeat(500)}`).rest).toHaveLength(1003);
});

test("a click goes to the pane under it; one on the footer, or a release, does nothing", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.shows("━ 1 Price");
  rig.keyboard.write(await reportAt(rig, "4 Whale", 0));
  await rig.shows("━ 4 Whale");
  rig.keyboard.write(await reportAt(rig, "5 Tape", 0, "m"));
  rig.keyboard.write(await reportAt(rig, "freeze", 0));
  rig.keyboard.write(await reportAt(rig, "2 Chart", 0));
  await rig.shows("━ 2 Chart");
  expect(rig.quits()).toBe(0);
});

test("the wheel scrolls the pane under it, whichever has the focus, and the help", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.shows("━ 1 Price");
  rig.keyboard.write(await reportAt(rig, "5 Tape", 65));
  await rig.shows("3 newer above");
  await rig.shows("━ 1 Price");
  rig.keyboard.press("?");
  await rig.shows("go to Price");
  for (let notch = 0; notch < 4; notch++) rig.keyboard.write(await reportAt(rig, "[DEMO", 65));
  await rig.hides("go to Price");
});

test("the wheel scrolls what fired", async () => {
  const rig = mounted(sampleSnapshot(), { columns: 80, rows: 16 }, { alerts: () => sampleAlerts });
  await rig.shows("━ 1 Price");
  rig.keyboard.write("az");
  await rig.shows("10:58:26");
  rig.keyboard.write(await reportAt(rig, "Fired", 65));
  await rig.hides("10:58:26");
  rig.keyboard.write(await reportAt(rig, "Fired", 64));
  await rig.shows("10:58:26");
});

test("the terminal reports the mouse only while the screen is up and the setting is on", async () => {
  const on = "\u001B[?1000h";
  const rig = mountRig(sampleSnapshot(), SIZE);
  await rig.shows("1 Price");
  expect(rig.terminal.written).toContain(on);
  rig.screen.configure({ ...DEFAULTS, mouse: false }, 10);
  expect(rig.terminal.written.lastIndexOf("\u001B[?1000l")).toBeGreaterThan(rig.terminal.written.lastIndexOf(on));
  rig.screen.unmount();
  await rig.screen.waitUntilExit();
  expect(restoreSequence).toContain("\u001B[?1006l\u001B[?1000l");
  expect(rig.terminal.written.endsWith(restoreSequence)).toBe(true);
  const without = mounted(sampleSnapshot(), SIZE, { settings: { ...DEFAULTS, mouse: false } });
  await without.shows("1 Price");
  expect(without.terminal.written).not.toContain(on);
});
