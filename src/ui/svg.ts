/** A screen as an SVG picture: the same cells and tones, for documents. */
import { joinSpans } from "./text.ts";
import type { Row } from "./text.ts";
import { pictureGround, pictureLook } from "./theme.ts";
import type { OwnColours, ThemeName } from "./theme.ts";

/** Pixels of a cell, and of the margin around the screen. */
const CELL = { width: 8.4, height: 17, baseline: 13 } as const;
const MARGIN = 12;

const FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function pixels(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function rowPicture(row: Row, y: number, theme: ThemeName, own: OwnColours | undefined): string {
  const top = MARGIN + y * CELL.height;
  let column = 0;
  let boxes = "";
  let texts = "";
  for (const { text, tone } of joinSpans(row)) {
    const look = pictureLook(tone, theme, own);
    const x = pixels(MARGIN + column * CELL.width);
    const width = pixels(text.length * CELL.width);
    if (look.paper !== null) {
      boxes += `<rect x="${x}" y="${pixels(top)}" width="${width}" height="${CELL.height}" fill="${look.paper}"/>`;
    }
    if (text.trim() !== "") {
      const weight = look.bold ? ' font-weight="bold"' : "";
      // textLength keeps the columns aligned whatever monospaced font the reader has.
      const place = `x="${x}" y="${pixels(top + CELL.baseline)}" textLength="${width}" lengthAdjust="spacingAndGlyphs"`;
      texts += `<text ${place} fill="${look.ink}"${weight}>${escaped(text)}</text>`;
    }
    column += text.length;
  }
  return boxes + texts;
}

/** The picture of `rows`; `title` is read out in its place. */
export function svgOf(rows: readonly Row[], title: string, theme: ThemeName = "dark", own?: OwnColours): string {
  const columns = rows.reduce((most, row) => Math.max(most, row.reduce((sum, { text }) => sum + text.length, 0)), 0);
  const width = pixels(columns * CELL.width + 2 * MARGIN);
  const height = pixels(rows.length * CELL.height + 2 * MARGIN);
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${pictureGround(theme, own).paper}"/>`,
    `<g font-family="${FONT}" font-size="14" xml:space="preserve" style="white-space:pre">`,
    ...rows.map((row, y) => rowPicture(row, y, theme, own)).filter((row) => row !== ""),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}
