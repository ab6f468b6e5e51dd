/** The product as a simulation starts it: the live feed, the client and the store, wired by the product's own command. */
import { openLiveFeed } from "../../src/commands/live-feed.ts";
import { runFeed } from "../../src/commands/run-feed.ts";
import type { System } from "../../src/commands/system.ts";
import type { Dial } from "../../src/client/transport.ts";
import type { RecordView } from "../../src/dbn/record-view.ts";
import type { Clock } from "../../src/lib/clock.ts";
import type { LinkState } from "../../src/lsg/link-state.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { createTradeStore, type TradeStore } from "../../src/store/store.ts";
import type { SimPlan } from "./plan.ts";

export interface Product {
  readonly store: TradeStore;
  /** What the client ended with; null while it runs. */
  readonly end: unknown;
  stop(): void;
}

export interface ProductOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly apiKeyText: string;
  readonly plan: SimPlan;
  readonly dial: Dial;
  /** A record on its way to the store. */
  readonly onRecord: (view: RecordView) => void;
  /** Everything is counted from nothing. */
  readonly onFresh: () => void;
  readonly onChange: (store: TradeStore) => void;
  readonly onLink: (link: LinkState) => void;
}

/** The store, with somebody looking at what comes in. */
function watched(store: TradeStore, options: ProductOptions): TradeStore {
  return {
    ...store,
    applyRecord(view) {
      options.onRecord(view);
      store.applyRecord(view);
    },
    applyTrades(view, count) {
      const { base } = view;
      const step = view.lengthBytes;
      for (let n = 0; n < count; n += 1) {
        view.base = base + n * step;
        options.onRecord(view);
      }
      view.base = base;
      store.applyTrades(view, count);
    },
    beginSession(from) {
      options.onFresh();
      store.beginSession(from);
    },
  };
}

export function startProduct(options: ProductOptions): Product {
  const { plan, clock, random, dial } = options;
  // What a live feed asks of its surroundings; whatever else it asked for would be missing, and fail.
  const system = { clock, random, apiKeyText: options.apiKeyText, gatewayKeyText: null } as unknown as System;
  const feed = openLiveFeed(system, {
    symbol: { text: "NQ.v.0", stypeIn: "continuous" }, roll: null, gateway: null, calendar: builtInCalendar,
  });
  const store = createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar, rollRule: feed.rollRule });
  const abort = new AbortController();
  const product = { store, end: null as unknown, stop: () => abort.abort() };
  const onChange = (): void => options.onChange(store);
  runFeed(
    system, feed,
    {
      store: watched(store, options), onChange, onLink: options.onLink,
      connection: { dial, compression: plan.compression, tsOut: plan.tsOut },
    },
    abort.signal,
  ).catch((error: unknown) => {
    product.end = error;
  });
  return product;
}
