/** The records a gateway makes itself, in the words live gateways use. */
import { STYPE_CODES, UNDEF_TIME, type DbnVersion } from "../dbn/constants.ts";
import type { PartialRecord } from "../dbn/encode.ts";

/** Codes of system records. */
export const SYSTEM_CODE = {
  heartbeat: 0, acknowledgement: 1, slowReading: 2, replayed: 3, interval: 4, other: 255,
} as const;

/** Codes of error records. */
export const ERROR_CODE = {
  unauthenticated: 1, deactivated: 2, connectionLimit: 3, unresolvedSymbol: 4, invalidSubscription: 5, internal: 6,
  skippedRecords: 7, replayAgedOut: 8,
} as const;

/** Widths of text fields with their end: version 1, later versions. */
const TEXT_BYTES = { message: [64, 302], symbol: [22, 71] } as const;

/** Printable ASCII that fits the field; whatever came from a file or a client must not make a record unwritable. */
function fit(text: string, field: keyof typeof TEXT_BYTES, version: DbnVersion): string {
  const [first, later] = TEXT_BYTES[field];
  return text.replace(/[^\u0020-\u007E]/g, "?").slice(0, (version === 1 ? first : later) - 1);
}

/** Code and text are one thing twice: version 1 has the text only. `at` in nanoseconds since 1970. */
export function systemRecord(version: DbnVersion, at: bigint, code: number, text: string): PartialRecord {
  const msg = fit(text, "message", version);
  return version === 1 ? { kind: "system", tsEvent: at, msg } : { kind: "system", tsEvent: at, msg, code };
}

/** `isLast`: no further error of the same cause follows. */
export function errorRecord(version: DbnVersion, at: bigint, code: number, text: string, isLast = true): PartialRecord {
  const err = fit(text, "message", version);
  if (version === 1) return { kind: "error", tsEvent: at, err };
  return { kind: "error", tsEvent: at, err, code, isLast: isLast ? 1 : 0 };
}

/** What a symbol stands for. */
export interface SymbolMeaning {
  readonly stypeIn: string;
  readonly symbol: string;
  readonly instrumentId: number;
  readonly rawSymbol: string;
}

/** The symbol as subscribed → the contract; its id is in the header. Valid without end, as GLBX sends it. */
export function mappingRecord(
  version: DbnVersion,
  at: bigint,
  mapping: SymbolMeaning,
): PartialRecord {
  const common = {
    kind: "symbolMapping" as const,
    tsEvent: at,
    instrumentId: mapping.instrumentId,
    stypeInSymbol: fit(mapping.symbol, "symbol", version),
    stypeOutSymbol: fit(mapping.rawSymbol, "symbol", version),
    startTs: UNDEF_TIME,
    endTs: UNDEF_TIME,
  };
  if (version === 1) return common;
  return { ...common, stypeIn: STYPE_CODES[mapping.stypeIn] ?? 255, stypeOut: STYPE_CODES["raw_symbol"] ?? 255 };
}

/** The text that accepts a subscription; `id` is the client's number for it. */
export function acknowledgement(id: number | null, schema: string): string {
  return `Subscription request ${id === null ? "" : `${id} `}for ${schema} data succeeded`;
}
