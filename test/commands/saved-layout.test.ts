/** What the reader kept with S: read at the next start, weaker than what the settings name, and never in the way. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { saveLayout, withSavedLayout } from "../../src/commands/saved-layout.ts";
import { settingsFor } from "../../src/commands/settings.ts";
import type { LoadedSettings } from "../../src/commands/settings.ts";
import { createSystem, type System } from "../../src/commands/system.ts";

const home = mkdtempSync(join(tmpdir(), "nq-layout-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const system: System = { ...createSystem(), env: { HOME: home } };
const path = join(home, ".local", "state", "nq-tui", "layout.json");
const LOOKS = { layout: "levels", hide: ["tape"], order: ["chart", "price"], theme: "light" } as const;

async function loaded(flags = {}): Promise<LoadedSettings> {
  return withSavedLayout(system, await settingsFor(system, { config: false, ...flags }));
}

test("without a file the settings are as they were", async () => {
  const { settings, notes } = await loaded();
  expect(settings).toMatchObject({ layout: "overview", theme: "dark", hide: [], order: [] });
  expect(notes).toEqual([]);
});

test("what was kept comes back, in a file of the owner's alone, with nothing left beside it", async () => {
  expect(await saveLayout(system, LOOKS)).toBe(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(path, ".."))).toEqual(["layout.json"]);
  expect((await loaded()).settings).toMatchObject(LOOKS);
});

test("what flag or file names is stronger, and only that", async () => {
  expect((await loaded({ theme: "red-up" })).settings).toMatchObject({ ...LOOKS, theme: "red-up" });
  const config = join(home, "config.yaml");
  writeFileSync(config, "layout: overview\nhide: []\n");
  const both = await loaded({ config });
  expect(both.settings).toMatchObject({ ...LOOKS, layout: "overview", hide: [] });
  expect((await both.reload()).settings).toMatchObject({ ...LOOKS, layout: "overview", hide: [] });
});

test.each(["", "[]", "no json", '"x"'])("a file that is something else (%s) is told of and changes nothing", async (text) => {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  const { settings, notes } = await loaded();
  expect(settings).toMatchObject({ layout: "overview", theme: "dark" });
  expect(notes.join()).toContain("is no layout that this program kept");
});

test("what a file holds of no meaning is passed over, the rest is taken", async () => {
  writeFileSync(path, JSON.stringify({ layout: "circles", theme: "light", hide: "tape", order: [1], more: {} }));
  expect((await loaded()).settings).toMatchObject({ layout: "overview", theme: "light", hide: [], order: [] });
  expect(readFileSync(path, "utf8")).toContain("circles");
});

test("without a home there is nowhere to keep it, and that is said", async () => {
  await expect(saveLayout({ ...system, env: {} }, LOOKS)).rejects.toThrow(/XDG_STATE_HOME/);
});
