/** Where a command's market comes from: Databento, a gateway that was named, the demo market, or recordings. */
import type { Endpoint } from "../client/endpoint.ts";
import type { SubscribeContext } from "../client/live-options.ts";
import type { Resume } from "../client/recovery.ts";
import type { UnixTime } from "../lib/time.ts";
import type { PlayableSource } from "../gateway/source.ts";
import type { LinkGap } from "../lsg/link-state.ts";
import type { ApiKey } from "../lsg/api-key.ts";
import type { StypeIn, Subscription } from "../lsg/subscription.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { RollRule } from "../market/front-month.ts";
import type { Mode } from "../store/snapshot.ts";
import type { RequestedSymbol } from "./options.ts";
import type { Playback } from "./playback.ts";
import type { PlayedSymbols } from "./played-feed.ts";

export interface Feed {
  readonly mode: Mode;
  readonly endpoint: Endpoint;
  readonly apiKey: ApiKey;
  readonly dataset: string;
  /** The symbol asked for, e.g. `NQ.v.0`. */
  readonly requested: string;
  /** What its reader knows it by, where `requested` is only an instrument id. */
  readonly called?: string;
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
  /** A recording that can be paused, stepped and moved about in; absent for a market that goes its own way. */
  readonly playback?: Playback;
  /** What there has been up to this market time, to be played; absent where that is only in recordings. */
  readonly past?: (until: UnixTime) => { readonly source: PlayableSource; readonly symbols: PlayedSymbols };
  /** Times of which the source has nothing, oldest first. */
  readonly missing?: readonly LinkGap[];
  /** What the reader should know in the end, e.g. a damaged tail. */
  readonly findings: () => readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * The schemas the screen lives on. A session that resumes asks for what came since; definitions, of which there are few,
 * always as far back as there are, and everything of a symbol that stands for another contract now.
 */
export function subscriptionsFor(options: {
  readonly symbol: RequestedSymbol;
  /** Another contract, named in the same way, of which the trades and the definition are asked for; null: none. */
  readonly companion: string | null;
  /** What a session that counts from nothing asks for, nanoseconds since 1970; null: all that came before is counted. */
  readonly tradesStart: bigint | null;
  readonly resume: Resume | null;
  /** Replay quotes too: where market time begins in the past, so that prices and quotes run together. */
  readonly quotesStart: bigint | null;
}): readonly Subscription[] {
  const { symbol, companion, tradesStart, quotesStart, resume } = options;
  const own = [symbol.text];
  const both = companion === null ? own : [symbol.text, companion];
  const rolls = resume?.rolls ?? [];
  const since = rolls.length > 0 ? null : (resume?.start ?? null);
  const toldStart = tradesStart === null ? null : 0n;
  const rows: (readonly [schema: string, start: bigint | null, symbols: readonly string[], stypeIn: StypeIn])[] = [
    ["definition", toldStart, both, symbol.stypeIn],
    ["statistics", since ?? toldStart, own, symbol.stypeIn],
    ["status", since ?? toldStart, own, symbol.stypeIn],
    ["trades", since ?? tradesStart, both, symbol.stypeIn],
    ["ohlcv-1m", since ?? tradesStart, own, symbol.stypeIn], // against which our own minutes are checked
    ["mbp-1", quotesStart === null ? null : (since ?? quotesStart), own, symbol.stypeIn],
  ];
  if (resume !== null && rolls.length > 0) {
    rows.push(["trades", resume.start, [...new Set(rolls.map(({ rawSymbol }) => rawSymbol))], "raw_symbol"]);
  }
  return rows.map(([schema, start, symbols, stypeIn], index) => ({
    schema, stypeIn, symbols, start, snapshot: false, id: index + 1,
  }));
}
