/** Configuration files: what is right in them, and every mistake with its line and the name that was meant. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseConfig, type ConfigMistake } from "../../src/config/parse-config.ts";
import { DEFAULTS, type Settings } from "../../src/config/settings.ts";

function good(text: string): Settings {
  const parsed = parseConfig(text);
  if (parsed.kind === "bad") throw new Error(JSON.stringify(parsed.mistakes));
  return parsed.config;
}

function mistakes(text: string): readonly ConfigMistake[] {
  const parsed = parseConfig(text);
  return parsed.kind === "bad" ? parsed.mistakes : [];
}

test("an empty file, and one of comments alone, leave every default", () => {
  expect(good("")).toEqual(DEFAULTS);
  expect(good("# nothing\n")).toEqual(DEFAULTS);
});

test("rules are taken, with what they leave out filled in", () => {
  const { alerts } = good("alerts:\n  - name: above the high\n    when: price-above\n    price: 21763.25\n    actions: [{ do: bell }, { do: command, run: [say, high] }]\n  - { name: feed, when: feed }");
  expect(alerts[0]).toEqual({
    name: "above the high", when: "price-above", price: 21_763.25, once: false, cooldown_s: 60, session: "any", muted: false,
    actions: [{ do: "bell" }, { do: "command", run: ["say", "high"], timeout_s: 10 }],
  });
  expect(alerts[1]?.actions).toEqual([{ do: "bell" }]);
});

test("nothing is said to have been meant where what stands there is no slip of the pen", () => {
  for (const text of ["theme: [dark]", "layout: 3", "theme: x", "order: [q]"]) expect(mistakes(text).map(({ sentence }) => sentence).join()).not.toContain("did you mean");
});

test("ten thousand rules are taken; one more is a sentence", () => {
  const rules = (count: number): string => `alerts:\n${Array.from({ length: count }, (_, at) => `  - { name: r${at}, when: price-above, price: ${20_000 + at / 4} }\n`).join("")}`;
  expect(good(rules(10_000)).alerts).toHaveLength(10_000);
  expect(mistakes(rules(10_001))).toEqual([{ line: 1, sentence: "alerts: expected at most 10000 entries or characters, found a list" }]);
});

test("settings and keys are taken", () => {
  const config = good(["theme: colour-blind", "whales: { size: 40, adaptive: true }", "keys:", "  quit: [q, ctrl+q]"].join("\n"));
  expect(config).toMatchObject({ theme: "colour-blind", whales: { size: 40, adaptive: true, burst_ms: 0 }, keys: { quit: ["q", "ctrl+q"] } });
});

describe("mistakes", () => {
  test.each([
    ["theme: dark\nsymbl: NQ.v.0", 2, "unknown setting 'symbl'; did you mean symbol?"],
    ["theme: drak", 1, "theme: expected one of dark, light, high-contrast, colour-blind, red-up, colour-blind-light, red-up-light, none, found 'drak'; did you mean dark?"],
    ["whales:\n  size: 25\n  adaptve: true", 3, "unknown setting 'adaptve' in whales; did you mean adaptive?"],
    ["whales:\n  size: 0", 2, "whales.size: expected 1 or more, found '0'"],
    ["theme: [dark]", 1, "none, found a list"],
    ["theme: { up: '#zzzzzz' }", 1, "none, found a group of settings"],
    ["layout: 3", 1, "layout: expected one of overview, tape, levels, connection, price, found '3'"],
    ["theme_colours: { up: gren }", 1, "theme_colours.up: expected a colour: #rrggbb in quotation marks, or one of black, red, green, yellow, blue, magenta, cyan, white, grey, bright-red, bright-green, bright-yellow, bright-blue, bright-magenta, bright-cyan, bright-white, found 'gren'; did you mean green?"],
    ["theme_colours:\n  up: blue\n  down: '#zzzzzz'", 3, "bright-white, found '#zzzzzz'"],
    ["theme_colours:\n  down: #ff0000", 2, "theme_colours.down: expected a colour: #rrggbb in quotation marks, or one of black, "],
    ["theme_colours: { dwon: red }", 1, "unknown setting 'dwon' in theme_colours; did you mean down?"],
    ["theme_colours: blue", 1, "theme_colours: expected a group of settings, found 'blue'"],
    ["whales: [1]", 1, "whales: expected a group of settings, found a list"],
    ["theme_colours: [red]", 1, "theme_colours: expected a group of settings, found a list"],
    ["keys: 5", 1, "keys: expected a group of settings, found '5'"],
    ["mouse: perhaps", 1, "mouse: expected true or false, found 'perhaps'"],
    ["export_dir: 7", 1, "export_dir: expected a text, found '7'"],
    ["debug_overlay: [true]", 1, "debug_overlay: expected true or false, found a list"],
    ["flash: 3", 1, "flash: expected true or false, found '3'"],
    ["whales:\n  size: 2.5", 2, "whales.size: expected a whole number, found '2.5'"],
    ["record:\n  when: alway", 2, "did you mean always?"],
    ["alerts:\n  - name: x\n    when: price-abov", 3, "did you mean price-above?"],
    ["alerts:\n  - name: x\n    when: level-touch\n    level: VWPA", 4, "did you mean VWAP?"],
    ["alerts:\n  - name: x\n    when: feed\n    actions:\n      - do: webhook\n        url: nowhere", 6, "alerts.0.actions.0.url: expected an address such as https://host/path, found something else"],
    ["alerts:\n  - name: x\n    when: feed\n    actions:\n      - do: webhook\n        url: file:///etc/passwd", 6, "expected an address such as https://host/path"],
    ["alerts:\n  - name: x\n    when: feed\n    actions:\n      - { do: command, run: [] }", 5, "expected something that is not empty"],
    ["alerts:\n  - name: x\n    when: price-above\n    price: 1e9", 4, "alerts.0.price: expected 1000000 or less, found '1000000000'"],
    ["alerts:\n  - name: x\n    when: price-above\n    price: high", 4, "alerts.0.price: expected a number, found 'high'"],
    ["alerts: many", 1, "alerts: expected a list, found 'many'"],
    ["quiet_hours: { from: '25:00', to: '09:00' }", 1, "expected a time of day such as 09:30, found '25:00'"],
    ["a: [1,\n", 2, "Flow sequence"],
    ["theme: dark\ntheme: light", 2, "unique"],
    ["- theme", 1, "expected settings such as 'theme: dark', found a list"],
    ["dark", 1, "found 'dark'"],
    ["gateway: db-abcdefghijklmnopqrstuvwxyz12", 1, "set DATABENTO_API_KEY"],
    ["api_key: secret", 1, "expected a placeholder such as ${DATABENTO_API_KEY}"],
  ])("%j", (text, line, sentence) => {
    const found = mistakes(text);
    expect(found[0]).toEqual({ line, sentence: expect.stringContaining(sentence) });
  });

  test("are all told, in order of their lines, twenty at most", () => {
    expect(mistakes("demo: 1\nflash: 2\ntitle: 3").map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(mistakes(Array.from({ length: 100 }, (_, at) => `wrong${at}: 1`).join("\n"))).toHaveLength(20);
  });

  test("a key in the file is never repeated in the sentence", () => {
    for (const text of ["symbol: db-abcdefghijklmnopqrstuvwxyz12", "keys: { quit: db-abcdefghijklmnopqrstuvwxyz12 }"]) {
      expect(JSON.stringify(mistakes(text))).not.toContain("abcdefghij");
    }
  });
});

describe("a file of the original system", () => {
  test("means here what it meant there", () => {
    expect(good('{"symbols": ["NQ"], "enable_live_streaming": true}')).toMatchObject({ symbol: "NQ.v.0" });
    expect(good('{"symbols": ["NQM5"], "enable_live_streaming": false}')).toMatchObject({ symbol: "NQM5", demo: true });
    const nested = '{"data_sources": {"databento": {"enabled": true, "config": {"api_key": "${DATABENTO_API_KEY}", "symbols": ["NQ"], "use_cache": true}}}}';
    expect(good(nested)).toMatchObject({ symbol: "NQ.v.0" });
  });

  test("what has no meaning here is said", () => {
    const parsed = parseConfig('{"symbols": ["NQ"], "daily_budget": 25.0, "cache_dir": "outputs"}');
    expect(parsed).toMatchObject({ kind: "good", notes: [expect.stringContaining("NQ.v.0"), "not used by this program: cache_dir, daily_budget"] });
  });
});

test("ten thousand entries are one sentence", () => {
  const text = `hide:\n${"  - price\n".repeat(10_000)}`;
  expect(mistakes(text)).toEqual([{ line: 1, sentence: "hide: expected at most 20 entries or characters, found a list" }]);
});

test("a nest of aliases is refused, a name such as __proto__ changes nothing", () => {
  const bomb = ["a: &a [x, x]", ...Array.from({ length: 12 }, (_, at) => `${String.fromCharCode(98 + at)}: &${String.fromCharCode(98 + at)} [*${String.fromCharCode(97 + at)}, *${String.fromCharCode(97 + at)}]`)].join("\n");
  expect(mistakes(bomb).length).toBeGreaterThan(0);
  parseConfig("__proto__: { polluted: true }");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("any text gives settings or mistakes, never an exception", () => {
  const pieces = fc.constantFrom("theme: dark\n", "keys:\n", "  quit: q\n", "hide:\n", "alerts:\n", "- ", "{", "}", "[", "]", ":", "&a ", "*a", "'", "\"", "|\n", "? ", "!!js ", "\t", "\u0000", "😀", "whales: ", "size: 1e400\n");
  fc.assert(fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 6 })), { maxLength: 30 }), (parts) => {
    const parsed = parseConfig(parts.join(""));
    if (parsed.kind === "bad") expect(parsed.mistakes.length).toBeGreaterThan(0);
    else expect(parsed.config.theme.length).toBeGreaterThan(0);
  }), { numRuns: 2000, seed: 7 });
});

test("an alias inside of what it stands for is told, and fills no memory", () => {
  expect(mistakes("a: &a [1, 2, *a]\nb: &b [*a, *a]\nc: [*b, *b]\ntheme: *a\n")).toEqual([
    { line: 0, sentence: "expected settings that can be written out, found an alias inside of what it stands for" },
  ]);
});
