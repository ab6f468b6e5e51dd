/** Asks the gateway once more for what the disk did not take, in a session of its own, and puts it into the recording. */
import { runLiveClient } from "../client/live-client.ts";
import { RTYPE } from "../dbn/constants.ts";
import { NqError, toNqError } from "../lib/errors.ts";
import { fromNanos } from "../lib/time.ts";
import type { LinkPhase } from "../lsg/link-state.ts";
import { HoleFiller, type HoleFillerOptions } from "../recording/hole-filler.ts";
import type { RecorderHole, RecorderState } from "../recording/recorder-state.ts";
import { clockText } from "../ui/format.ts";
import type { Feed } from "./feed.ts";
import type { System } from "./system.ts";
import { VERSION } from "./version.ts";

/** A record may have happened so long before it was received, nanoseconds. */
const LEAD_NANOS = 5_000_000_000n;
const AGAIN_MS = 30_000;
const TRIES_MAX = 10;
/** A session that has caught up has told everything before now. */
const CAUGHT_UP: ReadonlySet<LinkPhase> = new Set(["LIVE", "QUIET", "STALE"]);

const keyOf = ({ from, to }: RecorderHole): string => `${from} ${to}`;

/** Says what became of a hole; `isBad`: it stays. */
export type SayRefill = (sentence: string, isBad: boolean) => void;

export class Refiller {
  readonly #system: System;
  readonly #feed: Feed;
  readonly #options: HoleFillerOptions;
  readonly #say: SayRefill;
  readonly #tries = new Map<string, number>();
  readonly #stop = new AbortController();
  #filling: Promise<void> | null = null;
  #cancel: () => void = () => {};

  constructor(system: System, feed: Feed, options: HoleFillerOptions, say: SayRefill) {
    this.#system = system;
    this.#feed = feed;
    this.#options = options;
    this.#say = say;
  }

  /** The recording has a new state: a hole that has ended is filled, one at a time. */
  look({ phase, holes }: RecorderState): void {
    if (phase !== "RECORDING" || this.#filling !== null || this.#stop.signal.aborted) return;
    const hole = holes.find((one) => one.schema === "trades" && one.to !== null && (this.#tries.get(keyOf(one)) ?? 0) < TRIES_MAX);
    if (hole === undefined) return;
    this.#filling = this.#fill(hole);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#cancel();
    await this.#filling;
  }

  async #fill(hole: RecorderHole): Promise<void> {
    const key = keyOf(hole);
    const tries = (this.#tries.get(key) ?? 0) + 1;
    this.#tries.set(key, tries);
    try {
      const records = await this.#ask(hole);
      if (this.#stop.signal.aborted) return;
      this.#say(`the hole of the recording, ${this.#spanOf(hole)}, is filled: ${records.toLocaleString("en-US")} trades came again`, false);
      this.#filling = null;
      return this.look(this.#options.recorder.state);
    } catch (error) {
      if (!(error instanceof NqError)) throw error;
      const isLasting = error.code === "LSG_REPLAY_AGED_OUT" || tries >= TRIES_MAX;
      if (isLasting) this.#tries.set(key, TRIES_MAX);
      if (isLasting || tries === 1) {
        const what = isLasting ? "stays" : "is not filled yet";
        this.#say(`the hole of the recording, ${this.#spanOf(hole)}, ${what}: ${error.message}`, true);
      }
    }
    // Not in the background of a disk that fails again, and no faster than a gateway likes.
    this.#cancel = this.#system.clock.after(AGAIN_MS, () => {
      this.#filling = null;
      this.look(this.#options.recorder.state);
    });
  }

  /** How many trades came that were not recorded. @throws NqError */
  async #ask(hole: RecorderHole): Promise<number> {
    const filler = await this.#begin(hole);
    try {
      await this.#replay(hole, filler);
      if (!this.#stop.signal.aborted) await filler.finish();
      return filler.records;
    } catch (error) {
      await filler.abandon();
      throw error;
    }
  }

  async #begin(hole: RecorderHole): Promise<HoleFiller> {
    try {
      return await HoleFiller.begin(this.#options, hole);
    } catch (error) {
      throw toNqError(error, "RECORD_DISK");
    }
  }

  async #replay(hole: RecorderHole, filler: HoleFiller): Promise<void> {
    const feed = this.#feed;
    const start = hole.from > LEAD_NANOS ? hole.from - LEAD_NANOS : 0n;
    const done = new AbortController();
    let isWhole = false;
    const end = (): void => {
      isWhole = true;
      done.abort();
    };
    await runLiveClient({
      endpoint: feed.endpoint,
      dataset: feed.dataset,
      apiKey: feed.apiKey,
      subscriptions: (context) => feed.subscriptions({ ...context, resume: null })
        .filter(({ schema }) => schema === "trades").map((one) => ({ ...one, start, snapshot: false })),
      clientName: `nq-tui/${VERSION}`,
      clock: this.#system.clock,
      random: this.#system.random,
      reconnect: false,
      onRecord(view) {
        filler.put(view);
        // In order of time of receipt: beyond the hole nothing of it comes.
        if (hole.to !== null && view.rtype === RTYPE.trade && view.index > hole.to + LEAD_NANOS) end();
      },
      onLink({ phase }) {
        if (CAUGHT_UP.has(phase)) end();
      },
    }, AbortSignal.any([done.signal, this.#stop.signal]));
    if (!isWhole && !feed.isFinite && !this.#stop.signal.aborted) throw new NqError("NET_CLOSED", "the gateway ended before all of it came");
  }

  #spanOf({ from, to }: RecorderHole): string {
    const text = (nanos: bigint): string => {
      const { sec } = fromNanos(nanos);
      return clockText(sec, this.#feed.calendar.dayOf(sec).easternOffsetSec);
    };
    return `${text(from)} to ${text(to ?? from)} ET`;
  }
}
