/**
 * Every layout, theme and size: the text of each layout and size as a file that a person has looked at, each theme in colour
 * at one size, and of all of them together what identifies them. UPDATE_GOLDEN=1 writes them anew.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { LAYOUTS, THEMES } from "../../src/config/settings.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { PRESETS } from "../../src/ui/presets.ts";
import type { PresetName } from "../../src/ui/presets.ts";
import { composeScreen } from "../../src/ui/screen.ts";
import { svgOf } from "../../src/ui/svg.ts";
import { encodeRow, rowText, rowWidth } from "../../src/ui/text.ts";
import type { Row, Size } from "../../src/ui/text.ts";
import { dressFor } from "../../src/ui/theme.ts";
import { initialView } from "../../src/ui/view-state.ts";
import { SAMPLE_WALL_MS, sampleSnapshot } from "./sample-snapshot.ts";

const FOLDER = fileURLToPath(new URL("../golden/matrix/", import.meta.url));
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";
const SIZES: readonly Size[] = [[300, 90], [200, 60], [160, 48], [120, 40], [100, 30], [80, 24], [60, 15], [40, 10]].map(([columns = 0, rows = 0]) => ({ columns, rows }));
/** Those that are kept as text. */
const READ: readonly number[] = [200, 120, 80, 60];

function screen(preset: PresetName, size: Size): readonly Row[] {
  const focus = Math.max(0, PANES.findIndex(({ id }) => id === PRESETS[preset].main));
  const view = { ...initialView(PANES, size), preset, focus };
  const shown = sampleSnapshot();
  return composeScreen({ shown, latest: shown, view, frozenAt: null, now: { wallMs: SAMPLE_WALL_MS, flash: null } });
}

function compare(name: string, text: string): void {
  mkdirSync(FOLDER, { recursive: true });
  if (UPDATE) writeFileSync(FOLDER + name, text);
  expect(text).toBe(readFileSync(FOLDER + name, "utf8"));
}

const named = ({ columns, rows }: Size): string => `${columns}x${rows}`;
const digest = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

test.each(LAYOUTS.flatMap((preset) => SIZES.map((size) => [preset, named(size), size] as const)))("%s at %s fills the screen, says DEMO first, and is as it was looked at", (preset, name, size) => {
  const rows = screen(preset, size);
  expect(rows).toHaveLength(size.rows);
  expect(rows.every((row) => rowWidth(row) === size.columns)).toBe(true);
  expect(rowText(rows[0] ?? [])).toMatch(/^(?:nq-tui {2})?\[DEMO/);
  if (READ.includes(size.columns)) compare(`${preset}-${name}.txt`, `${rows.map((row) => rowText(row).trimEnd()).join("\n")}\n`);
});

test.each(THEMES)("%s in colour at 80x24 is as it was looked at", (theme) => {
  const { palette } = dressFor("true", theme);
  compare(`theme-${theme}.txt`, `${screen("overview", { columns: 80, rows: 24 }).map((row) => encodeRow(row, 80, palette)).join("\n")}\n`);
});

test("every layout in every theme at every size, on the screen and as a picture, is what it was", () => {
  const lines = LAYOUTS.flatMap((preset) => {
    const screens = SIZES.map((size) => screen(preset, size));
    return THEMES.map((theme) => {
      const { palette } = dressFor("true", theme);
      const painted = screens.map((rows, at) => rows.map((row) => encodeRow(row, SIZES[at]?.columns ?? 0, palette)).join("\n"));
      return `${preset} ${theme} ${digest(painted.join("\n"))} ${digest(screens.map((rows) => svgOf(rows, preset, theme)).join("\n"))}`;
    });
  });
  expect(new Set(lines.map((line) => line.split(" ").slice(2).join(" "))).size).toBe(lines.length);
  compare("all.txt", `${lines.join("\n")}\n`);
});
