/** Where a command's market comes from: Databento, a gateway that was named, the demo market, or recordings. */
import type { Endpoint } from "../client/endpoint.ts";
import type { SubscribeContext } from "../client/live-options.ts";
import type { UnixTime } from "../lib/time.ts";
import type { ApiKey } from "../lsg/api-key.ts";
import type { Subscription } from "../lsg/subscription.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { RollRule } from "../market/front-month.ts";
import type { Mode } from "../store/snapshot.ts";
import type { RequestedSymbol } from "./options.ts";

export interface Feed {
  readonly mode: Mode;
  readonly endpoint: Endpoint;
  readonly apiKey: ApiKey;
  readonly dataset: string;
  /** The symbol asked for, e.g. `NQ.v.0`. */
  readonly requested: string;
  /** The rule that chose it; null when it was named. */
  readonly rollRule: RollRule | null;
  /** Another contract whose trades are asked for beside it, to see when the market moves on; null: none. */
  readonly companion: string | null;
  readonly calendar: TradingCalendar;
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
  readonly symbol: RequestedSymbol;
  /** Another contract, named in the same way, of which the trades and the definition are asked for; null: none. */
  readonly companion: string | null;
  readonly tradesStart: bigint;
  /** Replay quotes too: where market time begins in the past, so that prices and quotes run together. */
  readonly quotesStart: bigint | null;
}): readonly Subscription[] {
  const { symbol, companion, tradesStart, quotesStart } = options;
  const own = [symbol.text];
  const both = companion === null ? own : [symbol.text, companion];
  const rows: readonly (readonly [schema: string, start: bigint | null, symbols: readonly string[]])[] = [
    ["definition", 0n, both],
    ["statistics", 0n, own],
    ["status", 0n, own],
    ["trades", tradesStart, both],
    ["mbp-1", quotesStart, own],
  ];
  return rows.map(([schema, start, symbols], index) => ({
    schema, stypeIn: symbol.stypeIn, symbols, start, snapshot: false, id: index + 1,
  }));
}
