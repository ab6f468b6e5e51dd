/** The life of one connection: dial, authenticate, subscribe, stream, until it ends. Nothing of it survives. */
import { RTYPE } from "../dbn/constants.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { NqError, toNqError } from "../lib/errors.ts";
import { createLsgClientSession, type LsgClientEvent, type LsgClientSession } from "../lsg/client-session.ts";
import { streamEvent } from "../lsg/stream-events.ts";
import { createGatewayNotices, type GatewayNotices } from "./gateway-notices.ts";
import { microsOf } from "./high-water.ts";
import type { LinkFacts } from "./link-reporter.ts";
import { createRecordTaker, type RecordTaker } from "./record-taker.ts";
import type { SessionOutcome, SessionRun, SessionRunOptions } from "./session.ts";
import { createStreamFeed, type StreamFeed } from "./stream-feed.ts";
import { watchStream, type StreamWatch } from "./stream-watch.ts";
import type { Transport } from "./transport.ts";

/** Damage that the next connection would bring again. */
const LASTING = new Set(["DBN_VERSION", "DBN_LEGACY", "ZSTD_BOMB", "ZSTD_WINDOW"]);
/** Records whose two times tell their age. */
const SAMPLED: ReadonlySet<number> = new Set([RTYPE.trade, RTYPE.mbp1, RTYPE.mbp10]);

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
  /** Trades of this session up to the piece before. */
  #seen = 0;
  /** What is being taken lay unread for a moment of its own choice: its age is not the link's. */
  #hasRested = false;
  #watch: StreamWatch | null = null;
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
      wallMs: () => client.clock.wallMs(),
      redact: (text) => client.apiKey.redact(text),
      onReplayed: (schema) => (options.recovery ?? options.ledger).replayCompleted(schema),
      onCaughtUp: () => this.#watch?.show(),
      onFatal: (error) => this.lose(error),
    });
    this.#taker = createRecordTaker({
      ledger: options.ledger,
      onFirst: () => this.#beginRecords(),
      onSample: (view) => {
        if (!this.#hasRested && SAMPLED.has(view.rtype) && !this.#isCatchingUp) options.latency.sample(view);
      },
      onRecord: client.onRecord,
      onTrades: (view, count) => client.onTrades?.(view, count),
      onGatewayRecord: (view) => this.#takeGatewayRecord(view),
    });
    this.#feed = createStreamFeed({
      compression: client.compression ?? "none",
      onMetadata: (metadata) => {
        reporter.setVersion(metadata.version);
        this.#guard(() => client.onMetadata?.(metadata));
      },
      onRecord: this.#taker.take,
      onTrades: client.onTrades === undefined ? undefined : this.#taker.takeTrades,
      onBatchEnd: () => this.#endBatch(),
      onFailure: (error) => this.#failStream(error),
      pause: () => this.#transport.pause(),
      resume: () => this.#transport.resume(),
    });
    reporter.setFacts(() => this.#facts());
    this.#timeout(timeouts.connectMs, "NET_CONNECT_TIMEOUT", "expected a connection");
    this.#transport = options.dial({
      onOpen: () => {
        reporter.setPhase("AUTHENTICATING");
        this.#timeout(timeouts.authMs, "NET_AUTH_TIMEOUT", "expected the gateway's greeting and answer");
      },
      onBytes: (bytes, hasRested = false) => this.#takeBytes(bytes, hasRested),
      onEnd: () => this.#takeEnd(),
      onError: (error) => this.lose(error),
    });
  }

  get hasCaughtUp(): boolean {
    return this.#taker.hasRecords && !this.#isCatchingUp;
  }

  stop(): void {
    this.#settle({ kind: "stopped" });
  }

  lose(error: NqError): void {
    if (this.#notices.isFinished) this.#settle({ kind: "ended" });
    else this.#settle({ kind: "lost", error: this.#notices.explain(error) });
  }

  get #isCatchingUp(): boolean {
    return this.#notices.isCatchingUp || this.#options.recovery?.isBehind === true;
  }

  #timeout(delayMs: number, code: "NET_CONNECT_TIMEOUT" | "NET_AUTH_TIMEOUT", expected: string): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.client.clock.after(delayMs, () => {
      this.lose(new NqError(code, `${expected} within ${delayMs / 1000} s, found none`));
    });
  }

  #takeBytes(bytes: Uint8Array, hasRested: boolean): void {
    const { client, reporter } = this.#options;
    this.#hasRested = hasRested;
    reporter.stats.bytes += bytes.length;
    reporter.stats.lastByteAtMs = client.clock.wallMs();
    this.#watch?.bytes();
    if (this.#session.state === "streaming") this.#feed.push(bytes);
    else this.#takeText(bytes);
    if (!this.#isOver) reporter.touch();
  }

  #takeText(bytes: Uint8Array): void {
    let events: LsgClientEvent[];
    try {
      events = this.#session.receive(bytes);
    } catch (error) {
      this.lose(toNqError(error, "LSG_BAD_LINE"));
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
      this.lose(toNqError(error, "LSG_SUBSCRIPTION"));
      return;
    }
    this.#options.recovery?.subscribed(subscriptions);
    const replays = subscriptions.filter(({ start }) => start !== null);
    this.#notices.expectReplays(replays.map(({ schema }) => schema));
    const { flow, latency, recovery } = this.#options;
    latency.begin();
    this.#watch = watchStream({
      clock: client.clock,
      reporter,
      timeouts,
      heartbeatIntervalS,
      flow,
      judge: client.flow,
      facts: () => ({
        hasRecords: this.#taker.hasRecords, isCatchingUp: this.#isCatchingUp, marketMs: recovery?.marketMs ?? null,
      }),
      onSilent: (silentMs) => {
        const found = `nothing for ${Math.round(silentMs / 1000)} s`;
        this.lose(new NqError("NET_SILENT", `expected bytes at least every ${heartbeatIntervalS} s, found ${found}`));
      },
    });
    reporter.message("info", `session ${sessionId} on ${client.dataset}`, "link");
    reporter.setPhase("SUBSCRIBED", { sessionId, gatewayVersion, attempt: 0 });
  }

  #facts(): LinkFacts {
    const isReplaying = !this.#isOver && this.#taker.hasRecords && this.#isCatchingUp;
    const { recovery, latency } = this.#options;
    return { catchUp: isReplaying ? (recovery?.progress ?? null) : null, latency: latency.state() };
  }

  #beginRecords(): void {
    const { client, reporter, ledger, recovery } = this.#options;
    reporter.stats.connectMs = client.clock.monotonicMs() - this.#dialledAt;
    if (recovery === null) ledger.beginSession(null);
    client.onSessionStart?.(recovery?.begin() ?? { isFresh: true, again: "all" });
    this.#watch?.show();
  }

  #takeGatewayRecord(view: RecordView): void {
    const event = streamEvent(view);
    if (event === null) return;
    const { recovery } = this.#options;
    if (event.kind === "mapping") {
      recovery?.mapping(event.stypeInSymbol, event.rawSymbol, event.instrumentId);
      return;
    }
    // The end of an interval is not the gateway's clock.
    if (event.kind !== "endOfInterval") recovery?.gatewayTime(microsOf(view.tsEventHi, view.tsEventLo));
    this.#notices.take(event);
  }

  /** From the decoder's counts, so that the hot path need not count. */
  #count(): void {
    const { stats } = this.#options.reporter;
    stats.records = this.#recordsBefore + this.#feed.records;
    stats.unknownRecords = this.#unknownBefore + this.#feed.unknownRecords;
  }

  #endBatch(): void {
    if (this.#isOver) return;
    const { client, recovery } = this.#options;
    this.#count();
    const kind = this.#taker.batch();
    const wasCatchingUp = this.#isCatchingUp;
    const reason = recovery?.batch() ?? null;
    const seen = recovery?.ledger.seen ?? 0;
    this.#watch?.batch(kind, recovery === null ? kind === "data" : seen !== this.#seen);
    this.#seen = seen;
    if (wasCatchingUp && !this.#isCatchingUp) this.#watch?.show();
    this.#guard(() => client.onBatchEnd?.());
    if (reason !== null) this.#settle({ kind: "again", reason });
  }

  #takeEnd(): void {
    if (this.#session.state !== "streaming") {
      const when = this.#session.state;
      this.lose(new NqError("NET_CLOSED", `expected the gateway's part of the ${when}, found the connection closed`));
      return;
    }
    this.#feed.end((pendingBytes) => {
      const where = pendingBytes > 0 ? "in the middle of a record" : "at the end of a record";
      this.lose(new NqError("NET_CLOSED", `the gateway closed the connection ${where}`));
    });
  }

  #failStream(error: unknown): void {
    this.#count();
    if (this.#taker.hasThrown || !(error instanceof NqError)) this.#settle({ kind: "crashed", error });
    else if (LASTING.has(error.code)) this.lose(error);
    else this.lose(new NqError("LSG_BAD_STREAM", `the stream is damaged: ${error.message}`, { cause: error }));
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

  #settle(outcome: SessionOutcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#taker.close();
    this.#cancelTimer();
    this.#watch?.stop();
    this.#feed.close();
    this.#transport.close();
    this.#resolve(outcome);
  }
}

/** Begins one connection. */
export function startSession(options: SessionRunOptions): SessionRun {
  return new Run(options);
}
