/** Which calendar a run has: the built-in one, the reader's in its usual place, or the one that was named. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultCalendarPath, loadCalendar } from "../../src/commands/load-calendar.ts";
import type { System } from "../../src/commands/system.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";

const OWN = '\uFEFF{ "days": [ { "date": "2026-12-07", "type": "early", "close": "13:15", "label": "Mourning" } ] }';
const NOON = Date.parse("2026-12-07T12:00:00-05:00") / 1000;

let folder = "";
let written = "";
const system = (env: Readonly<Record<string, string>>): System =>
  ({ env, stderr: { write: (text: string) => (written += text) } }) as unknown as System;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nq-tui-calendar-"));
  written = "";
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(text: string | Uint8Array, ...path: readonly string[]): string {
  const full = join(folder, ...path);
  mkdirSync(join(full, ".."), { recursive: true });
  writeFileSync(full, text);
  return full;
}

describe("the usual place", () => {
  test("is below the configuration's folder, or the home", () => {
    expect(defaultCalendarPath({ XDG_CONFIG_HOME: "/c", HOME: "/h" })).toBe(join("/c", "nq-tui", "calendar.json"));
    expect(defaultCalendarPath({ XDG_CONFIG_HOME: "not/absolute", HOME: "/h" })).toBe(join("/h", ".config", "nq-tui", "calendar.json"));
    expect(defaultCalendarPath({})).toBeNull();
  });

  test("without a file it is the built-in calendar, silently", async () => {
    expect(await loadCalendar(system({ HOME: folder }), null)).toBe(builtInCalendar);
    expect(await loadCalendar(system({}), null)).toBe(builtInCalendar);
    expect(written).toBe("");
  });

  test("a file is laid over the built-in one", async () => {
    put(OWN, "nq-tui", "calendar.json");
    const calendar = await loadCalendar(system({ XDG_CONFIG_HOME: folder }), null);
    expect(calendar.dayOf(NOON)).toMatchObject({ kind: "early close", label: "Mourning" });
    expect(calendar.phaseAt(NOON).source).toBe("your calendar");
    expect(calendar.dayOf(NOON + 18 * 86_400)).toEqual(builtInCalendar.dayOf(NOON + 18 * 86_400));
    expect(written).toBe("");
  });

  test("a wrong file is told, and the built-in calendar used", async () => {
    put('{ "days": [ { "date": "2026-12-06", "type": "closed" } ] }', ".config", "nq-tui", "calendar.json");
    expect(await loadCalendar(system({ HOME: folder }), null)).toBe(builtInCalendar);
    expect(written).toMatch(/calendar\.json: day 1 \(2026-12-06\): expected a date from Monday to Friday.*the built-in calendar is used\n$/);
  });

  test("a folder in its place is told too", async () => {
    mkdirSync(join(folder, "nq-tui", "calendar.json"), { recursive: true });
    expect(await loadCalendar(system({ XDG_CONFIG_HOME: folder }), null)).toBe(builtInCalendar);
    expect(written).toContain("cannot be read");
  });
});

describe("a file that was named", () => {
  test("is used, and the one in the usual place is not", async () => {
    put("broken", "nq-tui", "calendar.json");
    const calendar = await loadCalendar(system({ XDG_CONFIG_HOME: folder }), put(OWN, "mine.json"));
    expect(calendar.dayOf(NOON).label).toBe("Mourning");
    expect(written).toBe("");
  });

  test.each([
    ["is not there", null, /cannot be read: ENOENT/],
    ["is not JSON", "days:", /mine\.json: expected JSON/],
    ["has a wrong entry", '{ "days": [ { "date": "2026-12-07", "type": "shut" } ] }', /mine\.json: day 1 \(2026-12-07\): expected a type/],
    ["is too long", " ".repeat(1_048_577), /expected at most 1 MiB/],
    ["is no text", new Uint8Array([0xff, 0xfe, 0x00]), /expected JSON/],
  ])("and %s is an error", async (_, content, message) => {
    const path = content === null ? join(folder, "mine.json") : put(content, "mine.json");
    await expect(loadCalendar(system({}), path)).rejects.toMatchObject({ code: "CALENDAR_FILE", message: expect.stringMatching(message) });
    expect(written).toBe("");
  });
});
