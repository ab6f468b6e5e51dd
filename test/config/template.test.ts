/** The file that explains the settings: it sets nothing, and with its # taken away it sets the defaults. */
import { expect, test } from "vitest";
import { parseConfig } from "../../src/config/parse-config.ts";
import { DEFAULTS, type Settings } from "../../src/config/settings.ts";
import { explainedSettings, ownSettings } from "../../src/config/template.ts";
import { createKeyMap } from "../../src/ui/key-map.ts";
import { PANES } from "../../src/ui/panes/index.ts";

const { map } = createKeyMap(PANES);
const text = explainedSettings(map);

function read(yaml: string): Settings {
  const parsed = parseConfig(yaml);
  if (parsed.kind === "bad") throw new Error(JSON.stringify(parsed.mistakes));
  return parsed.config;
}

test("as it is written it changes nothing", () => {
  expect(read(text)).toEqual(DEFAULTS);
});

test("with every setting taken in, it says the defaults, and an example where there is none", () => {
  const all = text.replace(/^#(?! )/gm, "").replace(/^# {2}(?! )/gm, "  ");
  const { keys, hide, order, alerts, symbol, roll, gateway, demo, calendar, ascii, export_dir, quiet_hours: quiet, theme_colours: own_colours, ...rest } = read(all);
  const { keys: _, hide: _h, order: _o, alerts: _a, theme_colours: _t, ...defaults } = DEFAULTS;
  expect(rest).toEqual(defaults);
  expect({ symbol, roll, gateway, demo, calendar, ascii, export_dir, quiet }).toEqual({
    symbol: "NQ.v.0", roll: "volume", gateway: "127.0.0.1:13000", demo: false, calendar: "calendar.json", ascii: false, export_dir: "~/exports",
    quiet: { from: "22:00", to: "07:00" },
  });
  expect(hide.length + order.length).toBeGreaterThan(0);
  expect(alerts.length).toBeGreaterThan(0);
  expect(own_colours).toEqual({ up: "#00c8ff", down: "bright-red" });
  const own = createKeyMap(PANES, keys);
  expect(own.mistakes).toEqual([]);
  expect(own.map).toEqual(map);
});

test("every setting has its name, its meaning and its range in it", () => {
  for (const [name, schema] of ownSettings()) {
    expect(text).toMatch(new RegExp(`^# .+\n(#.*\n)*#${name}:`, "m"));
    expect(schema).toBeDefined();
  }
  expect(text).toContain("# One of dark, light, high-contrast, colour-blind, red-up, colour-blind-light, red-up-light, none\n#theme: dark\n");
  expect(text).toContain("# Whole number from 1 to 10\n#frames_per_second: 10\n");
  expect(text).toMatch(/^# {3}when: one of price-above, .*$/m);
  expect(Math.max(...text.split("\n").filter((line) => /^# \S/.test(line)).map((line) => line.length))).toBeLessThan(130);
});
