/** Every character the screen draws takes one cell, in Unicode and in ASCII, on a real terminal's reckoning. */
import { expect, test } from "vitest";
import xterm from "@xterm/headless";
import { chooseCharset } from "../../src/commands/color.ts";
import { bigText } from "../../src/ui/big-digits.ts";
import { BEYOND, inCharset } from "../../src/ui/charset.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { composeScreen } from "../../src/ui/screen.ts";
import { encodeRow, rowText } from "../../src/ui/text.ts";
import { paletteFor } from "../../src/ui/theme.ts";
import { initialView } from "../../src/ui/view-state.ts";
import { SAMPLE_WALL_MS, sampleSnapshot } from "./sample-snapshot.ts";
import { mountRig } from "./screen-rig.ts";

const SIZE = { columns: 200, rows: 60 };

test("each sign of the table is one cell, and so is what stands in for it", async () => {
  const columns = BEYOND.length;
  const terminal = new xterm.Terminal({ cols: columns + 10, rows: 3, allowProposedApi: true });
  await new Promise<void>((resolve) => { terminal.write(`${BEYOND}\r\n${inCharset(BEYOND, "ascii")}|`, resolve); });
  const cellsOf = (y: number): string => {
    const line = terminal.buffer.active.getLine(y);
    return Array.from({ length: columns }, (_, x) => (line?.getCell(x)?.getWidth() === 1 ? line.getCell(x)?.getChars() : "wide")).join("");
  };
  expect(cellsOf(0)).toBe(BEYOND);
  expect(cellsOf(1)).toMatch(/^[\u0021-\u007E]+$/);
  expect(inCharset(BEYOND, "ascii")).not.toContain("?");
  expect(terminal.buffer.active.getLine(1)?.getCell(columns)?.getChars()).toBe("|");
});

test("the table leaves ASCII alone, and a sign it does not know becomes one question mark", () => {
  const ascii = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join("");
  expect(inCharset(ascii, "ascii")).toBe(ascii);
  expect(inCharset("−186.50 │ 本", "ascii")).toBe("-186.50 | ?");
  expect(inCharset("−186.50", "unicode")).toBe("−186.50");
});

test("a cut number does not look like a whole one in ASCII, and the focused frame not like the others", () => {
  expect(inCharset("21,74…", "ascii")).toBe("21,74>");
  expect(inCharset("─", "ascii")).not.toBe(inCharset("━", "ascii"));
  expect(inCharset("│", "ascii")).not.toBe(inCharset("┃", "ascii"));
  expect(inCharset("█", "ascii")).not.toBe(inCharset("▒", "ascii"));
});

test("painted panes and the text of the shell go through the same table", async () => {
  const rig = mountRig(sampleSnapshot(), SIZE, { charset: "ascii" });
  const shown = await rig.terminal.text();
  rig.screen.unmount();
  expect(shown).toMatch(/^[\u0020-\u007E\n]*$/);
  const view = initialView(PANES, SIZE);
  const rows = composeScreen({ shown: sampleSnapshot(), latest: sampleSnapshot(), view, frozenAt: null, now: { wallMs: SAMPLE_WALL_MS, flash: null, isAscii: true } });
  expect(shown).toBe(rows.map((row) => inCharset(rowText(row), "ascii").trimEnd()).join("\n"));
  const plain = rows.map((row) => encodeRow(row, SIZE.columns, paletteFor("16"), "ascii"));
  for (const [at, line] of plain.entries()) expect(line.replace(/\u001B\[[0-9;]*m/g, "")).toHaveLength(rowText(rows[at] ?? []).length);
});

test("large digits without half blocks: strokes in the smallest size, whole cells in the others, each digit apart", () => {
  const drawn = (text: string, size: number): string => bigText(text, size, () => "plain", true).map((row) => inCharset(rowText(row), "ascii")).join("\n");
  expect(drawn("21,743.50", 1).split("\n").map((line) => line.trimEnd())).toEqual([
    " _         _       _     _   _",
    " _|   |     | |_|  _|   |_  | |",
    "|_    | ,   |   |  _| .  _| |_|",
  ]);
  for (const size of [1, 2, 4]) {
    expect(new Set([..."0123456789.,−+%▲▼"].map((one) => drawn(one, size))).size).toBe(17);
    if (size > 1) expect(drawn("0123456789.,−+%▲▼", size)).toMatch(/^[# \n]*$/);
  }
  const small = composeScreen({ shown: sampleSnapshot(), latest: sampleSnapshot(), view: { ...initialView(PANES, { columns: 80, rows: 24 }), preset: "price" }, frozenAt: null, now: { wallMs: SAMPLE_WALL_MS, flash: null, isAscii: true } });
  expect(small.map(rowText).join("")).not.toMatch(/[▀▄]/);
});

test("ASCII is chosen for terminals and locales without Unicode, and what was asked for wins", () => {
  const choose = (env: Record<string, string>, asked?: boolean): string => chooseCharset(env, asked);
  expect(choose({ TERM: "xterm-256color", LANG: "en_US.UTF-8" })).toBe("unicode");
  expect(choose({ TERM: "xterm", LANG: "C.utf8" })).toBe("unicode");
  expect(choose({ TERM: "xterm" })).toBe("unicode");
  expect(choose({ TERM: "linux", LANG: "en_US.UTF-8" })).toBe("ascii");
  expect(choose({ TERM: "xterm", LANG: "C" })).toBe("ascii");
  expect(choose({ TERM: "xterm", LANG: "de_DE.ISO-8859-1" })).toBe("ascii");
  expect(choose({ TERM: "xterm", LC_ALL: "C", LANG: "en_US.UTF-8" })).toBe("ascii");
  expect(choose({ TERM: "xterm", LC_ALL: "", LC_CTYPE: "en_US.UTF-8", LANG: "C" })).toBe("unicode");
  expect(choose({ TERM: "linux" }, false)).toBe("unicode");
  expect(choose({ LANG: "en_US.UTF-8" }, true)).toBe("ascii");
});
