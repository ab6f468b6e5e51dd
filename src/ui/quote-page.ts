/** The market now, for somebody who asked once: a few rows, or one object. */
import { pointsOf } from "../market/price.ts";
import { dateText, weekdayText } from "../market/civil-date.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { sessionClock, type SessionClock } from "../studies/session-clock.ts";
import { changeText, clockText, countText, minuteText, percentText, priceText, spanText } from "./format.ts";
import type { MarketNow } from "./market-now.ts";
import { modeBadges, offsetOf, signTone, zoneOf } from "./market-words.ts";
import { oneLineJson, type OneLineJson } from "./one-line.ts";
import { basisText } from "./change.ts";
import { flow, line, outside, span, type Row } from "./text.ts";

/** When the question was asked, and what the market does then. */
export interface QuoteMoment {
  /** Market time in milliseconds since 1970. */
  readonly nowMs: number;
  readonly market: MarketNow;
}

/** A last trade older than this is pointed out. */
const OLD_MS = 60_000;

function clockOf({ studies }: Snapshot, { phase, sec, easternOffsetSec }: MarketNow): SessionClock {
  return sessionClock(phase, sec, studies.status, easternOffsetSec);
}

/**
 * What the market does, e.g. `RTH morning (RTH)`, `closed: weekend; open Sun 2025-06-15 18:00 ET`; where the venue says
 * something else than the calendar, its word.
 */
export function sessionText(snapshot: Snapshot, market: MarketNow): string {
  const { phase, easternOffsetSec: offsetSec } = market;
  const clock = clockOf(snapshot, market);
  if (clock.untilSec === null) return `${outside(clock.name, 60)} (${outside(clock.source, 40)})`;
  if (phase.kind === "RTH" || phase.kind === "ETH") return phase.name === phase.kind ? phase.name : `${phase.name} (${phase.kind})`;
  const day = Math.floor((phase.untilSec + offsetSec) / 86_400);
  const label = phase.label === "" ? phase.name : `${phase.name}, ${outside(phase.label, 60)}`;
  return `closed: ${label}; ${phase.next} ${weekdayText(day)} ${dateText(day)} ${minuteText(phase.untilSec, offsetSec)} ET`;
}

/** Milliseconds since the last trade; null before one. */
function ageMs({ studies }: Snapshot, { nowMs }: QuoteMoment): number | null {
  const at = studies.session.last?.at;
  return at === undefined ? null : Math.max(0, nowMs - at.sec * 1000 - at.nanos / 1e6);
}

/** `0.4 s`, from two minutes on `3 min`. */
function ageText(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : spanText(ms);
}

/** The rows for people. */
export function quotePage(snapshot: Snapshot, moment: QuoteMoment, width: number): Row[] {
  const { instrument, studies, day, mode, coverage } = snapshot;
  const { last, changeTicks, basisTicks, volume, highTicks, lowTicks } = studies.session;
  if (instrument === null || last === null) return [line(`${outside(snapshot.requested, 24)}: no trade yet`)];
  const price = (ticks: number | null): string => (ticks === null ? "none" : priceText(ticks, instrument));
  const age = ageMs(snapshot, moment) ?? 0;
  const change = changeTicks === null || basisTicks === null
    ? [span("change n/a", "dim")]
    : [
        span(`${changeText(changeTicks, instrument)}  ${percentText(changeTicks, basisTicks)}`, signTone(changeTicks)),
        span(` vs ${basisText(studies.session)} ${price(basisTicks)}`, "dim"),
      ];
  const { quote } = studies;
  const sides: Row = quote === null
    ? [span("no quote", "dim")]
    : [span("bid ", "dim"), span(`${countText(quote.bidSize)} × ${price(quote.bidTicks)}`, "up"), span("  ask ", "dim"), span(`${price(quote.askTicks)} × ${countText(quote.askSize)}`, "down")];
  const named = (name: string, value: string): Row => [span(`${name} `, "dim"), span(value)];
  return [
    [span(`${outside(instrument.rawSymbol, 40)}  `, "strong"), span(`${price(last.ticks)}  `, "strong"), ...change],
    flow([sides, named("volume", countText(volume)), named("high", price(highTicks)), named("low", price(lowTicks))], width),
    flow([
      [span("last trade ", "dim"), span(`${clockText(last.at.sec, offsetOf(day))} ${zoneOf(day)}, `), span(`${ageText(age)} ago`, age > OLD_MS ? "warn" : "plain")],
      named("session", sessionText(snapshot, moment.market)),
    ], Number.MAX_SAFE_INTEGER),
    flow([modeBadges(mode)[0] ?? [], line(outside(coverage.text, 200), coverage.complete ? "dim" : "warn")], Number.MAX_SAFE_INTEGER),
  ];
}

/** The same for scripts: what `stream` prints, and the quote, the session and the age. Names are the wire's. */
export interface QuoteJson extends OneLineJson {
  readonly bid: number | null;
  readonly bid_size: number | null;
  readonly ask: number | null;
  readonly ask_size: number | null;
  readonly high: number | null;
  readonly low: number | null;
  /** What the market does by the venue and the calendar, e.g. `RTH morning`, `weekend`; and whether it is open. */
  readonly phase: string;
  readonly is_open: boolean;
  /** Seconds since the last trade. */
  readonly age_seconds: number | null;
}

export function quoteJson(snapshot: Snapshot, moment: QuoteMoment): QuoteJson {
  const { instrument, studies } = snapshot;
  const { quote, session } = studies;
  const price = (ticks: number | null | undefined): number | null =>
    ticks === null || ticks === undefined || instrument === null ? null : pointsOf(ticks, instrument);
  const age = ageMs(snapshot, moment);
  const { name, isOpen } = clockOf(snapshot, moment.market);
  return {
    ...oneLineJson(snapshot),
    bid: price(quote?.bidTicks),
    bid_size: quote?.bidSize ?? null,
    ask: price(quote?.askTicks),
    ask_size: quote?.askSize ?? null,
    high: price(session.highTicks),
    low: price(session.lowTicks),
    phase: outside(name, 60),
    is_open: isOpen,
    age_seconds: age === null ? null : Math.round(age) / 1000,
  };
}
