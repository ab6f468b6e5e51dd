/** Our own readers: the live client on a gateway, and the decoder on a file that somebody else wrote. */
import { createReadStream } from "node:fs";
import { runLiveClient } from "../../src/client/live-client.ts";
import type { Endpoint } from "../../src/client/endpoint.ts";
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { ApiKey } from "../../src/lsg/api-key.ts";
import { TradeHash } from "./trade-hash.ts";

export type DayOfTrades = ReturnType<TradeHash["finish"]> & { readonly overnightContracts: number };

const clock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** All trades of NQM5 until the gateway has no more. */
export async function readWithOurClient(
  endpoint: Endpoint,
  key: string,
  form: { readonly compression: "none" | "zstd"; readonly tsOut: boolean },
): Promise<DayOfTrades> {
  const trades = new TradeHash();
  await runLiveClient({
    endpoint,
    dataset: "GLBX.MDP3",
    apiKey: ApiKey.parse(key),
    subscriptions: () => [
      { schema: "trades", stypeIn: "raw_symbol", symbols: ["NQM5"], start: 0n, snapshot: false, id: 1 },
    ],
    ...form,
    clock,
    random: () => 0.5,
    onRecord: (view) => trades.take(view),
    reconnect: false,
  }, AbortSignal.timeout(60_000));
  return { ...trades.finish(), overnightContracts: trades.overnightContracts };
}

/** The trades of a DBN file. */
export async function readWithOurDecoder(path: string): Promise<DayOfTrades> {
  const trades = new TradeHash();
  const decoder = createDbnDecoder();
  for await (const chunk of createReadStream(path)) {
    if (chunk instanceof Uint8Array) decoder.push(chunk, (view) => trades.take(view));
  }
  decoder.end();
  return { ...trades.finish(), overnightContracts: trades.overnightContracts };
}
