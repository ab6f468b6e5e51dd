/** What a subscription brings before its data: acknowledgement, symbols that do not resolve, symbol mappings. */
import type { DbnVersion } from "../dbn/constants.ts";
import type { Subscription } from "../lsg/subscription.ts";
import {
  acknowledgement, ERROR_CODE, errorRecord, mappingRecord, SYSTEM_CODE, systemRecord,
} from "./gateway-records.ts";
import type { Resolution } from "./resolve-symbols.ts";
import type { WireBuffer } from "./wire-buffer.ts";

/** Where a session's data begins, nanoseconds since 1970: at the earliest start asked for, 0 being the source's first record. */
export function earliestStart(subscriptions: readonly Subscription[], joined: bigint, firstAt: bigint): bigint {
  let earliest = joined;
  for (const { start } of subscriptions) {
    const from = start === 0n ? firstAt : start;
    if (from !== null && from < earliest) earliest = from;
  }
  return earliest;
}

/** Records after which it may be looked whether what was made should be sent. */
const STEP = 500;

/** Writes them into `wire`, stopping now and then; `at` is the market time in nanoseconds since 1970. */
export function* announce(
  wire: WireBuffer,
  version: DbnVersion,
  at: bigint,
  subscription: Subscription,
  resolution: Resolution,
): Generator<void, void> {
  const { id, schema, stypeIn } = subscription;
  wire.own(systemRecord(version, at, SYSTEM_CODE.acknowledgement, acknowledgement(id, schema)));
  for (const [index, symbol] of resolution.unresolved.entries()) {
    const isLast = index === resolution.unresolved.length - 1;
    const text = `Failed to resolve symbol ${symbol}`;
    wire.own(errorRecord(version, at, ERROR_CODE.unresolvedSymbol, text, isLast));
    if (index % STEP === STEP - 1) yield;
  }
  for (const [index, { symbol, instrument }] of resolution.found.entries()) {
    const { instrumentId, rawSymbol } = instrument;
    wire.own(mappingRecord(version, at, { stypeIn, symbol, instrumentId, rawSymbol }));
    if (index % STEP === STEP - 1) yield;
  }
  yield;
}
