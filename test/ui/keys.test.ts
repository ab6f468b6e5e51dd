/** Keys: each can be typed, none is bound twice, and a chord goes to the overlay, the focused pane, then everywhere. */
import { expect, test } from "vitest";
import { toChords, typed } from "../../src/ui/chord.ts";
import { createKeyMap } from "../../src/ui/key-map.ts";
import { keySections, keyTable, resolveKey } from "../../src/ui/keys.ts";
import type { KeyOfPane } from "../../src/ui/pane.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { rowText } from "../../src/ui/text.ts";
import { initialView, reduceView } from "../../src/ui/view-state.ts";
import type { ViewAction, ViewState } from "../../src/ui/view-state.ts";
import { sampleSnapshot } from "./sample-snapshot.ts";

const SIZE = { columns: 120, rows: 40 };
const map = createKeyMap(PANES).map;
interface Scope {
  readonly name: string;
  readonly keys: readonly Pick<KeyOfPane, "chords" | "label">[];
}
const scopes: readonly Scope[] = ["everywhere", "help", ...PANES.map(({ id }) => id)].map((name) => ({ name, keys: map.filter(({ place }) => place === name) }));

function after(state: ViewState, ...actions: readonly ViewAction[]): ViewState {
  return actions.reduce((view, action) => reduceView(view, action, sampleSnapshot()), state);
}

test.each(scopes)("no two keys of $name share a chord or a label", ({ keys }) => {
  const chords = keys.flatMap((key) => key.chords);
  expect(new Set(chords).size).toBe(chords.length);
  const labels = keys.map(({ label }) => label);
  expect(new Set(labels).size).toBe(labels.length);
  expect(labels.every((label) => label.length > 0 && label.length < 40)).toBe(true);
});

test("no pane, and no help key, hides a global chord", () => {
  const global = new Set(scopes[0]?.keys.flatMap((key) => key.chords));
  for (const { name, keys } of scopes.slice(1)) {
    const hidden = keys.flatMap((key) => key.chords).filter((chord) => global.has(chord));
    expect({ name, hidden }).toEqual({ name, hidden: [] });
  }
});

test("every chord can be typed", () => {
  for (const { keys } of scopes) {
    for (const chord of keys.flatMap((key) => key.chords)) expect(typed(chord)).not.toBeNull();
  }
  expect(typed("ctrl+shift+q")).toBeNull();
});

test("input becomes chords", () => {
  expect(toChords("q", {})).toEqual(["q"]);
  expect(toChords("R", { shift: true })).toEqual(["R"]);
  expect(toChords(" ", {})).toEqual(["space"]);
  expect(toChords("c", { ctrl: true })).toEqual(["ctrl+c"]);
  expect(toChords("", { tab: true, shift: true })).toEqual(["shift+tab"]);
  expect(toChords("", { upArrow: true })).toEqual(["up"]);
  expect(toChords("jjk", {})).toEqual(["j", "j", "k"]);
  expect(toChords("q", { meta: true })).toEqual([]);
  expect(toChords("pasted text that is longer than any burst of keys q", {})).toEqual([]);
  expect(toChords("ü€", {})).toEqual([]);
  expect(toChords("5\r", {})).toEqual(["5", "enter"]);
});

test("a chord goes to the overlay first, then to the focused pane, then to the screen", () => {
  const view = initialView(PANES, SIZE);
  expect(resolveKey("j", view)).toBeNull();
  const tape = PANES.findIndex(({ id }) => id === "tape");
  expect(resolveKey("j", after(view, { kind: "focus", index: tape }))).toMatchObject({ kind: "press" });
  const help = after(view, { kind: "focus", index: tape }, { kind: "help" });
  expect(resolveKey("j", help)).toEqual({ kind: "scrollHelp", by: 1 });
  expect(resolveKey("home", help)).toBeNull();
  expect(resolveKey("q", help)).toEqual({ kind: "quit" });
  expect(resolveKey("0", view)).toBeNull();
  expect(resolveKey("9", view)).toEqual({ kind: "focus", index: 8 });
});

test("the view: escape closes help before zoom, focus closes help, stepping goes round", () => {
  const view = after(initialView(PANES, SIZE), { kind: "zoom" }, { kind: "help" });
  expect(view).toMatchObject({ zoomed: true, help: true });
  const closed = after(view, { kind: "back" });
  expect(closed).toMatchObject({ zoomed: true, help: false });
  expect(after(closed, { kind: "back" })).toMatchObject({ zoomed: false });
  expect(after(view, { kind: "focus", index: 2 })).toMatchObject({ help: false, focus: 2 });
  expect(after(view, { kind: "focus", index: 99 })).toMatchObject({ focus: 0 });
  expect(after(view, { kind: "step", by: -1 })).toMatchObject({ focus: PANES.length - 1 });
  expect(after(view, { kind: "scrollHelp", by: -5 })).toMatchObject({ helpTop: 0 });
});

test("the mark stays within what there is", () => {
  const tape = PANES.findIndex(({ id }) => id === "tape");
  const key = (chord: string): ViewAction => {
    return { kind: "press", pane: tape, index: PANES[tape]?.keys.findIndex(({ chords }) => chords.includes(chord)) ?? -1 };
  };
  const pages = Array.from({ length: 50 }, () => key("pagedown"));
  const shown = sampleSnapshot();
  const on = (state: ViewState, ...actions: readonly ViewAction[]): ViewState => actions.reduce((view, action) => reduceView(view, action, shown), state);
  const far = on(initialView(PANES, SIZE), { kind: "focus", index: tape }, ...pages);
  const now = { wallMs: 0, flash: null };
  const size = { columns: 40, rows: 5 };
  const text = (view: ViewState): string[] => view.open[tape]?.draw(shown, size, now).map(rowText) ?? [];
  const isMarked = (row: string): boolean => row.includes("»");
  expect(text(far).findIndex(isMarked)).toBe(3);
  expect(text(far).at(-1)).toBe("116 newer above");
  expect(text(on(far, key("up"))).findIndex(isMarked)).toBe(2);
  expect(text(on(far, key("down")))).toEqual(text(far));
});

test("help and the README's table hold every key there is", () => {
  const lines = keySections(map).flatMap((section) => section.lines);
  const all = scopes.flatMap(({ keys }) => keys);
  expect(lines.length).toBe(all.length);
  const table = keyTable(map);
  for (const { label } of all) expect(table).toContain(`| ${label} |`);
  expect(table.split("\n").length).toBe(all.length + 2);
});
