/** The hours of volume as rows of the screen: the hour in which regular trading opens is two of them. */
import type { TradingDay } from "../market/trading-day.ts";
import type { HourVolume } from "../studies/index.ts";
import { minuteText } from "./format.ts";

/** A row: an hour, or the part of one before or after the open of regular hours. */
export interface HourPart {
  /** Its start on the Eastern clock, `09:30`. */
  readonly label: string;
  readonly regular: boolean;
  /** It is running. */
  readonly current: boolean;
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  readonly trades: number;
  /** What the whole hour comes to at the pace so far; null for hours that are over or split. */
  readonly projected: number | null;
  /** What recorded days had on average; null without any, and for a split hour. */
  readonly average: number | null;
}

/** The part that lies in regular hours, and the rest. */
function split(hour: HourVolume, day: TradingDay, whole: HourPart): HourPart[] {
  const { rthVolume, rthBuyVolume, rthSellVolume, rthTrades } = hour;
  const inRth = hour.current && rthTrades > 0;
  const before: HourPart = {
    ...whole,
    regular: false,
    current: hour.current && !inRth,
    volume: hour.volume - rthVolume,
    buyVolume: hour.buyVolume - rthBuyVolume,
    sellVolume: hour.sellVolume - rthSellVolume,
    trades: hour.trades - rthTrades,
    projected: null,
    average: null,
  };
  const after: HourPart = {
    ...before,
    label: minuteText(day.rthOpenSec, day.easternOffsetSec),
    regular: true,
    current: inRth,
    volume: rthVolume,
    buyVolume: rthBuyVolume,
    sellVolume: rthSellVolume,
    trades: rthTrades,
  };
  return [before, after];
}

/** The rows of `hours`, in order of time. */
export function hourParts(hours: readonly HourVolume[], day: TradingDay | null): readonly HourPart[] {
  return hours.flatMap((hour) => {
    const { startSec, current, volume, buyVolume, sellVolume, trades, projected, average } = hour;
    const regular = day !== null && startSec >= day.rthOpenSec && startSec < day.rthCloseSec;
    const label = `${String(hour.hour).padStart(2, "0")}:00`;
    const whole: HourPart = { label, regular, current, volume, buyVolume, sellVolume, trades, projected, average };
    const opens = day?.hasRth === true && day.rthOpenSec > startSec && day.rthOpenSec < startSec + 3600;
    return opens ? split(hour, day, whole) : [whole];
  });
}
