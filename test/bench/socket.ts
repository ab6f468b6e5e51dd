/** Trades from a gateway in another process through a loopback socket, client, store and all studies. */
import { runLiveClient } from "../../src/client/live-client.ts";
import { LOCAL_KEY_TEXT } from "../../src/commands/local-gateway.ts";
import { createSystem } from "../../src/commands/system.ts";
import { ApiKey } from "../../src/lsg/api-key.ts";
import { createTradeStore } from "../../src/store/store.ts";
import { tradeRecords } from "./generate.ts";
import { serveRecords } from "./gateway-process.ts";

const COUNT = 6_000_000;

export interface SocketResult {
  readonly tradesPerSecond: number;
  readonly trades: number;
}

export async function measureSocket(): Promise<SocketResult> {
  const gateway = await serveRecords(tradeRecords({ count: COUNT, perSecond: 1, overSeconds: 23_000 }), ["--speed", "max"]);
  const store = createTradeStore({ requested: "NQM5", mode: "REPLAY" });
  const system = createSystem();
  let from = 0;
  await runLiveClient({
    endpoint: { transport: "tcp", host: "127.0.0.1", port: gateway.port },
    dataset: "GLBX.MDP3",
    apiKey: ApiKey.parse(LOCAL_KEY_TEXT),
    subscriptions: () => [{ schema: "trades", stypeIn: "raw_symbol", symbols: ["NQM5"], start: 0n, snapshot: false, id: 1 }],
    clock: system.clock,
    random: system.random,
    onSessionStart() {
      from = performance.now();
      store.beginSession(null);
    },
    onRecord: store.applyRecord,
    onTrades: store.applyTrades,
    onBatchEnd() {},
  }, new AbortController().signal);
  const seconds = (performance.now() - from) / 1000;
  store.commit();
  gateway.close();
  const { trades } = store.getSnapshot().counters;
  if (trades !== COUNT) throw new Error(`the store counted ${trades} of ${COUNT} trades`);
  return { tradesPerSecond: COUNT / seconds, trades };
}
