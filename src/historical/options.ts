/** What calls of the historical HTTP API need, and where they may go. */
import type { Clock } from "../lib/clock.ts";
import { NqError } from "../lib/errors.ts";
import type { ApiKey } from "../lsg/api-key.ts";

/** Databento's address; method names follow it. */
export const HISTORICAL_URL = "https://hist.databento.com/v0/";

export interface HistoricalOptions {
  /** HISTORICAL_URL, or a stand-in on this machine. */
  readonly baseUrl: string;
  readonly apiKey: ApiKey;
  /** Name and version of this program. */
  readonly clientName: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** A number in [0, 1), for the spread of waits. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** What the API warns of, and what is waited for; sanitised sentences. */
  readonly onNote: (sentence: string) => void;
}

const LOCAL = /^http:\/\/(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])(?::\d{1,5})?\//;

/**
 * The key goes with every call, so it goes to Databento or stays on this machine: a mistyped address must not get it.
 * @throws NqError USAGE
 */
export function checkedBaseUrl(text: string): string {
  const url = text.endsWith("/") ? text : `${text}/`;
  if (url === HISTORICAL_URL || LOCAL.test(url)) return url;
  throw new NqError("USAGE", `expected ${HISTORICAL_URL} or an address of this machine, found another; the API key is sent nowhere else`);
}
