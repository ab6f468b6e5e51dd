/**
 * The product as a simulation starts it: the live feed, the client and the store, and where the seed says so the recorder
 * and the start from what an earlier run recorded, wired as the product's own commands do it.
 */
import { openLiveFeed } from "../../src/commands/live-feed.ts";
import { startRecordKeeper, type RecordKeeper } from "../../src/commands/record-keeper.ts";
import { runFeed } from "../../src/commands/run-feed.ts";
import type { System } from "../../src/commands/system.ts";
import { findWarmStart } from "../../src/commands/warm-start.ts";
import type { Dial } from "../../src/client/transport.ts";
import type { RecordView } from "../../src/dbn/record-view.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { NqError } from "../../src/lib/errors.ts";
import type { UnixTime } from "../../src/lib/time.ts";
import type { LinkState } from "../../src/lsg/link-state.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import type { RecorderState } from "../../src/recording/recorder-state.ts";
import type { Snapshot } from "../../src/store/snapshot.ts";
import { createTradeStore, type TradeStore } from "../../src/store/store.ts";
import type { SimPlan } from "./plan.ts";
import type { SimDisk } from "./sim-disk.ts";

const FOLDER = "/recordings";

export interface Product {
  readonly store: TradeStore;
  /** What the client ended with; null while it runs. */
  readonly end: unknown;
  /** Why nothing is recorded; null while it is, or is not to be. */
  readonly recordingFailure: NqError | null;
  /** The last that the recorder told; null: nothing is recorded. */
  readonly recording: RecorderState | null;
  /** Nothing runs any more, and the recording is closed. */
  readonly isOver: boolean;
  stop(): void;
}

export interface ProductOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly apiKeyText: string;
  readonly plan: SimPlan;
  readonly dial: Dial;
  /** Null: nothing is recorded. */
  readonly disk: SimDisk | null;
  /** A record on its way to the store. */
  readonly onRecord: (view: RecordView) => void;
  /** Everything is counted from nothing; from when on trades are known. */
  readonly onFresh: (from: UnixTime | null) => void;
  /** The figures of another contract begin; trades go on to be handed on once. */
  readonly onRoll: (from: UnixTime | null) => void;
  readonly onChange: (store: TradeStore) => void;
  readonly onLink: (link: LinkState) => void;
  /** The recorder says how far it is. */
  readonly onRecording: (state: RecorderState) => void;
  /** What an earlier run recorded is about to be counted, from `from` on. */
  readonly onWarm: (from: UnixTime | null) => void;
}

/** The store, with somebody looking at what comes in. */
function watched(store: TradeStore, options: ProductOptions, isNew: () => boolean): TradeStore {
  return {
    ...store,
    applyRecord(view) {
      options.onRecord(view);
      store.applyRecord(view);
    },
    applyTrades(view, count) {
      const { base } = view;
      const step = view.lengthBytes;
      for (let n = 0; n < count; n += 1) {
        view.base = base + n * step;
        options.onRecord(view);
      }
      view.base = base;
      store.applyTrades(view, count);
    },
    beginSession(from) {
      if (isNew()) options.onFresh(from);
      else options.onRoll(from);
      store.beginSession(from);
    },
  };
}

class RunningProduct implements Product {
  readonly store: TradeStore;
  end: unknown = null;
  recordingFailure: NqError | null = null;
  isOver = false;
  readonly #options: ProductOptions;
  readonly #abort = new AbortController();
  #keeper: RecordKeeper | null = null;
  /** The next time that figures begin, everything is counted from nothing. */
  #isNew = false;

  constructor(options: ProductOptions) {
    const { clock, random, apiKeyText, disk } = options;
    this.#options = options;
    // What a live feed asks of its surroundings; whatever else it asked for would be missing, and fail.
    const system = {
      clock, random, apiKeyText, gatewayKeyText: null, disk, lockFolder: () => Promise.resolve({ release: () => Promise.resolve() }),
    } as unknown as System;
    const feed = openLiveFeed(system, {
      symbol: { text: "NQ.v.0", stypeIn: "continuous" }, roll: null, gateway: null, calendar: builtInCalendar,
    });
    this.store = createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar, rollRule: feed.rollRule });
    this.#run(system, feed).catch((error: unknown) => {
      this.end = error;
    }).finally(() => {
      this.isOver = true;
    }).catch(() => {});
  }

  get recording(): RecorderState | null {
    return this.#keeper?.state() ?? null;
  }

  stop(): void {
    this.#abort.abort();
  }

  async #run(system: System, feed: ReturnType<typeof openLiveFeed>): Promise<void> {
    const { store } = this;
    const { plan, dial, disk, onLink } = this.#options;
    const keeper = disk === null ? null : await this.#record(system, feed);
    const found = disk === null ? null : await findWarmStart(system, feed, FOLDER);
    const warm = found === null ? null : {
      from: found.from,
      get gaps() {
        return found.gaps;
      },
      read: (take: (view: RecordView) => void) => {
        this.#options.onWarm(found.from);
        this.#isNew = true;
        return found.read(take);
      },
    };
    try {
      await runFeed(
        system, feed,
        {
          store: watched(store, this.#options, () => this.#takeNew()), onChange: () => this.#options.onChange(store), onLink, warm,
          onAgain: (instruments) => {
            this.#isNew = instruments === "all";
            keeper?.again(instruments);
          },
          ...(keeper === null ? {} : { keep: keeper.keep }),
          connection: { dial, compression: plan.compression, tsOut: plan.tsOut },
        },
        this.#abort.signal,
      );
    } finally {
      if (keeper !== null) {
        await keeper.stop().catch((error: unknown) => void (this.recordingFailure = error instanceof NqError ? error : null));
      }
    }
  }

  #takeNew(): boolean {
    const isNew = this.#isNew;
    this.#isNew = false;
    return isNew;
  }

  #current(): Snapshot {
    this.store.commit();
    return this.store.getSnapshot();
  }

  /** A disk that cannot be used is told, and the market goes on. */
  async #record(system: System, feed: ReturnType<typeof openLiveFeed>): Promise<RecordKeeper | null> {
    const { plan, onRecording } = this.#options;
    if (plan.disk === null) return null;
    const { syncMs, heldMax, rotateBytes } = plan.disk;
    try {
      this.#keeper = await startRecordKeeper(system, feed, { dir: FOLDER, syncMs, limits: { heldMax, rotateBytes } }, () => this.#current(), onRecording);
      return this.#keeper;
    } catch (error) {
      if (!(error instanceof NqError)) throw error;
      this.recordingFailure = error;
      return null;
    }
  }
}

export function startProduct(options: ProductOptions): Product {
  return new RunningProduct(options);
}
