/**
 * The line that is always there, or two of them on a large screen: mode, contract, session with its countdown, link; then
 * clocks, trade date, coverage, warnings. By importance, so that a narrow screen keeps what matters.
 */
import { dayNumberOfText, weekdayText } from "../market/civil-date.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { coverageNotes } from "./coverage-words.ts";
import { changeText, clockText, priceText } from "./format.ts";
import { countdownText, marketNow, sessionWords } from "./market-now.ts";
import type { MarketNow } from "./market-now.ts";
import { modeBadges, nextTryText, phaseWords, signTone } from "./market-words.ts";
import type { Moment } from "./pane.ts";
import { rankedRow } from "./ranked.ts";
import type { RankedPart } from "./ranked.ts";
import { rollPart } from "./roll-words.ts";
import { recordingPart, rewindBadges } from "./tape-deck.ts";
import { fitRow, line, outside, rowWidth, span, spread } from "./text.ts";
import type { Row, Size } from "./text.ts";

/** What the status line is about. */
export interface StatusInput {
  readonly snapshot: Snapshot;
  /** Market time at which the picture was frozen; null while it moves. */
  readonly frozenAt: string | null;
  readonly now: Moment;
  /** The price pane is not on screen: the status line has the price; `first`: with its change, before all but the mode. */
  readonly withPrice: boolean | "first";
}

const PRODUCT = "nq-tui";
const WIDE = 100;
/** `[DEMO] 21,742.50 ▲`. */
const BADGE_AND_PRICE = 18;

function linkRow({ snapshot, now }: StatusInput, width: number): Row {
  // Whoever looks at the past wants to know how the market itself is doing.
  const { link, mode } = now.playing?.behind ?? snapshot;
  const phase = phaseWords(link, mode);
  const next = nextTryText(link, now.wallMs);
  const more = next === "" || width < 72 ? "" : `, ${next}`;
  return [span(width >= WIDE ? "link " : "", "dim"), span(`${phase.sign} ${phase.word}${more}`, phase.tone)];
}

function contractPart({ instrument, requested }: Snapshot): RankedPart {
  const asked = outside(requested, 24);
  if (instrument === null) return { rank: 1, ways: [line(asked, "strong")] };
  const contract = outside(instrument.rawSymbol, 24);
  const short = line(contract, "strong");
  // Recordings are asked for by the instrument's id, which tells a reader nothing.
  return { rank: 1, ways: asked === contract || /^\d+$/.test(asked) ? [short] : [[...short, span(` (${asked})`, "dim")], short] };
}

/** The last price, for screens without the price pane. */
function pricePart({ snapshot: { instrument, studies }, withPrice }: StatusInput): RankedPart {
  const { last, changeTicks } = studies.session;
  const rank = withPrice === "first" ? 0 : 3;
  if (withPrice === false || instrument === null || last === null) return { rank, ways: [] };
  const arrow = last.direction === 1 ? " ▲" : last.direction === -1 ? " ▼" : "";
  const price: Row = [span(priceText(last.ticks, instrument), "strong"), span(arrow, signTone(last.direction))];
  if (changeTicks === null) return { rank, ways: [price] };
  const changed: Row = [...price, span(` ${changeText(changeTicks, instrument)}`, signTone(changeTicks))];
  return withPrice === "first" ? { rank, ways: [changed], least: price } : { rank, ways: [changed, price] };
}

function sessionPart(snapshot: Snapshot, now: MarketNow | null): RankedPart {
  if (now === null) return { rank: 2, ways: [] };
  const words = sessionWords(now, snapshot.studies.status);
  const { next, untilSec, label } = now.phase;
  const name = span(words.name, words.tone);
  const left = countdownText(untilSec - now.sec);
  const holiday = label === "" ? "" : ` (${outside(label, 40)})`;
  if (words.disputed) return { rank: 2, ways: [[name, span(` (${words.source})`, "dim")], [name]] };
  const countdown: Row = [name, span(" → ", "dim"), span(`${next} in ${left}`)];
  return {
    rank: 2,
    ways: [
      [name, span(holiday, "warn"), ...countdown.slice(1), span(` (${words.source})`, "dim")],
      [name, span(holiday, "warn"), ...countdown.slice(1)],
      countdown,
    ],
    least: [name, span(` ${left}`)],
  };
}

/** Eastern, Central and, where it adds something, the reader's own time. */
function clocks({ snapshot: { mode }, now: moment }: StatusInput, now: MarketNow | null): RankedPart {
  if (now === null) return { rank: 5, ways: [line("--:--:-- ET", "dim")] };
  const { sec, easternOffsetSec } = now;
  const eastern = `${clockText(sec, easternOffsetSec)} ET`;
  const central = `${clockText(sec, easternOffsetSec - 3600)} CT`;
  const local = moment.localOffsetSec;
  // A played market has nothing to do with the reader's clock.
  const known = local === undefined || local === easternOffsetSec || local === easternOffsetSec - 3600;
  const own = mode !== "LIVE" || known ? "" : `  ${clockText(sec, local)} local`;
  const played = mode === "LIVE" ? "" : "market time ";
  const full = `${eastern}  ${central}${own}`;
  return { rank: 5, ways: [[span(played, "dim"), span(full)], line(full), line(`${eastern}  ${central}`), line(eastern)] };
}

function datePart({ day }: Snapshot): RankedPart {
  if (day === null) return { rank: 6, ways: [] };
  const dated = `${weekdayText(dayNumberOfText(day.tradeDate))} ${day.tradeDate}`;
  return { rank: 6, ways: [line(`trade date ${dated}`, "dim"), line(dated, "dim"), line(day.tradeDate, "dim")] };
}

function coveragePart({ coverage }: Snapshot): RankedPart {
  const notes = coverageNotes(coverage);
  if (notes.length > 0) return { rank: 4, ways: notes.slice(0, -1).map((note) => line(note, "warn")) };
  // Gaps that were filled are told where there is room.
  const words = outside(coverage.text, 120);
  return { rank: 7, ways: [line(words, "dim"), line(words.split(", ")[0] ?? "", "dim")] };
}

function frozenPart(frozenAt: string | null): RankedPart {
  if (frozenAt === null) return { rank: 1, ways: [] };
  return { rank: 1, ways: [line(`[FROZEN at ${frozenAt}]`, "frozen"), line("[FROZEN]", "frozen")] };
}

/** Left parts by importance, the link at the right edge; where there is room for little, mode and link. */
function withLink(parts: readonly RankedPart[], link: Row, width: number): Row {
  const room = width - rowWidth(link) - 1;
  if (room < 7) return fitRow(rankedRow([...parts.slice(0, 2), { rank: 1, ways: [link] }], width, 1), width);
  return fitRow(spread(rankedRow(parts, room, width >= WIDE ? 2 : 1), link, width), width);
}

/** Alerts that are asleep are never forgotten. */
function snoozedPart({ alerts, wallMs }: Moment): RankedPart {
  const leftMs = (alerts?.snoozedUntilMs ?? 0) - wallMs;
  if (leftMs <= 0) return { rank: 4, ways: [] };
  const left = countdownText(Math.ceil(leftMs / 1000));
  return { rank: 4, ways: [line(`[alerts snoozed ${left}]`, "warnStrong"), line(`[snoozed ${left}]`, "warnStrong")] };
}

/** The status line in `size.rows` rows, 1 or 2, each `size.columns` wide. */
export function statusRows(input: StatusInput, size: Size): readonly Row[] {
  const { snapshot, frozenAt, now: moment } = input;
  const width = size.columns;
  const now = marketNow(snapshot, moment);
  const product: RankedPart = { rank: 9, ways: width >= WIDE ? [line(PRODUCT, "title")] : [] };
  const behind = moment.playing?.behind ?? null;
  const mode: RankedPart = { rank: 0, ways: behind === null ? modeBadges(snapshot.mode) : rewindBadges(behind) };
  const first = [product, mode, frozenPart(frozenAt), recordingPart(moment.recording), snoozedPart(moment), contractPart(snapshot), pricePart(input), sessionPart(snapshot, now)];
  const roll = rollPart(snapshot.roll, now?.easternOffsetSec ?? 0);
  const second = [clocks(input, now), datePart(snapshot), coveragePart(snapshot), roll];
  const full = linkRow(input, width);
  // Each state has a sign of its own: where the word would take the room of the price, that says it.
  const isTight = input.withPrice === "first" && width - rowWidth(full) - 1 < BADGE_AND_PRICE;
  const link = isTight ? full.map((part) => ({ ...part, text: part.text.slice(0, 1) })) : full;
  if (size.rows < 2) return [withLink([...first, ...second], link, width)];
  return [withLink(first, link, width), fitRow(rankedRow(second, width, 3), width)];
}
