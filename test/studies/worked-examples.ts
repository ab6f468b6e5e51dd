/**
 * Worked examples of the formulas: what is given, and what comes of it, worked out by hand. A test runs the studies on
 * them; docs/formulas.md shows them.
 */
import { formatChange, formatFractionalTicks, formatPercent, formatTicks } from "../../src/market/price.ts";
import type { Aggressor, Trade } from "../../src/market/trade.ts";
import { dayNumberOfText } from "../../src/market/civil-date.ts";
import { tradingDayOf, type TradingDay } from "../../src/market/trading-day.ts";
import { formatEastern } from "../../src/market/wall-time.ts";
import { deltaStudy } from "../../src/studies/delta.ts";
import { discoveryStudy } from "../../src/studies/discovery.ts";
import { hourVolumeStudy } from "../../src/studies/hour-volume.ts";
import { largeTradesStudy } from "../../src/studies/large-trades.ts";
import { emptyBuckets, movementAt } from "../../src/studies/movement.ts";
import { profileStudy } from "../../src/studies/profile.ts";
import { rangesStudy } from "../../src/studies/ranges.ts";
import { sessionStudy } from "../../src/studies/session.ts";
import type { Study } from "../../src/studies/study.ts";
import { vwapStudy } from "../../src/studies/vwap.ts";
import { feed } from "./feed.ts";

export interface WorkedExample {
  readonly name: string;
  /** Lines that say what is given. */
  readonly given: readonly string[];
  /** Lines that say what comes of it, worked out by hand. */
  readonly wanted: readonly string[];
  /** The same lines as the studies have it. */
  readonly found: () => readonly string[];
}

/** Day, Eastern time, price in points, contracts, side (B, A or N). */
type Row = readonly [date: string, time: string, points: number, size: number, side: string];

const NQ = { tickUnits: 250_000_000, decimals: 2 };
const THURSDAY = "2025-06-12";
const FRIDAY = "2025-06-13";
const SIDES: Readonly<Record<string, Aggressor>> = { B: 1, A: -1, N: 0 };
const price = (ticks: number | null | undefined): string => (ticks == null ? "–" : formatTicks(ticks, NQ));
const average = (ticks: number | null | undefined): string => (ticks == null ? "–" : formatFractionalTicks(ticks, NQ));
const signed = (count: number): string => (count > 0 ? `+${count}` : String(count));

/** The session of a trade date, the same object every time. */
const days = new Map<string, TradingDay>();
function dayOf(date: string): TradingDay {
  const day = days.get(date) ?? tradingDayOf(Date.parse(`${date}T12:00:00-04:00`) / 1000);
  days.set(date, day);
  return day;
}

/** Times from 18:00 on are of the evening before. */
function tradeOf([date, time, points, size, side]: Row): Trade {
  const [clock = "", fraction = "0"] = time.split(".");
  const [hour = 0, minute = 0, second = 0] = clock.split(":").map(Number);
  const sinceOpen = (((hour + 6) % 24) * 60 + minute) * 60 + second;
  const nanos = Number(fraction.padEnd(9, "0"));
  return { sec: dayOf(date).openSec + sinceOpen, nanos, ticks: points * 4, size, aggressor: SIDES[side] ?? 0, sequence: 0 };
}

function lines(rows: readonly Row[]): readonly string[] {
  const dates = new Set(rows.map(([date]) => date)).size;
  return rows.map(([date, time, points, size, side]) => {
    const at = dates > 1 ? `${date} ${time}` : time;
    return `${at.padEnd(dates > 1 ? 19 : 12)}  ${price(points * 4)}  ${String(size).padStart(3)}  ${side}`;
  });
}

/** Hands the rows, day by day, to a study that keeps every trade since 18:00. */
function view<State, View>(study: Study<State, View>, rows: readonly Row[]): View {
  const state = study.init();
  for (const [date, group] of Map.groupBy(rows, ([date]) => date)) feed(study, state, dayOf(date), ...group.map(tradeOf));
  return study.view(state);
}

const SIDE_ROWS: readonly Row[] = [
  [FRIDAY, "10:00:00", 21_700, 5, "B"],
  [FRIDAY, "10:00:01", 21_699.75, 3, "A"],
  [FRIDAY, "10:00:02", 21_700, 7, "N"],
  [FRIDAY, "10:00:03", 21_699.5, 4, "A"],
];

const VWAP_ROWS: readonly Row[] = [
  [FRIDAY, "09:30:00", 21_700, 1, "B"],
  [FRIDAY, "09:30:01", 21_701, 2, "B"],
  [FRIDAY, "09:30:02", 21_700.5, 1, "N"],
  [FRIDAY, "09:30:03", 21_699, 4, "A"],
];

/** Rows of a profile: contracts at 21,699.50, 21,699.75, … */
const PROFILE = [6, 14, 30, 50, 25, 20, 5];
const TIED_PROFILE = [10, 20, 4, 20, 10];

function profileRows(volumes: readonly number[]): readonly Row[] {
  return volumes.map((size, row) => [FRIDAY, "10:00:00", 21_699.5 + row / 4, size, "B"] as const);
}

function profileLines(volumes: readonly number[]): readonly string[] {
  return profileRows(volumes).toReversed().map(([, , points, size]) => `${price(points * 4)}  ${String(size).padStart(3)}`);
}

function areaOf(volumes: readonly number[]): readonly string[] {
  const { session } = view(profileStudy({ firstReach: 512, reach: 512 }), profileRows(volumes));
  return [
    `total ${session?.total}`, `POC ${price(session?.pocTicks)}`, `VAH ${price(session?.valueAreaHighTicks)}`,
    `VAL ${price(session?.valueAreaLowTicks)}`,
  ];
}

const HOUR_ROWS: readonly Row[] = [
  [FRIDAY, "09:29:59.999", 21_683, 10, "A"],
  [FRIDAY, "09:30:00", 21_680.75, 20, "B"],
  [FRIDAY, "09:59:59", 21_690, 5, "B"],
];

const BALANCE_ROWS: readonly Row[] = [
  [FRIDAY, "09:30:00", 21_680, 1, "B"],
  [FRIDAY, "09:45:00", 21_700, 1, "B"],
  [FRIDAY, "10:15:00", 21_660, 1, "A"],
  [FRIDAY, "10:30:00", 21_690, 1, "B"],
  [FRIDAY, "11:00:00", 21_720, 1, "B"],
];

const PRIOR_ROWS: readonly Row[] = [
  [THURSDAY, "18:00:00", 21_900, 1, "B"],
  [THURSDAY, "09:30:00", 21_950, 1, "B"],
  [THURSDAY, "12:00:00", 21_993.5, 1, "B"],
  [THURSDAY, "15:59:59", 21_931.25, 1, "A"],
  [THURSDAY, "16:30:00", 21_926.75, 1, "A"],
  [FRIDAY, "18:00:00", 21_880, 1, "A"],
];

const DISCOVERY_ROWS: readonly Row[] = [
  [FRIDAY, "04:00:00", 21_653.75, 1, "B"],
  [FRIDAY, "09:29:59", 21_683, 1, "B"],
  [FRIDAY, "09:30:00", 21_680.75, 1, "A"],
  [FRIDAY, "09:42:00", 21_640, 1, "A"],
  [FRIDAY, "10:58:00", 21_763, 1, "B"],
  [FRIDAY, "10:58:30", 21_742.5, 1, "A"],
];

const SWEEP_ROWS: readonly Row[] = [
  [FRIDAY, "10:00:00.000000001", 21_700, 8, "B"],
  [FRIDAY, "10:00:00.000000001", 21_700.25, 8, "B"],
  [FRIDAY, "10:00:00.000000001", 21_700.75, 14, "B"],
  [FRIDAY, "10:00:00.000000001", 21_700.75, 9, "A"],
];

function changeLines(): readonly string[] {
  const state = sessionStudy.init();
  const rows: readonly Row[] = [[FRIDAY, "18:00:00", 21_900, 1, "B"], [FRIDAY, "10:58:30", 21_742.5, 1, "A"]];
  const said = { refDay: dayNumberOfText(THURSDAY), ticks: 21_929 * 4, quality: "final", withdrawn: false } as const;
  sessionStudy.settlement?.(state, said);
  feed(sessionStudy, state, dayOf(FRIDAY), ...rows.map(tradeOf));
  const { basis, basisTicks, changeTicks } = sessionStudy.view(state);
  return [`${formatChange(changeTicks ?? 0, NQ)} ${formatPercent(changeTicks ?? 0, basisTicks ?? 0)} against the ${basis}`];
}

function discoveryLines(): readonly string[] {
  const { preMarket, rthOpen, morning, current } = view(discoveryStudy, DISCOVERY_ROWS);
  const change = (ticks: number | null | undefined): string => formatChange(ticks ?? 0, NQ);
  const high = morning?.high;
  const at = high === undefined ? "" : formatEastern(high.at, dayOf(FRIDAY));
  return [
    `pre-market ${price(preMarket?.first.ticks)} → ${price(preMarket?.last.ticks)} (${change(preMarket?.changeTicks)})`,
    `open ${price(rthOpen?.ticks)} (${change(rthOpen?.changeTicks)})`,
    `morning reached ${morning?.reached} ${price(high?.ticks)} (${change((high?.ticks ?? 0) - (morning?.open.ticks ?? 0))}) at ${at}`,
    `current ${price(current?.ticks)}, ${price(current?.belowHighTicks)} below the high`,
  ];
}

/** The last ten minutes: prices of the first and last trade, high and low, and seconds since each of those two. */
type LastTen = readonly [first: number, last: number, high: number, low: number, highAgo: number, lowAgo: number];

const LAST_TEN: readonly LastTen[] = [
  [1010, 1015, 1030, 1010, 200, 250],
  [1018, 1023, 1040, 1000, 200, 250],
  [1000, 1044, 1046, 998, 60, 280],
  [1040, 998, 1046, 998, 280, 60],
  [1010, 1040, 1050, 998, 30, 250],
  [1000, 1010, 1050, 990, 240, 280],
  [1015, 1025, 1043, 997, 200, 250],
];

/** 35 minutes after the open. The ten-minute windows so far had ranges of 48, 44 and 40 ticks; the first had the day's extremes. */
function movementOf([first, last, high, low, highAgo, lowAgo]: LastTen): string {
  const buckets = emptyBuckets(7200);
  const end = (35 * 60) / 5;
  const put = (at: number, ticks: number): void => {
    const held = buckets.isTraded[at] === 1;
    buckets.first[at] = held ? buckets.first[at]! : ticks;
    buckets.high[at] = held ? Math.max(buckets.high[at]!, ticks) : ticks;
    buckets.low[at] = held ? Math.min(buckets.low[at]!, ticks) : ticks;
    buckets.last[at] = ticks;
    buckets.isTraded[at] = 1;
  };
  for (const [at, ticks] of [[0, 1044], [1, 996], [120, 1042], [121, 998], [240, 1040], [241, 1000]] as const) put(at, ticks);
  put(end - 120, first);
  put(end - highAgo / 5, high);
  put(end - lowAgo / 5, low);
  put(end - 1, last);
  const { movement, windowTicks, usualTicks } = movementAt(buckets, end, () => true, []);
  const cells = [windowTicks, signed(last - first), usualTicks, highAgo, lowAgo].map((cell) => String(cell).padStart(7));
  return `${cells.join("")}   ${movement}`;
}

function adaptiveLines(): readonly string[] {
  const study = largeTradesStudy({ floor: 10, capacity: 10 });
  const state = study.init();
  const day = dayOf(FRIDAY);
  // 500 events, one every three seconds from 10:00 on, and one more that shows the last of them to be over.
  const sizes = Array.from({ length: 501 }, (_, index) => (index === 100 ? 60 : index === 200 ? 45 : index === 300 ? 38 : 2));
  const trades = sizes.map((size, index): Trade => ({
    sec: day.rthOpenSec + 1800 + index * 3, nanos: 0, ticks: 86_800, size, aggressor: 1, sequence: index,
  }));
  feed(study, state, day, ...trades);
  const { threshold, events } = study.view(state).adaptive.rth;
  return [`${events} events, threshold ${threshold} contracts`];
}

export const WORKED_EXAMPLES: readonly WorkedExample[] = [
  {
    name: "delta",
    given: lines(SIDE_ROWS),
    wanted: ["volume 19: bought 5, sold 7, neither 7", "delta -2, on its way between +5 and -2"],
    found: () => {
      const { session } = view(deltaStudy, SIDE_ROWS);
      if (session === null) return [];
      const { buyVolume, sellVolume, noneVolume } = session;
      const volume = buyVolume + sellVolume + noneVolume;
      return [
        `volume ${volume}: bought ${buyVolume}, sold ${sellVolume}, neither ${noneVolume}`,
        `delta ${signed(session.delta)}, on its way between ${signed(session.high)} and ${signed(session.low)}`,
      ];
    },
  },
  {
    name: "vwap",
    given: lines(VWAP_ROWS),
    wanted: ["VWAP 21,699.81", "deviation 3.455 ticks, 0.864 points", "bands at one deviation 21,698.95 and 21,700.68"],
    found: () => {
      const { vwapTicks, deviationTicks } = view(vwapStudy, VWAP_ROWS).rth ?? {};
      const [mean, deviation] = [vwapTicks ?? Number.NaN, deviationTicks ?? Number.NaN];
      return [
        `VWAP ${average(mean)}`,
        `deviation ${deviation.toFixed(3)} ticks, ${(deviation / 4).toFixed(3)} points`,
        `bands at one deviation ${average(mean - deviation)} and ${average(mean + deviation)}`,
      ];
    },
  },
  {
    name: "profile",
    given: profileLines(PROFILE),
    wanted: ["total 150", "POC 21,700.25", "VAH 21,700.75", "VAL 21,699.75"],
    found: () => areaOf(PROFILE),
  },
  {
    name: "profile-tie",
    given: profileLines(TIED_PROFILE),
    wanted: ["total 64", "POC 21,699.75", "VAH 21,700.50", "VAL 21,699.50"],
    found: () => areaOf(TIED_PROFILE),
  },
  {
    name: "hours",
    given: lines(HOUR_ROWS),
    wanted: ["hour 09: 35 contracts, 25 of them in regular hours"],
    found: () => {
      const hour = view(hourVolumeStudy(), HOUR_ROWS).hours.find((one) => one.hour === 9);
      return [`hour 09: ${hour?.volume} contracts, ${hour?.rthVolume} of them in regular hours`];
    },
  },
  {
    name: "initial-balance",
    given: lines(BALANCE_ROWS),
    wanted: ["initial balance 21,660.00 to 21,700.00, complete", "broken up by 20.00, extension 0.5"],
    found: () => {
      const balance = view(rangesStudy, BALANCE_ROWS).initialBalance;
      return [
        `initial balance ${price(balance?.lowTicks)} to ${price(balance?.highTicks)}, ${balance?.state}`,
        `broken ${balance?.broken} by ${price(balance?.aboveTicks)}, extension ${balance?.extension}`,
      ];
    },
  },
  {
    name: "prior-day",
    given: lines(PRIOR_ROWS),
    wanted: ["PDH 21,993.50, PDL 21,900.00, PDC 21,926.75", "RTH high 21,993.50, low 21,931.25, close 21,931.25"],
    found: () => {
      const { prior } = view(rangesStudy, PRIOR_ROWS);
      return [
        `PDH ${price(prior?.highTicks)}, PDL ${price(prior?.lowTicks)}, PDC ${price(prior?.closeTicks)}`,
        `RTH high ${price(prior?.rthHighTicks)}, low ${price(prior?.rthLowTicks)}, close ${price(prior?.rthCloseTicks)}`,
      ];
    },
  },
  {
    name: "change",
    given: ["settlement of 2025-06-12  21,929.00", "open of the session       21,900.00", "last                      21,742.50"],
    wanted: ["-186.50 -0.85% against the settlement"],
    found: changeLines,
  },
  {
    name: "discovery",
    given: lines(DISCOVERY_ROWS),
    wanted: [
      "pre-market 21,653.75 → 21,683.00 (+29.25)", "open 21,680.75 (-2.25)",
      "morning reached high 21,763.00 (+82.25) at 10:58:00", "current 21,742.50, 20.50 below the high",
    ],
    found: discoveryLines,
  },
  {
    name: "movement",
    given: ["ranges of the ten-minute windows so far: 48, 44 and 40 ticks"],
    wanted: [
      "  range   move  usual   high    low",
      "     20     +5     44    200    250   consolidating",
      "     40     +5     44    200    250   consolidating",
      "     48    +44     44     60    280   trending up",
      "     48    -42     44    280     60   trending down",
      "     52    +30     44     30    250   new high",
      "     60    +10     44    240    280   pulling back",
      "     46    +10     44    200    250   rotating",
    ],
    found: () => ["  range   move  usual   high    low", ...LAST_TEN.map(movementOf)],
  },
  {
    name: "large-trade",
    given: lines(SWEEP_ROWS),
    wanted: ["30 contracts bought in 3 fills at 3 prices, average 21,700.42, slippage +3 ticks"],
    found: () => {
      const [event] = view(largeTradesStudy({ floor: 10, capacity: 10 }), SWEEP_ROWS).events;
      if (event === undefined) return [];
      const { size, fills, levels, averageTicks, slippageTicks } = event;
      return [
        `${size} contracts bought in ${fills} fills at ${levels} prices, average ${average(averageTicks)}, slippage ${signed(slippageTicks)} ticks`,
      ];
    },
  },
  {
    name: "adaptive",
    given: ["500 large-trade events in 25 minutes: 497 of 2 contracts, one each of 60, 45 and 38"],
    wanted: ["500 events, threshold 38 contracts"],
    found: adaptiveLines,
  },
];
