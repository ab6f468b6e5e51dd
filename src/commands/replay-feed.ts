/** Recordings behind a gateway in this process, as a feed. */
import { openRecordingSource } from "../gateway/recording-source.ts";
import { servingOf } from "../gateway/serving.ts";
import type { GatewaySource, SourceInstrument } from "../gateway/source.ts";
import { NqError } from "../lib/errors.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import { companionOf } from "./contract-choice.ts";
import { replayCache } from "./data-folder.ts";
import type { Feed } from "./feed.ts";
import { startLocalGateway, type LocalGateway } from "./local-gateway.ts";
import type { RequestedSymbol } from "./options.ts";
import { meaningsOf, playedSubscriptions, type PlayedSymbols } from "./played-feed.ts";
import { Playback } from "./playback.ts";
import { holesBetween } from "./recording-holes.ts";
import type { System } from "./system.ts";

export interface ReplayOptions {
  /** null: the instrument with the most trades. */
  readonly symbol: RequestedSymbol | null;
  readonly speed: number;
  readonly calendar: TradingCalendar;
}

/** The contract after the one shown, named in the same way; null when the recording does not hold it. */
function companionIn({ instruments, firstAt }: GatewaySource, symbol: RequestedSymbol): string | null {
  const named = (text: string): SourceInstrument | undefined =>
    instruments.find(({ instrumentId, rawSymbol, continuous }) => [String(instrumentId), rawSymbol, ...continuous].includes(text));
  if (symbol.stypeIn !== "instrument_id") {
    const next = companionOf(symbol, firstAt.sec);
    return next === null || named(next) === undefined ? null : next;
  }
  const shown = named(symbol.text);
  const next = shown === undefined ? null : companionOf({ text: shown.rawSymbol, stypeIn: "raw_symbol" }, firstAt.sec);
  const other = next === null ? undefined : named(next);
  return other === undefined ? null : String(other.instrumentId);
}

/** A market that plays through once, seen like one that can be moved about in. */
function once({ gateway, apiKey }: LocalGateway): Pick<Playback, "endpoint" | "apiKey" | "starts" | "close"> {
  return {
    endpoint: { transport: "tcp", host: "127.0.0.1", port: gateway.port },
    apiKey,
    starts: () => ({ trades: 0n, quotes: 0n }),
    close: () => gateway.close(),
  };
}

/** @throws NqError when a file cannot be read or holds nothing that trades */
export async function openReplayFeed(system: System, paths: readonly string[], options: ReplayOptions): Promise<Feed> {
  // Whoever reads it once from end to end has no use for what is kept.
  const cache = Number.isFinite(options.speed) ? replayCache(system) : null;
  const source = await openRecordingSource(paths, { cache });
  const main = source.instruments[0];
  if (main === undefined) {
    throw new NqError("FILE_CONTENT", `expected a recording with trades or orders, found none in ${paths.join(", ")}`);
  }
  if (servingOf("trades", source.schemas) === null) {
    const found = `${source.schemas.join(", ")} in ${paths.join(", ")}`;
    throw new NqError("FILE_CONTENT", `expected a recording with trades or orders, found only ${found}`);
  }
  // By id: the name of a recorded contract may be unknown, or used again ten years later.
  const symbol: RequestedSymbol = options.symbol ?? { text: String(main.instrumentId), stypeIn: "instrument_id" };
  const companion = companionIn(source, symbol);
  const symbols: PlayedSymbols = { symbol, companion };
  const shown = meaningsOf(source, symbols);
  if (options.symbol !== null && !shown.some((one) => one.symbol === options.symbol?.text)) {
    const there = source.instruments.slice(0, 8).map(({ rawSymbol }) => rawSymbol).join(", ");
    throw new NqError("INSTRUMENT_UNKNOWN", `${options.symbol.text} is not in the files; there are: ${there}`);
  }
  // As fast as it can be read there is nothing to pause, and nothing to move about in before it is over.
  const served = Number.isFinite(options.speed)
    ? await Playback.start(system, source, { speed: options.speed, shown, cache })
    : once(await startLocalGateway(system, source, { speed: options.speed }));
  return {
    mode: "REPLAY",
    get endpoint() { return served.endpoint; },
    get apiKey() { return served.apiKey; },
    dataset: source.dataset,
    requested: symbol.text,
    ...(options.symbol === null ? { called: main.rawSymbol } : {}),
    rollRule: null,
    companion,
    calendar: options.calendar,
    isHistory: true,
    isFinite: true,
    coverageFrom: () => source.covers[0]?.from ?? source.firstAt,
    missing: holesBetween(source.covers),
    subscriptions: playedSubscriptions(served, source, symbols),
    ...(served instanceof Playback ? { playback: served } : {}),
    findings: () => (source.damage === null ? [] : [`${source.damage.message}; ${source.damage.advice}`]),
    close: () => served.close(),
  };
}
