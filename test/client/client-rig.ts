/** Runs a live client against a test's gateway and keeps what it told. */
import { schemaOfRtype } from "../../src/dbn/constants.ts";
import type { DbnMetadata } from "../../src/dbn/metadata.ts";
import { decodeRecord, type DbnRecord } from "../../src/dbn/records.ts";
import { NqError } from "../../src/lib/errors.ts";
import { runLiveClient } from "../../src/client/live-client.ts";
import type { LiveClientOptions } from "../../src/client/live-options.ts";
import type { LinkPhase, LinkState } from "../../src/lsg/link-state.ts";
import type { Subscription } from "../../src/lsg/subscription.ts";
import { realClock } from "./hand-clock.ts";
import { DATASET, KEY } from "./scripted-gateway.ts";

export const TRADES: Subscription = {
  schema: "trades", stypeIn: "continuous", symbols: ["NQ.c.0"], start: null, snapshot: false, id: 1,
};

export class Rig {
  readonly records: DbnRecord[] = [];
  readonly links: LinkState[] = [];
  readonly metadata: DbnMetadata[] = [];
  /** What came in which order: `start`, `record`, `batch`. */
  readonly calls: string[] = [];
  readonly done: Promise<void>;
  /** What the client rejected with. */
  failure: unknown = null;
  isDone = false;
  readonly #abort = new AbortController();
  #waiters: (() => void)[] = [];

  constructor(port: number, options: Partial<LiveClientOptions> = {}) {
    const merged: LiveClientOptions = {
      endpoint: { transport: "tcp", host: "127.0.0.1", port },
      dataset: DATASET,
      apiKey: KEY,
      subscriptions: () => [TRADES],
      clock: realClock,
      random: () => 0,
      clientName: "test/1.0",
      onMetadata: (metadata) => this.metadata.push(metadata),
      onSessionStart: () => this.calls.push("start"),
      onRecord: (view) => {
        const record = decodeRecord(view.bytes, 3, view.base);
        if (record !== null) this.records.push(record);
        this.calls.push("record");
      },
      onBatchEnd: () => {
        this.calls.push("batch");
        this.#check();
      },
      onLink: (link) => {
        this.links.push(link);
        this.#check();
      },
      ...options,
    };
    this.done = runLiveClient(merged, this.#abort.signal).then(
      () => void (this.isDone = true),
      (error: unknown) => {
        this.failure = error;
        this.isDone = true;
      },
    ).then(() => this.#check());
  }

  #check(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves once `isTrue` holds; looked at whenever the client tells something. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      if (this.isDone) throw new Error(`the client was done before: ${String(this.failure)}`, { cause: this.failure });
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  untilPhase(phase: LinkPhase): Promise<void> {
    return this.until(() => this.link.phase === phase);
  }

  get link(): LinkState {
    const link = this.links.at(-1);
    if (link === undefined) throw new Error("nothing told yet");
    return link;
  }

  /** The phases told, repetitions left out. */
  get phases(): LinkPhase[] {
    return this.links.map(({ phase }) => phase).filter((phase, at, all) => phase !== all[at - 1]);
  }

  get sizes(): number[] {
    return this.records.flatMap((record) => (record.kind === "trade" ? [record.size] : []));
  }

  get error(): NqError {
    if (this.failure instanceof NqError) return this.failure;
    throw new Error(`expected an NqError, found ${String(this.failure)}`);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.done;
  }
}

/** Schema of a record, or its kind for gateway records. */
export function label(record: DbnRecord): string {
  return schemaOfRtype(record.rtype) ?? record.kind;
}
