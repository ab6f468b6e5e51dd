/** The themes: what each shade looks like with 16, 256 and all colours, and on which paper. */
import { COLOUR_NAMES } from "../config/settings.ts";
import type { Settings } from "../config/settings.ts";

/** A colour in three depths: SGR foreground 30..37 or 90..97, number in the palette of 256, `#rrggbb`. */
export interface Colour {
  readonly basic: number;
  readonly palette: number;
  readonly hex: string;
}

/** What a colour is for. `upOld` and `downOld`: the direction of a price that stands; `border` draws lines, no letters. */
export type Shade =
  | "up" | "upOld" | "down" | "downOld" | "warn" | "alarm" | "live" | "replay" | "accent" | "key" | "chart" | "dim" | "border";

/** See the head of this file. */
export interface Theme {
  readonly shades: Readonly<Record<Shade, Colour>>;
  readonly ink: Colour;
  /** For pictures, and for the screen where `painted`; `basic` is a foreground too, its background is 10 more. */
  readonly paper: Colour;
  /** Ink and paper are set; else they are the terminal's own, which is taken for a dark one. */
  readonly painted: boolean;
}

/** Colours in place of a theme's, as the settings have them. */
export type OwnColours = Settings["theme_colours"];

export type ThemeName = Settings["theme"];

function colour(basic: number, palette: number, hex: string): Colour {
  return { basic, palette, hex };
}

const DARK: Theme = {
  shades: {
    up: colour(32, 78, "#4fc97a"),
    upOld: colour(32, 71, "#5a9a70"),
    down: colour(31, 203, "#f0625f"),
    downOld: colour(31, 167, "#c46a6a"),
    warn: colour(33, 221, "#f2cc60"),
    alarm: colour(31, 203, "#f0625f"),
    live: colour(32, 78, "#4fc97a"),
    replay: colour(35, 177, "#d08cf5"),
    accent: colour(36, 80, "#56c7d6"),
    key: colour(34, 75, "#5aa9f5"),
    chart: colour(34, 75, "#5aa9f5"),
    dim: colour(90, 244, "#868c98"),
    border: colour(90, 241, "#646b78"),
  },
  ink: colour(37, 252, "#d6dae2"),
  paper: colour(30, 233, "#12151c"),
  painted: false,
};

const LIGHT: Theme = {
  shades: {
    up: colour(32, 22, "#0a6b2d"),
    upOld: colour(32, 23, "#3f6b50"),
    down: colour(31, 124, "#b3151f"),
    downOld: colour(31, 88, "#8c4a4a"),
    warn: colour(35, 94, "#7a5200"),
    alarm: colour(31, 124, "#b3151f"),
    live: colour(32, 22, "#0a6b2d"),
    replay: colour(35, 90, "#8a1fa8"),
    accent: colour(34, 24, "#0b5a75"),
    key: colour(34, 25, "#0f55b0"),
    chart: colour(34, 25, "#0f55b0"),
    dim: colour(90, 241, "#5c6370"),
    border: colour(90, 245, "#868c98"),
  },
  ink: colour(30, 234, "#1b1f27"),
  paper: colour(97, 231, "#fbfbf8"),
  painted: true,
};

const HIGH_CONTRAST: Theme = {
  shades: {
    up: colour(92, 84, "#5dff8f"),
    upOld: colour(92, 114, "#8fd9a5"),
    down: colour(91, 210, "#ff8f8f"),
    downOld: colour(91, 217, "#e8a8a8"),
    warn: colour(93, 226, "#ffff3d"),
    alarm: colour(91, 210, "#ff8f8f"),
    live: colour(92, 84, "#5dff8f"),
    replay: colour(95, 219, "#ffa8ff"),
    accent: colour(96, 87, "#5ef6ff"),
    key: colour(96, 117, "#8fd0ff"),
    chart: colour(96, 117, "#8fd0ff"),
    dim: colour(37, 251, "#c6c6c6"),
    border: colour(37, 247, "#9e9e9e"),
  },
  ink: colour(97, 231, "#ffffff"),
  paper: colour(30, 16, "#000000"),
  painted: true,
};

/** Blue and orange differ for every common kind of colour vision; no figure hangs on red against green. */
const COLOUR_BLIND: Theme = {
  ...DARK,
  shades: {
    ...DARK.shades,
    up: colour(94, 75, "#62aef7"),
    upOld: colour(94, 68, "#5f93c4"),
    down: colour(33, 214, "#ffa53d"),
    downOld: colour(33, 172, "#c98a45"),
    warn: colour(93, 229, "#f6efae"),
    alarm: colour(33, 214, "#ffa53d"),
    live: colour(94, 75, "#62aef7"),
    replay: colour(35, 183, "#d9b3f5"),
    accent: colour(36, 152, "#a9d5dc"),
    key: colour(36, 152, "#a9d5dc"),
    chart: colour(37, 251, "#c3c9d4"),
  },
};

/** As in East Asia: red is up, green is down. What is wrong stays red. */
const RED_UP: Theme = {
  ...DARK,
  shades: {
    ...DARK.shades,
    up: DARK.shades.down,
    upOld: DARK.shades.downOld,
    down: DARK.shades.up,
    downOld: DARK.shades.upOld,
  },
};

/** The same for a light room: blue and a dark orange on paper. With 16 colours the orange is the terminal's red. */
const COLOUR_BLIND_LIGHT: Theme = {
  ...LIGHT,
  shades: {
    ...LIGHT.shades,
    up: colour(34, 25, "#0f55b0"),
    upOld: colour(34, 24, "#44648c"),
    down: colour(31, 130, "#a14b00"),
    downOld: colour(31, 94, "#8a5a2b"),
    warn: colour(35, 58, "#5a4b00"),
    alarm: colour(31, 130, "#a14b00"),
    live: colour(34, 25, "#0f55b0"),
    replay: colour(35, 90, "#7a2a94"),
    accent: colour(36, 23, "#1d5f63"),
    key: colour(36, 23, "#1d5f63"),
    chart: colour(30, 238, "#3c4350"),
  },
};

const RED_UP_LIGHT: Theme = {
  ...LIGHT,
  shades: {
    ...LIGHT.shades,
    up: LIGHT.shades.down,
    upOld: LIGHT.shades.downOld,
    down: LIGHT.shades.up,
    downOld: LIGHT.shades.upOld,
  },
};

/** By name; `none` is drawn without any colour, with bold, dim and reverse only. */
export const THEME_TABLE: Readonly<Record<ThemeName, Theme>> = {
  dark: DARK, light: LIGHT, "high-contrast": HIGH_CONTRAST, "colour-blind": COLOUR_BLIND, "red-up": RED_UP,
  "colour-blind-light": COLOUR_BLIND_LIGHT, "red-up-light": RED_UP_LIGHT, none: DARK,
};

/** What xterm shows for the 16 colours, in the order of their numbers. */
const BASIC_HEX = [
  "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
  "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
] as const;
/** Brightness of the steps of the cube of 6 × 6 × 6 colours that follows the 16; then 24 greys follow. */
const CUBE = [0, 95, 135, 175, 215, 255] as const;

type Rgb = readonly [number, number, number];

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

const farFrom = (wanted: Rgb, other: Rgb): number => wanted.reduce((sum, part, at) => sum + (part - (other[at] ?? 0)) ** 2, 0);

/** Index of the nearest of some colours. */
function nearestTo(wanted: Rgb, others: readonly Rgb[]): number {
  return others.reduce((best, other, at) => (farFrom(wanted, other) < farFrom(wanted, others[best]!) ? at : best), 0);
}

const PALETTE: readonly Rgb[] = [
  ...CUBE.flatMap((red) => CUBE.flatMap((green) => CUBE.map((blue): Rgb => [red, green, blue]))),
  ...Array.from({ length: 24 }, (_, at): Rgb => [8 + at * 10, 8 + at * 10, 8 + at * 10]),
];

/** A colour of the settings in all depths; of `#rrggbb` the nearest there is. */
export function colourOf(text: string): Colour {
  const named = COLOUR_NAMES.findIndex((name) => name === text);
  const hex = named < 0 ? text.toLowerCase() : BASIC_HEX[named]!;
  const basic = named < 0 ? nearestTo(rgbOf(hex), BASIC_HEX.map(rgbOf)) : named;
  return { basic: basic < 8 ? 30 + basic : 82 + basic, palette: named < 0 ? 16 + nearestTo(rgbOf(hex), PALETTE) : named, hex };
}

const MADE = new WeakMap<OwnColours, Map<ThemeName, Theme>>();

/** The theme with one's own colours in it; ink or paper of one's own has both set. The same object for the same two. */
export function themeOf(name: ThemeName, own: OwnColours): Theme {
  const made = MADE.get(own) ?? new Map<ThemeName, Theme>();
  const theme = made.get(name) ?? withOwn(name, own);
  MADE.set(own, made.set(name, theme));
  return theme;
}

function withOwn(name: ThemeName, own: OwnColours): Theme {
  const { shades, ink, paper, painted } = THEME_TABLE[name];
  const { ink: ownInk, paper: ownPaper, up_old: upOld, down_old: downOld, ...rest } = own;
  const given = Object.entries({ ...rest, upOld, downOld }).flatMap(([shade, text]) => (text === undefined ? [] : [[shade, colourOf(text)] as const]));
  return {
    shades: { ...shades, ...Object.fromEntries(given) },
    ink: ownInk === undefined ? ink : colourOf(ownInk),
    paper: ownPaper === undefined ? paper : colourOf(ownPaper),
    painted: painted || ownInk !== undefined || ownPaper !== undefined,
  };
}
