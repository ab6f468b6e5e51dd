/** What of a session a report covers, in words and in seconds. */
import { compareTime, type UnixTime } from "../lib/time.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { formatEastern } from "../market/wall-time.ts";
import type { DayWindow } from "./time-window.ts";

/** Times of which every trade is known, in order; the end is exclusive. */
export type KnownSpans = readonly { readonly from: UnixTime; readonly to: UnixTime }[];

export interface ReportCoverage {
  readonly text: string;
  /** Unix seconds; the end is exclusive. */
  readonly fromSec: number;
  readonly toSec: number;
  readonly isComplete: boolean;
}

/** `19:58`, and with seconds where it is not a whole minute. */
function timeText(sec: number, day: TradingDay): string {
  return formatEastern({ sec, nanos: 0 }, day, { minutes: sec % 60 === 0 });
}

function secondsOf({ from, to }: KnownSpans[number]): [number, number] {
  return [from.sec, to.nanos === 0 ? to.sec : to.sec + 1];
}

/** The known times inside `fromSec` to `toSec`. */
function clipped(known: KnownSpans, fromSec: number, toSec: number): [number, number][] {
  return known
    .map(secondsOf)
    .map(([from, to]): [number, number] => [Math.max(from, fromSec), Math.min(to, toSec)])
    .filter(([from, to]) => to > from);
}

/**
 * The words begin with `complete since 18:00` or with `partial: from 19:58 to 20:02`; holes between files are named.
 * Complete is what covers the session from its open to its close, or to where the session had come.
 */
export function reportCoverage(day: TradingDay, known: KnownSpans, window: DayWindow): ReportCoverage {
  const fromSec = Math.max(day.openSec, window.fromSec);
  const toSec = Math.min(day.closeSec, window.toSec);
  const spans = clipped(known, fromSec, toSec);
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return { text: "nothing of it is covered", fromSec, toSec, isComplete: false };
  const gaps = spans.slice(1).map(([from], index) => [spans[index]?.[1] ?? from, from] as const).filter(([from, to]) => to > from);
  const isComplete = first[0] === day.openSec && gaps.length === 0;
  const words = isComplete ? `complete since ${timeText(first[0], day)}` : `partial: from ${timeText(first[0], day)}`;
  const holes = gaps.map(([from, to]) => `gap ${timeText(from, day)}–${timeText(to, day)} not filled`);
  const isToClose = last[1] === day.closeSec && isComplete;
  const text = [isToClose ? words : `${words} to ${timeText(last[1], day)}`, ...holes].join(", ");
  return { text, fromSec: first[0], toSec: last[1], isComplete };
}

/** Whether trades from `startSec` to before `endSec` (unix seconds) are missing. */
export function isUnknown(known: KnownSpans, startSec: number, endSec: number): boolean {
  return !known.some(({ from, to }) => {
    const start = { sec: startSec, nanos: 0 };
    return compareTime({ sec: from.sec, nanos: 0 }, start) <= 0 && to.sec + (to.nanos > 0 ? 1 : 0) >= endSec;
  });
}

/** Unix second at which what is known of a session ends; its close at the latest. */
export function endOfKnown(day: TradingDay, known: KnownSpans): number {
  const inDay = clipped(known, day.openSec, day.closeSec);
  return inDay.at(-1)?.[1] ?? day.closeSec;
}
