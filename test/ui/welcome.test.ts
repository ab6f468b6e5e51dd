/** The first screen at every size: whole lines, never larger than it may be, and the way out always on it. */
import { expect, test } from "vitest";
import { createKeyMap } from "../../src/ui/key-map.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { rowText } from "../../src/ui/text.ts";
import { welcomeRows } from "../../src/ui/welcome.ts";

const shown = (columns: number, rows: number, keys = createKeyMap(PANES).map): string[] => welcomeRows({ keys }, { columns, rows }).map(rowText);

test("it fits every size, and the last line says how to go on", () => {
  for (let columns = 40; columns <= 200; columns += 20) {
    for (let rows = 1; rows <= 40; rows += 1) {
      const lines = shown(columns, rows);
      expect(lines).toHaveLength(rows);
      for (const line of lines) expect(line.length).toBe(columns);
      expect(lines.join("")).toContain("Any key goes on");
    }
  }
});

test("at 80x24 nothing of it is missing", () => {
  const text = shown(80, 21).join("\n");
  for (const part of ["Welcome to nq-tui", "costs nothing", "export DATABENTO_API_KEY=db-…", "shows every key", "nq-tui doctor", "shown once"]) expect(text.replace(/\s+/g, " ")).toContain(part);
});

test("it names the reader's own keys", () => {
  expect(shown(100, 30, createKeyMap(PANES, { help: "h", quit: "x" }).map).join("\n")).toMatch(/h shows every key.*x leaves/);
});
