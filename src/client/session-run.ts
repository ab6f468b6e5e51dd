/** The life of one connection: dial, authenticate, subscribe, stream, until it ends. Nothing of it survives. */
import { NqError, toNqError } from "../lib/errors.ts";
import { createLsgClientSession, type LsgClientEvent, type LsgClientSession } from "../lsg/client-session.ts";
import { streamEvent } from "../lsg/stream-events.ts";
import { createGatewayNotices, type GatewayNotices } from "./gateway-notices.ts";
import type { Ledger } from "./ledger.ts";
import type { LinkReporter } from "./link-reporter.ts";
import type { LinkTimeouts, LiveClientOptions, SubscribeContext } from "./live-options.ts";
import { createRecordTaker, type Progress, type RecordTaker } from "./record-taker.ts";
import { createStreamFeed, type StreamFeed } from "./stream-feed.ts";
import type { Dial, Transport } from "./transport.ts";
import { createWatchdog, type Pulse, type Watchdog } from "./watchdog.ts";

/** How a connection came to its end. */
export type SessionOutcome =
  /** The source is over; there is nothing to connect to again. */
  | { readonly kind: "ended" }
  /** `stop` was called. */
  | { readonly kind: "stopped" }
  | { readonly kind: "lost"; readonly error: NqError }
  /** A callback threw: a fault of this program, not of the link. */
  | { readonly kind: "crashed"; readonly error: unknown };

/** What one connection borrows from the client. */
export interface SessionRunOptions {
  readonly client: LiveClientOptions;
  readonly dial: Dial;
  readonly reporter: LinkReporter;
  readonly ledger: Ledger;
  readonly progress: Progress;
  readonly timeouts: LinkTimeouts;
  readonly heartbeatIntervalS: number;
  readonly context: () => Omit<SubscribeContext, "gatewayVersion">;
}

/** A connection under way. */
export interface SessionRun {
  readonly done: Promise<SessionOutcome>;
  /** When the gateway accepted the session, monotonic milliseconds; null if it never did. */
  readonly authenticatedAt: number | null;
  stop(): void;
}

/** Damage that the next connection would bring again. */
const LASTING = new Set(["DBN_VERSION", "DBN_LEGACY", "ZSTD_BOMB"]);
class Run implements SessionRun {
  readonly done: Promise<SessionOutcome>;
  authenticatedAt: number | null = null;
  readonly #options: SessionRunOptions;
  readonly #session: LsgClientSession;
  readonly #feed: StreamFeed;
  readonly #transport: Transport;
  readonly #notices: GatewayNotices;
  readonly #taker: RecordTaker;
  readonly #dialledAt: number;
  readonly #unknownBefore: number;
  readonly #recordsBefore: number;
  #resolve: (outcome: SessionOutcome) => void = () => {};
  #isOver = false;
  #watchdog: Watchdog | null = null;
  #cancelTimer: () => void = () => {};

  constructor(options: SessionRunOptions) {
    const { client, reporter, timeouts } = options;
    this.#options = options;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#dialledAt = client.clock.monotonicMs();
    this.#unknownBefore = reporter.stats.unknownRecords;
    this.#recordsBefore = reporter.stats.records;
    reporter.stats.connectMs = null;
    this.#session = createLsgClientSession({
      apiKey: client.apiKey,
      dataset: client.dataset,
      tsOut: client.tsOut ?? false,
      compression: client.compression ?? "none",
      heartbeatIntervalS: options.heartbeatIntervalS,
      slowReaderBehavior: client.slowReaderBehavior ?? "skip",
      client: client.clientName ?? "",
    });
    this.#notices = createGatewayNotices({
      reporter,
      ledger: options.ledger,
      onCaughtUp: () => this.#showPhase("fresh"),
      onFatal: (error) => this.#lose(error),
    });
    this.#taker = createRecordTaker({
      ledger: options.ledger,
      progress: options.progress,
      onFirst: () => this.#beginRecords(),
      onRecord: client.onRecord,
      onGatewayRecord: (view) => {
        const event = streamEvent(view);
        if (event !== null) this.#notices.take(event);
      },
    });
    this.#feed = createStreamFeed({
      compression: client.compression ?? "none",
      onMetadata: (metadata) => {
        reporter.setVersion(metadata.version);
        this.#guard(() => client.onMetadata?.(metadata));
      },
      onRecord: this.#taker.take,
      onBatchEnd: () => this.#endBatch(),
      onFailure: (error) => this.#failStream(error),
      pause: () => this.#transport.pause(),
      resume: () => this.#transport.resume(),
    });
    this.#timeout(timeouts.connectMs, "NET_CONNECT_TIMEOUT", "expected a connection");
    this.#transport = options.dial({
      onOpen: () => {
        reporter.setPhase("AUTHENTICATING");
        this.#timeout(timeouts.authMs, "NET_AUTH_TIMEOUT", "expected the gateway's greeting and answer");
      },
      onBytes: (bytes) => this.#takeBytes(bytes),
      onEnd: () => this.#takeEnd(),
      onError: (error) => this.#lose(error),
    });
  }

  stop(): void {
    this.#settle({ kind: "stopped" });
  }

  #timeout(delayMs: number, code: "NET_CONNECT_TIMEOUT" | "NET_AUTH_TIMEOUT", expected: string): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.client.clock.after(delayMs, () => {
      this.#lose(new NqError(code, `${expected} within ${delayMs / 1000} s, found none`));
    });
  }

  #takeBytes(bytes: Uint8Array): void {
    const { client, reporter } = this.#options;
    reporter.stats.bytes += bytes.length;
    reporter.stats.lastByteAtMs = client.clock.wallMs();
    this.#watchdog?.bytes();
    if (this.#session.state === "streaming") this.#feed.push(bytes);
    else this.#takeText(bytes);
    if (!this.#isOver) reporter.touch();
  }

  #takeText(bytes: Uint8Array): void {
    let events: LsgClientEvent[];
    try {
      events = this.#session.receive(bytes);
    } catch (error) {
      this.#lose(toNqError(error, "LSG_BAD_LINE"));
      return;
    }
    for (const event of events) {
      if (this.#isOver) return;
      if (event.kind === "send") this.#transport.write(event.bytes);
      else if (event.kind === "authenticated") this.#start(event.sessionId, event.gatewayVersion);
      else this.#feed.push(event.bytes);
    }
  }

  #start(sessionId: string, gatewayVersion: string): void {
    const { client, reporter, timeouts, heartbeatIntervalS, context } = this.#options;
    this.#cancelTimer();
    this.authenticatedAt = client.clock.monotonicMs();
    reporter.stats.sessions += 1;
    const subscriptions = this.#guard(() => client.subscriptions({ ...context(), gatewayVersion }));
    if (subscriptions === undefined) return;
    try {
      this.#transport.write(this.#session.start(subscriptions));
    } catch (error) {
      this.#lose(toNqError(error, "LSG_SUBSCRIPTION"));
      return;
    }
    const replays = subscriptions.filter(({ start }) => start !== null);
    this.#notices.expectReplays(replays.map(({ schema }) => schema));
    this.#watchdog = createWatchdog({
      clock: client.clock,
      intervalMs: heartbeatIntervalS * 1000,
      overdueMs: timeouts.overdueMs,
      marginMs: timeouts.silenceMarginMs,
      quietMs: timeouts.quietMs,
      onPulse: (pulse) => this.#showPhase(pulse),
      onSilent: (silentMs) => {
        const found = `nothing for ${Math.round(silentMs / 1000)} s`;
        this.#lose(new NqError("NET_SILENT", `expected bytes at least every ${heartbeatIntervalS} s, found ${found}`));
      },
    });
    reporter.message("info", `session ${sessionId} on ${client.dataset}`);
    reporter.setPhase("SUBSCRIBED", { sessionId, gatewayVersion, attempt: 0 });
  }

  /** The phase of a running stream. */
  #showPhase(pulse: Pulse): void {
    const { reporter, heartbeatIntervalS } = this.#options;
    if (this.#isOver) return;
    if (pulse === "overdue") {
      reporter.setPhase("STALE", { reason: `no byte came for more than the agreed ${heartbeatIntervalS} s` });
    } else if (!this.#taker.hasRecords) reporter.setPhase("SUBSCRIBED");
    else if (pulse === "quiet") reporter.setPhase("QUIET", { reason: "only heartbeats come" });
    else reporter.setPhase(this.#notices.isCatchingUp ? "CATCHING_UP" : "LIVE");
  }

  #beginRecords(): void {
    const { client, reporter, ledger } = this.#options;
    reporter.stats.connectMs = client.clock.monotonicMs() - this.#dialledAt;
    ledger.beginSession();
    client.onSessionStart?.();
    this.#showPhase("fresh");
  }

  /** From the decoder's counts, so that the hot path need not count. */
  #count(): void {
    const { stats } = this.#options.reporter;
    stats.records = this.#recordsBefore + this.#feed.records;
    stats.unknownRecords = this.#unknownBefore + this.#feed.unknownRecords;
  }

  #endBatch(): void {
    if (this.#isOver) return;
    const { client } = this.#options;
    this.#count();
    const kind = this.#taker.batch();
    if (kind === "data") this.#watchdog?.data();
    else if (kind === "sign") this.#watchdog?.sign();
    this.#guard(() => client.onBatchEnd?.());
  }

  #takeEnd(): void {
    if (this.#session.state !== "streaming") {
      const when = this.#session.state;
      this.#lose(new NqError("NET_CLOSED", `expected the gateway's part of the ${when}, found the connection closed`));
      return;
    }
    this.#feed.end((pendingBytes) => {
      const where = pendingBytes > 0 ? "in the middle of a record" : "at the end of a record";
      this.#lose(new NqError("NET_CLOSED", `the gateway closed the connection ${where}`));
    });
  }

  #failStream(error: unknown): void {
    this.#count();
    if (this.#taker.hasThrown || !(error instanceof NqError)) this.#settle({ kind: "crashed", error });
    else if (LASTING.has(error.code)) this.#lose(error);
    else this.#lose(new NqError("LSG_BAD_STREAM", `the stream is damaged: ${error.message}`, { cause: error }));
  }

  /** Runs a callback of the owner; what it throws ends the client instead of looking like a fault of the link. */
  #guard<T>(run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      this.#settle({ kind: "crashed", error });
      return undefined;
    }
  }

  #lose(error: NqError): void {
    if (this.#notices.isFinished) this.#settle({ kind: "ended" });
    else this.#settle({ kind: "lost", error: this.#notices.explain(error) });
  }

  #settle(outcome: SessionOutcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#taker.close();
    this.#cancelTimer();
    this.#watchdog?.stop();
    this.#feed.close();
    this.#transport.close();
    this.#resolve(outcome);
  }
}

/** Begins one connection. */
export function startSession(options: SessionRunOptions): SessionRun {
  return new Run(options);
}
