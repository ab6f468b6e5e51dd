/** Layouts: every preset on every size, panes hidden and moved, what is kept, the price that reads from afar. */
import { expect, test } from "vitest";
import { LAYOUTS } from "../../src/config/settings.ts";
import { layoutOf } from "../../src/ui/layout.ts";
import type { SavedLooks } from "../../src/ui/mount.tsx";
import { PANES } from "../../src/ui/panes/index.ts";
import { PRESETS } from "../../src/ui/presets.ts";
import { composeScreen } from "../../src/ui/screen.ts";
import { rowText, rowWidth } from "../../src/ui/text.ts";
import type { Size } from "../../src/ui/text.ts";
import { initialView, reduceView } from "../../src/ui/view-state.ts";
import type { ViewState } from "../../src/ui/view-state.ts";
import { until } from "./fake-terminal.ts";
import { emptySnapshot, SAMPLE_WALL_MS, sampleLink, sampleSnapshot } from "./sample-snapshot.ts";
import { mounted } from "./screen-rig.ts";

const SIZE = { columns: 120, rows: 40 };
const NOW = { wallMs: SAMPLE_WALL_MS, flash: null };

function drawn(size: Size, change: Partial<ViewState>, snapshot = sampleSnapshot()): readonly string[] {
  const view = { ...initialView(PANES, size), ...change };
  const rows = composeScreen({ shown: snapshot, latest: snapshot, view, frozenAt: null, now: NOW });
  expect(rows.length).toBe(size.rows);
  for (const row of rows) expect(rowWidth(row)).toBe(size.columns);
  return rows.map(rowText);
}

const WIDTHS = [1, 9, 20, 40, 59, 60, 76, 80, 100, 120, 150, 160, 200, 240, 300];
const HEIGHTS = [1, 2, 5, 10, 14, 15, 24, 30, 40, 48, 60, 90];

test.each(LAYOUTS)("%s fills every screen exactly, whatever has the focus, and its panes do not overlap", (preset) => {
  for (const columns of WIDTHS) {
    for (const rows of HEIGHTS) {
      for (const focus of [0, 4, 8]) {
        const size = { columns, rows };
        const { placed, body, dropped } = layoutOf({ ...initialView(PANES, size), preset, focus });
        const cells = placed.reduce((sum, { rect }) => sum + rect.width * rect.height, 0);
        expect(cells).toBeLessThanOrEqual(body.width * body.height);
        for (const { rect } of placed) {
          expect(rect.x + rect.width).toBeLessThanOrEqual(columns);
          expect(rect.y + rect.height).toBeLessThanOrEqual(body.y + body.height);
        }
        if (body.height > 0) expect(placed.map(({ index }) => index)).toContain(focus);
        for (const { index } of placed) expect(dropped).not.toContain(index);
      }
    }
  }
  for (const [columns, rows] of [[1, 1], [20, 5], [60, 15], [80, 24], [160, 48], [300, 90]] as const) {
    for (const snapshot of [sampleSnapshot(), emptySnapshot()]) for (const zoomed of [false, true]) drawn({ columns, rows }, { preset, zoomed }, snapshot);
  }
});

test("from 80x24 each preset shows what it is about, and nothing that is not in it", () => {
  for (const preset of LAYOUTS) {
    const { places, main } = PRESETS[preset];
    for (const size of [{ columns: 80, rows: 24 }, SIZE, { columns: 200, rows: 60 }]) {
      const { placed } = layoutOf({ ...initialView(PANES, size), preset });
      const ids = placed.map(({ index }) => PANES[index]?.id ?? "");
      expect(ids).toContain(main);
      if (places !== null) for (const id of ids) expect([...places.keys()]).toContain(id);
    }
  }
});

test("price only has nothing but the price, large, its change, the session and the link", () => {
  for (const [columns, rows, high] of [[60, 15, 6], [80, 24, 8], [120, 40, 13], [160, 48, 20], [200, 60, 22], [300, 90, 35]] as const) {
    const lines = drawn({ columns, rows }, { preset: "price" });
    const digits = lines.slice(2, -1).filter((text) => /[█▀▄]{2}/.test(text));
    expect(digits.length, `${columns}x${rows}`).toBeGreaterThanOrEqual(high);
    const text = lines.join("\n");
    expect(text).toContain("−186.50");
    expect(text).toContain("● RUNNING");
    expect(text).toContain("RTH morning");
    expect(text).toContain("DEMO");
    expect(text).not.toContain("Chart");
  }
  const down = sampleSnapshot({ mode: "LIVE", link: { ...sampleLink, phase: "DOWN" } });
  expect(drawn(SIZE, { preset: "price" }, down).slice(2, -1).join("\n")).toContain("DOWN");
});

test("where there is room for little more than the price, the link is its sign", () => {
  const down = sampleSnapshot({ mode: "DEMO", link: { ...sampleLink, phase: "DOWN" } });
  for (let columns = 20; columns < 60; columns++) {
    const [first = ""] = drawn({ columns, rows: 3 }, {});
    expect(first).toMatch(/^\[DEMO.*\] .*21,742\.50 ▲.*●( RUNNING)? *$/);
    const [lost = ""] = drawn({ columns, rows: 3 }, {}, down);
    expect(lost).toMatch(/^\[DEMO.*\] .*21,742\.50.*✕( DOWN.*)? *$/);
  }
});

test("below 60x15 the first row has price, change and link state", () => {
  for (const [columns, rows] of [[59, 40], [120, 14], [45, 10], [44, 3], [80, 1]] as const) {
    for (const change of [{}, { preset: "tape" as const }, { zoomed: true, focus: 4 }, { help: true }]) {
      const [first = ""] = drawn({ columns, rows }, change);
      for (const words of ["[DEMO", "21,742.50 ▲ −186.50", "● RUNNING"]) expect(first).toContain(words);
    }
  }
});

test("p and P go round the layouts and say which", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.shows("3 Volume by hour");
  for (const preset of [...LAYOUTS.slice(1), "overview" as const]) {
    rig.keyboard.press("p");
    await rig.shows(`layout ${PRESETS[preset].title}`);
  }
  rig.keyboard.press("P");
  await rig.shows("layout price only");
  await rig.hides("1 Price");
  const whole = drawn(SIZE, { preset: "price", note: "layout price only" }).map((text) => text.trimEnd()).join("\n");
  expect(await rig.terminal.text()).toBe(whole);
  rig.keyboard.press("2");
  await rig.shows("━ 2 Chart");
});

test("x hides a pane, its number brings it back, and the last one stays", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.keyboard.press("3");
  await rig.shows("━ 3 Volume by hour");
  rig.keyboard.press("x");
  await rig.shows("Volume by hour is hidden");
  await rig.hides("3 Volume by hour");
  rig.keyboard.press("3");
  await rig.shows("━ 3 Volume by hour");
  for (let count = 1; count < PANES.length; count++) rig.keyboard.press("x");
  rig.keyboard.press("x");
  await rig.shows("is the only pane, so it stays");
});

test("Tab goes by what is seen: hidden panes are passed over, moved ones come in their new order", () => {
  let view: ViewState = { ...initialView(PANES, SIZE), hidden: ["chart", "hours"] };
  view = reduceView(view, { kind: "step", by: 1 }, sampleSnapshot());
  expect(PANES[view.focus]?.id).toBe("whales");
});

test("{ and } move a pane in its column, and say where it cannot go", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.keyboard.press("2");
  await rig.shows("━ 2 Chart");
  const order = async (): Promise<boolean> => {
    const text = await rig.terminal.text();
    return text.indexOf("2 Chart") < text.indexOf("3 Volume by hour");
  };
  expect(await order()).toBe(true);
  rig.keyboard.press("}");
  await until(async () => !(await order()), "the chart is beneath");
  rig.keyboard.press("{");
  await until(order, "the chart is on top again");
  rig.keyboard.press("{");
  await rig.shows("Chart is the first of its column");
});

test("S hands over what is to be kept and says what became of it", async () => {
  const kept: SavedLooks[] = [];
  const rig = mounted(sampleSnapshot(), SIZE, {
    onSave: (looks) => {
      kept.push(looks);
      return kept.length === 1 ? Promise.resolve("kept in layout.json") : Promise.reject(new Error("no room on the disk"));
    },
  });
  for (const chord of ["3", "x", "p", "t", "S"]) rig.keyboard.press(chord);
  await rig.shows("kept in layout.json");
  expect(kept[0]).toEqual({ theme: "light", layout: "tape", hide: ["hours"], order: [] });
  rig.keyboard.press("S");
  await rig.shows("not kept: no room on the disk");
});

test("the screen begins with the settings' layout, and keeps a key's choice when other settings change", async () => {
  const settings = { ...(await import("../../src/config/settings.ts")).DEFAULTS, layout: "levels" as const, hide: ["price"] };
  const rig = mounted(sampleSnapshot(), SIZE, { settings });
  await rig.shows("━ 2 Chart");
  expect(await rig.terminal.text()).not.toContain("3 Volume by hour");
  rig.keyboard.press("P");
  await rig.shows("layout tape & whales");
  rig.keyboard.press("P");
  await rig.shows("3 Volume by hour");
  rig.screen.configure({ ...settings, flash: false }, 10);
  await rig.shows("3 Volume by hour");
  rig.screen.configure({ ...settings, layout: "connection" }, 10);
  await rig.hides("4 Whale");
});
