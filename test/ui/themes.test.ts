/** The themes: legible, told apart without colour, switched whole. */
import { expect, test } from "vitest";
import { DEFAULTS, THEME_PARTS, THEMES } from "../../src/config/settings.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { composeScreen } from "../../src/ui/screen.ts";
import { joinSpans, rowText } from "../../src/ui/text.ts";
import { dressFor, nextTheme, paletteFor, TONES } from "../../src/ui/theme.ts";
import { colourOf, THEME_TABLE, themeOf } from "../../src/ui/themes.ts";
import type { Colour } from "../../src/ui/themes.ts";
import { initialView } from "../../src/ui/view-state.ts";
import { until } from "./fake-terminal.ts";
import { SAMPLE_WALL_MS, sampleSnapshot } from "./sample-snapshot.ts";
import { mounted } from "./screen-rig.ts";

/** Relative luminance and contrast as WCAG 2.1 defines them. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** The colour that xterm's palette of 256 has at a number from 16 on: a cube of six steps, then greys. */
function paletteHex(number: number): string {
  const two = (value: number): string => value.toString(16).padStart(2, "0");
  if (number >= 232) return `#${two(8 + (number - 232) * 10).repeat(3)}`;
  const at = number - 16;
  const steps = [0, 95, 135, 175, 215, 255];
  return `#${[Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6].map((step) => two(steps[step] ?? 0)).join("")}`;
}

test("the measure of contrast is right at both ends", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 1);
  expect(paletteHex(203)).toBe("#ff5f5f");
});

test.each(THEMES)("%s: all letters stand out from their paper with 4.5 : 1, lines with 3 : 1", (name) => {
  const { shades, ink, paper } = THEME_TABLE[name];
  for (const [shade, colour] of Object.entries<Colour>({ ...shades, ink })) {
    const least = shade === "border" ? 3 : name === "high-contrast" ? 7 : 4.5;
    expect(contrast(colour.hex, paper.hex), `${name} ${shade}`).toBeGreaterThanOrEqual(least);
    expect(contrast(paletteHex(colour.palette), paletteHex(paper.palette)), `${name} ${shade} of 256`).toBeGreaterThanOrEqual(least);
  }
});

test("up and down differ in every theme and depth, and red-up is the dark one turned round", () => {
  for (const theme of THEMES.filter((name) => name !== "none")) {
    for (const depth of ["16", "256", "true"] as const) {
      const palette = paletteFor(depth, theme);
      for (const kind of ["", "Strong", "Dim", "Flash"] as const) expect(palette[`up${kind}`]).not.toBe(palette[`down${kind}`]);
    }
  }
  expect(paletteFor("true", "red-up").up).toBe(paletteFor("true", "dark").down);
  expect(paletteFor("true", "red-up-light").up).toBe(paletteFor("true", "light").down);
  expect(paletteFor("true", "red-up").alarm).toBe(paletteFor("true", "dark").alarm);
  expect(paletteFor("true", "red-up").badgeLive).toBe(paletteFor("true", "dark").badgeLive);
});

/** How a colour looks to an eye without one kind of cones (Viénot, Brettel and Mollon 1999), as relative luminances of blue and the rest. */
function seenWithout(cones: "long" | "middle", hex: string): readonly [rest: number, blue: number] {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => (Number.parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
  const rest = cones === "long" ? 0.112_38 * red + 0.887_62 * green : 0.292_75 * red + 0.707_25 * green;
  return [rest, blue];
}

test.each(["colour-blind", "colour-blind-light"] as const)("%s: up and down are told apart without red or green cones", (theme) => {
  for (const cones of ["long", "middle"] as const) {
    for (const [one, other] of [["up", "down"], ["upOld", "downOld"]] as const) {
      const [a, b] = [one, other].map((shade) => seenWithout(cones, THEME_TABLE[theme].shades[shade].hex));
      expect(Math.abs((a?.[1] ?? 0) - (b?.[1] ?? 0)), `${theme} ${one} without ${cones}`).toBeGreaterThan(0.15);
    }
  }
});

test("without colours nothing is coloured, whatever the theme", () => {
  for (const theme of THEMES) {
    for (const tone of TONES) expect(dressFor("none", theme).palette[tone]).not.toMatch(/[34]\d|9\d/);
    expect(dressFor("none", theme).ground.both).toBe("");
  }
  for (const tone of TONES) expect(dressFor("true", "none").palette[tone]).not.toMatch(/38|48/);
});

/** What says up or down, bought or sold, bid or ask without a colour. */
const SIGNS = /[▲▼+−↑↓▒×]|BUY|SELL|buy|sell|bid|ask/;

test("what is up or down is told by a sign or a shape in its row too", () => {
  let told = 0;
  for (const focus of PANES.keys()) {
    for (const [columns, rows] of [[60, 15], [80, 24], [120, 40], [200, 60]] as const) {
      const view = { ...initialView(PANES, { columns, rows }), focus, zoomed: true };
      const now = { wallMs: SAMPLE_WALL_MS, flash: null };
      const drawn = composeScreen({ shown: sampleSnapshot(), latest: sampleSnapshot(), view, frozenAt: null, now });
      for (const row of drawn) {
        const coloured = joinSpans(row).filter(({ tone, text }) => /^(?:up|down)/.test(tone) && /[^\s█▀▄]/.test(text));
        if (coloured.length === 0) continue;
        told += 1;
        expect(rowText(row)).toMatch(SIGNS);
      }
    }
  }
  expect(told).toBeGreaterThan(100);
});

test("t goes round the themes, says which, and draws every cell anew", async () => {
  const size = { columns: 120, rows: 40 };
  const rig = mounted(sampleSnapshot(), size, { color: "true" });
  await rig.shows("freeze");
  const before = await rig.terminal.text();
  const paper = (): number[] => {
    const { active } = rig.terminal.emulator.buffer;
    const at = (y: number, x: number): number => active.getLine(active.baseY + y)?.getCell(x)?.getBgColor() ?? -1;
    return [...new Set(Array.from({ length: size.rows * size.columns }, (_, cell) => at(Math.floor(cell / size.columns), cell % size.columns)))];
  };
  expect(paper()).toContain(-1);
  rig.keyboard.press("t");
  await rig.shows("theme light");
  expect(paper()).toEqual([0xfb_fb_f8]);
  const text = (await rig.terminal.text()).split("\n").slice(0, -1);
  expect(text).toEqual(before.split("\n").slice(0, -1));
  for (let name = nextTheme("light"); name !== "dark"; name = nextTheme(name)) {
    rig.keyboard.press("t");
    await rig.shows(`theme ${name}`);
    const { painted, paper: wanted } = THEME_TABLE[name];
    expect(paper()).toEqual(painted && name !== "none" ? [Number.parseInt(wanted.hex.slice(1), 16)] : [-1]);
  }
  rig.keyboard.press("t");
  await rig.shows("theme dark");
  rig.keyboard.press("tab");
  await rig.hides("theme dark");
  expect(paper()).toEqual([-1]);
  // A painted theme stays painted under new data.
  rig.keyboard.press("t");
  await rig.shows("theme light");
  rig.publish(sampleSnapshot({ requested: "NQ.c.0" }));
  await until(async () => (await rig.terminal.text()).includes("NQ.c.0"), "new data is drawn");
  expect(paper()).toEqual([0xfb_fb_f8]);
});

test("a colour of one's own is as near as each kind of terminal has it", () => {
  expect(colourOf("bright-blue")).toEqual({ basic: 94, palette: 12, hex: "#5c5cff" });
  expect(colourOf("black")).toEqual({ basic: 30, palette: 0, hex: "#000000" });
  expect(colourOf("#00C8FF")).toEqual({ basic: 36, palette: 45, hex: "#00c8ff" });
  for (const number of [16, 46, 203, 231, 240]) expect(paletteHex(colourOf(paletteHex(number)).palette)).toBe(paletteHex(number));
  for (const part of THEME_PARTS) {
    const { shades, ink, paper } = themeOf("dark", { [part]: "#123456" });
    expect([...Object.values(shades), ink, paper].filter(({ hex }) => hex === "#123456")).toHaveLength(1);
  }
});

test("one's own colours are on the screen, in every theme, in its pictures, and go when the setting goes", async () => {
  const own = { ...DEFAULTS, theme_colours: { up: "#010203", paper: "#0a0b0c" } };
  const saved: string[] = [];
  const rig = mounted(sampleSnapshot(), { columns: 120, rows: 40 }, { color: "true", settings: own, onExport: async ({ svg }) => Promise.resolve(`number ${saved.push(svg)}`) });
  await rig.shows("freeze");
  expect(rig.terminal.written).toContain("38;2;1;2;3m");
  expect(rig.terminal.written).toContain("48;2;10;11;12m");
  rig.keyboard.write("5e");
  await rig.shows("exported number 1");
  expect(saved[0]).toContain('fill="#0a0b0c"');
  expect(saved[0]).toContain('fill="#010203"');
  const before = rig.terminal.written.length;
  rig.keyboard.press("t");
  await rig.shows("theme light");
  expect(rig.terminal.written.slice(before)).toContain("48;2;10;11;12m");
  const light = rig.terminal.written.length;
  rig.screen.configure(DEFAULTS, 10);
  await until(() => Promise.resolve(rig.terminal.written.slice(light).includes("48;2;251;251;248m")), "the theme's own paper");
  expect(rig.terminal.written.slice(light)).not.toContain("38;2;1;2;3m");
});
