/** Price discovery: how the day found its price, from the pre-market over the open to now, as lines of text. */
import type { Instrument } from "../../market/instrument.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { CurrentPrice, DiscoveryView, PreMarket, RthOpen, RthPart, SessionView } from "../../studies/index.ts";
import { notice } from "../blocks.ts";
import { changeWays, chosenBase } from "../change.ts";
import { PARTIAL_SIGN } from "../coverage-words.ts";
import { changeText, clockText, minuteText, priceText } from "../format.ts";
import { offsetOf, signTone } from "../market-words.ts";
import { definePane } from "../pane.ts";
import { fitting, line, span } from "../text.ts";
import type { Row } from "../text.ts";

/** What the pane shows. */
export interface DiscoverySlice {
  readonly discovery: DiscoveryView;
  readonly session: SessionView;
  readonly instrument: Instrument | null;
  readonly day: TradingDay | null;
}

/** What the lines are written with. */
interface Pen {
  readonly instrument: Instrument;
  readonly offsetSec: number;
  readonly width: number;
}

const LABEL_WIDTH = 13;

/** A line with its label, in the longest way that fits; `~` before it where it is not known from its start. */
function labelled(label: string, covered: boolean, ways: readonly Row[], { width }: Pen): Row {
  const sign = covered ? " " : PARTIAL_SIGN;
  return [span(sign, "warn"), span(label.padEnd(LABEL_WIDTH), "dim"), ...fitting(ways, width - LABEL_WIDTH - 1)];
}

function moved(ticks: number, words: string, { instrument }: Pen): Row {
  return [span(" (", "dim"), span(changeText(ticks, instrument), signTone(ticks)), span(`${words})`, "dim")];
}

function preMarketRow({ first, last, changeTicks, state, covered }: PreMarket, pen: Pen): Row {
  const prices: Row = [
    span(priceText(first.ticks, pen.instrument)),
    span(" → ", "dim"),
    span(priceText(last.ticks, pen.instrument), "strong"),
  ];
  const move = [...prices, ...moved(changeTicks, "", pen)];
  const soFar = state === "forming" ? line(" so far", "dim") : [];
  return labelled("Pre-Market", covered, [[...move, ...soFar], move, prices], pen);
}

function openRow(open: RthOpen, pen: Pen): Row {
  const price = line(priceText(open.ticks, pen.instrument), "strong");
  const { changeTicks } = open;
  if (changeTicks === null) return labelled("Market Open", open.covered, [price], pen);
  const way = (words: string): Row => [...price, ...moved(changeTicks, words, pen)];
  return labelled("Market Open", open.covered, [way(" vs last pre-market"), way(""), price], pen);
}

/** One extreme: `reached 21,763.00 (+82.25 from open) at 10:58`. */
function extreme(part: RthPart, which: "high" | "low", pen: Pen): readonly Row[] {
  const { ticks, at } = part[which];
  const price = span(priceText(ticks, pen.instrument), "strong");
  const time = span(` at ${minuteText(at.sec, pen.offsetSec)}`, "dim");
  const move = ticks - part.open.ticks;
  const short: Row = [price, ...moved(move, "", pen), time];
  return [[span("reached ", "dim"), price, ...moved(move, " from open", pen), time], [span("reached ", "dim"), ...short], short, [price, time]];
}

function partRows(label: string, part: RthPart | null, pen: Pen): Row[] {
  if (part === null) return [];
  const { reached, covered } = part;
  if (reached !== "both") return [labelled(label, covered, extreme(part, reached, pen), pen)];
  return [labelled(label, covered, extreme(part, "high", pen), pen), labelled("", true, extreme(part, "low", pen), pen)];
}

/** How far from the nearer of both extremes of regular hours. */
function whereRow({ belowHighTicks, aboveLowTicks }: CurrentPrice, { instrument }: Pen): Row {
  if (belowHighTicks === null || aboveLowTicks === null) return [];
  const isHigh = belowHighTicks <= aboveLowTicks;
  const away = isHigh ? belowHighTicks : aboveLowTicks;
  if (away === 0) return line(` (at the ${isHigh ? "high" : "low"})`, "dim");
  return line(` (${priceText(away, instrument)} ${isHigh ? "below high" : "above low"})`, "dim");
}

/** The word's reason: how the last ten minutes compare with what is usual. */
function reasonRow({ windowTicks, usualTicks, evaluatedSec }: CurrentPrice, { instrument, offsetSec }: Pen): Row {
  if (windowTicks === null || usualTicks === null) return [];
  const at = evaluatedSec === null ? "" : ` at ${clockText(evaluatedSec, offsetSec)}`;
  return line(`10 min range ${priceText(windowTicks, instrument)}, usual ${priceText(usualTicks, instrument)}${at}`, "dim");
}

function currentRows(current: CurrentPrice, { discovery, session }: DiscoverySlice, pen: Pen): Row[] {
  const isRegular = discovery.rthOpen !== null && current.belowHighTicks !== null;
  const word = current.movement ?? (isRegular ? "no word yet: too few ten-minute ranges" : "");
  const price = line(priceText(current.ticks, pen.instrument), "strong");
  const state: Row = [...price, span(` ${word}`, current.movement === null ? "dim" : "accent")];
  const now = labelled("Current", true, [[...state, ...whereRow(current, pen)], state, price], pen);
  return [now, labelled("", true, changeWays(session, chosenBase(session, null), pen.instrument), pen)];
}

/** The pane of price discovery. */
export const discovery = definePane({
  id: "discovery",
  title: "Price discovery",
  minSize: { columns: 32, rows: 3 },
  goodRows: 5,
  fullRows: 9,
  priority: 40,
  place: { two: 0, three: 0, four: 0 },
  cumulative: true,
  calm: true,
  initial: null,
  keys: [],
  select: {
    discovery: (snapshot) => snapshot.studies.discovery,
    session: (snapshot) => snapshot.studies.session,
    instrument: (snapshot) => snapshot.instrument,
    day: (snapshot) => snapshot.day,
  },
  view: (slice: DiscoverySlice, _local: null, size) => {
    const { instrument, day } = slice;
    const { preMarket, rthOpen, morning, midday, afternoon, current } = slice.discovery;
    if (instrument === null || current === null) return notice("waiting for the first trade…", size);
    const pen: Pen = { instrument, offsetSec: offsetOf(day), width: size.columns };
    const now = currentRows(current, slice, pen);
    const past = [
      ...(preMarket === null ? [] : [preMarketRow(preMarket, pen)]),
      ...(rthOpen === null ? [] : [openRow(rthOpen, pen)]),
      ...partRows("Morning", morning, pen),
      ...partRows("Midday", midday, pen),
      ...partRows("Afternoon", afternoon, pen),
    ];
    const reason = reasonRow(current, pen);
    if (reason.length > 0 && past.length + now.length < size.rows) now.splice(1, 0, labelled("", true, [reason], pen));
    // Where there are too few rows the earliest parts go; the current state stays.
    const most = Math.max(0, size.rows - now.length);
    return [...past.slice(Math.max(0, past.length - most)), ...now].slice(0, size.rows);
  },
});
