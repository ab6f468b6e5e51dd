/** The volume analysis of one session as rows for people: totals, hours, large trades, profile, price discovery. */
import type { UnixTime } from "../lib/time.ts";
import type { Instrument } from "../market/instrument.ts";
import type { LargeClass, LargeTrade, RthPart, VolumeProfile } from "../studies/index.ts";
import { barText } from "./blocks.ts";
import { changeText, clockText, countText, distanceText, millisText, minuteText, percentText, priceText, signedText } from "./format.ts";
import { modeBadges, sideWords, signTone } from "./market-words.ts";
import { flow, line, outside, span, type Row } from "./text.ts";
import { basisName, partsOfHour, type VolumeSource } from "./volume-figures.ts";

/** Width that numbers before an hour's bar take. */
const HOUR_WIDTH = 47;
const BAR_MAX = 48;
/** Large trades shown, the largest first; all of them are in the machine-readable forms. */
const LARGE_SHOWN = 10;
/** Price levels shown, and their height in points. */
const LEVELS_SHOWN = 10;
const LEVEL_POINTS = 5;
const LAST_SEC = 3600;

function share(part: number, total: number): string {
  return total === 0 ? "n/a" : `${((part / total) * 100).toFixed(1)}%`;
}

function heading(text: string, more = ""): Row[] {
  return [[], [span(text, "title"), span(more === "" ? "" : `  ${more}`, "dim")]];
}

function named(name: string, value: string, tone: "plain" | "up" | "down" = "plain"): Row {
  return [span(`${name} `, "dim"), span(value, tone)];
}

function headRows(source: VolumeSource, instrument: Instrument, width: number): Row[] {
  const { snapshot, day, coverage, others } = source;
  const { label } = day;
  const rows: Row[] = [
    flow([
      line(outside(instrument.rawSymbol, 40), "strong"),
      named("trade date", label === "" ? day.tradeDate : `${day.tradeDate} (${outside(label, 40)})`),
      modeBadges(snapshot.mode)[0] ?? [],
    ], width),
    line(outside(coverage, width), coverage.startsWith("complete") ? "plain" : "warn"),
  ];
  if (others.length > 0) {
    rows.push(line(`also in the files: ${others.slice(0, 8).map((symbol) => outside(symbol, 24)).join(", ")}${others.length > 8 ? `, and ${others.length - 8} more` : ""} (--symbol chooses)`, "dim"));
  }
  return rows;
}

function totalRows(source: VolumeSource, instrument: Instrument, width: number): Row[] {
  const { session, delta, vwap } = source.snapshot.studies;
  const { volume, trades, buyVolume, sellVolume, noneVolume, openTicks, highTicks, lowTicks, highAt, lowAt, last, vwapTicks } = session;
  const offsetSec = source.day.easternOffsetSec;
  const price = (ticks: number | null): string => (ticks === null ? "n/a" : priceText(ticks, instrument));
  const at = (time: UnixTime | null): string => (time === null ? "" : ` at ${clockText(time.sec, offsetSec)}`);
  const net = buyVolume - sellVolume;
  const extremes = delta.session === null ? [] : [named("highest", signedText(delta.session.high)), named("lowest", signedText(delta.session.low))];
  const { changeTicks, basisTicks } = session;
  const change = changeTicks === null || basisTicks === null
    ? "n/a"
    : `${changeText(changeTicks, instrument)} ${percentText(changeTicks, basisTicks)} vs ${basisName(source) ?? ""} ${priceText(basisTicks, instrument)}`;
  const deviation = vwap.session?.deviationTicks ?? null;
  return [
    ...heading("Total"),
    flow([named("  contracts", countText(volume)), named("trades", countText(trades)), named("average size", (volume / trades).toFixed(2))], width),
    flow([
      named("  bought", countText(buyVolume), "up"), named("sold", countText(sellVolume), "down"), named("no aggressor", countText(noneVolume)),
      named("delta", signedText(net), net > 0 ? "up" : net < 0 ? "down" : "plain"), ...extremes,
    ], width),
    flow([
      named("  open", price(openTicks)), named("high", price(highTicks) + at(highAt)), named("low", price(lowTicks) + at(lowAt)),
      named("last", price(last?.ticks ?? null) + at(last?.at ?? null)),
    ], Number.MAX_SAFE_INTEGER),
    [span("  change ", "dim"), span(change, signTone(changeTicks ?? 0))],
    flow([
      named("  VWAP", price(vwapTicks)),
      deviation === null ? [] : named("standard deviation", price(deviation)),
      vwapTicks === null || last === null ? [] : named("last against it", distanceText(last.ticks - vwapTicks, instrument)),
    ], width),
  ];
}

function hourRows(source: VolumeSource, width: number): Row[] {
  const { hours, bars1m } = source.snapshot.studies;
  const { day } = source;
  const parts = hours.hours.flatMap((hour) => partsOfHour(hour, day));
  const max = Math.max(...parts.map((part) => part.volume));
  const room = Math.min(BAR_MAX, width - HOUR_WIDTH);
  const rows = parts.map((part): Row => {
    const net = part.buyVolume - part.sellVolume;
    return [
      span(`  ${minuteText(part.startSec, day.easternOffsetSec)} `),
      span(part.session, part.session === "RTH" ? "accent" : "dim"),
      span(`${countText(part.volume).padStart(11)}${share(part.volume, hours.total).padStart(8)}`),
      span(countText(part.trades).padStart(9), "dim"),
      span(`${signedText(net).padStart(8)} `, signTone(net)),
      span(barText(part.volume / max, room), part.session === "RTH" ? "chart" : "dim"),
    ];
  });
  const newest = bars1m.bars.at(-1)?.sec ?? 0;
  const recent = bars1m.bars.filter((bar) => bar.sec > newest - LAST_SEC);
  const recentVolume = recent.reduce((sum, bar) => sum + bar.volume, 0);
  const recentNet = recent.reduce((sum, bar) => sum + bar.buyVolume - bar.sellVolume, 0);
  return [
    ...heading("Volume by hour", "Eastern; hours without a trade are left out"),
    line(`${" ".repeat(11)}${"contracts".padStart(11)}${"share".padStart(8)}${"trades".padStart(9)}${"delta".padStart(8)}`, "dim"),
    ...rows,
    flow([
      named("  RTH", `${countText(hours.rth)} ${share(hours.rth, hours.total)}`),
      named("ETH", `${countText(hours.total - hours.rth)} ${share(hours.total - hours.rth, hours.total)}`),
      named("last 60 min", `${countText(recentVolume)} ${share(recentVolume, hours.total)}, delta ${signedText(recentNet)}`),
    ], width),
  ];
}

/** Of equal size the earlier one first. */
function largest(events: readonly LargeTrade[]): LargeTrade[] {
  return [...events].sort((a, b) => b.size - a.size || a.at.sec - b.at.sec || a.at.nanos - b.at.nanos).slice(0, LARGE_SHOWN);
}

function largeRow(event: LargeTrade, instrument: Instrument, offsetSec: number): Row {
  const { arrow, word, tone } = sideWords(event.aggressor);
  const { size, firstTicks, lastTicks } = event;
  const path = firstTicks === lastTicks ? priceText(firstTicks, instrument) : `${priceText(firstTicks, instrument)} → ${priceText(lastTicks, instrument)}`;
  const made = event.fills === 1 ? "1 fill" : `${event.fills} fills, ${event.levels} ${event.levels === 1 ? "price" : "prices"}`;
  return [
    span(`  ${millisText(event.at, offsetSec)} `, "dim"),
    span(`${arrow} ${word.padEnd(4)}${countText(size).padStart(6)} `, tone),
    span(`avg ${priceText(event.averageTicks, instrument)}  `),
    span(`${path}  ${made}`, "dim"),
  ];
}

/** Trades of at least so many contracts. */
function classRow({ from, buyVolume, sellVolume }: LargeClass, events: readonly LargeTrade[], total: number): Row {
  const those = events.filter(({ size }) => size >= from);
  const contracts = those.reduce((sum, { size }) => sum + size, 0);
  const net = buyVolume - sellVolume;
  return [
    span(`  ${`from ${countText(from)}`.padEnd(12)}`),
    span(countText(those.length).padStart(8) + countText(contracts).padStart(11) + share(contracts, total).padStart(8)),
    span(countText(buyVolume).padStart(9), "up"),
    span(countText(sellVolume).padStart(9), "down"),
    span(signedText(net).padStart(9), signTone(net)),
  ];
}

function largeRows(source: VolumeSource, instrument: Instrument): Row[] {
  const { events, floor, classes } = source.snapshot.studies.large;
  const title = heading("Large trades", `fills of one aggressor at one moment, ${floor} contracts or more together`);
  if (events.length === 0) return [...title, line("  none")];
  return [
    ...title,
    line(`  ${"".padEnd(12)}${"trades".padStart(8)}${"contracts".padStart(11)}${"share".padStart(8)}${"bought".padStart(9)}${"sold".padStart(9)}${"delta".padStart(9)}`, "dim"),
    ...classes.filter(({ buyEvents, sellEvents }) => buyEvents + sellEvents > 0).map((of) => classRow(of, events, source.snapshot.studies.session.volume)),
    [],
    ...largest(events).map((event) => largeRow(event, instrument, source.day.easternOffsetSec)),
    ...(events.length > LARGE_SHOWN ? [line(`  the ${LARGE_SHOWN} largest; --json lists all`, "dim")] : []),
  ];
}

/** Contracts by steps of price, the most traded first. */
function levelsOf(profile: VolumeProfile, ticksPerLevel: number): { lowTicks: number; volume: number }[] {
  const sums = new Map<number, number>();
  for (const [index, volume] of profile.volumes.entries()) {
    const ticks = profile.lowTicks + index;
    const low = ticks - (((ticks % ticksPerLevel) + ticksPerLevel) % ticksPerLevel);
    if (volume > 0) sums.set(low, (sums.get(low) ?? 0) + volume);
  }
  const levels = [...sums].map(([lowTicks, volume]) => ({ lowTicks, volume }));
  return levels.sort((a, b) => b.volume - a.volume || a.lowTicks - b.lowTicks).slice(0, LEVELS_SHOWN);
}

function profileRows(source: VolumeSource, instrument: Instrument, width: number): Row[] {
  const profile = source.snapshot.studies.profile.session;
  if (profile === null) return [];
  const price = (ticks: number): string => priceText(ticks, instrument);
  const perLevel = Math.max(1, Math.round((LEVEL_POINTS * 1e9) / instrument.tickUnits));
  const levels = levelsOf(profile, perLevel);
  const max = levels[0]?.volume ?? 0;
  const room = Math.min(BAR_MAX, width - HOUR_WIDTH);
  return [
    ...heading("Volume by price"),
    flow([
      named("  point of control", price(profile.pocTicks)),
      named("value area", `${price(profile.valueAreaLowTicks)} to ${price(profile.valueAreaHighTicks)}`),
      named("holding", `${profile.share * 100}% or more`),
    ], width),
    ...levels.map(({ lowTicks, volume }): Row => [
      span(`  ${`${price(lowTicks)}–${price(lowTicks + perLevel - 1)}`.padEnd(24)}`),
      span(`${countText(volume).padStart(11)}${share(volume, profile.total).padStart(8)}  `),
      span(barText(volume / max, room), "chart"),
    ]),
  ];
}

function partRow(name: string, part: RthPart, instrument: Instrument, offsetSec: number): Row {
  const price = (ticks: number): string => priceText(ticks, instrument);
  const reached = ({ ticks, at }: RthPart["high"]): string =>
    `${price(ticks)} (${changeText(ticks - part.open.ticks, instrument)} from its open) at ${minuteText(at.sec, offsetSec)}`;
  const text = part.reached === "both" ? `${reached(part.high)}, ${reached(part.low)}` : reached(part[part.reached]);
  return named(`  ${name.padEnd(14)}`, `reached ${text}${part.covered ? "" : " (not covered from its start)"}`);
}

/** Only the parts that lie in what the figures cover. */
function discoveryRows(source: VolumeSource, instrument: Instrument): Row[] {
  const { preMarket, rthOpen, morning, midday, afternoon } = source.snapshot.studies.discovery;
  const offsetSec = source.day.easternOffsetSec;
  const price = (ticks: number): string => priceText(ticks, instrument);
  const isIn = (part: { readonly fromSec: number } | null): boolean => part !== null && (!source.isPart || part.fromSec >= source.fromSec);
  const rows: Row[] = [];
  if (preMarket !== null && isIn(preMarket)) {
    const { first, last, changeTicks, covered } = preMarket;
    rows.push(named("  pre-market    ", `${price(first.ticks)} → ${price(last.ticks)} (${changeText(changeTicks, instrument)})${covered ? "" : " (not covered from 04:00)"}`));
  }
  if (rthOpen !== null && isIn(rthOpen)) {
    const versus = rthOpen.changeTicks === null || !isIn(preMarket) ? "" : ` (${changeText(rthOpen.changeTicks, instrument)} vs last pre-market)`;
    rows.push(named("  RTH open      ", `${price(rthOpen.ticks)}${versus} at ${clockText(rthOpen.at.sec, offsetSec)}`));
  }
  for (const [name, part] of [["morning", morning], ["midday", midday], ["afternoon", afternoon]] as const) {
    if (part !== null && isIn(part)) rows.push(partRow(name, part, instrument, offsetSec));
  }
  return rows.length === 0 ? [] : [...heading("Price discovery"), ...rows];
}

/** The whole report for a page this wide; one sentence when the contract is not known. */
export function volumeReport(source: VolumeSource, width: number): Row[] {
  const { instrument } = source.snapshot;
  if (instrument === null) return [line("the contract is not known")];
  const notes = source.heldBack === 0 ? source.notes : [...source.notes, `${countText(source.heldBack)} damaged trade records were not counted`];
  return [
    ...headRows(source, instrument, width),
    ...totalRows(source, instrument, width),
    ...hourRows(source, width),
    ...largeRows(source, instrument),
    ...profileRows(source, instrument, width),
    ...discoveryRows(source, instrument),
    ...(notes.length === 0 ? [] : heading("Notes")),
    ...notes.map((note) => line(`  ${outside(note, 200)}`, "warn")),
  ];
}
