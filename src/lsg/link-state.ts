/** What the reader is told about the connection. Data only: the client makes it, the store keeps it, panes show it. */
import type { UnixTime } from "../lib/time.ts";

/**
 * CONNECTING, AUTHENTICATING, SUBSCRIBED: on the way. CATCHING_UP: the gateway replays the earlier part.
 * LIVE: data flows. QUIET: no trades, and none are to be expected. STALE: something should have come: bytes, or trades.
 * DOWN: lost, will try again.
 * REFUSED: will not try again. ENDED: the source is over (end of a recording).
 */
export type LinkPhase =
  | "CONNECTING"
  | "AUTHENTICATING"
  | "SUBSCRIBED"
  | "CATCHING_UP"
  | "LIVE"
  | "QUIET"
  | "STALE"
  | "DOWN"
  | "REFUSED"
  | "ENDED";

/** Counts since the program started, over all connections. */
export interface LinkStats {
  readonly bytes: number;
  readonly records: number;
  readonly heartbeats: number;
  /** Records whose rtype this program does not know; passed by and counted. */
  readonly unknownRecords: number;
  /** Sessions that were authenticated. */
  readonly sessions: number;
  /** Connections lost after they had been authenticated. */
  readonly drops: number;
  /** Trades that a replay after a loss brought again, and that were not counted again. */
  readonly repeatedTrades: number;
  /** Trades that a replay brought and that were not counted although they were not known: of long ago, or given up. */
  readonly heldBackTrades: number;
  /** Trades that a replay after a loss brought back. */
  readonly recoveredTrades: number;
  /** "records skipped" errors the gateway sent because this reader was slow. */
  readonly slowReaderWarnings: number;
  /** Wall-clock milliseconds of the last byte received; null before the first. */
  readonly lastByteAtMs: number | null;
  /** Wall-clock milliseconds at which trades came last; null before the first. */
  readonly lastTradeAtMs: number | null;
  /** Milliseconds from dialling to the first record of the current session; null before it. */
  readonly connectMs: number | null;
}

export interface LinkState {
  readonly phase: LinkPhase;
  /** Where the data comes from, `host:port` or a ws URL; safe to show. */
  readonly gateway: string;
  readonly transport: "tcp" | "ws";
  readonly dataset: string;
  readonly sessionId: string | null;
  /** Version text of the gateway's greeting; tells a simulated or replayed market from a live one. */
  readonly gatewayVersion: string | null;
  /** DBN version on the wire, once known. */
  readonly dbnVersion: number | null;
  /** One sentence: why this phase. Empty when there is nothing to explain. */
  readonly reason: string;
  /** One sentence: what the reader can do. Empty when nothing is needed. */
  readonly advice: string;
  /** 1 for the first try of the current outage; 0 while connected. */
  readonly attempt: number;
  /** Wall-clock milliseconds of the next try; null unless DOWN. */
  readonly nextTryAtMs: number | null;
  /** Wall-clock milliseconds when this phase began. */
  readonly sinceMs: number;
  /** The latest messages of the gateway and the link, newest last, at most 50; sanitised. */
  readonly messages: readonly LinkMessage[];
  readonly stats: LinkStats;
  /** Times in which records were or may have been lost, oldest first; left out when there were none. */
  readonly gaps?: readonly LinkGap[];
  /** The replay that is running; null or left out when none is. */
  readonly catchUp?: CatchUp | null;
  /** How old data is when it comes; null or left out before the first record that is up to date. */
  readonly latency?: LatencyState | null;
  /** The latest notice that records were left out because this reader was slow; never of trades. */
  readonly skipped?: SkippedNotice | null;
}

/** Quotes or books were left out: they are right again with the next record. */
export interface SkippedNotice {
  /** Schema that the gateway named; empty when it named none. */
  readonly schema: string;
  /** Wall-clock milliseconds. */
  readonly atMs: number;
}

/** Half of the records came sooner than `p50Ms`, all but a hundredth sooner than `p99Ms`; of the last 60 s. */
export interface LatencyLeg {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Measured on one record of each piece of the stream. */
export interface LatencyState {
  /** From the exchange to Databento: ts_recv − ts_event. */
  readonly exchange: LatencyLeg | null;
  /** Inside Databento: ts_out − ts_recv; null when the gateway does not stamp what it sends. */
  readonly gateway: LatencyLeg | null;
  /** From Databento to here: now − ts_out (else now − ts_recv); null for a market on tape. */
  readonly network: LatencyLeg | null;
  /** By how much our clock is behind the sender's at least: then `network` is too small. Null while nothing shows it. */
  readonly clockBehindMs: number | null;
  /** How far this reader is behind what was sent; 0 while it keeps up. */
  readonly behindMs: number;
  /** Largest age of a record in each of the last seconds that had one, milliseconds, newest last, at most 60. */
  readonly history: readonly number[];
}

/** How far a gateway's replay of the earlier part has come, in market time. */
export interface CatchUp {
  /** Trades that came in this session. */
  readonly trades: number;
  /** Time of the newest of them; null before the first. */
  readonly reached: UnixTime | null;
  /** Where it is going: the gateway's now, or where the market was when the link was lost. Null while not known. */
  readonly target: UnixTime | null;
  /** What it brings was counted before: the gateway plays its market again. */
  readonly isRepeat: boolean;
}

/** A span of market time of which records were lost, and what became of it. */
export interface LinkGap {
  readonly from: UnixTime;
  /** Null while it is still going on. */
  readonly to: UnixTime | null;
  /** `filled`: everything was got again. `unverified`: sent again, but nothing says that it is all. */
  readonly state: "open" | "filled" | "unverified" | "not filled";
  /** One sentence: how it was closed, or why not. */
  readonly how: string;
}

export interface LinkMessage {
  readonly atMs: number;
  /** Who says it; left out: the gateway. */
  readonly from?: "link";
  readonly level: "info" | "warn" | "error";
  readonly text: string;
}

export const NO_STATS: LinkStats = {
  bytes: 0,
  records: 0,
  heartbeats: 0,
  unknownRecords: 0,
  sessions: 0,
  drops: 0,
  repeatedTrades: 0,
  heldBackTrades: 0,
  recoveredTrades: 0,
  slowReaderWarnings: 0,
  lastByteAtMs: null,
  lastTradeAtMs: null,
  connectMs: null,
};
