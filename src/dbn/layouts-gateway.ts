/** Layouts of the records a gateway makes itself: errors, system messages, symbol mappings. */
import { TS, type Layout } from "./layout.ts";

/** Version 1, 80 bytes. */
export const ERROR_V1 = [
  ["err", 16, "cstr", "", 64],
] as const satisfies Layout;

/** Versions 2 and 3, 320 bytes. */
export const ERROR_V2 = [
  ["err", 16, "cstr", "", 302],
  ["code", 318, "u8", 255],
  ["isLast", 319, "u8", 255],
] as const satisfies Layout;

/** Version 1, 80 bytes. */
export const MAPPING_V1 = [
  ["stypeInSymbol", 16, "cstr", "", 22],
  ["stypeOutSymbol", 38, "cstr", "", 22],
  ["reserved60", 60, "reserved", "", 4],
  ["startTs", 64, "time", TS],
  ["endTs", 72, "time", TS],
] as const satisfies Layout;

/** Versions 2 and 3, 176 bytes. */
export const MAPPING_V2 = [
  ["stypeIn", 16, "u8", 255],
  ["stypeInSymbol", 17, "cstr", "", 71],
  ["stypeOut", 88, "u8", 255],
  ["stypeOutSymbol", 89, "cstr", "", 71],
  ["startTs", 160, "time", TS],
  ["endTs", 168, "time", TS],
] as const satisfies Layout;

/** Version 1, 80 bytes. */
export const SYSTEM_V1 = [
  ["msg", 16, "cstr", "", 64],
] as const satisfies Layout;

/** Versions 2 and 3, 320 bytes. */
export const SYSTEM_V2 = [
  ["msg", 16, "cstr", "", 303],
  ["code", 319, "u8", 255],
] as const satisfies Layout;
