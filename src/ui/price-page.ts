/** The price alone, as large as the screen allows, to be read from across the room: price, change, session, link. */
import { bigRows, bigText, bigWidth } from "./big-digits.ts";
import type { DigitSize } from "./big-digits.ts";
import { chosenBase } from "./change.ts";
import { changeText, percentText, priceText } from "./format.ts";
import { modeBadges, phaseWords, signTone } from "./market-words.ts";
import { changeRow, isOld, nameRow, quoteRow, sessionRow } from "./price-lines.ts";
import type { PriceFigures } from "./price-lines.ts";
import { cutRow, fitRow, flow, line, rowWidth, span } from "./text.ts";
import type { Row, Size } from "./text.ts";
import type { Tone } from "./theme.ts";

/** Large digits from the largest on. */
const SIZES: readonly DigitSize[] = Array.from({ length: 24 }, (_, at) => 24 - at);
/** Those that need no half blocks. */
const WHOLE_SIZES = SIZES.filter((size) => size === 1 || size % 2 === 0);
/** Rows for the words above and beneath, with a blank one at each. */
const WORD_ROWS = 6;

function centred(row: Row, width: number): Row {
  const cut = cutRow(row, width);
  return fitRow([span(" ".repeat(Math.max(0, Math.floor((width - rowWidth(cut)) / 2)))), ...cut], width);
}

/** `toneAt` gives the tone of each character of the price. */
export function pricePage(all: PriceFigures, size: Size, toneAt: (index: number) => Tone, isAscii = false): readonly Row[] {
  const sizes = isAscii ? WHOLE_SIZES : SIZES;
  const { last, instrument } = all;
  const { columns, rows } = size;
  const base = chosenBase(all.session, all.basis);
  const ticks = base === null ? null : last.ticks - base.ticks;
  const sign = last.direction === 1 ? " ▲" : last.direction === -1 ? " ▼" : "";
  const number = priceText(last.ticks, instrument);
  const change = ticks === null || base === null ? "" : `${changeText(ticks, instrument)} ${percentText(ticks, base.ticks)}`;
  const room = columns - 2;
  const changeSize = (digits: DigitSize): DigitSize | undefined =>
    sizes.find((size) => size <= Math.ceil(digits / 2) && bigWidth(change, size) <= room);
  const digits = sizes.find((one) => {
    const beneath = changeSize(one);
    if (beneath === undefined || bigWidth(number, one) > room) return false;
    return bigRows(one) + 1 + bigRows(beneath) + WORD_ROWS <= rows;
  });
  // The arrow is the last thing to find room.
  const price = digits !== undefined && bigWidth(number + sign, digits) <= room ? number + sign : number;
  const signs = signTone(last.direction);
  const old = isOld(all.phase);
  const large = digits === undefined
    ? [[span(number, "strong"), span(sign, signs)], line(change, signTone(ticks ?? 0))]
    : [
        ...bigText(price, digits, (index) => (index < number.length ? toneAt(index) : old ? "dim" : signs)),
        [],
        ...bigText(change, changeSize(digits) ?? 1, () => (old ? "dim" : signTone(ticks ?? 0)), isAscii),
      ];
  const phase = phaseWords(all.phase === null ? null : { phase: all.phase }, all.mode);
  const state: Row = flow([modeBadges(all.mode)[0] ?? [], nameRow(all), line(`${phase.sign} ${phase.word}`, phase.tone)], columns, 3);
  const words: Row[] = [state, [], ...large, [], changeRow(all, columns), flow([quoteRow(all), sessionRow(all)], columns, 3)];
  const above = Math.max(0, Math.floor((rows - words.length) / 2));
  return [...Array.from({ length: above }, (): Row => []), ...words.map((row) => centred(row, columns))];
}
