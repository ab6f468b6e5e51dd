/** The gateway alone, for other clients of the protocol: Databento's official ones too. */
import { startGateway } from "../gateway/gateway.ts";
import { openRecordingSource, type RecordingSource } from "../gateway/recording-source.ts";
import type { GatewaySource } from "../gateway/source.ts";
import type { DbnVersion } from "../dbn/constants.ts";
import { NqError, toNqError } from "../lib/errors.ts";
import { ApiKey } from "../lsg/api-key.ts";
import { demoSource } from "./demo-feed.ts";
import { LOCAL_KEY_TEXT, randomChallenge } from "./local-gateway.ts";
import { isLoopback } from "./options.ts";
import { dateText } from "../market/civil-date.ts";
import { tradingDayOf } from "../market/trading-day.ts";
import { formatEastern } from "../market/wall-time.ts";
import type { System } from "./system.ts";

export interface GatewayCommandOptions {
  readonly host: string;
  readonly port: number;
  readonly allowedOrigins: readonly string[];
  readonly allowedHosts: readonly string[];
  /** null: no WebSocket. */
  readonly wsPort: number | null;
  /** `demo` or the path of a recording. */
  readonly source: string;
  readonly speed: number;
  readonly startAt: number | null;
  readonly seed: number | null;
  readonly dbnVersion: DbnVersion;
  readonly stay: boolean;
}

/** Several are parted by commas. */
function acceptedKeys(system: System, host: string): ApiKey[] {
  if (system.gatewayKeyText !== null) {
    try {
      return system.gatewayKeyText.split(",").map((text) => ApiKey.parse(text));
    } catch (error) {
      throw new NqError("USAGE", `NQ_TUI_GATEWAY_KEY: ${toNqError(error, "KEY_FORM").message}`, { cause: error });
    }
  }
  if (isLoopback(host)) return [ApiKey.parse(LOCAL_KEY_TEXT)];
  throw new NqError(
    "USAGE",
    `--listen ${host} lets other machines in; expected keys of your own in NQ_TUI_GATEWAY_KEY, found none. ` +
      "A key is db- and 29 more letters and digits, and never the one that Databento gave you",
  );
}

const HOUR_SEC = 3_600;
const DAY_SEC = 24 * HOUR_SEC;

/** The recording with the clock set to a time of day, Eastern, of the day on which it would begin by itself. */
function startingAt(source: RecordingSource, timeOfDaySec: number): GatewaySource {
  const day = tradingDayOf(source.startAt.sec);
  const sec = day.openSec + ((timeOfDaySec + 6 * HOUR_SEC) % DAY_SEC); // the trading day begins at 18:00
  if (sec < source.firstAt.sec || sec > source.lastAt.sec) {
    const [from, to] = [source.firstAt, source.lastAt].map((at) => `${dateText(Math.floor((at.sec + day.easternOffsetSec) / DAY_SEC))} ${formatEastern(at, day)}`);
    throw new NqError("USAGE", `--start-at: expected a time within the recording, ${from} to ${to} Eastern, found one outside it`);
  }
  return Object.create(source, { startAt: { value: { sec, nanos: 0 } } }) as GatewaySource;
}

async function openSource(options: GatewayCommandOptions): Promise<GatewaySource> {
  if (options.source === "demo") return demoSource(options);
  const source = await openRecordingSource([options.source]);
  return options.startAt === null ? source : startingAt(source, options.startAt);
}

/** Serves until `signal` aborts. Returns the exit status. */
export async function runGatewayCommand(system: System, options: GatewayCommandOptions, signal: AbortSignal): Promise<number> {
  const apiKeys = acceptedKeys(system, options.host);
  const source = await openSource(options);
  const gateway = await startGateway({
    source,
    apiKeys,
    allowedOrigins: options.allowedOrigins,
    allowedHosts: options.allowedHosts,
    host: options.host,
    port: options.port,
    wsPort: options.wsPort,
    clock: system.clock,
    speed: options.speed,
    dbnVersion: options.dbnVersion,
    nextChallenge: () => randomChallenge(system),
    endOfSource: options.stay ? "stay" : "close",
  });
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  const lines = [
    `serving ${source.mode === "demo" ? "the demo market (simulated)" : options.source} as ${source.dataset}`,
    `tcp ${host}:${gateway.port}`,
    ...(gateway.wsPort === null ? [] : [`ws ws://${host}:${gateway.wsPort}`]),
    `symbols ${source.instruments.slice(0, 8).map((instrument) => instrument.rawSymbol).join(" ")}`,
    ...(system.gatewayKeyText === null ? [`key ${LOCAL_KEY_TEXT}`] : [apiKeys.length === 1 ? "key the one in NQ_TUI_GATEWAY_KEY" : `key one of the ${apiKeys.length} in NQ_TUI_GATEWAY_KEY`]),
  ];
  system.stdout.write(`${lines.join("\n")}\n`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await gateway.close();
  return 0;
}
