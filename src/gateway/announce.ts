/** What a subscription brings before its data: acknowledgement, symbols that do not resolve, symbol mappings. */
import type { DbnVersion } from "../dbn/constants.ts";
import type { Subscription } from "../lsg/subscription.ts";
import {
  acknowledgement, ERROR_CODE, errorRecord, mappingRecord, SYSTEM_CODE, systemRecord,
} from "./gateway-records.ts";
import type { Resolution } from "./resolve-symbols.ts";
import type { WireBuffer } from "./wire-buffer.ts";

/** Writes them into `wire`; `at` is the market time in nanoseconds since 1970. */
export function announce(
  wire: WireBuffer,
  version: DbnVersion,
  at: bigint,
  subscription: Subscription,
  resolution: Resolution,
): void {
  const { id, schema, stypeIn } = subscription;
  wire.own(systemRecord(version, at, SYSTEM_CODE.acknowledgement, acknowledgement(id, schema)));
  for (const [index, symbol] of resolution.unresolved.entries()) {
    const isLast = index === resolution.unresolved.length - 1;
    const text = `Failed to resolve symbol ${symbol}`;
    wire.own(errorRecord(version, at, ERROR_CODE.unresolvedSymbol, text, isLast));
  }
  for (const { symbol, instrument } of resolution.found) {
    const { instrumentId, rawSymbol } = instrument;
    wire.own(mappingRecord(version, at, { stypeIn, symbol, instrumentId, rawSymbol }));
  }
}
