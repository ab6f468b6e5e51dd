/** The authentication line: what a client asks of the whole session, written and read. */
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { formatControlLine, showKey } from "./control.ts";

/** Everything on the line but the answer to the challenge. */
export interface LsgRequest {
  readonly dataset: string;
  readonly encoding: "dbn";
  /** Every record ends with the gateway's send time. */
  readonly tsOut: boolean;
  readonly compression: "none" | "zstd";
  /** Seconds of silence after which the gateway sends a heartbeat, 5 to 1800. */
  readonly heartbeatIntervalS: number;
  /** What happens when the client reads too slowly: records are skipped, or it is only warned. */
  readonly slowReaderBehavior: "skip" | "warn";
  /** Free text, the client's name and version; from outside, not sanitised. */
  readonly client: string;
}

/** Shortest heartbeat interval, seconds. */
export const HEARTBEAT_MIN_S = 5;
/** Longest heartbeat interval, seconds. */
export const HEARTBEAT_MAX_S = 1_800;
const HEARTBEAT_DEFAULT_S = 30;
/** Keeps the line within what a gateway reads before authentication. */
const CLIENT_MAX = 200;
const KEYS = new Set([
  "auth", "dataset", "encoding", "ts_out", "compression", "heartbeat_interval_s", "slow_reader_behavior", "pretty_px",
  "pretty_ts", "client", "details",
]);

function refuse(sentence: string): NqError {
  return new NqError("LSG_AUTH_REFUSED", sentence);
}

function oneOf<T extends string>(pairs: ReadonlyMap<string, string>, key: string, values: readonly [T, ...T[]]): T {
  const text = pairs.get(key);
  if (text === undefined) return values[0];
  const value = values.find((known) => known === text);
  if (value === undefined) throw refuse(`Invalid ${key}, expected ${values.join(" or ")}`);
  return value;
}

function heartbeatSeconds(text: string | undefined): number {
  if (text === undefined) return HEARTBEAT_DEFAULT_S;
  const seconds = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= HEARTBEAT_MIN_S && seconds <= HEARTBEAT_MAX_S) return seconds;
  throw refuse(`Invalid heartbeat_interval_s, expected whole seconds from ${HEARTBEAT_MIN_S} to ${HEARTBEAT_MAX_S}`);
}

/**
 * The pairs of an authentication line, read and checked.
 * @throws NqError LSG_AUTH_REFUSED; its message may be sent back, it repeats no value of the line.
 */
export function parseAuthRequest(pairs: ReadonlyMap<string, string>): {
  readonly auth: string;
  readonly request: LsgRequest;
} {
  for (const key of pairs.keys()) if (!KEYS.has(key)) throw refuse(`Unknown authentication param ${showKey(key)}`);
  const auth = pairs.get("auth") ?? "";
  if (auth === "") throw refuse("Missing auth");
  const dataset = pairs.get("dataset") ?? "";
  if (dataset === "") throw refuse("Missing dataset");
  if ((pairs.get("encoding") ?? "dbn") !== "dbn") throw refuse("Invalid encoding, this gateway sends encoding=dbn");
  oneOf(pairs, "pretty_px", ["0", "1"]);
  oneOf(pairs, "pretty_ts", ["0", "1"]);
  // `drop` is what old versions called `skip`.
  const slow = oneOf(pairs, "slow_reader_behavior", ["skip", "warn", "drop"]);
  const request: LsgRequest = {
    dataset,
    encoding: "dbn",
    tsOut: oneOf(pairs, "ts_out", ["0", "1"]) === "1",
    compression: oneOf(pairs, "compression", ["none", "zstd"]),
    heartbeatIntervalS: heartbeatSeconds(pairs.get("heartbeat_interval_s")),
    slowReaderBehavior: slow === "warn" ? "warn" : "skip",
    client: pairs.get("client") ?? "",
  };
  return { auth, request };
}

/** The authentication line for an answered challenge, without newline. Throws LSG_BAD_LINE for an unwritable value. */
export function formatAuthRequest(auth: string, request: Omit<LsgRequest, "encoding">): string {
  heartbeatSeconds(String(request.heartbeatIntervalS));
  const pairs: [string, string][] = [
    ["auth", auth],
    ["dataset", request.dataset],
    ["encoding", "dbn"],
    ["ts_out", request.tsOut ? "1" : "0"],
    ["compression", request.compression],
    ["heartbeat_interval_s", String(request.heartbeatIntervalS)],
  ];
  if (request.slowReaderBehavior !== "skip") pairs.push(["slow_reader_behavior", request.slowReaderBehavior]);
  const client = sanitiseText(request.client, CLIENT_MAX).replaceAll("|", "/");
  if (client !== "") pairs.push(["client", client]);
  return formatControlLine(pairs);
}
