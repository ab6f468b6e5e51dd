/**
 * The real live client against a gateway without a network: every byte is handed over at once, up to the byte at which the
 * connection is cut. Shared between runs: the log and nothing else.
 */
import { zstdCompressSync } from "node:zlib";
import { runLiveClient } from "../../../src/client/live-client.ts";
import type { TransportHandlers } from "../../../src/client/transport.ts";
import { encodeRecord } from "../../../src/dbn/encode.ts";
import { encodeMetadata, liveMetadata } from "../../../src/dbn/metadata.ts";
import { acknowledgement, mappingRecord, SYSTEM_CODE, systemRecord } from "../../../src/gateway/gateway-records.ts";
import { NqError } from "../../../src/lib/errors.ts";
import { ApiKey } from "../../../src/lsg/api-key.ts";
import { createLsgServerSession, type LsgServerSession } from "../../../src/lsg/server-session.ts";
import type { LinkState } from "../../../src/lsg/link-state.ts";
import { concatBytes } from "../../helpers/dbn-bytes.ts";
import { settled } from "../ambient.ts";
import { BASE_NANOS, NQ_ID, RECORD_BYTES, type MarketLog } from "../market-log.ts";
import { DATASET } from "../sim-gateway.ts";
import { CutClock } from "./cut-clock.ts";
import { keyNumber, LOG_START_MS, Tally } from "./stream-log.ts";

const KEY = ApiKey.parse("db-unittestapikey1234567890FFFFF");
const CHALLENGE = "HCxTgxMcqglVMTMeaDZ2ICmcnrW8j92e";
const ROUNDS_MAX = 100_000;
export interface CutRigOptions {
  readonly log: MarketLog;
  readonly compression?: "none" | "zstd";
  /** Heard at each state of the link. */
  readonly onLink?: (link: LinkState) => void;
}

/** How one connection is cut: after so many bytes down or up, in an orderly way or not. */
export interface Cut {
  readonly direction: "down" | "up";
  readonly atByte: number;
  readonly way: "end" | "reset";
  /** How many pieces the bytes come in. */
  readonly pieces: number;
}

export class CutRig {
  readonly tally = new Tally();
  readonly clock = new CutClock(LOG_START_MS);
  /** What the client ended with; null while it runs. */
  failure: unknown = null;
  connections = 0;
  /** Bytes of the present connection. */
  downBytes = 0;
  upBytes = 0;
  link: LinkState | null = null;
  readonly #options: CutRigOptions;
  readonly #abort = new AbortController();
  #handlers: TransportHandlers | null = null;
  #protocol: LsgServerSession | null = null;
  #isPaused = false;
  #isOpen = false;
  /** What the client wrote and the gateway has not read. */
  #sent: Uint8Array[] = [];
  #cut: Cut | null = null;
  /** From where the session asked for trades. */
  #start = 0n;
  #first = 0;
  /** Records that have reached the gateway. */
  #arrived = 0;
  /** Next record to send. */
  #next = 0;
  #isLive = false;

  constructor(options: CutRigOptions) {
    this.#options = options;
    runLiveClient(
      {
        endpoint: { transport: "tcp", host: "simulated", port: 13_000 },
        dataset: DATASET,
        apiKey: KEY,
        subscriptions: ({ resume }) => [
          { schema: "trades", stypeIn: "continuous", symbols: ["NQ.v.0"], start: resume?.start ?? 0n, snapshot: false, id: 1 },
        ],
        compression: options.compression ?? "none",
        clock: this.clock,
        random: () => 0,
        dial: (handlers) => {
          this.connections += 1;
          this.#handlers = handlers;
          this.#isPaused = false;
          this.#sent = [];
          const isMine = (): boolean => this.#handlers === handlers;
          return {
            write: (bytes) => void (isMine() && this.#sent.push(bytes.slice())),
            pause: () => void (isMine() && (this.#isPaused = true)),
            resume: () => void (isMine() && (this.#isPaused = false)),
            close: () => void (isMine() && this.#forget()),
          };
        },
        onSessionStart: ({ isFresh }) => {
          if (isFresh) Object.assign(this.tally, new Tally());
        },
        onRecord: (view) => {
          if (view.rtype === 0) this.tally.add(keyNumber(view.dv, view.base), view.size);
        },
        onLink: (link) => {
          this.link = link;
          options.onLink?.(link);
        },
      },
      this.#abort.signal,
    ).catch((error: unknown) => {
      this.failure = error;
    });
  }

  /** The log begins here: what is before does not exist. */
  skip(records: number): void {
    this.#first = records;
    this.#arrived = records;
  }

  /** Everything up to this record has reached the gateway; a live session is sent what is new. */
  arrive(records: number): void {
    this.#arrived = records;
    this.clock.advance(1);
    if (this.#isLive) this.#sendLive();
  }

  /** The part of the next record that is on its way when the connection breaks. */
  partial(bytes: number): void {
    const at = this.#next * RECORD_BYTES;
    this.#down(this.#options.log.bytes.subarray(at, at + bytes));
  }

  /** Answers the dialled connection, which is then cut as said; null: it holds. Does nothing while one is open. */
  async connect(cut: Cut | null): Promise<void> {
    if (this.#isOpen) return;
    for (let round = 0; this.#handlers === null; round += 1) {
      if (this.failure !== null) throw this.failure;
      if (round > ROUNDS_MAX) throw new Error("the client does not connect again");
      await settled();
      if (this.#handlers === null && !this.clock.next()) await settled();
    }
    this.#cut = cut;
    this.downBytes = 0;
    this.upBytes = 0;
    this.#isLive = false;
    this.#protocol = createLsgServerSession({ dataset: DATASET, keys: [KEY], challenge: CHALLENGE, sessionId: "1", lsgVersion: "0.9.4" });
    this.#isOpen = true;
    this.#handlers.onOpen();
    this.#down(this.#protocol.greeting());
    for (let bytes = this.#sent.shift(); bytes !== undefined; bytes = this.#sent.shift()) this.#fromClient(bytes);
    await this.rest();
  }

  /** Breaks the connection between two bytes. */
  async break(way: "end" | "reset"): Promise<void> {
    this.#strike(way);
    await this.rest();
  }

  /** Promises, and a decompressor, have done what was to be done. */
  async rest(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      await settled();
      if (!this.#isPaused || this.#handlers === null) return;
    }
    throw new Error("the client does not come to rest");
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await settled();
    if (this.failure !== null) throw this.failure;
  }

  #fromClient(bytes: Uint8Array): void {
    const cut = this.#cut;
    const left = cut?.direction === "up" ? cut.atByte - this.upBytes : Number.POSITIVE_INFINITY;
    const passed = bytes.subarray(0, left);
    this.upBytes += passed.length;
    for (const event of this.#protocol?.receive(passed) ?? []) {
      if (event.kind === "send") this.#down(event.bytes);
      else if (event.kind === "subscribed") this.#start = event.subscription.start ?? 0n;
      else if (event.kind === "start") this.#begin();
    }
    if (cut !== null && passed.length < bytes.length) this.#strike(cut.way);
  }

  #begin(): void {
    const { log } = this.#options;
    const now = BASE_NANOS + BigInt(Math.floor(log.arrivalUs[Math.max(0, this.#arrived - 1)] ?? 0)) * 1_000n;
    const parts = [
      encodeMetadata(liveMetadata({ version: 3, dataset: DATASET, start: now, tsOut: false })),
      encodeRecord(systemRecord(3, now, SYSTEM_CODE.acknowledgement, acknowledgement(1, "trades")), 3),
      encodeRecord(mappingRecord(3, now, { stypeIn: "continuous", symbol: "NQ.v.0", instrumentId: NQ_ID, rawSymbol: "NQM5" }), 3),
    ];
    let from = this.#firstSince(this.#start);
    while (from < this.#arrived) {
      // Runs of records to be sent; single ones in between are older than asked for.
      let to = from;
      while (to < this.#arrived && (log.tsEvent[to] ?? 0n) >= this.#start) to += 1;
      if (to > from) parts.push(log.bytes.subarray(from * RECORD_BYTES, to * RECORD_BYTES));
      from = to + 1;
    }
    parts.push(encodeRecord(systemRecord(3, now, SYSTEM_CODE.replayed, "Finished trades replay"), 3));
    this.#next = this.#arrived;
    this.#isLive = true;
    this.#down(concatBytes(...parts), true);
  }

  /** First record of the log that may have traded since then; records are at most six seconds late. */
  #firstSince(start: bigint): number {
    const { log } = this.#options;
    let low = this.#first;
    let high = this.#arrived;
    const startUs = Number((start - BASE_NANOS) / 1_000n);
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((log.arrivalUs[middle] ?? 0) < startUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #sendLive(): void {
    const { log } = this.#options;
    if (this.#next >= this.#arrived) return;
    const bytes = log.bytes.subarray(this.#next * RECORD_BYTES, this.#arrived * RECORD_BYTES);
    this.#next = this.#arrived;
    this.#down(bytes, true);
  }

  #down(bytes: Uint8Array, isStream = false): void {
    const sent = isStream && this.#options.compression === "zstd" ? zstdCompressSync(bytes) : bytes;
    const cut = this.#cut;
    const left = cut?.direction === "down" ? cut.atByte - this.downBytes : Number.POSITIVE_INFINITY;
    const passed = sent.subarray(0, Math.max(0, left));
    const pieces = cut?.pieces ?? 1;
    const size = Math.max(1, Math.ceil(passed.length / pieces));
    for (let at = 0; at < passed.length; at += size) {
      const piece = passed.slice(at, at + size);
      this.downBytes += piece.length;
      this.#handlers?.onBytes(piece);
    }
    if (cut !== null && passed.length < sent.length) this.#strike(cut.way);
  }

  #forget(): void {
    this.#handlers = null;
    this.#isOpen = false;
    this.#isLive = false;
  }

  #strike(way: "end" | "reset"): void {
    const handlers = this.#handlers;
    this.#forget();
    if (handlers === null) return;
    if (way === "end") handlers.onEnd();
    else handlers.onError(new NqError("NET_CLOSED", "the connection broke: the other side reset it"));
  }
}
