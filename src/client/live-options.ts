/** What the live client is told: where, as whom, what for, and whom to tell. */
import type { DbnMetadata } from "../dbn/metadata.ts";
import type { OnTrades } from "../dbn/decoder.ts";
import type { RecordView } from "../dbn/record-view.ts";
import type { Clock } from "../lib/clock.ts";
import type { NqError } from "../lib/errors.ts";
import type { ApiKey } from "../lsg/api-key.ts";
import type { LinkGap, LinkState } from "../lsg/link-state.ts";
import type { Subscription } from "../lsg/subscription.ts";
import type { Endpoint } from "./endpoint.ts";
import type { FlowJudge } from "./flow.ts";
import type { Ledger } from "./ledger.ts";
import type { Resume, SessionStart } from "./recovery.ts";
import type { RetryPolicy } from "./retry.ts";
import type { Dial } from "./transport.ts";

/** What is known when a connection is about to ask for its data. */
export interface SubscribeContext {
  /** 1 for the first connection or the first try after a loss. */
  readonly attempt: number;
  /** How to go on from what was counted before; null: everything is counted from nothing. */
  readonly resume: Resume | null;
  /** Version text of the gateway's greeting. */
  readonly gatewayVersion: string;
  /** Why the connection before this one ended; null for the first. Its code may rule out a start. */
  readonly lastError: NqError | null;
}

/** All spans in milliseconds; the defaults are those of the official clients, shorter ones are for tests. */
export interface LinkTimeouts {
  /** From dialling to the connection. Default 10,000. */
  readonly connectMs: number;
  /** From the connection to the result of the authentication. Default 30,000. */
  readonly authMs: number;
  /** Silence beyond the heartbeat interval after which STALE is shown. Default 1,000. */
  readonly overdueMs: number;
  /** Silence beyond the heartbeat interval after which the link is dead. Default 10,000. */
  readonly silenceMarginMs: number;
  /** Time with signs of life only after which QUIET is shown, unless `flow` judges that. Default 10,000. */
  readonly quietMs: number;
  /** A session this long counts as healthy: the next loss is retried like a first one. Default 60,000. */
  readonly healthyMs: number;
}

/** Milliseconds, as described above. */
export const DEFAULT_TIMEOUTS: LinkTimeouts = {
  connectMs: 10_000,
  authMs: 30_000,
  overdueMs: 1_000,
  silenceMarginMs: 10_000,
  quietMs: 10_000,
  healthyMs: 60_000,
};

/** Lets somebody outside hurry the client. */
export interface ReconnectHandle {
  /** Drops the connection or the wait, and connects again (never more than once a second). */
  reconnectNow(): void;
  /** For the client: called at each request; the result unsubscribes. */
  onRequest(run: () => void): () => void;
}

/** Everything the client needs; it asks nothing of its surroundings. */
export interface LiveClientOptions {
  readonly endpoint: Endpoint;
  readonly dataset: string;
  readonly apiKey: ApiKey;
  /**
   * Asked once per connection. When there is something to resume, whatever was asked for with a `start` is to be asked
   * for from `resume.start` on at the latest; an earlier start is never wrong.
   */
  readonly subscriptions: (context: SubscribeContext) => readonly Subscription[];
  /** Seconds, 5 to 1800. Default 5: a dead link is known after 15 s. */
  readonly heartbeatIntervalS?: number;
  readonly compression?: "none" | "zstd";
  readonly tsOut?: boolean;
  /** Name and version told to the gateway. */
  readonly clientName?: string;
  readonly slowReaderBehavior?: "skip" | "warn";
  readonly clock: Clock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly onMetadata?: (metadata: DbnMetadata) => void;
  /** Every record, gateway records too, in the layout of version 3; the view is valid only during the call. */
  readonly onRecord: (view: RecordView) => void;
  /**
   * If given, trade records come here instead: `count` behind one another, the first at `view.base`, each
   * `view.lengthBytes` long. Much cheaper. The view may be moved.
   */
  readonly onTrades?: OnTrades;
  /**
   * Just before the first record of each connection. `isFresh`: what comes is counted from nothing. Else it goes on from
   * what came before: every record handed out is new, and none is missing but for the gaps told in the link's state.
   * `again`: instruments of which records may come that were handed out before.
   */
  readonly onSessionStart?: (session: SessionStart) => void;
  /**
   * What an earlier run of the program kept of what is asked for, handed over before the first connection as if a
   * session had brought it and was lost: the first connection then goes on from there, and the time between is a gap
   * that says what became of it. `take` says whether the record is to be counted. Nothing kept: it is never called.
   */
  readonly warm?: (take: (view: RecordView) => boolean) => Promise<readonly LinkGap[]>;
  /** After each piece of the stream was decoded. */
  readonly onBatchEnd?: () => void;
  readonly onLink?: (link: LinkState) => void;
  /** Judges, once a second, what it means that no trades come; it knows the market's hours. */
  readonly flow?: FlowJudge;
  /** Replaces the accounting: no session is then resumed, each is as the ledger decides. */
  readonly ledger?: Ledger;
  /** A replay after a loss begins at least this many milliseconds of market time before it. Default 60,000. */
  readonly replayMarginMs?: number;
  /** Whether and when to connect again; true is the usual back-off. Default true. */
  readonly reconnect?: boolean | RetryPolicy;
  readonly reconnectHandle?: ReconnectHandle;
  /**
   * Milliseconds for which small pieces of a busy stream may lie unread, so that several are read as one. For whoever looks
   * at it ten times a second; over TCP only. Default 0.
   */
  readonly restMs?: number;
  /**
   * Replaces the socket: called once per connection, at most one connection at a time; the endpoint is then only a name.
   * Everything ambient is handed in, so the same clock, random numbers and bytes give the same calls in the same order.
   */
  readonly dial?: Dial;
  readonly timeouts?: Partial<LinkTimeouts>;
}

/** A handle to pass to one client. */
export function createReconnectHandle(): ReconnectHandle {
  const listeners = new Set<() => void>();
  return {
    reconnectNow() {
      for (const run of listeners) run();
    },
    onRequest(run) {
      listeners.add(run);
      return () => void listeners.delete(run);
    },
  };
}
