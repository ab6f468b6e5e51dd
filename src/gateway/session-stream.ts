/** Everything a session is sent after its start: metadata, answers, replay, live records, heartbeats, the end. */
import { END_OF_RECORDING } from "../lsg/stream-events.ts";
import type { DbnVersion } from "../dbn/constants.ts";
import { liveMetadata, encodeMetadata } from "../dbn/metadata.ts";
import { toNqError } from "../lib/errors.ts";
import { fromNanos, NanosSplitter, toNanos, type UnixTime } from "../lib/time.ts";
import type { LsgRequest } from "../lsg/auth-request.ts";
import type { Subscription } from "../lsg/subscription.ts";
import { announce, earliestStart } from "./announce.ts";
import type { ConnectionFaults } from "./faults.ts";
import { ERROR_CODE, errorRecord, SYSTEM_CODE, systemRecord } from "./gateway-records.ts";
import { IntervalNotices } from "./interval-notices.ts";
import { Nap } from "./nap.ts";
import { openSource } from "./open-source.ts";
import { Outbox, PIECE_BYTES } from "./outbox.ts";
import { givenUpRecord, patienceOf } from "./patience.ts";
import type { SessionShared } from "./session-options.ts";
import { Sifter } from "./sifter.ts";
import { isWithMarket, SlowReader } from "./slow-reader.ts";
import type { SourceReader } from "./source.ts";
import type { Transport } from "./transport.ts";
import { WireBuffer } from "./wire-buffer.ts";

/** Shortest sleep, real milliseconds: what falls due meanwhile goes out in one write, one wake-up for the reader. */
const LOOK_MS = 2;
/** Longest sleep while the market is quiet, real milliseconds. */
const SLEEP_MS_MAX = 1000;

export interface StreamOptions {
  readonly shared: SessionShared;
  readonly connection: number;
  readonly request: LsgRequest;
  readonly transport: Transport;
  readonly faults: ConnectionFaults;
}

export class SessionStream {
  readonly #shared: SessionShared;
  readonly #options: StreamOptions;
  readonly #version: DbnVersion;
  readonly #wire: WireBuffer;
  readonly #outbox: Outbox;
  readonly #sifter: Sifter;
  readonly #slow: SlowReader;
  readonly #notices = new IntervalNotices();
  readonly #splitter = new NanosSplitter();
  #pending: Subscription[] = [];
  #reader: SourceReader | null = null;
  /** Schemas that are being replayed. */
  readonly #replaying = new Set<string>();
  /** Replay up to here, then look how far the market has moved; null when live. */
  #replayUntil: UnixTime | null = null;
  /** The client sends nothing more: records due by then are its last. */
  #lastUntil: UnixTime | null = null;
  #failure: { readonly code: number; readonly text: string } | null = null;
  #isRunning = false;
  #isSourceOver = false;
  #isOver = false;
  readonly #nap = new Nap();

  constructor(options: StreamOptions) {
    const { shared, request, transport } = options;
    this.#options = options;
    this.#shared = shared;
    this.#version = shared.dbnVersion;
    this.#wire = new WireBuffer(shared.dbnVersion, request.tsOut);
    this.#outbox = new Outbox(transport, this.#wire, shared.clock, request.compression);
    this.#sifter = new Sifter(shared.source.schemas, this.#wire);
    this.#slow = new SlowReader({
      version: shared.dbnVersion,
      behavior: request.slowReaderBehavior,
      market: shared.market,
      wire: this.#wire,
      outbox: this.#outbox,
      sifter: this.#sifter,
      onSlow: () => shared.onEvent({ kind: "slow", connection: options.connection }),
    });
  }

  get records(): number { return this.#wire.records; }
  get bytes(): number { return this.#outbox.bytes; }
  get isRunning(): boolean { return this.#isRunning; }
  /** The client leaves bytes untaken, so an orderly end may never come. */
  get isStuck(): boolean { return this.#outbox.isStuck; }

  subscribe(subscription: Subscription): void {
    this.#pending.push(subscription);
    this.#nap.wake();
  }

  /** Sends the stream; resolves when all of it is with the system or the connection is gone. */
  async run(): Promise<void> {
    this.#isRunning = true;
    const forget = this.#shared.market.onChange(() => this.#nap.wake());
    try {
      this.#setPatience();
      await this.#begin();
      while (!this.#isOver) {
        this.#setPatience();
        await this.#step();
        if (this.#outbox.isGivenUp) this.#giveUp();
      }
      await this.#outbox.finish();
    } catch (error) {
      const failure = toNqError(error, "LSG_INTERNAL");
      this.#shared.onEvent({ kind: "failed", connection: this.#options.connection, error: failure });
      this.#wire.own(errorRecord(this.#version, this.#nowNanos(), ERROR_CODE.internal, "Internal error"));
      await this.#outbox.finish().catch(() => {}); // it may have failed at just that
    } finally {
      forget();
      await this.#reader?.close();
      this.#outbox.dispose();
    }
  }

  /** An error record, then the end. */
  fail(code: number, text: string): void {
    this.#failure = { code, text };
    this.#nap.wake();
  }

  /** The client closed its sending side: what is due now is still sent, then the stream ends. */
  finishDue(): void {
    this.#lastUntil ??= this.#shared.market.horizon();
    this.#nap.wake();
  }

  /** Ends with what has been made so far. */
  stop(): void {
    this.#isOver = true;
    this.#nap.wake();
  }

  /** The connection is gone. */
  abandon(): void {
    this.stop();
    this.#outbox.close();
  }

  #nowNanos(): bigint {
    return this.#shared.market.nowNanos();
  }

  #setPatience(): void {
    this.#outbox.patienceMs = patienceOf({ isEndless: this.#shared.market.isEndless, isReplaying: this.#replayUntil !== null });
  }

  /** Tells why, should the client wake up, and ends. */
  #giveUp(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#wire.own(givenUpRecord(this.#version, this.#nowNanos(), this.#outbox.patienceMs));
    this.#shared.onEvent({ kind: "given-up", connection: this.#options.connection });
  }

  async #begin(): Promise<void> {
    const { market, source } = this.#shared;
    const joined = market.start();
    this.#wire.sentAtNanos = joined;
    const start = earliestStart(this.#pending, joined, toNanos(source.firstAt));
    const metadata = liveMetadata({ version: this.#version, dataset: source.dataset, start, tsOut: this.#options.request.tsOut });
    this.#wire.raw(encodeMetadata(metadata));
    if (this.#failure !== null) return; // a bad line came before the start: nothing else is worth sending
    this.#reader = openSource(source, market, start, this.#sifter);
    await this.#answer(joined, joined);
    if (this.#replaying.size > 0) this.#replayUntil = fromNanos(joined - 1n);
    const fault = this.#options.faults.error;
    if (fault !== undefined) {
      this.#wire.own(errorRecord(this.#version, joined, fault.code, fault.text));
      if (fault.isFatal) this.#isOver = true;
    }
  }

  /** Answers the subscriptions that came since the last call; without a start they get index times from `joined` on. */
  async #answer(now: bigint, joined: bigint): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    for (const subscription of pending) {
      const { start, schema } = subscription;
      const { market, resolver } = this.#shared;
      if (start !== null && !market.isEndless && start > now) {
        this.#failure = { code: ERROR_CODE.invalidSubscription, text: "expected a start that is not in the future" };
        return;
      }
      const resolution = resolver.resolve(subscription);
      for (const _ of announce(this.#wire, this.#version, now, subscription, resolution)) {
        if (this.#wire.lengthBytes > PIECE_BYTES) await this.#outbox.flush();
        if (this.#outbox.isGivenUp || this.#isOver) return;
      }
      const grant = {
        instrumentIds: resolution.found.map(({ instrument }) => instrument.instrumentId),
        isAll: resolution.isAll,
        fromEvent: start,
        fromIndex: market.isEndless && start !== null ? null : joined,
      };
      this.#sifter.subscribe(schema, grant, this.#sifter.seenFromSec);
      if (start !== null) this.#replaying.add(schema);
    }
  }

  #lastIndex(): UnixTime {
    this.#splitter.split(this.#sifter.lastHi, this.#sifter.lastLo);
    return { sec: this.#splitter.sec, nanos: this.#splitter.nanos };
  }

  async #step(): Promise<void> {
    // At endless speed there is no now to join at: whoever comes later gets what comes from here on.
    const now = this.#nowNanos();
    this.#wire.sentAtNanos = now;
    if (this.#pending.length > 0) await this.#answer(now, this.#shared.market.isEndless ? 0n : now);
    if (this.#failure !== null) return this.#sendFailure(this.#failure);
    const until = this.#replayUntil ?? this.#lastUntil ?? this.#shared.market.horizon();
    const batch = this.#isSourceOver || this.#reader === null ? null : await this.#reader.read(until);
    if (batch === null) return this.#caughtUp(until);
    if (batch === "end") return this.#endOfSource();
    this.#wire.sentAtNanos = this.#nowNanos();
    if (this.#replayUntil === null) this.#slow.judge(batch.bytes);
    this.#sifter.sift(batch.bytes);
    this.#slow.tellSkipped();
    const reached = toNanos(this.#lastIndex());
    this.#sifter.advance(reached);
    this.#shared.market.reach(reached);
    await this.#outbox.flush();
  }

  #sendFailure(failure: { readonly code: number; readonly text: string }): void {
    this.#wire.own(errorRecord(this.#version, this.#nowNanos(), failure.code, failure.text));
    this.#isOver = true;
  }

  /** Everything up to `until` has been read. */
  async #caughtUp(until: UnixTime): Promise<void> {
    const { market } = this.#shared;
    if (this.#replayUntil !== null) return this.#advanceReplay(this.#replayUntil);
    if (!this.#isSourceOver) {
      const nanos = market.isEndless ? this.#nowNanos() : toNanos(until);
      this.#sifter.advance(nanos);
      for (const { schema, endNanos } of this.#notices.take(this.#sifter.schemas, nanos)) {
        this.#system(SYSTEM_CODE.interval, `End of interval for ${schema}`, endNanos);
      }
    }
    if (this.#lastUntil !== null) {
      this.#isOver = true;
      return;
    }
    this.#slow.caughtUp();
    await this.#outbox.flush();
    const quietMs = this.#shared.clock.monotonicMs() - this.#outbox.lastWriteMs;
    if (quietMs >= this.#options.request.heartbeatIntervalS * 1000) {
      this.#system(SYSTEM_CODE.heartbeat, "Heartbeat");
      await this.#outbox.flush();
    } else if (!this.#isOver && this.#pending.length === 0 && this.#failure === null && this.#lastUntil === null) {
      await this.#sleep(this.#options.request.heartbeatIntervalS * 1000 - quietMs);
    }
  }

  /** The market moved on during the replay: it is over only when nothing but the last moment is left. */
  #advanceReplay(reached: UnixTime): void {
    const { market } = this.#shared;
    if (!market.isEndless && this.#lastUntil === null && !isWithMarket(-market.realMsUntil(reached))) {
      this.#replayUntil = market.now();
      return;
    }
    this.#finishReplay();
  }

  #finishReplay(): void {
    this.#replayUntil = null;
    for (const schema of this.#replaying) this.#system(SYSTEM_CODE.replayed, `Finished ${schema} replay`);
    this.#replaying.clear();
    this.#outbox.forgetWaiting();
  }

  #endOfSource(): void {
    this.#sifter.advance(null);
    this.#finishReplay();
    this.#isSourceOver = true;
    this.#system(SYSTEM_CODE.other, END_OF_RECORDING);
    if (this.#shared.endOfSource === "close") this.#isOver = true;
  }

  #system(code: number, text: string, at = this.#nowNanos()): void {
    this.#wire.own(systemRecord(this.#version, at, code, text));
  }

  /** Until the next record, bar or notice is due, something is asked, or `limitMs` have passed. */
  async #sleep(limitMs: number): Promise<void> {
    const { market } = this.#shared;
    let delayMs = Math.min(limitMs, SLEEP_MS_MAX);
    if (!this.#isSourceOver) {
      const next = this.#reader?.nextAt ?? null;
      delayMs = Math.min(delayMs, next === null || market.isEndless ? LOOK_MS : market.realMsUntil(next));
      for (const due of [this.#sifter.barsDueNanos, this.#notices.dueNanos]) {
        if (due !== null) delayMs = Math.min(delayMs, Math.max(LOOK_MS, market.realMsUntil(fromNanos(due))));
      }
      delayMs = Math.max(delayMs, LOOK_MS);
    }
    await this.#nap.sleep(this.#shared.clock, delayMs);
  }
}
