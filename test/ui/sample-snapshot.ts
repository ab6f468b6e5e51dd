/** One made-up moment of the seed day, Friday 2025-06-13 10:58:30 Eastern, in every detail a screen can show. */
import type { LinkState } from "../../src/lsg/link-state.ts";
import { NO_STATS } from "../../src/lsg/link-state.ts";
import type { Instrument } from "../../src/market/instrument.ts";
import type { Aggressor } from "../../src/market/trade.ts";
import { builtInCalendar, tradingDayOf, type TradingDay } from "../../src/market/trading-day.ts";
import { NO_MINUTES } from "../../src/store/minute-check.ts";
import type { RollView } from "../../src/store/roll-watch.ts";
import type { Quarantined, Snapshot } from "../../src/store/snapshot.ts";
import type { Adaptive, Bar, HourVolume, LargeTrade, StudyViews, TapeTrade } from "../../src/studies/index.ts";
import { NO_LEVELS, sampleLevels } from "./sample-levels.ts";

/** Wall clock of the sample, milliseconds. */
export const SAMPLE_WALL_MS = Date.UTC(2025, 5, 13, 14, 58, 30, 600);
const NOW_SEC = Math.floor(SAMPLE_WALL_MS / 1000);
const OPEN_SEC = Date.UTC(2025, 5, 12, 22, 0, 0) / 1000;

export const sampleInstrument: Instrument = {
  instrumentId: 42_005_804,
  rawSymbol: "NQM5",
  root: "NQ",
  tickUnits: 250_000_000,
  pointValue: 20,
  decimals: 2,
  source: "definition",
};

const sampleDay: TradingDay = tradingDayOf(OPEN_SEC);

/** Points to ticks. */
const ticks = (points: number): number => Math.round(points * 4);

/** A fixed wave in place of a market: no randomness, but no straight line either. */
function closeAt(step: number): number {
  return ticks(21_650 + 90 * Math.sin(step / 37) + 21 * Math.sin(step / 7.3) + 6 * Math.sin(step * 1.9));
}

function bars(intervalSec: number, count: number): Bar[] {
  const end = Math.floor(NOW_SEC / intervalSec) * intervalSec;
  return Array.from({ length: count }, (_, at): Bar => {
    const step = at - count + 1;
    const last = step === 0;
    const close = last ? ticks(21_742.5) : closeAt(step);
    const open = closeAt(step - 1);
    const high = Math.max(open, close) + 3;
    const low = Math.min(open, close) - 2;
    return { sec: end + step * intervalSec, open, high, low, close, volume: 40, buyVolume: 22, sellVolume: 18 };
  });
}

const EVENING = [2517, 2224, 9950, 5180, 3102, 1536];
const MORNING = [1551, 1668, 2663, 5121, 4507, 3482, 3570, 5268, 10_008, 54_310, 61_220];
const BY_HOUR = [...EVENING, ...MORNING];

function hours(): HourVolume[] {
  return Array.from({ length: 23 }, (_, at): HourVolume => {
    const volume = BY_HOUR[at] ?? 0;
    const buyVolume = Math.round(volume * (0.42 + (at % 5) * 0.04));
    const hour = (18 + at) % 24;
    const rthVolume = hour === 9 ? volume - 7199 : hour >= 10 && hour < 16 ? volume : 0;
    const startSec = OPEN_SEC + at * 3600;
    const sellVolume = volume - buyVolume;
    const trades = Math.round(volume / 1.5);
    const rthBuyVolume = volume === 0 ? 0 : Math.round((buyVolume * rthVolume) / volume);
    const rthTrades = volume === 0 ? 0 : Math.round((trades * rthVolume) / volume);
    const regular = { rthVolume, rthBuyVolume, rthSellVolume: rthVolume - rthBuyVolume, rthTrades };
    return { hour, startSec, volume, buyVolume, sellVolume, trades, ...regular, current: at === 16, projected: at === 16 ? 62_790 : null, average: null };
  });
}

function tape(count: number): TapeTrade[] {
  return Array.from({ length: count }, (_, at): TapeTrade => {
    const back = count - 1 - at;
    const aggressor: Aggressor = back % 31 === 7 ? 0 : back % 3 === 1 ? -1 : 1;
    const size = back % 17 === 4 ? 31 : back % 11 === 3 ? 12 : 1 + (back % 4);
    const nanos = 999_000_000 - (back % 10) * 97_000_000;
    const sec = NOW_SEC - Math.floor(back / 10);
    return { at: { sec, nanos }, ticks: ticks(21_742.5) - (back % 6), size, aggressor };
  });
}

function largeTrades(count: number): LargeTrade[] {
  const sizes = [12, 26, 140, 18, 55, 31, 10, 27, 71, 240];
  return Array.from({ length: count }, (_, at): LargeTrade => {
    const back = count - 1 - at;
    const size = sizes[back % sizes.length] ?? 10;
    const levels = 1 + (back % 4);
    const aggressor: Aggressor = back % 2 === 0 ? 1 : -1;
    const firstTicks = closeAt(-back);
    const lastTicks = firstTicks + aggressor * (levels - 1);
    const mean = (firstTicks + lastTicks) / 2;
    const at_ = { sec: NOW_SEC - 3 - back * 17, nanos: 123_456_789 + back * 7_000_000 };
    return {
      at: at_, aggressor, size, fills: levels * 2, levels, firstTicks, lastTicks, slippageTicks: lastTicks - firstTicks,
      ticksTimesSize: mean * size, averageTicks: mean, minuteVolume: size + 410 + (back % 9) * 35, closed: back > 0,
    };
  });
}

const LARGE_SUMS = { buyEvents: 312, sellEvents: 298, buyVolume: 9844, sellVolume: 9120 };
const NOT_WARM: Adaptive = { threshold: null, events: 0, warmUp: 500, targetPerHour: 6 };

function studies(): StudyViews {
  const hourList = hours();
  const total = hourList.reduce((sum, hour) => sum + hour.volume, 0);
  const buy = hourList.reduce((sum, hour) => sum + hour.buyVolume, 0);
  const trades = tape(120);
  const now = { sec: NOW_SEC, nanos: 412_000_000 };
  return {
    session: {
      last: { at: now, ticks: ticks(21_742.5), size: 3, aggressor: 1, direction: 1, unchanged: false },
      openTicks: ticks(21_900),
      highTicks: ticks(21_905.25),
      lowTicks: ticks(21_498.75),
      highAt: { sec: OPEN_SEC + 120, nanos: 0 },
      lowAt: { sec: OPEN_SEC + 17_000, nanos: 0 },
      volume: total,
      buyVolume: buy,
      sellVolume: total - buy - 12,
      noneVolume: 12,
      trades: Math.round(total / 1.5),
      vwapTicks: ticks(21_661) + 0.37,
      basis: "settlement",
      basisTicks: ticks(21_929),
      changeTicks: ticks(21_742.5 - 21_929),
      bases: [
        { kind: "settlement", ticks: ticks(21_929), date: "2025-06-12" },
        { kind: "prior close", ticks: ticks(21_926.75), date: "2025-06-12" },
        { kind: "prior RTH close", ticks: ticks(21_931.25), date: "2025-06-12" },
        { kind: "RTH open", ticks: ticks(21_680.75), date: null },
        { kind: "session open", ticks: ticks(21_900), date: null },
      ],
      settleToday: null,
    },
    quote: { at: now, bidTicks: ticks(21_742.25), askTicks: ticks(21_742.75), bidSize: 3, askSize: 12 },
    status: { at: now, text: "trading", isTrading: true },
    tape: trades,
    bars1s: { intervalSec: 1, bars: bars(1, 600) },
    bars1m: { intervalSec: 60, bars: bars(60, 1018) },
    hours: {
      averageDays: 0,
      hours: hourList,
      total,
      rth: hourList.reduce((sum, hour) => sum + hour.rthVolume, 0),
      max: Math.max(...hourList.map(({ volume }) => volume)),
    },
    large: {
      floor: 10,
      events: largeTrades(90),
      ...LARGE_SUMS,
      classes: [
        { from: 10, ...LARGE_SUMS },
        { from: 25, buyEvents: 71, sellEvents: 66, buyVolume: 3120, sellVolume: 2988 },
        { from: 50, buyEvents: 14, sellEvents: 11, buyVolume: 1204, sellVolume: 930 },
        { from: 100, buyEvents: 3, sellEvents: 2, buyVolume: 520, sellVolume: 310 },
      ],
      adaptive: { rth: { ...NOT_WARM, threshold: 62, events: 500 }, eth: { ...NOT_WARM, threshold: 28, events: 500 }, active: "rth" },
    },
    pace: {
      trades1s: 14,
      trades10s: 160,
      trades60s: 812,
      volume1s: 22,
      volume10s: 241,
      volume60s: 1210,
      perSecond: Array.from({ length: 60 }, (_, at) => (at * 7) % 23),
    },
    ...sampleLevels(OPEN_SEC, { volume: total, buyVolume: buy, sellVolume: total - buy - 12, noneVolume: 12 }),
  };
}

export const sampleLink: LinkState = {
  phase: "LIVE",
  gateway: "127.0.0.1:13000",
  transport: "tcp",
  dataset: "GLBX.MDP3",
  sessionId: "1718290704",
  gatewayVersion: "0.9.4",
  dbnVersion: 3,
  reason: "",
  advice: "",
  attempt: 0,
  nextTryAtMs: null,
  sinceMs: SAMPLE_WALL_MS - 754_000,
  messages: [
    { atMs: SAMPLE_WALL_MS - 760_000, level: "info", text: "connected to 127.0.0.1:13000" },
    { atMs: SAMPLE_WALL_MS - 754_000, level: "info", text: "subscribed to trades, mbp-1 of NQ.v.0 from 18:00" },
    { atMs: SAMPLE_WALL_MS - 61_000, level: "warn", text: "2 records of other instruments passed by" },
  ],
  stats: {
    ...NO_STATS,
    bytes: 18_233_104,
    records: 311_202,
    heartbeats: 25,
    sessions: 1,
    lastByteAtMs: SAMPLE_WALL_MS - 240,
    lastTradeAtMs: SAMPLE_WALL_MS - 240,
    connectMs: 41.5,
  },
  latency: {
    exchange: { p50Ms: 0.4, p99Ms: 6.2 },
    gateway: { p50Ms: 0.9, p99Ms: 3.1 },
    network: { p50Ms: 8.4, p99Ms: 21 },
    clockBehindMs: null,
    behindMs: 0,
    history: Array.from({ length: 60 }, (_, at) => 8 + ((at * 7) % 13) + (at === 41 ? 60 : 0)),
  },
};

const NONE_QUARANTINED: Quarantined = { unknownInstrument: 0, noPrice: 0, offGrid: 0, noSize: 0, absurdSize: 0, badTime: 0 };

/** The day after the older roll date, three days before the present one. */
const sampleRoll: RollView = {
  rule: "volume", front: "NQM5", next: "NQU5", frontVolume: 184_000, nextVolume: 21_300, share: 21_300 / 205_300, expires: "2025-06-20",
  daysToExpiry: 7, level: "info", warning: "NQM5 rolls to NQU5 on Monday 2025-06-16", rolled: null,
};

/** The moment, in demo mode unless said otherwise. */
export function sampleSnapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    version: 4711,
    mode: "DEMO",
    asOf: { sec: NOW_SEC, nanos: 412_000_000 },
    link: sampleLink,
    instrument: sampleInstrument,
    requested: "NQ.v.0",
    day: sampleDay,
    calendar: builtInCalendar,
    coverage: { from: { sec: OPEN_SEC, nanos: 0 }, complete: true, text: "complete since 18:00", gaps: [] },
    counters: { trades: 122_011, quotes: 189_100, otherInstrument: 2, quarantined: NONE_QUARANTINED, noAggressor: 8, oddStatistics: 0 },
    minutes: { checked: 1_018, different: 0, newest: [], spans: [] },
    roll: sampleRoll,
    studies: studies(),
    ...change,
  };
}

/** Before anything came: no contract, no trade, no link. */
export function emptySnapshot(): Snapshot {
  return sampleSnapshot({
    version: 0,
    asOf: null,
    link: null,
    instrument: null,
    day: null,
    minutes: NO_MINUTES,
    roll: null,
    coverage: { from: null, complete: false, text: "", gaps: [] },
    counters: { trades: 0, quotes: 0, otherInstrument: 0, quarantined: NONE_QUARANTINED, noAggressor: 0, oddStatistics: 0 },
    studies: {
      session: {
        last: null,
        openTicks: null,
        highTicks: null,
        lowTicks: null,
        highAt: null,
        lowAt: null,
        volume: 0,
        buyVolume: 0,
        sellVolume: 0,
        noneVolume: 0,
        trades: 0,
        vwapTicks: null,
        basis: null,
        basisTicks: null,
        changeTicks: null,
        bases: [],
        settleToday: null,
      },
      quote: null,
      status: null,
      tape: [],
      bars1s: { intervalSec: 1, bars: [] },
      bars1m: { intervalSec: 60, bars: [] },
      hours: { hours: [], total: 0, rth: 0, max: 0, averageDays: 0 },
      large: {
        floor: 10, events: [], buyEvents: 0, sellEvents: 0, buyVolume: 0, sellVolume: 0, classes: [],
        adaptive: { rth: NOT_WARM, eth: NOT_WARM, active: "eth" },
      },
      pace: { trades1s: 0, trades10s: 0, trades60s: 0, volume1s: 0, volume10s: 0, volume60s: 0, perSecond: [] },
      ...NO_LEVELS,
    },
  });
}
