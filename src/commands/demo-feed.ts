/** The demo market behind a gateway in this process, as a feed. */
import { createDemoSource } from "../gateway/demo/demo-source.ts";
import { pastOf } from "../gateway/past-source.ts";
import { demoTimeOfDay } from "../gateway/demo/demo-day.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { RollRule } from "../market/front-month.ts";
import { companionOf, symbolByRule } from "./contract-choice.ts";
import { subscriptionsFor, type Feed } from "./feed.ts";
import { startLocalGateway } from "./local-gateway.ts";
import type { RequestedSymbol } from "./options.ts";
import type { System } from "./system.ts";

export interface DemoOptions {
  readonly symbol: RequestedSymbol;
  /** null: the symbol stands as it is. */
  readonly roll: RollRule | null;
  readonly calendar: TradingCalendar;
  readonly speed: number;
  /** Eastern time of day, seconds since midnight; null: shortly before the open. */
  readonly startAt: number | null;
  readonly seed: number | null;
}

/** The demo source as the options ask for it. */
export function demoSource(options: Pick<DemoOptions, "startAt" | "seed">): ReturnType<typeof createDemoSource> {
  return createDemoSource({
    ...(options.seed === null ? {} : { seed: options.seed }),
    ...(options.startAt === null ? {} : { startAt: demoTimeOfDay(options.startAt) }),
  });
}

export async function openDemoFeed(system: System, options: DemoOptions): Promise<Feed> {
  const source = demoSource(options);
  const { roll, calendar } = options;
  const symbol = symbolByRule(options.symbol, roll, source.startAt.sec, calendar);
  const companion = companionOf(symbol, source.startAt.sec);
  const { gateway, apiKey } = await startLocalGateway(system, source, { speed: options.speed });
  return {
    mode: "DEMO",
    endpoint: { transport: "tcp", host: "127.0.0.1", port: gateway.port },
    apiKey,
    dataset: source.dataset,
    requested: symbol.text,
    rollRule: roll,
    companion,
    calendar,
    isHistory: !Number.isFinite(options.speed),
    isFinite: true,
    coverageFrom: () => source.firstAt,
    subscriptions: () =>
      subscriptionsFor({ symbol, companion, tradesStart: 0n, quotesStart: null, resume: null }),
    past: (until) => ({ source: pastOf(source, until, `demo ${options.seed ?? ""}`), symbols: { symbol, companion } }),
    findings: () => [],
    close: () => gateway.close(),
  };
}
