/** What the reader is told about the connection. Data only: the client makes it, the store keeps it, panes show it. */
import type { UnixTime } from "../lib/time.ts";

/**
 * CONNECTING, AUTHENTICATING, SUBSCRIBED: on the way. CATCHING_UP: the gateway replays the earlier part.
 * LIVE: data flows. QUIET: only heartbeats come. STALE: bytes are overdue. DOWN: lost, will try again.
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
  /** "records skipped" errors the gateway sent because this reader was slow. */
  readonly slowReaderWarnings: number;
  /** Wall-clock milliseconds of the last byte received; null before the first. */
  readonly lastByteAtMs: number | null;
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
  slowReaderWarnings: 0,
  lastByteAtMs: null,
  connectMs: null,
};
