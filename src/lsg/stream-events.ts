/** What the gateway says about the stream inside the stream: system, error and mapping records as events. */
import { RTYPE } from "../dbn/constants.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { decodeRecord, type ErrorMsg, type SystemMsg } from "../dbn/records.ts";
import { systemCodeOfText } from "../dbn/text-codes.ts";
import type { ErrorCode } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { fatalCode, gatewayErrorCode } from "./refusal.ts";

/** All texts are sanitised; a null schema means that the text did not name one. */
export type StreamEvent =
  | { readonly kind: "heartbeat" }
  | { readonly kind: "acknowledged"; readonly schema: string | null; readonly text: string }
  | { readonly kind: "slowReading"; readonly text: string }
  | { readonly kind: "replayCompleted"; readonly schema: string | null }
  | { readonly kind: "endOfInterval"; readonly schema: string | null }
  | { readonly kind: "sourceFinished"; readonly text: string }
  | {
      readonly kind: "mapping";
      readonly instrumentId: number;
      /** The symbol as subscribed. */
      readonly stypeInSymbol: string;
      readonly rawSymbol: string;
    }
  | {
      readonly kind: "error";
      /** The gateway's code, 1 to 8; 255 when unknown. */
      readonly code: number;
      /** What it means for this client; null when the session goes on. */
      readonly fatal: ErrorCode | null;
      /** No further error record follows. */
      readonly isLast: boolean;
      readonly text: string;
    }
  | { readonly kind: "notice"; readonly text: string };

/** Our own gateway's farewell when a recording is over; it closes after it. */
export const END_OF_RECORDING = "End of recording";
const TEXT_MAX = 302;
const SYMBOL_MAX = 70;

/** True for the records that are about the stream: system, error, mapping. */
export function isGatewayRtype(rtype: number): boolean {
  return rtype === RTYPE.system || rtype === RTYPE.error || rtype === RTYPE.symbolMapping;
}

function word(text: string, pattern: RegExp): string | null {
  return pattern.exec(text)?.[1] ?? null;
}

function systemEvent(record: SystemMsg): StreamEvent {
  const text = sanitiseText(record.msg, TEXT_MAX);
  if (text.startsWith(END_OF_RECORDING)) return { kind: "sourceFinished", text };
  switch (record.code <= 4 ? record.code : systemCodeOfText(record.msg)) {
    case 0:
      return { kind: "heartbeat" };
    case 1:
      return { kind: "acknowledged", schema: word(text, / for ([a-z0-9-]+) data/), text };
    case 2:
      return { kind: "slowReading", text };
    case 3:
      return { kind: "replayCompleted", schema: word(text, /^Finished ([a-z0-9-]+)/) };
    case 4:
      return { kind: "endOfInterval", schema: word(text, /^End of interval for ([a-z0-9-]+)/) };
    default:
      return { kind: "notice", text };
  }
}

function errorEvent(record: ErrorMsg): StreamEvent {
  const code = gatewayErrorCode(record.code, record.err);
  const text = sanitiseText(record.err, TEXT_MAX);
  return { kind: "error", code, fatal: fatalCode(code), isLast: record.isLast !== 0, text };
}

/** The event of a gateway record in the layout of version 3; null for every other record. */
export function streamEvent(view: RecordView): StreamEvent | null {
  if (!isGatewayRtype(view.rtype)) return null;
  const record = decodeRecord(view.bytes, 3, view.base);
  switch (record?.kind) {
    case "system":
      return systemEvent(record);
    case "error":
      return errorEvent(record);
    case "symbolMapping":
      return {
        kind: "mapping",
        instrumentId: record.instrumentId,
        stypeInSymbol: sanitiseText(record.stypeInSymbol, SYMBOL_MAX),
        rawSymbol: sanitiseText(record.stypeOutSymbol, SYMBOL_MAX),
      };
    default:
      return null;
  }
}
