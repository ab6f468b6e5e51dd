/** What each tone looks like in a terminal and in a picture; together with the themes the only place that knows colours. */
import { THEMES } from "../config/settings.ts";
import { themeOf } from "./themes.ts";
import type { Colour, OwnColours, Shade, Theme, ThemeName } from "./themes.ts";

export type { OwnColours, ThemeName } from "./themes.ts";

/** How many colours the terminal shows. `none` keeps bold, dim and reverse, which are no colours. */
export type ColorDepth = "none" | "16" | "256" | "true";

interface Look {
  readonly shade?: Shade;
  readonly bold?: boolean;
  /** Only where the shade cannot say it: with no colour, and with 16. */
  readonly dim?: boolean;
  readonly reverse?: boolean;
}

const LOOKS = {
  plain: {},
  strong: { bold: true },
  dim: { shade: "dim" },
  accent: { shade: "accent" },
  title: { shade: "accent", bold: true },
  border: { shade: "border" },
  key: { shade: "key", bold: true },
  up: { shade: "up" },
  upStrong: { shade: "up", bold: true },
  upDim: { shade: "upOld", dim: true },
  upFlash: { shade: "up", bold: true, reverse: true },
  down: { shade: "down" },
  downStrong: { shade: "down", bold: true },
  downDim: { shade: "downOld", dim: true },
  downFlash: { shade: "down", bold: true, reverse: true },
  warn: { shade: "warn" },
  warnStrong: { shade: "warn", bold: true },
  bad: { shade: "alarm" },
  alarm: { shade: "alarm", bold: true, reverse: true },
  frozen: { shade: "accent", bold: true, reverse: true },
  badgeLive: { shade: "live", bold: true },
  badgeReplay: { shade: "replay", bold: true, reverse: true },
  badgeDemo: { shade: "warn", bold: true, reverse: true },
  chart: { shade: "chart" },
  mark: { shade: "chart", bold: true, reverse: true },
} as const satisfies Record<string, Look>;

/** What a piece of text means; never a colour. */
export type Tone = keyof typeof LOOKS;

/** Every tone there is. */
export const TONES: readonly Tone[] = Object.freeze(Object.keys(LOOKS).filter((name): name is Tone => name in LOOKS));

/** Ends any tone. */
export const RESET = "\u001B[0m";

/** The theme after this one, in a circle. */
export function nextTheme(name: ThemeName): ThemeName {
  return THEMES[(THEMES.indexOf(name) + 1) % THEMES.length] ?? name;
}

/** SGR numbers of a colour as `ground`: 30 for letters, 40 for what is behind them. */
function colourCode({ basic, palette, hex }: Colour, depth: Exclude<ColorDepth, "none">, ground: 30 | 40): string {
  if (depth === "16") return String(basic + ground - 30);
  if (depth === "256") return `${ground + 8};5;${palette}`;
  const value = Number.parseInt(hex.slice(1), 16);
  return `${ground + 8};2;${value >> 16};${(value >> 8) & 255};${value & 255}`;
}

function startOf({ shade, bold, dim, reverse }: Look, theme: Theme, depth: ColorDepth): string {
  const isFaint = dim === true && (depth === "none" || depth === "16");
  const colour = shade === undefined || depth === "none" ? null : colourCode(theme.shades[shade], depth, 30);
  const codes = [bold === true ? "1" : null, isFaint ? "2" : null, reverse === true ? "7" : null, colour].filter((code) => code !== null);
  return codes.length === 0 ? "" : `\u001B[${codes.join(";")}m`;
}

/** The SGR sequence that begins each tone; empty where a tone is plain text. */
export type Palette = Readonly<Record<Tone, string>>;

/** What text stands on: SGR sequences that set ink and paper, and each alone; all empty where they are the terminal's own. */
export interface Ground {
  readonly both: string;
  readonly ink: string;
  readonly paper: string;
}

/** A theme as a terminal of one depth shows it. */
export interface Dress {
  readonly palette: Palette;
  readonly ground: Ground;
}

const OWN_GROUND: Ground = { both: "", ink: "", paper: "" };

function groundOf({ painted, ink, paper }: Theme, depth: ColorDepth): Ground {
  if (!painted || depth === "none") return OWN_GROUND;
  const front = colourCode(ink, depth, 30);
  const back = colourCode(paper, depth, 40);
  return { both: `\u001B[${front};${back}m`, ink: `\u001B[${front}m`, paper: `\u001B[${back}m` };
}

const DRESSES = new Map<string, Dress>();

const NO_COLOURS: OwnColours = {};

/** The theme, with one's own colours in it, on a terminal of this depth; the same object for the same three. */
export function dressFor(depth: ColorDepth, theme: ThemeName = "dark", own: OwnColours = NO_COLOURS): Dress {
  const shown = theme === "none" ? "none" : depth;
  const key = own === NO_COLOURS ? `${theme} ${shown}` : `${theme} ${shown} ${JSON.stringify(own)}`;
  const known = DRESSES.get(key);
  if (known !== undefined) return known;
  const themed = themeOf(theme, own);
  const entries = TONES.map((tone) => [tone, startOf(LOOKS[tone], themed, shown)] as const);
  // Object.fromEntries forgets the key type; TONES are all the keys there are.
  const dress = { palette: Object.fromEntries(entries) as Record<Tone, string>, ground: groundOf(themed, shown) };
  DRESSES.set(key, dress);
  return dress;
}

/** The palette for a terminal of this colour depth. */
export function paletteFor(depth: ColorDepth, theme: ThemeName = "dark"): Palette {
  return dressFor(depth, theme).palette;
}

/** Paper and ink of a picture. */
export function pictureGround(theme: ThemeName, own: OwnColours = NO_COLOURS): { readonly paper: string; readonly ink: string } {
  const { paper, ink } = themeOf(theme, own);
  return { paper: paper.hex, ink: ink.hex };
}

/** Colour of the letters, of the cell behind them (null: paper), and weight. */
interface PictureLook {
  readonly ink: string;
  readonly paper: string | null;
  readonly bold: boolean;
}

/** How a tone looks in a picture. */
export function pictureLook(tone: Tone, theme: ThemeName, own: OwnColours = NO_COLOURS): PictureLook {
  const look: Look = LOOKS[tone];
  const ground = pictureGround(theme, own);
  const ink = look.shade === undefined || theme === "none" ? ground.ink : themeOf(theme, own).shades[look.shade].hex;
  const bold = look.bold ?? false;
  return look.reverse === true ? { ink: ground.paper, paper: ink, bold } : { ink, paper: null, bold };
}
