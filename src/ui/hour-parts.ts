/** The hours of volume as rows of the screen: the hour in which regular trading opens is two of them. */
import type { TradingDay } from "../market/trading-day.ts";
import type { Coverage } from "../store/snapshot.ts";
import type { HourVolume } from "../studies/index.ts";
import { knownWithin } from "./coverage-words.ts";
import type { Known } from "./coverage-words.ts";
import { minuteText } from "./format.ts";

/** A row: an hour, or the part of one before or after the open of regular hours. */
export interface HourPart {
  /** Its start on the Eastern clock, `09:30`. */
  readonly label: string;
  readonly regular: boolean;
  /** It is running. */
  readonly current: boolean;
  readonly known: Known;
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly trades: number;
  /** What it comes to when it goes on as so far; null when it is over, and in its first minutes. */
  readonly projected: number | null;
  /** What recorded days had on average; null without any, and for a part of an hour. */
  readonly average: number | null;
}

const HOUR_SEC = 3600;
/** Seconds of a part before which its pace says nothing about the rest; as for whole hours. */
const PROJECTED_FROM_SEC = 300;

interface Sums {
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly trades: number;
}

interface Span {
  readonly fromSec: number;
  readonly toSec: number;
}

/** What the hours are looked at with; `nowSec` is market time, unix seconds. */
export interface HourSight {
  readonly day: TradingDay | null;
  readonly nowSec: number;
  readonly coverage: Coverage;
}

function partOf({ fromSec, toSec }: Span, sums: Sums, { day, nowSec, coverage }: HourSight): HourPart {
  const current = nowSec >= fromSec && nowSec < toSec;
  const elapsed = nowSec - fromSec;
  const isTelling = current && elapsed >= PROJECTED_FROM_SEC && sums.volume > 0;
  return {
    label: minuteText(fromSec, day?.easternOffsetSec ?? 0),
    regular: day !== null && fromSec >= day.rthOpenSec && fromSec < day.rthCloseSec,
    current,
    // What is still to come is not unknown.
    known: nowSec < fromSec ? "all" : knownWithin(coverage, fromSec, toSec),
    volume: sums.volume,
    buyVolume: sums.buyVolume,
    sellVolume: sums.sellVolume,
    trades: sums.trades,
    projected: isTelling ? Math.round((sums.volume * (toSec - fromSec)) / elapsed) : null,
    average: null,
  };
}

/** The rows of `hours`, in order of time. */
export function hourParts(hours: readonly HourVolume[], sight: HourSight): readonly HourPart[] {
  const { day } = sight;
  return hours.flatMap((hour) => {
    const { startSec, current, projected, average } = hour;
    const endSec = startSec + HOUR_SEC;
    const openSec = day?.hasRth === true ? day.rthOpenSec : startSec;
    if (openSec <= startSec || openSec >= endSec) {
      return [{ ...partOf({ fromSec: startSec, toSec: endSec }, hour, sight), current, projected, average }];
    }
    const regular: Sums = {
      volume: hour.rthVolume, buyVolume: hour.rthBuyVolume, sellVolume: hour.rthSellVolume, trades: hour.rthTrades,
    };
    const before: Sums = {
      volume: hour.volume - regular.volume,
      buyVolume: hour.buyVolume - regular.buyVolume,
      sellVolume: hour.sellVolume - regular.sellVolume,
      trades: hour.trades - regular.trades,
    };
    return [
      partOf({ fromSec: startSec, toSec: openSec }, before, sight),
      partOf({ fromSec: openSec, toSec: endSec }, regular, sight),
    ];
  });
}
