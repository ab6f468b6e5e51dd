/** Databento's own gateway, or another one by address, as a feed. */
import { databentoEndpoint, type Endpoint } from "../client/endpoint.ts";
import type { Resume } from "../client/recovery.ts";
import { NqError } from "../lib/errors.ts";
import { compareTime, fromMs, type UnixTime } from "../lib/time.ts";
import { ApiKey } from "../lsg/api-key.ts";
import { servedMarketOf } from "../lsg/gateway-version.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { RollRule } from "../market/front-month.ts";
import { companionOf, refuseExpired, symbolByRule } from "./contract-choice.ts";
import { subscriptionsFor, type Feed } from "./feed.ts";
import { LOCAL_KEY_TEXT } from "./local-gateway.ts";
import { isLoopback, type GatewayAddress, type RequestedSymbol } from "./options.ts";
import type { System } from "./system.ts";

/** The venue's dataset: CME Globex. */
export const DATASET = "GLBX.MDP3";
/** Trades can be replayed over about the last 24 hours. */
const REPLAY_REACH_SEC = 24 * 3600;

/**
 * The open of the session that is running, or of the last one; null when the gateway's replay does not reach it, then
 * everything it has is asked for.
 */
export function coverageStart(nowSec: number, calendar: TradingCalendar): UnixTime | null {
  const { kind, startSec } = calendar.phaseAt(nowSec);
  const isTrading = kind === "ETH" || kind === "RTH";
  const open = calendar.dayOf(isTrading ? nowSec : startSec - 1).openSec;
  return nowSec - open >= REPLAY_REACH_SEC ? null : { sec: open, nanos: 0 };
}

/** A clock that is off by so much must not ask for the future, just after an open or before it: the gateway would refuse for good. */
const CLOCK_OFF_SEC = 900;

function keyFor(system: System, address: GatewayAddress | null): ApiKey {
  if (system.apiKeyText !== null) return ApiKey.parse(system.apiKeyText);
  if (address !== null && isLoopback(address.host)) return ApiKey.parse(system.gatewayKeyText ?? LOCAL_KEY_TEXT);
  throw new NqError("KEY_FORM", "no API key is set");
}

function wholeOf(resume: Resume | null): Resume | null {
  return resume === null ? null : { ...resume, start: 0n };
}

export interface LiveOptions {
  readonly symbol: RequestedSymbol;
  /** null: the symbol stands as it is. */
  readonly roll: RollRule | null;
  /** null: Databento's. */
  readonly gateway: GatewayAddress | null;
  readonly calendar: TradingCalendar;
}

/** @throws NqError KEY_FORM, USAGE, CONTRACT_EXPIRED */
export function openLiveFeed(system: System, options: LiveOptions): Feed {
  const { gateway, calendar, roll } = options;
  const nowSec = fromMs(system.clock.wallMs()).sec;
  const symbol = symbolByRule(options.symbol, roll, nowSec, calendar);
  // A gateway that was named may serve a market of the past.
  if (gateway === null) refuseExpired(symbol, nowSec, calendar);
  const companion = companionOf(symbol, nowSec);
  const endpoint: Endpoint = gateway ?? databentoEndpoint(DATASET);
  let from: UnixTime | null = null;
  return {
    mode: "LIVE",
    endpoint,
    apiKey: keyFor(system, gateway),
    dataset: DATASET,
    requested: symbol.text,
    rollRule: roll,
    companion,
    calendar,
    isHistory: false,
    isFinite: false,
    coverageFrom: () => from,
    subscriptions(context) {
      const now = fromMs(system.clock.wallMs());
      from = coverageStart(now.sec, calendar);
      // A market on tape has a time of its own; one that no longer reaches back so far gives what it has.
      const isOnTape = servedMarketOf(context.gatewayVersion) !== null;
      if (isOnTape || context.lastError?.code === "LSG_REPLAY_AGED_OUT") from = null;
      const start = from !== null && compareTime(from, now) < 0 ? BigInt(Math.min(from.sec, now.sec - CLOCK_OFF_SEC)) * 1_000_000_000n : 0n;
      return subscriptionsFor({
        symbol,
        companion,
        tradesStart: start,
        quotesStart: isOnTape ? 0n : null,
        // It may have begun again and be at an earlier time than what was counted: the whole of it is compared.
        resume: isOnTape ? wholeOf(context.resume) : context.resume,
      });
    },
    findings: () => [],
    close: () => Promise.resolve(),
  };
}
