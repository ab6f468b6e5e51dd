/** The live client on connections that are this test, on a clock moved by hand: every call in a known order. */
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { decodeRecord, type DbnRecord } from "../../src/dbn/records.ts";
import { runLiveClient } from "../../src/client/live-client.ts";
import type { LiveClientOptions, SubscribeContext } from "../../src/client/live-options.ts";
import type { TransportHandlers } from "../../src/client/transport.ts";
import { NqError } from "../../src/lib/errors.ts";
import type { LinkGap, LinkState } from "../../src/lsg/link-state.ts";
import { TRADES } from "./client-rig.ts";
import { HandClock } from "./hand-clock.ts";
import { LOG_START } from "./market-log.ts";
import { CHALLENGE, DATASET, header, KEY } from "./scripted-gateway.ts";

/** Lets everything that waits on promises run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

/** One connection, from the gateway's side. */
export class MemoryPeer {
  readonly sent: string[] = [];
  isClosed = false;
  readonly #handlers: TransportHandlers;

  constructor(handlers: TransportHandlers) {
    this.#handlers = handlers;
  }

  /** Greeting to the stream's header. */
  accept(greeting = "0.9.4"): this {
    this.#handlers.onOpen();
    this.raw(Buffer.from(`lsg_version=${greeting}\ncram=${CHALLENGE}\n`));
    this.raw(Buffer.from("success=1|session_id=1\n"));
    return this.send(header());
  }

  /** One piece of the stream; the buffer is overwritten after the call, as a reused one is. */
  send(...parts: readonly Uint8Array[]): this {
    this.raw(Buffer.concat(parts));
    return this;
  }

  /** The same, after it lay unread for a moment. */
  sendRested(...parts: readonly Uint8Array[]): this {
    this.raw(Buffer.concat(parts), true);
    return this;
  }

  raw(bytes: Uint8Array, hasRested = false): void {
    if (this.isClosed || bytes.length === 0) return;
    const copy = Uint8Array.from(bytes);
    this.#handlers.onBytes(copy, hasRested);
    copy.fill(0xee);
  }

  /** `start` of each subscription line that has this schema. */
  starts(schema = "trades"): (bigint | null)[] {
    const lines = this.sent.join("").split("\n").filter((line) => line.includes(`schema=${schema}|`));
    return lines.map((line) => {
      const start = /\|start=(\d+)/.exec(line)?.[1];
      return start === undefined ? null : BigInt(start);
    });
  }

  reset(): void {
    if (!this.isClosed) this.#handlers.onError(new NqError("NET_CLOSED", "the other side reset it"));
  }

  end(): void {
    if (!this.isClosed) this.#handlers.onEnd();
  }
}

export class MemoryRig {
  readonly clock = new HandClock();
  readonly peers: MemoryPeer[] = [];
  readonly records: DbnRecord[] = [];
  readonly links: LinkState[] = [];
  readonly contexts: SubscribeContext[] = [];
  /** Of each connection that sent a record: whether it is counted from nothing. */
  readonly fresh: boolean[] = [];
  failure: unknown = null;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(options: Partial<LiveClientOptions> = {}) {
    this.#done = runLiveClient({
      endpoint: { transport: "tcp", host: "memory", port: 1 },
      dataset: DATASET,
      apiKey: KEY,
      clock: this.clock,
      random: () => 0.5,
      subscriptions: (context) => {
        this.contexts.push(context);
        return [{ ...TRADES, start: context.resume?.start ?? 0n }];
      },
      dial: (handlers) => {
        const peer = new MemoryPeer(handlers);
        this.peers.push(peer);
        return {
          write: (bytes) => void peer.sent.push(Buffer.from(bytes).toString()),
          pause: () => {},
          resume: () => {},
          close: () => void (peer.isClosed = true),
        };
      },
      onSessionStart: ({ isFresh }) => {
        this.fresh.push(isFresh);
        if (isFresh) this.records.length = 0;
      },
      onRecord: (view) => {
        const record = decodeRecord(view.bytes, 3, view.base);
        if (record !== null) this.records.push(record);
      },
      onLink: (link) => void this.links.push(link),
      ...options,
    }, this.#stop.signal).catch((error: unknown) => void (this.failure = error));
  }

  /** The newest connection; waits for the next try if there is none open. */
  async peer(): Promise<MemoryPeer> {
    for (let tries = 0; tries < 100; tries += 1) {
      await settle();
      const peer = this.peers.at(-1);
      if (peer !== undefined && !peer.isClosed) return peer;
      this.clock.advance(1_000);
    }
    throw new Error("the client does not connect");
  }

  get link(): LinkState {
    const link = this.links.at(-1);
    if (link === undefined) throw new Error("nothing was told");
    return link;
  }

  get gaps(): readonly LinkGap[] {
    return this.link.gaps ?? [];
  }

  /** Sequence numbers of the trades handed out since the figures began. */
  get sequences(): number[] {
    return this.records.flatMap((record) => (record.kind === "trade" ? [record.sequence] : []));
  }

  get messages(): string {
    return this.link.messages.map(({ text }) => text).join("\n");
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }
}

const SECOND = 1_000_000_000n;

/** Nanoseconds of a time `sec` seconds after `LOG_START`. */
export function at(sec: number): bigint {
  return LOG_START + BigInt(Math.round(sec * 1e6)) * (SECOND / 1_000_000n);
}

/** A trade at `sec` seconds with its own sequence number. */
export function tick(sec: number, fields: Partial<Extract<PartialRecord, { kind: "trade" }>> = {}): Uint8Array {
  return encodeRecord({
    kind: "trade", publisherId: 1, instrumentId: 42, tsEvent: at(sec), tsRecv: at(sec) + 50_000n, price: 21_000_250_000_000n,
    size: 1, action: "T", side: "B", sequence: Math.round(sec * 1000), ...fields,
  }, 3);
}

/** Trades of the seconds from one to another, the last left out. */
export function ticks(from: number, to: number, step = 1): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let n = 0; from + n * step < to; n += 1) all.push(tick(Math.round((from + n * step) * 1e6) / 1e6));
  return all;
}

export function systemAt(sec: number, msg: string, code: number): Uint8Array {
  return encodeRecord({ kind: "system", tsEvent: at(sec), msg, code }, 3);
}

export const acknowledged = (sec: number): Uint8Array => systemAt(sec, "Subscription request 1 for trades data succeeded", 1);
export const replayed = (sec: number): Uint8Array => systemAt(sec, "Finished trades replay", 3);
export const heartbeat = (sec: number): Uint8Array => systemAt(sec, "Heartbeat", 0);

export function mapped(symbol: string, rawSymbol: string, instrumentId = 42): Uint8Array {
  return encodeRecord({ kind: "symbolMapping", instrumentId, tsEvent: LOG_START, stypeInSymbol: symbol, stypeOutSymbol: rawSymbol }, 3);
}
