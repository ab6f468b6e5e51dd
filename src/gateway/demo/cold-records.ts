/** The demo's rare records: definitions, trading status and statistics, ready encoded and in order of receive time. */
import { encodeRecord, type PartialRecord } from "../../dbn/encode.ts";
import { fromMs, toNanos } from "../../lib/time.ts";
import { DAY_SETTLEMENT_TICKS, PRIOR_SETTLEMENT_TICKS } from "./anchors.ts";
import {
  CALENDAR_SPREAD, INSTRUMENTS, nanosAt, NQM5, NQU5, PUBLISHER_ID, SPREAD_TICK_UNITS, TICK_UNITS, ticksOf, toUnixTime,
} from "./demo-day.ts";
import type { SourceInstrument } from "../source.ts";

export interface ColdRecord {
  /** Receive time, nanoseconds since 18:00; negative before it. */
  readonly recv: number;
  readonly bytes: Uint8Array;
}

/** Minutes before 18:00 as nanoseconds since 18:00. */
function before(minutes: number): number {
  return -minutes * 60_000_000_000;
}

/** Receive delay of rare records: less than that of trades, so that a status precedes the trades it allows. */
const DELAY = 90_000;

/** The record received shortly after `nanos`; those of one moment follow each other by a microsecond. */
function cold(nanos: number, order: number, record: PartialRecord): ColdRecord {
  const recv = nanos + DELAY + order * 1_000;
  const times = { publisherId: PUBLISHER_ID, tsEvent: toNanos(toUnixTime(nanos)), tsRecv: toNanos(toUnixTime(recv)) };
  const full: PartialRecord = Object.assign({}, record, times);
  return { recv, bytes: encodeRecord(full, 3) };
}

const POINT = 1_000_000_000n;
/** Points between the September and the June contract (estimate: interest less dividends over three months). */
export const BACK_MONTH_POINTS = 195;

function limits(referenceTicks: number): { highLimitPrice: bigint; lowLimitPrice: bigint } {
  // Overnight limits lie 7 % around the settlement.
  const price = (share: number): bigint => BigInt(Math.round(referenceTicks * share)) * BigInt(TICK_UNITS);
  return { highLimitPrice: price(1.07), lowLimitPrice: price(0.93) };
}

/** Fields all definitions of the product share. */
const COMMON = {
  kind: "definition", displayFactor: 10_000_000n, unitOfMeasureQty: 20n * POINT, unitOfMeasure: "IPNT", currency: "USD",
  settlCurrency: "USD", group: "NQ", exchange: "XCME", asset: "NQ", securityType: "FUT", matchAlgorithm: "F",
  securityUpdateAction: "A", userDefinedInstrument: "N", marketSegmentId: 68, maxTradeVol: 2000, minTradeVol: 1,
  minLotSize: 1, marketDepth: 10, marketDepthImplied: 2, underlyingProduct: 5, applId: 310, channelId: 0,
  instAttribValue: 4,
} as const;

interface Months {
  /** Month of the contract in 2025. */
  readonly month: number;
  /** Ends of trading and first day of trading, unix milliseconds. */
  readonly expiration: number;
  readonly activation: number;
}

const JUNE: Months = { month: 6, expiration: Date.UTC(2025, 5, 20, 13, 30), activation: Date.UTC(2024, 2, 15, 13, 30) };
const SEPTEMBER: Months = {
  month: 9, expiration: Date.UTC(2025, 8, 19, 13, 30), activation: Date.UTC(2024, 5, 21, 13, 30),
};

/** Terms that follow from the contract's months. */
function terms({ month, expiration, activation }: Months) {
  return {
    expiration: toNanos(fromMs(expiration)),
    activation: toNanos(fromMs(activation)),
    maturityYear: 2025,
    maturityMonth: month,
  };
}

function outright(instrument: SourceInstrument, months: Months, settlementTicks: number): PartialRecord {
  return {
    ...COMMON,
    ...limits(settlementTicks),
    ...terms(months),
    instrumentId: instrument.instrumentId,
    rawInstrumentId: BigInt(instrument.instrumentId),
    rawSymbol: instrument.rawSymbol,
    instrumentClass: "F",
    cfi: "FFICSX",
    minPriceIncrement: BigInt(TICK_UNITS),
    minPriceIncrementAmount: 5n * POINT,
  };
}

/** One record per leg; buying the spread sells the near and buys the far month. */
function spreadLeg(index: 0 | 1): PartialRecord {
  const leg = index === 0 ? NQM5 : NQU5;
  return {
    ...COMMON,
    instrumentId: CALENDAR_SPREAD.instrumentId,
    rawInstrumentId: BigInt(CALENDAR_SPREAD.instrumentId),
    rawSymbol: CALENDAR_SPREAD.rawSymbol,
    instrumentClass: "S",
    cfi: "FMIXSX",
    secsubtype: "EQ",
    minPriceIncrement: BigInt(SPREAD_TICK_UNITS),
    minPriceIncrementAmount: POINT,
    ...terms({ ...JUNE, activation: SEPTEMBER.activation }),
    legCount: 2,
    legIndex: index,
    legInstrumentId: leg.instrumentId,
    legRawSymbol: leg.rawSymbol,
    legInstrumentClass: "F",
    legSide: index === 0 ? "A" : "B",
    legRatioQtyNumerator: 1,
    legRatioQtyDenominator: 1,
    legRatioPriceNumerator: 1,
    legRatioPriceDenominator: 1,
  };
}

function definitions(): readonly ColdRecord[] {
  const back = PRIOR_SETTLEMENT_TICKS + ticksOf(BACK_MONTH_POINTS);
  const records = [
    outright(NQM5, JUNE, PRIOR_SETTLEMENT_TICKS),
    outright(NQU5, SEPTEMBER, back),
    spreadLeg(0),
    spreadLeg(1),
  ];
  return records.map((record, order) => cold(before(20), order, record));
}

type YesNo = "Y" | "N";

function statusOfAll(
  nanos: number, action: number, tradingEvent: number, trading: YesNo, quoting: YesNo,
): ColdRecord[] {
  return INSTRUMENTS.map((instrument, order) =>
    cold(nanos, order, {
      kind: "status", instrumentId: instrument.instrumentId, action, reason: 1, tradingEvent,
      isTrading: trading, isQuoting: quoting, isShortSellRestricted: "~",
    }),
  );
}

const STAT = { openingPrice: 1, settlement: 3, clearedVolume: 6, openInterest: 9 } as const;
/** Settlement: final (1), actual (2) and rounded to a tick (4); the first one of an afternoon is not yet final. */
const FINAL = 1 | 2 | 4;
const PRELIMINARY = 2 | 4;

interface Value {
  readonly type: number;
  readonly ticks?: number;
  readonly quantity?: number;
  /** Day of June 2025 to which the value belongs; null: the present session. */
  readonly day: number | null;
  readonly flags?: number;
}

function statistic(nanos: number, order: number, instrument: SourceInstrument, value: Value): ColdRecord {
  const { type, ticks, quantity, day, flags = 0 } = value;
  return cold(nanos, order, {
    kind: "statistics", instrumentId: instrument.instrumentId, statType: type, updateAction: 1, statFlags: flags,
    channelId: 0, tsInDelta: 11_000, sequence: 900 + order,
    ...(day === null ? {} : { tsRef: toNanos({ sec: Date.UTC(2025, 5, day) / 1000, nanos: 0 }) }),
    ...(ticks === undefined ? {} : { price: BigInt(ticks) * BigInt(TICK_UNITS) }),
    ...(quantity === undefined ? {} : { quantity: BigInt(quantity) }),
  });
}

/** Settlements of 06-12 come after the session began, so that a reader who starts at 18:00 has them. */
function statistics(): readonly ColdRecord[] {
  const back = ticksOf(BACK_MONTH_POINTS);
  const prior = PRIOR_SETTLEMENT_TICKS;
  const own = DAY_SETTLEMENT_TICKS;
  const settled = nanosAt("16:00:12");
  return [
    statistic(0, 10, NQM5, { type: STAT.settlement, ticks: prior, day: 12, flags: FINAL }),
    statistic(0, 11, NQU5, { type: STAT.settlement, ticks: prior + back, day: 12, flags: FINAL }),
    // Volume and open interest of the day before: estimates, of the size usual in a roll week.
    statistic(0, 12, NQM5, { type: STAT.clearedVolume, quantity: 412_370, day: 12 }),
    statistic(0, 13, NQU5, { type: STAT.clearedVolume, quantity: 38_914, day: 12 }),
    statistic(0, 14, NQM5, { type: STAT.openInterest, quantity: 236_518, day: 12 }),
    statistic(0, 15, NQU5, { type: STAT.openInterest, quantity: 41_207, day: 12 }),
    statistic(3_000_000, 16, NQM5, { type: STAT.openingPrice, ticks: ticksOf(21_900), day: null }),
    statistic(settled, 0, NQM5, { type: STAT.settlement, ticks: own, day: 13, flags: PRELIMINARY }),
    statistic(settled, 1, NQU5, { type: STAT.settlement, ticks: own + back, day: 13, flags: PRELIMINARY }),
  ];
}

/** Status numbers: 1 pre-open, 7 trading, 12 close; event 2 is a change of the trading session. */
const PRE_OPEN = 1;
const TRADING = 7;
const CLOSE = 12;
const NEW_SESSION = 2;

/** All of them, in order of receive time. */
export function coldRecords(): readonly ColdRecord[] {
  return [
    ...definitions(),
    ...statusOfAll(before(15), PRE_OPEN, 0, "N", "Y"),
    ...statusOfAll(0, TRADING, NEW_SESSION, "Y", "Y"),
    ...statistics(),
    ...statusOfAll(nanosAt("17:00"), CLOSE, 0, "N", "N"),
  ].sort((a, b) => a.recv - b.recv);
}
