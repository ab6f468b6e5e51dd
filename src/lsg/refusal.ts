/** Refusals in words and in codes → the error that says what to do about them. */
import type { ErrorCode } from "../lib/errors.ts";
import { errorCodeOfText } from "../dbn/text-codes.ts";

/** Order matters: the licence text names a dataset. */
const BY_TEXT: readonly (readonly [RegExp, ErrorCode])[] = [
  [/licen[cs]e|entitle/i, "LSG_LICENCE"],
  [/connection limit|too many (?:connections|sessions)/i, "LSG_SESSION_LIMIT"],
  [/deactivated|expired|revoked/i, "LSG_KEY_DEACTIVATED"],
  [/authentication failed/i, "LSG_AUTH_REFUSED"],
  [/internal error|unavailable|try again/i, "LSG_INTERNAL"],
  [/param|dataset|encoding|heartbeat|compression|invalid ts_out|slow_reader/i, "LSG_SUBSCRIPTION"],
];

/** The code for the text of a refused authentication; anything unknown is a refusal that is not retried. */
export function codeOfRefusal(text: string): ErrorCode {
  return BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] ?? "LSG_AUTH_REFUSED";
}

const FATAL: ReadonlyMap<number, ErrorCode> = new Map<number, ErrorCode>([
  [1, "LSG_AUTH_REFUSED"],
  [2, "LSG_KEY_DEACTIVATED"],
  [3, "LSG_SESSION_LIMIT"],
  [5, "LSG_SUBSCRIPTION"],
  [6, "LSG_INTERNAL"],
  [8, "LSG_REPLAY_AGED_OUT"],
]);

/** Version 1 has no code for it, and its text is not published. */
const AGED_OUT = /\baged out\b|\breplay\b.*\b(?:too old|not available|no longer available)\b/i;

/** Code of a gateway's error record; where the record has none (255, version 1) it is read from the text. */
export function gatewayErrorCode(code: number, text: string): number {
  if (code >= 1 && code <= 8) return code;
  const known = errorCodeOfText(text);
  if (known !== 255) return known;
  if (AGED_OUT.test(text)) return 8;
  return /^(?:invalid|unknown|unsupported)\b.*\b(?:subscription|param|schema|stype|symbol)/i.test(text) ? 5 : 255;
}

/** What a fatal error record means; null for those after which the session goes on (4, 7, unknown ones). */
export function fatalCode(gatewayCode: number): ErrorCode | null {
  return FATAL.get(gatewayCode) ?? null;
}
