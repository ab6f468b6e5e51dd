/** The command palette: found by a few letters, run by Enter, or told why not; what is typed reaches no other key. */
import { expect, test } from "vitest";
import { NO_TEXT, typeInto } from "../../src/ui/entry.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { chosenCommand, foundCommands, paletteRows } from "../../src/ui/palette.ts";
import { rowText, rowWidth } from "../../src/ui/text.ts";
import { initialView } from "../../src/ui/view-state.ts";
import { sampleSnapshot } from "./sample-snapshot.ts";
import { mounted } from "./screen-rig.ts";

const SIZE = { columns: 120, rows: 40 };
const VIEW = initialView(PANES, SIZE);

test("letters are typed, backspace takes one back, arrows choose", () => {
  const typed = [..."them", "backspace", "space", "e", "pageup"].reduce(typeInto, NO_TEXT);
  expect(typed).toEqual({ text: "the e", chosen: 0 });
  expect(typeInto(typeInto(typed, "down"), "up").chosen).toBe(0);
  expect(Array.from({ length: 200 }, () => "x").reduce(typeInto, NO_TEXT).text.length).toBe(60);
});

test.each([
  ["nxt them", "theme"],
  ["quit", "quit"],
  ["candle", "chart.mode"],
  ["go tape", "go.tape"],
  ["layout.before", "layout.before"],
])("%s finds %s first", (text, name) => {
  expect(foundCommands(VIEW, { text, chosen: 0 })[0]?.name).toBe(name);
});

test("every command is in the list, and the list is of the size given at any size", () => {
  const names = foundCommands(VIEW, NO_TEXT).map(({ name }) => name);
  for (const { name } of VIEW.keys.filter((key) => key.name !== "palette" && key.name !== "back")) expect(names).toContain(name);
  for (const [columns, rows] of [[1, 1], [20, 3], [80, 22], [300, 88]] as const) {
    for (const text of ["", "t", "zzzzzz"]) {
      for (const chosen of [0, 7, 500]) {
        const drawn = paletteRows(VIEW, { text, chosen }, { columns, rows });
        expect(drawn.length).toBe(rows);
        for (const row of drawn) expect(rowWidth(row)).toBe(columns);
        if (text === "" && rows > 2 && columns > 2) expect(drawn.map(rowText).join("\n")).toContain("▸");
      }
    }
  }
});

test("what cannot be run says why, and Enter does nothing", () => {
  const zoomed = { ...VIEW, zoomed: true };
  const entry = { text: "move the pane up", chosen: 0 };
  expect(paletteRows(zoomed, entry, SIZE).map(rowText).join("\n")).toContain("not while a pane is zoomed");
  expect(chosenCommand(zoomed, entry)).toBeNull();
  expect(chosenCommand(VIEW, entry)).toEqual({ kind: "move", by: -1 });
  expect(chosenCommand(VIEW, { text: "zzzzzz", chosen: 0 })).toBeNull();
});

test(": opens it, what is typed is no key, Enter runs what was found", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.shows("2 Chart");
  rig.keyboard.press(":");
  await rig.shows("Enter runs, Esc closes");
  rig.keyboard.write("quit");
  await rig.shows(": quit");
  expect(rig.quits()).toBe(0);
  rig.keyboard.press("ctrl+u");
  await rig.hides(": quit");
  rig.keyboard.write("next theme");
  await rig.shows("▸ next theme");
  rig.keyboard.press("enter");
  await rig.shows("theme light");
  await rig.shows("2 Chart");
});

test("Ctrl-P opens it, Escape closes it, a key of a pane that has not the focus can be run from it", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.shows("1 min closes");
  rig.keyboard.press("ctrl+p");
  await rig.shows("Enter runs");
  rig.keyboard.press("escape");
  await rig.shows("1 min closes");
  rig.keyboard.press("ctrl+p");
  await rig.shows("Enter runs");
  rig.keyboard.write("candles");
  await rig.shows("▸ line, candles");
  rig.keyboard.press("enter");
  await rig.shows("1 min candles");
});

test("in the help, / searches it; a letter deleted is a letter less", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.keyboard.press("?");
  await rig.shows("go to Price");
  rig.keyboard.press("/");
  await rig.shows("Enter runs");
  rig.keyboard.write("basisx");
  await rig.shows(": basisx");
  rig.keyboard.press("backspace");
  await rig.shows("▸ change against the next basis");
  rig.keyboard.press("escape");
  await rig.shows("go to Price");
});
