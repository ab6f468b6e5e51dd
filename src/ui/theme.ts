/** The only place that knows colours: what each tone looks like in a terminal and in a picture. */

/** How many colours the terminal shows. `none` keeps bold, dim and reverse, which are no colours. */
export type ColorDepth = "none" | "16" | "256" | "true";

interface Look {
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly reverse?: boolean;
  /** SGR foreground of the 16-colour palette, 30..37 or 90..97. */
  readonly basic?: number;
  /** Foreground of the 256-colour palette. */
  readonly palette?: number;
  /** Foreground as `#rrggbb`. */
  readonly hex?: string;
}

const GREEN = { basic: 32, palette: 78, hex: "#4fc97a" } as const;
const RED = { basic: 31, palette: 203, hex: "#f0625f" } as const;
const YELLOW = { basic: 33, palette: 221, hex: "#f2cc60" } as const;
const MAGENTA = { basic: 35, palette: 177, hex: "#d08cf5" } as const;
const CYAN = { basic: 36, palette: 80, hex: "#56c7d6" } as const;
const BLUE = { basic: 34, palette: 75, hex: "#5aa9f5" } as const;
const GREY = { basic: 90, palette: 244, hex: "#868c98" } as const;

const LOOKS = {
  plain: {},
  strong: { bold: true },
  dim: GREY,
  accent: CYAN,
  title: { ...CYAN, bold: true },
  border: { basic: 90, palette: 239, hex: "#4a505c" },
  key: { ...BLUE, bold: true },
  up: GREEN,
  upStrong: { ...GREEN, bold: true },
  upDim: { basic: 32, palette: 65, hex: "#4a7d5c", dim: true },
  upFlash: { ...GREEN, bold: true, reverse: true },
  down: RED,
  downStrong: { ...RED, bold: true },
  downDim: { basic: 31, palette: 131, hex: "#8f4b4b", dim: true },
  downFlash: { ...RED, bold: true, reverse: true },
  warn: YELLOW,
  warnStrong: { ...YELLOW, bold: true },
  alarm: { ...RED, bold: true, reverse: true },
  frozen: { ...CYAN, bold: true, reverse: true },
  badgeLive: { ...GREEN, bold: true },
  badgeReplay: { ...MAGENTA, bold: true, reverse: true },
  badgeDemo: { ...YELLOW, bold: true, reverse: true },
  chart: BLUE,
  mark: { ...BLUE, bold: true, reverse: true },
} as const satisfies Record<string, Look>;

/** What a piece of text means; never a colour. */
export type Tone = keyof typeof LOOKS;

/** Every tone there is. */
export const TONES: readonly Tone[] = Object.freeze(Object.keys(LOOKS).filter((name): name is Tone => name in LOOKS));

/** Ends any tone. */
export const RESET = "\u001B[0m";

function foreground(look: Look, depth: ColorDepth): string | null {
  if (depth === "16" && look.basic !== undefined) return String(look.basic);
  if (depth === "256" && look.palette !== undefined) return `38;5;${look.palette}`;
  if (depth === "true" && look.hex !== undefined) {
    const value = Number.parseInt(look.hex.slice(1), 16);
    return `38;2;${value >> 16};${(value >> 8) & 255};${value & 255}`;
  }
  return null;
}

function startOf(look: Look, depth: ColorDepth): string {
  const parts = [look.bold ? "1" : null, look.dim ? "2" : null, look.reverse ? "7" : null, foreground(look, depth)];
  const codes = parts.filter((part) => part !== null);
  return codes.length === 0 ? "" : `\u001B[${codes.join(";")}m`;
}

/** The SGR sequence that begins each tone; empty where a tone is plain text. */
export type Palette = Readonly<Record<Tone, string>>;

function paletteOf(depth: ColorDepth): Palette {
  const look = (tone: Tone): Look => LOOKS[tone];
  const entries = TONES.map((tone) => [tone, startOf(look(tone), depth)] as const);
  // Object.fromEntries forgets the key type; TONES are all the keys there are.
  return Object.fromEntries(entries) as Record<Tone, string>;
}

const PALETTES: Readonly<Record<ColorDepth, Palette>> = {
  none: paletteOf("none"),
  "16": paletteOf("16"),
  "256": paletteOf("256"),
  true: paletteOf("true"),
};

/** The palette for a terminal of this colour depth. */
export function paletteFor(depth: ColorDepth): Palette {
  return PALETTES[depth];
}

/** Paper and ink of a picture. */
export const PICTURE = { paper: "#12151c", ink: "#d6dae2" } as const;

/** Colour of the letters, of the cell behind them (null: paper), and weight. */
interface PictureLook {
  readonly ink: string;
  readonly paper: string | null;
  readonly bold: boolean;
}

/** How a tone looks in a picture. */
export function pictureLook(tone: Tone): PictureLook {
  const look: Look = LOOKS[tone];
  const ink = look.hex ?? PICTURE.ink;
  return look.reverse
    ? { ink: PICTURE.paper, paper: ink, bold: look.bold ?? false }
    : { ink, paper: null, bold: look.bold ?? false };
}
