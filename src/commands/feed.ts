/** Where a command's market comes from: Databento, a gateway that was named, the demo market, or recordings. */
import type { Endpoint } from "../client/endpoint.ts";
import type { SubscribeContext } from "../client/live-options.ts";
import type { UnixTime } from "../lib/time.ts";
import type { ApiKey } from "../lsg/api-key.ts";
import type { StypeIn, Subscription } from "../lsg/subscription.ts";
import type { Mode } from "../store/snapshot.ts";

export interface Feed {
  readonly mode: Mode;
  readonly endpoint: Endpoint;
  readonly apiKey: ApiKey;
  readonly dataset: string;
  /** The symbol asked for, e.g. `NQ.v.0`. */
  readonly requested: string;
  readonly subscriptions: (context: SubscribeContext) => readonly Subscription[];
  /** From when trades are asked for on the connection being made; null: as far back as the gateway goes. */
  readonly coverageFrom: () => UnixTime | null;
  /** The past is part of what was asked for (a recording), not only the way to now. */
  readonly isHistory: boolean;
  /** The source ends by itself: nothing to connect to again afterwards. */
  readonly isFinite: boolean;
  /** What the reader should know in the end, e.g. a damaged tail. */
  readonly findings: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** The schemas the screen lives on. `start`: nanoseconds for trades; the rest as far back as there is. */
export function subscriptionsFor(options: {
  readonly symbol: string;
  readonly stypeIn: StypeIn;
  readonly tradesStart: bigint;
  /** Replay quotes too: where market time begins in the past, so that prices and quotes run together. */
  readonly quotesStart: bigint | null;
}): readonly Subscription[] {
  const { symbol, stypeIn, tradesStart, quotesStart } = options;
  const rows: readonly (readonly [schema: string, start: bigint | null])[] = [
    ["definition", 0n],
    ["statistics", 0n],
    ["status", 0n],
    ["trades", tradesStart],
    ["mbp-1", quotesStart],
  ];
  return rows.map(([schema, start], index) => ({
    schema, stypeIn, symbols: [symbol], start, snapshot: false, id: index + 1,
  }));
}
