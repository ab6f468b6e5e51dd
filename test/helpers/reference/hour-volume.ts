/** Volume by hour straight from its definition; hours and regular trading hours from the time zone's own wall clock. */
import type { HourVolumesView } from "../../../src/studies/index.ts";
import { contracts, newestDay, type DayTrade } from "../random-day.ts";

const WALL = new Intl.DateTimeFormat("en-GB", {
  timeZone: "America/New_York", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

function wallSeconds(sec: number): number {
  const [hour = 0, minute = 0, second = 0] = WALL.format(sec * 1000).split(":").map(Number);
  return hour * 3600 + minute * 60 + second;
}

function isRegular({ sec }: DayTrade): boolean {
  const seconds = wallSeconds(sec);
  return seconds >= 9 * 3600 + 30 * 60 && seconds < 16 * 3600;
}

export function naiveHours(all: readonly DayTrade[]): HourVolumesView {
  const trades = newestDay(all);
  const last = trades.at(-1);
  if (last === undefined) return { hours: [], total: 0, rth: 0, max: 0, averageDays: 0 };
  const hours = Array.from({ length: 23 }, (_, index) => {
    const hour = (18 + index) % 24;
    const group = trades.filter(({ sec }) => {
      const at = Math.floor(wallSeconds(sec) / 3600);
      return at === hour || (at === 17 && hour === 16); // prints after the close count to the last hour
    });
    const startSec = last.day.openSec + index * 3600;
    const current = Math.floor(wallSeconds(last.sec) / 3600) === hour;
    const begun = last.sec - startSec + 1;
    return {
      hour,
      startSec,
      volume: contracts(group),
      buyVolume: contracts(group, 1),
      sellVolume: contracts(group, -1),
      trades: group.length,
      rthVolume: contracts(group.filter(isRegular)),
      rthBuyVolume: contracts(group.filter(isRegular), 1),
      rthSellVolume: contracts(group.filter(isRegular), -1),
      rthTrades: group.filter(isRegular).length,
      current,
      projected: current && begun >= 300 ? Math.round((contracts(group) * 3600) / begun) : null,
      average: null,
    };
  });
  return {
    hours,
    total: contracts(trades),
    rth: contracts(trades.filter(isRegular)),
    max: Math.max(...hours.map(({ volume }) => volume)),
    averageDays: 0,
  };
}
