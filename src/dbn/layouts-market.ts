/** Layouts of prices, orders, trades, books, bars, status and statistics records (reference: Databento DBN, all versions). */
import { PX, TS, type Layout } from "./layout.ts";

/** Market by order, 56 bytes. */
export const MBO = [
  ["orderId", 16, "u64", 0n],
  ["price", 24, "price", PX],
  ["size", 32, "u32", 0],
  ["flags", 36, "u8", 0],
  ["channelId", 37, "u8", 255],
  ["action", 38, "char", "N"],
  ["side", 39, "char", "N"],
  ["tsRecv", 40, "time", TS],
  ["tsInDelta", 48, "i32", 0],
  ["sequence", 52, "u32", 0],
] as const satisfies Layout;

/** Trade, 48 bytes. */
export const TRADE = [
  ["price", 16, "price", PX],
  ["size", 24, "u32", 0],
  ["action", 28, "char", "N"],
  ["side", 29, "char", "N"],
  ["flags", 30, "u8", 0],
  ["depth", 31, "u8", 0],
  ["tsRecv", 32, "time", TS],
  ["tsInDelta", 40, "i32", 0],
  ["sequence", 44, "u32", 0],
] as const satisfies Layout;

/** The best level, where a record holds one: at 48. */
const LEVEL = [
  ["bidPx00", 48, "price", PX],
  ["askPx00", 56, "price", PX],
  ["bidSz00", 64, "u32", 0],
  ["askSz00", 68, "u32", 0],
  ["bidCt00", 72, "u32", 0],
  ["askCt00", 76, "u32", 0],
] as const satisfies Layout;

/** The best level of consolidated records: publishers in place of order counts. */
const CONSOLIDATED_LEVEL = [
  ["bidPx00", 48, "price", PX],
  ["askPx00", 56, "price", PX],
  ["bidSz00", 64, "u32", 0],
  ["askSz00", 68, "u32", 0],
  ["bidPb00", 72, "u16", 0],
  ["reserved74", 74, "reserved", "", 2],
  ["askPb00", 76, "u16", 0],
  ["reserved78", 78, "reserved", "", 2],
] as const satisfies Layout;

/** Best level with the update that caused it (mbp-1, tbbo), 80 bytes. */
export const MBP1 = [...TRADE, ...LEVEL] as const satisfies Layout;

/** Ten levels, 368 bytes; level i starts at 48 + 32 × i. */
export const MBP10 = [
  ...TRADE,
  ["bidPx00", 48, "price", PX], ["askPx00", 56, "price", PX],
  ["bidSz00", 64, "u32", 0], ["askSz00", 68, "u32", 0], ["bidCt00", 72, "u32", 0], ["askCt00", 76, "u32", 0],
  ["bidPx01", 80, "price", PX], ["askPx01", 88, "price", PX],
  ["bidSz01", 96, "u32", 0], ["askSz01", 100, "u32", 0], ["bidCt01", 104, "u32", 0], ["askCt01", 108, "u32", 0],
  ["bidPx02", 112, "price", PX], ["askPx02", 120, "price", PX],
  ["bidSz02", 128, "u32", 0], ["askSz02", 132, "u32", 0], ["bidCt02", 136, "u32", 0], ["askCt02", 140, "u32", 0],
  ["bidPx03", 144, "price", PX], ["askPx03", 152, "price", PX],
  ["bidSz03", 160, "u32", 0], ["askSz03", 164, "u32", 0], ["bidCt03", 168, "u32", 0], ["askCt03", 172, "u32", 0],
  ["bidPx04", 176, "price", PX], ["askPx04", 184, "price", PX],
  ["bidSz04", 192, "u32", 0], ["askSz04", 196, "u32", 0], ["bidCt04", 200, "u32", 0], ["askCt04", 204, "u32", 0],
  ["bidPx05", 208, "price", PX], ["askPx05", 216, "price", PX],
  ["bidSz05", 224, "u32", 0], ["askSz05", 228, "u32", 0], ["bidCt05", 232, "u32", 0], ["askCt05", 236, "u32", 0],
  ["bidPx06", 240, "price", PX], ["askPx06", 248, "price", PX],
  ["bidSz06", 256, "u32", 0], ["askSz06", 260, "u32", 0], ["bidCt06", 264, "u32", 0], ["askCt06", 268, "u32", 0],
  ["bidPx07", 272, "price", PX], ["askPx07", 280, "price", PX],
  ["bidSz07", 288, "u32", 0], ["askSz07", 292, "u32", 0], ["bidCt07", 296, "u32", 0], ["askCt07", 300, "u32", 0],
  ["bidPx08", 304, "price", PX], ["askPx08", 312, "price", PX],
  ["bidSz08", 320, "u32", 0], ["askSz08", 324, "u32", 0], ["bidCt08", 328, "u32", 0], ["askCt08", 332, "u32", 0],
  ["bidPx09", 336, "price", PX], ["askPx09", 344, "price", PX],
  ["bidSz09", 352, "u32", 0], ["askSz09", 356, "u32", 0], ["bidCt09", 360, "u32", 0], ["askCt09", 364, "u32", 0],
] as const satisfies Layout;

/** Sampled best level (bbo-1s, bbo-1m), 80 bytes; ts_recv is the end of the interval. */
export const BBO = [
  ["price", 16, "price", PX],
  ["size", 24, "u32", 0],
  ["reserved28", 28, "reserved", "", 1],
  ["side", 29, "char", "N"],
  ["flags", 30, "u8", 0],
  ["reserved31", 31, "reserved", "", 1],
  ["tsRecv", 32, "time", TS],
  ["reserved40", 40, "reserved", "", 4],
  ["sequence", 44, "u32", 0],
  ...LEVEL,
] as const satisfies Layout;

/** Consolidated best level (cmbp-1, tcbbo), 80 bytes. */
export const CMBP1 = [
  ["price", 16, "price", PX],
  ["size", 24, "u32", 0],
  ["action", 28, "char", "N"],
  ["side", 29, "char", "N"],
  ["flags", 30, "u8", 0],
  ["reserved31", 31, "reserved", "", 1],
  ["tsRecv", 32, "time", TS],
  ["tsInDelta", 40, "i32", 0],
  ["reserved44", 44, "reserved", "", 4],
  ...CONSOLIDATED_LEVEL,
] as const satisfies Layout;

/** Sampled consolidated best level (cbbo-1s, cbbo-1m), 80 bytes. */
export const CBBO = [
  ["price", 16, "price", PX],
  ["size", 24, "u32", 0],
  ["reserved28", 28, "reserved", "", 1],
  ["side", 29, "char", "N"],
  ["flags", 30, "u8", 0],
  ["reserved31", 31, "reserved", "", 1],
  ["tsRecv", 32, "time", TS],
  ["reserved40", 40, "reserved", "", 8],
  ...CONSOLIDATED_LEVEL,
] as const satisfies Layout;

/** Bar, 56 bytes; ts_event is its start. */
export const OHLCV = [
  ["open", 16, "price", PX],
  ["high", 24, "price", PX],
  ["low", 32, "price", PX],
  ["close", 40, "price", PX],
  ["volume", 48, "u64", 0n],
] as const satisfies Layout;

/** Trading status, 40 bytes. */
export const STATUS = [
  ["tsRecv", 16, "time", TS],
  ["action", 24, "u16", 0],
  ["reason", 26, "u16", 0],
  ["tradingEvent", 28, "u16", 0],
  ["isTrading", 30, "char", "~"],
  ["isQuoting", 31, "char", "~"],
  ["isShortSellRestricted", 32, "char", "~"],
  ["reserved33", 33, "reserved", "", 7],
] as const satisfies Layout;

/** Auction imbalance, 112 bytes. */
export const IMBALANCE = [
  ["tsRecv", 16, "time", TS],
  ["refPrice", 24, "price", PX],
  ["auctionTime", 32, "time", TS],
  ["contBookClrPrice", 40, "price", PX],
  ["auctInterestClrPrice", 48, "price", PX],
  ["ssrFillingPrice", 56, "price", PX],
  ["indMatchPrice", 64, "price", PX],
  ["upperCollar", 72, "price", PX],
  ["lowerCollar", 80, "price", PX],
  ["pairedQty", 88, "u32", 4294967295],
  ["totalImbalanceQty", 92, "u32", 4294967295],
  ["marketImbalanceQty", 96, "u32", 4294967295],
  ["unpairedQty", 100, "u32", 4294967295],
  ["auctionType", 104, "char", "~"],
  ["side", 105, "char", "N"],
  ["auctionStatus", 106, "u8", 0],
  ["freezeStatus", 107, "u8", 0],
  ["numExtensions", 108, "u8", 0],
  ["unpairedSide", 109, "char", "N"],
  ["significantImbalance", 110, "char", "~"],
  ["reserved111", 111, "reserved", "", 1],
] as const satisfies Layout;

/** Statistics of versions 1 and 2, 64 bytes. */
export const STATISTICS_V1 = [
  ["tsRecv", 16, "time", TS],
  ["tsRef", 24, "time", TS],
  ["price", 32, "price", PX],
  ["quantity", 40, "i32", 2147483647],
  ["sequence", 44, "u32", 0],
  ["tsInDelta", 48, "i32", 0],
  ["statType", 52, "u16", 0],
  ["channelId", 54, "u16", 65535],
  ["updateAction", 56, "u8", 1],
  ["statFlags", 57, "u8", 0],
  ["reserved58", 58, "reserved", "", 6],
] as const satisfies Layout;

/** Statistics of version 3, 80 bytes; quantity is 64 bits wide. */
export const STATISTICS_V3 = [
  ["tsRecv", 16, "time", TS],
  ["tsRef", 24, "time", TS],
  ["price", 32, "price", PX],
  ["quantity", 40, "i64", PX],
  ["sequence", 48, "u32", 0],
  ["tsInDelta", 52, "i32", 0],
  ["statType", 56, "u16", 0],
  ["channelId", 58, "u16", 65535],
  ["updateAction", 60, "u8", 1],
  ["statFlags", 61, "u8", 0],
  ["reserved62", 62, "reserved", "", 18],
] as const satisfies Layout;
