/** What the API answers when it does not do what was asked → the error that says what to do about it. */
import { NqError, type ErrorCode } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import type { ApiKey } from "../lsg/api-key.ts";

const TEXT_MAX = 300;

/** `detail` is a text, or an object with a case and a message. */
interface Detail {
  readonly case: string;
  readonly message: string;
}

function detailOf(body: string): Detail {
  try {
    const { detail } = JSON.parse(body) as { detail?: unknown };
    if (typeof detail === "string") return { case: "", message: detail };
    if (typeof detail === "object" && detail !== null) {
      const { case: name, message } = detail as Record<string, unknown>;
      return { case: typeof name === "string" ? name : "", message: typeof message === "string" ? message : "" };
    }
  } catch {
    // a proxy on the way answers in its own form
  }
  return { case: "", message: "" };
}

/** Nothing is there yet, or not any more, for the times asked for. */
const RANGE_CASES: ReadonlySet<string> = new Set([
  "data_end_after_available_end", "data_start_before_available_start", "data_start_after_available_end", "dataset_unavailable_range",
]);

function codeOf(status: number, name: string): ErrorCode {
  if (status === 401) return "HIST_REFUSED";
  if (status === 402) return "HIST_PAYMENT";
  if (status === 403) return "HIST_LICENCE";
  if (status === 422 && RANGE_CASES.has(name)) return "HIST_RANGE";
  return status >= 500 || status === 429 ? "HIST_UNAVAILABLE" : "HIST_REQUEST";
}

/** True for answers after which the same may be asked again. */
export function isPassing(status: number): boolean {
  return status === 429 || status === 500 || status === 502 || status === 503 || status === 504;
}

/** The error of an answer that is not 200 or 206. Its text may repeat what was sent, so the key is hidden in it. */
export function refusalOf(method: string, status: number, body: string, requestId: string, apiKey: ApiKey): NqError {
  const { case: name, message } = detailOf(body);
  const said = sanitiseText(apiKey.redact(message === "" ? "no reason given" : message), TEXT_MAX);
  const named = /^[a-z_]{1,60}$/.test(name) ? ` (${name})` : "";
  const request = /^[\w-]{8,64}$/.test(requestId) ? `; its request id is ${requestId}` : "";
  return new NqError(codeOf(status, name), `the historical API refuses ${method} with status ${status}${named}: ${said}${request}`);
}
