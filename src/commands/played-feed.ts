/** What is asked of a market that is played, which depends on where it was moved to. */
import type { SymbolMeaning } from "../gateway/gateway-records.ts";
import { SymbolResolver } from "../gateway/resolve-symbols.ts";
import type { GatewaySource } from "../gateway/source.ts";
import { subscriptionsFor, type Feed } from "./feed.ts";
import type { RequestedSymbol } from "./options.ts";
import type { Playback } from "./playback.ts";

/** What is shown, and beside it. */
export interface PlayedSymbols {
  readonly symbol: RequestedSymbol;
  readonly companion: string | null;
}

/** What the gateway will say that the symbols stand for. */
export function meaningsOf({ instruments }: GatewaySource, { symbol: { stypeIn, text }, companion }: PlayedSymbols): SymbolMeaning[] {
  const symbols = companion === null ? [text] : [text, companion];
  const { found } = new SymbolResolver(instruments).resolve({ stypeIn, symbols });
  return found.map(({ symbol, instrument: { instrumentId, rawSymbol } }) => ({ stypeIn, symbol, instrumentId, rawSymbol }));
}

/** Figures are made of trades; of the quotes before the place that was moved to, the last ones are enough. */
export function playedSubscriptions(served: Pick<Playback, "starts">, source: GatewaySource, { symbol, companion }: PlayedSymbols): Feed["subscriptions"] {
  // Bars that our own gateway would have to count from the same trades check nothing.
  const hasBars = source.schemas.includes("ohlcv-1m");
  return ({ resume }) => {
    const { trades, quotes } = served.starts();
    const all = subscriptionsFor({ symbol, companion, tradesStart: trades, quotesStart: quotes, resume: trades === null ? resume : null });
    return hasBars ? all : all.filter(({ schema }) => schema !== "ohlcv-1m");
  };
}
