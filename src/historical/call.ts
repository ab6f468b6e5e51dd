/** One call of the API: the key as HTTP basic authentication, patience with a busy server, typed errors for the rest. */
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { brokenBy, SILENCE_MS, smallText, stopped } from "./body.ts";
import type { HistoricalOptions } from "./options.ts";
import { isPassing, refusalOf } from "./refusal.ts";

/** Tries of one call; waits between them double from a second on, with full spread. */
const TRIES_MAX = 6;
const WAIT_FIRST_MS = 1_000;
const WAIT_MAX_MS = 60_000;
/** A server that asks for a longer pause is not waited for. */
const RETRY_AFTER_MAX_MS = 300_000;
const NOTE_MAX = 300;

/** Form parameters; what is undefined is left out. */
export type Params = Readonly<Record<string, string | undefined>>;

/** Resolves after the time, or rejects when the caller stops. */
export function pause({ clock, signal }: HistoricalOptions, delayMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      cancel();
      reject(stopped());
    };
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

/** Milliseconds before try `attempt` (1: the first again), without what the server asks for. */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(WAIT_MAX_MS, WAIT_FIRST_MS * 2 ** (attempt - 1)) + WAIT_FIRST_MS / 4;
}

/** `Retry-After`: whole seconds, or a date; null when there is none. */
function retryAfterMs(header: string | null, wallMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - wallMs);
}

/** Warnings come as a JSON list of texts. */
function tellWarnings(response: Response, { apiKey, onNote }: HistoricalOptions): void {
  const header = response.headers.get("x-warning");
  if (header === null) return;
  let texts: unknown = [header];
  try {
    texts = JSON.parse(header);
  } catch {
    // one text as it is
  }
  for (const text of Array.isArray(texts) ? texts.slice(0, 10) : [header]) onNote(sanitiseText(apiKey.redact(String(text)), NOTE_MAX));
}

async function once(options: HistoricalOptions, method: string, params: Params): Promise<Response> {
  const { clock, signal } = options;
  const silence = new AbortController();
  const cancel = clock.after(SILENCE_MS, () => silence.abort());
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value !== undefined) body.set(name, value);
  const isGet = method === "metadata.get_dataset_range";
  const url = `${options.baseUrl}${method}${isGet ? `?${body.toString()}` : ""}`;
  const headers = { "Authorization": options.apiKey.basicAuthorization(), "User-Agent": options.clientName, "Accept": "*/*" };
  try {
    return await options.fetch(url, {
      method: isGet ? "GET" : "POST", headers, ...(isGet ? {} : { body }),
      redirect: "error", // the key would go along
      signal: AbortSignal.any([signal, silence.signal]),
    });
  } catch (error) {
    if (signal.aborted) throw stopped();
    throw silence.signal.aborted ? new NqError("HIST_UNAVAILABLE", `no answer to ${method} within ${SILENCE_MS / 1000} s`) : brokenBy(error);
  } finally {
    cancel();
  }
}

/** Asks until there is an answer of 200, or 206, and `take` has what it wants of it. */
async function ask<T>(options: HistoricalOptions, method: string, params: Params, take: (response: Response) => T | Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    let failure: NqError;
    let askedMs: number | null = null;
    try {
      const response = await once(options, method, params);
      if (response.status === 200 || response.status === 206) {
        tellWarnings(response, options);
        return await take(response);
      }
      askedMs = retryAfterMs(response.headers.get("retry-after"), options.clock.wallMs());
      failure = refusalOf(method, response.status, await smallText(response, options), response.headers.get("request-id") ?? "", options.apiKey);
      if (!isPassing(response.status)) throw failure;
    } catch (error) {
      if (!(error instanceof NqError) || error.code !== "HIST_UNAVAILABLE") throw error;
      failure = error;
    }
    if (attempt >= TRIES_MAX) throw failure;
    if (askedMs !== null && askedMs > RETRY_AFTER_MAX_MS) {
      throw new NqError("HIST_UNAVAILABLE", `${failure.message}; it asks for a pause of ${Math.ceil(askedMs / 1000)} s`, { cause: failure });
    }
    const waitMs = Math.max(askedMs ?? 0, backoffMs(attempt, options.random));
    options.onNote(`${failure.message}; trying again in ${(waitMs / 1000).toFixed(1)} s`);
    await pause(options, waitMs);
  }
}

/**
 * The answer, its body still to come; 206 means that something is missing, and is told as a note.
 * @throws NqError HIST_*
 */
export function call(options: HistoricalOptions, method: string, params: Params): Promise<Response> {
  return ask(options, method, params, (response) => response);
}

/** The answer's JSON. @throws NqError HIST_*; HIST_CONTENT when it is none */
export async function callJson(options: HistoricalOptions, method: string, params: Params): Promise<unknown> {
  const text = await ask(options, method, params, (response) => smallText(response, options));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NqError("HIST_CONTENT", `expected JSON in the answer to ${method}, found something else`, { cause: error });
  }
}
