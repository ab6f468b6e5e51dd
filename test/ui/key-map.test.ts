/** The reader's own keys: they win, a default in their way gives way and says so, and nothing can mean two things. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseChord, typed } from "../../src/ui/chord.ts";
import { chordsOf, commandNames, createKeyMap, type KeyMap, type OwnKeys } from "../../src/ui/key-map.ts";
import { keySections, resolveKey } from "../../src/ui/keys.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { paneTitle } from "../../src/ui/shell-rows.ts";
import { initialView, reduceView } from "../../src/ui/view-state.ts";
import { sampleSnapshot } from "./sample-snapshot.ts";

const SIZE = { columns: 120, rows: 40 };

function mapped(own: OwnKeys): KeyMap {
  const { map, mistakes } = createKeyMap(PANES, own);
  expect(mistakes).toEqual([]);
  return map;
}

const sentences = (own: OwnKeys): readonly string[] => createKeyMap(PANES, own).mistakes.map(({ sentence }) => sentence);
const labelOf = (map: KeyMap, name: string): string | undefined =>
  keySections(map).flatMap(({ lines }) => lines).find((line) => line.name === name)?.label;

/** What a key asks for on a fresh screen with this pane focused. */
function asked(map: KeyMap, chord: string, pane: string): unknown {
  const view = initialView(PANES, SIZE, map);
  const focused = reduceView(view, { kind: "focus", index: PANES.findIndex(({ id }) => id === pane) }, sampleSnapshot());
  return resolveKey(chord, focused);
}

test("names are of one form and unique", () => {
  const names = commandNames(PANES);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+(\.[a-z]+(-[a-z]+)*)?$/);
  expect(names).toEqual(expect.arrayContaining(["quit", "help", "freeze", "go.price", "chart.mode", "whales.larger", "tape.page-down", "price.basis"]));
});

test("own keys replace the defaults of their command", () => {
  const map = mapped({ freeze: ["f", "Ctrl-F"], "chart.mode": "v" });
  expect(asked(map, "f", "price")).toEqual({ kind: "freeze" });
  expect(asked(map, "ctrl+f", "price")).toEqual({ kind: "freeze" });
  expect(asked(map, "space", "price")).toBeNull();
  expect(asked(map, "v", "chart")).toMatchObject({ kind: "press" });
  expect(asked(map, "v", "tape")).toBeNull();
  expect(asked(map, "m", "chart")).toBeNull();
});

test("the frame of a pane has the key that goes to it", () => {
  const { coverage } = sampleSnapshot();
  const titleOf = (own: OwnKeys, at: number): string => paneTitle(PANES[at]!, mapped(own), coverage).name;
  expect(PANES.map((_, at) => titleOf({}, at)).slice(0, 2)).toEqual(["1 Price", "2 Chart"]);
  expect(titleOf({ "go.chart": "ctrl+k" }, 1)).toBe("Ctrl-K Chart");
  expect(titleOf({ "go.chart": [] }, 1)).toBe("Chart");
});

test("a default that is in the way moves to another key, and the help says where it went", () => {
  const map = mapped({ freeze: "m" });
  expect(asked(map, "m", "chart")).toEqual({ kind: "freeze" });
  expect(chordsOf(map, "chart.mode")).toEqual(["M"]);
  expect(labelOf(map, "chart.mode")).toBe("line, candles or cumulative delta (m is freeze now)");
  expect(chordsOf(map, "whales.bursts")).toEqual(["M"]);
  const back = mapped({ "chart.mode": "q" });
  expect(asked(back, "q", "chart")).toMatchObject({ kind: "press" });
  expect(chordsOf(back, "quit")).toEqual(["ctrl+c"]);
  expect(labelOf(back, "quit")).toBe("quit (q is chart.mode now)");
});

test("a default without any free key has none, and the help says that too", () => {
  const map = mapped({ freeze: "b", help: "B", zoom: "ctrl+b" });
  expect(chordsOf(map, "price.basis")).toEqual([]);
  const line = keySections(map).flatMap(({ lines }) => lines).find(({ name }) => name === "price.basis");
  expect(line).toMatchObject({ keys: "–", label: "change against the next basis (b is freeze now)" });
});

test("a command can be left without a key; Ctrl-C always quits", () => {
  expect(chordsOf(mapped({ reconnect: [] }), "reconnect")).toEqual([]);
  expect(asked(mapped({ quit: "x" }), "ctrl+c", "price")).toEqual({ kind: "quit" });
  expect(asked(mapped({ quit: "x" }), "q", "price")).toBeNull();
  expect(sentences({ freeze: "ctrl+c" })).toEqual(["keys.freeze: Ctrl-C always quits; choose another key"]);
});

describe("mistakes", () => {
  test.each([
    [{ freeze: "f", zoom: "f" }, ["keys: zoom and freeze are both f, and both work in one place; choose another key for one of them"]],
    [{ freeze: "f", "chart.mode": "f" }, [expect.stringContaining("freeze and chart.mode are both f")]],
    [{ "help.down": "n", next: "n" }, [expect.stringContaining("next and help.down are both n")]],
    [{ qiut: "x" }, ["keys: there is no command 'qiut'"]],
    [{ quit: "ctrl+shift+q" }, ["keys.quit: expected a key such as q, R, ctrl+k, shift+tab, pageup, escape or space, found 'ctrl+shift+q'"]],
    [{ freeze: "ctrl+m" }, ["keys.freeze: Ctrl-M and Enter are one key to a terminal; choose another key"]],
  ])("%j", (own, expected) => {
    expect(sentences(own as unknown as OwnKeys)).toEqual(expected);
  });

  test("two panes may use one key: they are never focused at once", () => {
    const map = mapped({ "chart.mode": "x", "whales.larger": "x" });
    expect(asked(map, "x", "chart")).not.toEqual(asked(map, "x", "whales"));
  });
});

test("a key is written in any usual way", () => {
  expect(["q", "R", "Ctrl-K", "ctrl+k", "C-k", "^K", "Shift-Tab", "PgUp", "Esc", " ", "SPACE", "Return", "?"].map(parseChord)).toEqual(
    ["q", "R", "ctrl+k", "ctrl+k", "ctrl+k", "ctrl+k", "shift+tab", "pageup", "escape", "space", "space", "enter", "?"],
  );
});

test("whatever is chosen without a mistake, every key means one thing in every place, and own keys do what was asked", () => {
  const names = commandNames(PANES);
  const chord = fc.constantFrom("a", "b", "f", "m", "M", "q", "j", "J", "x", "1", "space", "enter", "ctrl+k", "ctrl+b", "?", "+");
  const own = fc.dictionary(fc.constantFrom(...names), fc.array(chord, { maxLength: 2 }), { maxKeys: 6 });
  fc.assert(fc.property(own, (wanted) => {
    const { map, mistakes } = createKeyMap(PANES, wanted);
    for (const place of ["help", ...PANES.map(({ id }) => id)]) {
      const chords = map.filter((key) => key.place === place || key.place === "everywhere").flatMap((key) => key.chords);
      expect(new Set(chords).size).toBe(chords.length);
      for (const one of chords) expect(typed(one)).not.toBeNull();
    }
    if (mistakes.length > 0) return;
    for (const [name, chords] of Object.entries(wanted)) expect(chordsOf(map, name)).toEqual(expect.arrayContaining(chords));
  }), { numRuns: 500, seed: 11 });
});
