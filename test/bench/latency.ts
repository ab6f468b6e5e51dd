/** From the gateway's write to the store at 1,000 trades/s: ts_out against the gateway's own clock, in one process. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runLiveClient } from "../../src/client/live-client.ts";
import { randomChallenge } from "../../src/commands/local-gateway.ts";
import { createSystem } from "../../src/commands/system.ts";
import { RTYPE } from "../../src/dbn/constants.ts";
import { startGateway } from "../../src/gateway/gateway.ts";
import { openRecordingSource } from "../../src/gateway/recording-source.ts";
import { ApiKey, generateApiKeyText } from "../../src/lsg/api-key.ts";
import { toNanos } from "../../src/lib/time.ts";
import { createTradeStore } from "../../src/store/store.ts";
import { header, tradeRecords } from "./generate.ts";
import { percentile } from "./median.ts";

const SECONDS = 20;
const PER_SECOND = 1_000;

export interface LatencyResult {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly trades: number;
}

export async function measureLatency(): Promise<LatencyResult> {
  const folder = mkdtempSync(join(tmpdir(), "nq-tui-bench-"));
  const file = join(folder, "trades.dbn");
  writeFileSync(file, header());
  writeFileSync(file, tradeRecords({ count: SECONDS * PER_SECOND, perSecond: PER_SECOND }), { flag: "a" });
  const system = createSystem();
  const apiKey = ApiKey.parse(generateApiKeyText(system.randomBytes(32)));
  const gateway = await startGateway({
    source: await openRecordingSource([file]), apiKeys: [apiKey], host: "127.0.0.1", port: 0, wsPort: null, clock: system.clock,
    speed: 1, nextChallenge: () => randomChallenge(system), endOfSource: "close",
  });
  const store = createTradeStore({ requested: "NQM5", mode: "REPLAY" });
  const latencies: number[] = [];
  await runLiveClient({
    endpoint: { transport: "tcp", host: "127.0.0.1", port: gateway.port },
    dataset: "GLBX.MDP3",
    apiKey,
    tsOut: true,
    subscriptions: () => [{ schema: "trades", stypeIn: "raw_symbol", symbols: ["NQM5"], start: 0n, snapshot: false, id: 1 }],
    clock: system.clock,
    random: system.random,
    onSessionStart: () => store.beginSession(null),
    onRecord(view) {
      store.applyRecord(view);
      const sent = view.rtype === RTYPE.trade ? view.tsOut : null;
      if (sent !== null) latencies.push(Number(toNanos(gateway.market()) - sent) / 1e6);
    },
  }, new AbortController().signal);
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
  return { p50Ms: percentile(latencies, 0.5), p99Ms: percentile(latencies, 0.99), trades: latencies.length };
}
