/** Databento's own gateway, or another one by address, as a feed. */
import { databentoEndpoint, type Endpoint } from "../client/endpoint.ts";
import { NqError } from "../lib/errors.ts";
import { compareTime, fromMs, type UnixTime } from "../lib/time.ts";
import { ApiKey } from "../lsg/api-key.ts";
import { servedMarketOf } from "../lsg/gateway-version.ts";
import { tradingDayOf } from "../market/trading-day.ts";
import { subscriptionsFor, type Feed } from "./feed.ts";
import { LOCAL_KEY_TEXT } from "./local-gateway.ts";
import { isLoopback, type GatewayAddress, type RequestedSymbol } from "./options.ts";
import type { System } from "./system.ts";

const DATASET = "GLBX.MDP3";
/** Trades can be replayed over about the last 24 hours. */
const REPLAY_REACH_SEC = 24 * 3600;

/**
 * The open of the trading day that is running, or of the last one; null when the gateway's replay does not reach it,
 * then everything it has is asked for.
 */
export function coverageStart(nowSec: number): UnixTime | null {
  const today = tradingDayOf(nowSec);
  // At the weekend the coming day is Monday's; 50 hours before its open Friday still trades.
  const open = today.openSec <= nowSec ? today.openSec : tradingDayOf(today.openSec - 50 * 3600).openSec;
  if (open > nowSec || nowSec - open >= REPLAY_REACH_SEC) return null;
  return { sec: open, nanos: 0 };
}

function keyFor(system: System, address: GatewayAddress | null): ApiKey {
  if (system.apiKeyText !== null) return ApiKey.parse(system.apiKeyText);
  if (address !== null && isLoopback(address.host)) return ApiKey.parse(system.gatewayKeyText ?? LOCAL_KEY_TEXT);
  throw new NqError("KEY_FORM", "no API key is set");
}

/** @throws NqError KEY_FORM */
export function openLiveFeed(system: System, options: { symbol: RequestedSymbol; gateway: GatewayAddress | null }): Feed {
  const { symbol, gateway } = options;
  const endpoint: Endpoint = gateway ?? databentoEndpoint(DATASET);
  let from: UnixTime | null = null;
  return {
    mode: "LIVE",
    endpoint,
    apiKey: keyFor(system, gateway),
    dataset: DATASET,
    requested: symbol.text,
    isHistory: false,
    isFinite: false,
    coverageFrom: () => from,
    subscriptions(context) {
      const now = fromMs(system.clock.wallMs());
      from = coverageStart(now.sec);
      // A market on tape has a time of its own; one that no longer reaches back so far gives what it has.
      const isOnTape = servedMarketOf(context.gatewayVersion) !== null;
      if (isOnTape || context.lastError?.code === "LSG_REPLAY_AGED_OUT") from = null;
      // A clock that is off must not ask for the future: the gateway would refuse.
      const start = from !== null && compareTime(from, now) < 0 ? BigInt(from.sec) * 1_000_000_000n : 0n;
      return subscriptionsFor({ symbol: symbol.text, stypeIn: symbol.stypeIn, tradesStart: start, quotesStart: isOnTape ? 0n : null });
    },
    findings: () => [],
    close: () => Promise.resolve(),
  };
}
