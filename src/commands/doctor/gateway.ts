/** The doctor on the way to a market: key, name, port, login, what each schema is answered with, the clocks. */
import { lookup } from "node:dns/promises";
import { connect, isIP } from "node:net";
import { databentoEndpoint, endpointLabel, type Endpoint } from "../../client/endpoint.ts";
import { probeGateway, type Probe } from "../../client/probe.ts";
import type { Settings } from "../../config/settings.ts";
import { NqError, ERROR_MEANINGS } from "../../lib/errors.ts";
import { ApiKey } from "../../lsg/api-key.ts";
import { servedMarketOf } from "../../lsg/gateway-version.ts";
import { DATASET } from "../live-feed.ts";
import { LOCAL_KEY_TEXT } from "../local-gateway.ts";
import { DEFAULT_SYMBOL } from "../market-options.ts";
import { isLoopback, parseGateway, parseSymbol } from "../options.ts";
import type { System } from "../system.ts";
import { VERSION } from "../version.ts";
import { fail, ok, reasonOf, skip, warn, type Finding } from "./finding.ts";

/** What the screen asks for, see `subscriptionsFor`. */
const SCHEMAS = ["definition", "trades", "statistics", "status", "ohlcv-1m", "mbp-1"] as const;
const NAME_MS = 5_000;
const CONNECT_MS = 5_000;
const LOGIN_MS = 8_000;
const ANSWER_MS = 6_000;
/** The gateway closes more than five new connections a second. */
const PAUSE_MS = 250;
/** Beyond this the age of data means nothing. */
const CLOCK_MS = 1_000;

export interface GatewayCheck {
  readonly endpoint: Endpoint;
  readonly apiKey: ApiKey;
  readonly symbol: string;
}

/** The key's form, which is all of it that may be spoken of. */
export function checkKey({ apiKeyText, gatewayKeyText }: System, settings: Settings): { readonly finding: Finding; readonly apiKey: ApiKey | null } {
  const address = settings.gateway === undefined ? null : parseGateway(settings.gateway);
  if (apiKeyText === null && address !== null && isLoopback(address.host)) {
    return { finding: ok("API key", "none is set; a gateway on this machine takes the local one"), apiKey: ApiKey.parse(gatewayKeyText ?? LOCAL_KEY_TEXT) };
  }
  if (apiKeyText === null) {
    return { finding: skip("API key", "none is set, so the demo market is shown", "for the live market set DATABENTO_API_KEY to your key; the demo costs nothing"), apiKey: null };
  }
  try {
    return { finding: ok("API key", "set in DATABENTO_API_KEY, and of the right form"), apiKey: ApiKey.parse(apiKeyText) };
  } catch (error) {
    return { finding: fail("API key", reasonOf(error), ERROR_MEANINGS.KEY_FORM.advice), apiKey: null };
  }
}

export function endpointOf(settings: Settings): Endpoint {
  return settings.gateway === undefined ? databentoEndpoint(DATASET) : parseGateway(settings.gateway);
}

function addressOf(endpoint: Endpoint): { readonly host: string; readonly port: number } {
  if (endpoint.transport === "tcp") return endpoint;
  const { hostname, port, protocol } = new URL(endpoint.url);
  return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? (protocol === "wss:" ? 443 : 80) : Number(port) };
}

/** Gives up on `work` after a while; what comes later is dropped. */
function within<T>(system: System, delayMs: number, work: Promise<T>): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const cancel = system.clock.after(delayMs, () => resolve(null));
    work.then(resolve, reject).finally(cancel);
  });
}

async function checkName(system: System, host: string): Promise<Finding> {
  if (isIP(host) !== 0) return ok("name", `${host} is an address already`);
  try {
    const found = await within(system, NAME_MS, lookup(host, { all: true }));
    if (found === null) return fail("name", `${host}: no answer from the name service within ${NAME_MS / 1000} s`, "check the network and its name servers");
    return ok("name", `${host} is ${found.map(({ address }) => address).slice(0, 3).join(", ")}`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : reasonOf(error);
    return fail("name", `${host} has no address (${code})`, "check the network, the name servers and the name of the gateway");
  }
}

function checkPort(system: System, host: string, port: number): Promise<Finding> {
  const advice = "a firewall may be in the way; where port 13000 is closed, --gateway wss://HOST takes a gateway that offers WebSocket";
  return new Promise((resolve) => {
    const startedMs = system.clock.monotonicMs();
    const socket = connect({ host, port });
    const finish = (finding: Finding): void => {
      cancel();
      socket.destroy();
      resolve(finding);
    };
    const cancel = system.clock.after(CONNECT_MS, () => finish(fail("port", `${host}:${port} does not answer within ${CONNECT_MS / 1000} s`, advice)));
    socket.once("connect", () => finish(ok("port", `${host}:${port} is open, ${Math.round(system.clock.monotonicMs() - startedMs)} ms away`)));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      finish(fail("port", `${host}:${port}: ${error.code === "ECONNREFUSED" ? "nobody listens there" : (error.code ?? error.message)}`, advice));
    });
  });
}

function checkLogin(probe: Probe): Finding {
  if (probe.loggedInMs !== null) return ok("login", `accepted after ${Math.round(probe.loggedInMs)} ms by gateway ${probe.gatewayVersion ?? ""}`.trimEnd());
  return fail("login", probe.error?.message ?? "no answer", probe.error?.advice ?? "");
}

function checkSchema(schema: string, symbol: string, probe: Probe): Finding {
  const name = `schema ${schema}`;
  if (probe.error !== null) {
    const { message, advice } = probe.error;
    return fail(name, message, /licen[cs]e|entitle/i.test(message) ? ERROR_MEANINGS.LSG_LICENCE.advice : advice);
  }
  const [objection] = probe.objections;
  if (objection !== undefined) return warn(name, objection, `check the symbol ${symbol} and what your licence covers`);
  return probe.isAccepted ? ok(name, "accepted") : fail(name, "no answer", ERROR_MEANINGS.NET_SILENT.advice);
}

function checkClock({ clockOffsetMs, gatewayVersion }: Probe): Finding {
  if (servedMarketOf(gatewayVersion ?? "") !== null) return skip("clock", "the gateway plays a market of another time");
  if (clockOffsetMs === null) return skip("clock", "the gateway told no time");
  const off = `this machine's clock is ${(Math.abs(clockOffsetMs) / 1000).toFixed(2)} s ${clockOffsetMs > 0 ? "behind" : "ahead of"} the gateway's`;
  if (Math.abs(clockOffsetMs) > CLOCK_MS) return warn("clock", off, "switch on time synchronisation (NTP): the age of data is wrong by as much");
  return ok("clock", `${off}, the way included`);
}

const pause = (system: System): Promise<void> => new Promise((resolve) => void system.clock.after(PAUSE_MS, resolve));

/** From the name to the clocks; each finding is told as soon as it is there. What cannot be reached ends it. */
export async function checkGateway(system: System, check: GatewayCheck, tell: (finding: Finding) => void): Promise<void> {
  const { host, port } = addressOf(check.endpoint);
  const symbol = parseSymbol(check.symbol);
  const probe = (schema: string): Promise<Probe> => probeGateway({
    endpoint: check.endpoint, dataset: DATASET, apiKey: check.apiKey, clientName: `nq-tui/${VERSION}`, clock: system.clock,
    subscription: { schema, stypeIn: symbol.stypeIn, symbols: [symbol.text], start: null, snapshot: false, id: 1 },
    connectMs: CONNECT_MS, loginMs: LOGIN_MS, answerMs: ANSWER_MS,
  });
  for (const step of [() => checkName(system, host), () => checkPort(system, host, port)]) {
    const finding = await step();
    tell(finding);
    if (finding.state === "fail") return tell(skip("login", `${endpointLabel(check.endpoint)} cannot be reached`));
  }
  let first: Probe | null = null;
  for (const schema of SCHEMAS) {
    if (first !== null) await pause(system);
    const answer = await probe(schema);
    if (first === null) tell(checkLogin(answer));
    if (answer.loggedInMs === null) {
      if (first !== null) tell(fail(`schema ${schema}`, answer.error?.message ?? "no answer", answer.error?.advice ?? ""));
      return tell(skip("schemas", "the others were not asked for"));
    }
    first ??= answer;
    tell(checkSchema(schema, symbol.text, answer));
    if (answer.error?.code === "NET_SILENT") return tell(skip("schemas", "the others were not asked for: the gateway does not answer"));
  }
  if (first !== null) tell(checkClock(first));
}

/** The demo market of this process: a gateway on loopback, a login, the first answer. */
export async function checkDemo(system: System): Promise<Finding> {
  const [{ createDemoSource }, { startLocalGateway }] = await Promise.all([import("../../gateway/demo/demo-source.ts"), import("../local-gateway.ts")]);
  let gateway: Awaited<ReturnType<typeof startLocalGateway>>;
  try {
    gateway = await startLocalGateway(system, createDemoSource({}), { speed: 1 });
  } catch (error) {
    if (!(error instanceof NqError)) throw error;
    return fail("demo market", error.message, error.advice);
  }
  try {
    const probe = await probeGateway({
      endpoint: { transport: "tcp", host: "127.0.0.1", port: gateway.gateway.port }, dataset: DATASET, apiKey: gateway.apiKey,
      clientName: `nq-tui/${VERSION}`, clock: system.clock, connectMs: CONNECT_MS, loginMs: LOGIN_MS, answerMs: ANSWER_MS,
      subscription: { schema: "trades", stypeIn: "continuous", symbols: [DEFAULT_SYMBOL], start: 0n, snapshot: false, id: 1 },
    });
    if (probe.error !== null || !probe.isAccepted) return fail("demo market", probe.error?.message ?? "no answer", "programs that guard the loopback interface may be in the way");
    return ok("demo market", `served by this program over 127.0.0.1, answered after ${Math.round(probe.loggedInMs ?? 0)} ms`);
  } finally {
    await gateway.gateway.close();
  }
}
