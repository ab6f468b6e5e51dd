/** Large trades as rows of the screen: which of them, single or put together into bursts, and how one is written. */
import { dollarsOf } from "../market/price.ts";
import type { Instrument } from "../market/instrument.ts";
import type { UnixTime } from "../lib/time.ts";
import type { Aggressor } from "../market/trade.ts";
import type { LargeTrade, LargeTradesView } from "../studies/index.ts";
import { mergeBursts } from "../studies/bursts.ts";
import { clockText, countText, dollarsText, millisText, priceText, signedText } from "./format.ts";
import { sideWords, signTone } from "./market-words.ts";
import { flow, line, span } from "./text.ts";
import type { Row } from "./text.ts";
import type { Tone } from "./theme.ts";

/** Events of one side count as a burst when each comes at most this long after the one before. */
export const BURST_GAP_MS = 250;

/** One line: an event, or events put together. */
export interface Whale {
  readonly at: UnixTime;
  readonly aggressor: Aggressor;
  readonly size: number;
  readonly averageTicks: number;
  readonly ticksTimesSize: number;
  readonly slippageTicks: number;
  /** Price levels; null for a burst, whose events may have met the same ones. */
  readonly levels: number | null;
  /** Part of what traded in the minute up to it, 0..1; null for a burst. */
  readonly minuteShare: number | null;
  /** No more fills are expected. */
  readonly closed: boolean;
  /** `burst of 3`; empty for a single event. */
  readonly label: string;
  /** Bought minus sold contracts of all kept large trades since the open, it included. */
  readonly net: number;
}

function single(event: LargeTrade, net: number): Whale {
  const { at, aggressor, size, averageTicks, ticksTimesSize, slippageTicks, levels, minuteVolume, closed } = event;
  const minuteShare = minuteVolume > 0 ? size / minuteVolume : null;
  return { at, aggressor, size, averageTicks, ticksTimesSize, slippageTicks, levels, minuteShare, closed, label: "", net };
}

/** The newest `most` kept events of at least `least` contracts, newest first; with `gapMs` above 0 bursts of that size too. */
export function whalesOf(large: LargeTradesView, least: number, gapMs: number, most = Number.POSITIVE_INFINITY): readonly Whale[] {
  const found: Whale[] = [];
  let net = large.buyVolume - large.sellVolume;
  if (gapMs === 0) {
    for (let at = large.events.length - 1; at >= 0 && found.length < most; at--) {
      const event = large.events[at]!;
      if (event.size >= least) found.push(single(event, net));
      net -= event.aggressor * event.size;
    }
    return found;
  }
  for (const burst of mergeBursts(large.events, gapMs).toReversed()) {
    const [first] = burst.events;
    if (first !== undefined && burst.size >= least) {
      const { at, aggressor, size, averageTicks, slippageTicks, label } = burst;
      const ticksTimesSize = averageTicks * size;
      const closed = burst.events.every((event) => event.closed);
      const several = { at, aggressor, size, averageTicks, ticksTimesSize, slippageTicks, levels: null, minuteShare: null, closed, label, net };
      found.push(burst.events.length === 1 ? single(first, net) : several);
    }
    net -= burst.aggressor * burst.size;
  }
  return found;
}

/** Sizes from which a trade belongs to the next class, and the class as a shape. */
const CLASSES: readonly { readonly from: number; readonly mark: string }[] = [
  { from: 100, mark: "████" },
  { from: 50, mark: "███ " },
  { from: 25, mark: "██  " },
  { from: 0, mark: "█   " },
];
/** A trade that may still grow: its fills keep coming. */
const GROWING = "+";

/** The class of a size in contracts: 0 below 25, then from 25, 50 and 100. */
export function classOf(size: number): number {
  return CLASSES.length - 1 - CLASSES.findIndex(({ from }) => size >= from);
}

function toneOf({ aggressor, size }: Whale): Tone {
  const base = sideWords(aggressor).tone;
  const level = classOf(size);
  if (base === "dim") return level >= 2 ? "strong" : "plain";
  if (level === 0) return base === "up" ? "upDim" : "downDim";
  if (level === 1) return base;
  if (level === 2) return base === "up" ? "upStrong" : "downStrong";
  return base === "up" ? "upFlash" : "downFlash";
}

/** A full cell in reverse would be an empty one. */
function solid(tone: Tone): Tone {
  return tone === "upFlash" ? "upStrong" : tone === "downFlash" ? "downStrong" : tone;
}

/** Widths from which the time has its milliseconds. */
const WITH_MILLIS = 36;

/** One line, by importance: when, which side, how much, at what average; then class, dollars, levels, slippage, shares. */
export function whaleRow(whale: Whale, instrument: Instrument, offsetSec: number, width: number): Row {
  const side = sideWords(whale.aggressor);
  const tone = toneOf(whale);
  const time = width >= WITH_MILLIS ? millisText(whale.at, offsetSec) : clockText(whale.at.sec, offsetSec);
  const size = `${countText(whale.size).padStart(6)}${whale.closed ? " " : GROWING}`;
  const dollars = dollarsOf(whale.ticksTimesSize, instrument);
  const slip = whale.slippageTicks;
  const share = whale.minuteShare === null ? "" : `${Math.round(whale.minuteShare * 100)}% of min`;
  return flow(
    [
      [
        span(`${time} `, "dim"),
        span(`${side.arrow} ${side.word.padEnd(4)}${size}`, tone),
        span(priceText(whale.averageTicks, instrument).padStart(10), "plain"),
      ],
      line(whale.label, "warn"),
      line(CLASSES[CLASSES.length - 1 - classOf(whale.size)]?.mark ?? "", solid(tone)),
      dollars === null ? [] : line(dollarsText(dollars).padStart(7), "dim"),
      line(whale.levels === null ? "" : `${whale.levels} lv`.padStart(5), "dim"),
      line(`slip ${signedText(slip)} t`.padEnd(9), slip === 0 ? "dim" : "plain"),
      line(share.padStart(share === "" ? 0 : 11), "dim"),
      [span("net ", "dim"), span(signedText(whale.net).padStart(7), signTone(whale.net))],
    ],
    width,
    1,
  );
}
