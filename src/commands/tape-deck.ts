/** Recording and playing beside the screen: what the keys ask for, and what the screen is told of both. */
import { NqError } from "../lib/errors.ts";
import type { RecordView } from "../dbn/record-view.ts";
import type { Snapshot } from "../store/snapshot.ts";
import type { TradeStore } from "../store/store.ts";
import type { PlayAction, PlayingNow, RecordingNow } from "../ui/tape-deck.ts";
import type { Feed } from "./feed.ts";
import type { Playback } from "./playback.ts";
import { startRecordKeeper, type RecordKeeper, type RecordOptions } from "./record-keeper.ts";
import type { System } from "./system.ts";

/** How far `<` and `>` go, seconds. */
const SKIP_SEC = 60;
/** How far the arrows go, seconds. */
const STEP_SEC = 10;

/** What a recording is at this moment, for the screen. */
export function playingNow(playback: Playback): PlayingNow {
  const { outline, ...state } = playback.state();
  return { ...state, behind: null, minutes: outline?.minutes ?? [], firstMinuteSec: outline?.firstMinuteSec ?? 0, marks: outline?.large ?? [] };
}

/** Does what a key asks; a sentence when it cannot. */
export function play(playback: Playback, action: PlayAction, { day }: Snapshot): string | null {
  if (typeof action === "object") {
    void playback.seek(action.seek);
    return null;
  }
  switch (action) {
    case "toggle":
      playback.toggle();
      return null;
    case "end":
      void playback.seek(playback.state().to);
      return null;
    case "back":
    case "ahead":
      void playback.skip(action === "back" ? -SKIP_SEC : SKIP_SEC);
      return null;
    case "left":
    case "right":
      void playback.skip(action === "left" ? -STEP_SEC : STEP_SEC);
      return null;
    case "trade":
      if (playback.state().outline === null) return "the recording is still being read through; a moment";
      playback.stepTrade();
      return null;
    case "second":
      playback.stepSecond();
      return null;
    case "slower":
    case "faster":
      playback.changeSpeed(action === "slower" ? -1 : 1);
      return null;
    case "large":
      return playback.seekLarge() ? null : "no further large trade is known";
    case "open":
      if (day === null || !day.hasRth) return "this session has no regular hours";
      void playback.seek({ sec: day.rthOpenSec, nanos: 0 });
      return null;
  }
}

/** The recorder of a screen: started and stopped by a key or by the settings. */
export class ScreenRecorder {
  readonly #system: System;
  readonly #feed: Feed;
  readonly #store: TradeStore;
  readonly #options: RecordOptions;
  readonly #tell: (sentence: string, isBad: boolean) => void;
  #keeper: RecordKeeper | null = null;
  #changing: Promise<void> = Promise.resolve();

  constructor(system: System, feed: Feed, store: TradeStore, options: RecordOptions, tell: (sentence: string, isBad: boolean) => void) {
    this.#system = system;
    this.#feed = feed;
    this.#store = store;
    this.#options = options;
    this.#tell = tell;
  }

  readonly keep = (view: RecordView): void => this.#keeper?.keep(view);

  /** What was recorded may come again. */
  readonly again = (instruments: ReadonlySet<number> | "all"): void => this.#keeper?.again(instruments);

  /** Resolves when all that came so far is in the files. */
  async settle(): Promise<void> {
    await this.#keeper?.settle();
  }

  now(): RecordingNow | null {
    const state = this.#keeper?.state();
    if (state === undefined) return null;
    return { isGood: state.phase !== "DEGRADED", records: state.files.reduce((sum, file) => sum + file.records, 0), reason: state.reason };
  }

  /** Begins, in the middle of the session as it is, or ends. */
  toggle(): Promise<void> {
    this.#changing = this.#changing.then(() => (this.#keeper === null ? this.start() : this.stop()));
    return this.#changing;
  }

  /** What goes wrong is told; the market goes on. */
  async start(): Promise<void> {
    const { mode, asOf } = this.#store.getSnapshot();
    try {
      if (this.#feed.mode === "LIVE" && mode !== "LIVE" && this.#options.dir === null) {
        throw new NqError("USAGE", "expected the live market to record, found a simulated or replayed one; `nq-tui record --dir FOLDER` records it");
      }
      this.#keeper = await startRecordKeeper(this.#system, this.#feed, { ...this.#options, onRefill: this.#tell }, () => this.#current(), () => {}, asOf);
      const notes = this.#keeper.state().notes.length;
      this.#tell(`recording into ${this.#keeper.state().directory}${notes === 0 ? "" : `; ${notes} files of an earlier run were mended`}`, false);
    } catch (error) {
      if (!(error instanceof NqError)) throw error;
      this.#tell(`not recording: ${error.message}`, true);
    }
  }

  async stop(): Promise<void> {
    const keeper = this.#keeper;
    this.#keeper = null;
    if (keeper === null) return;
    try {
      await keeper.stop();
      this.#tell("recording has ended", false);
    } catch (error) {
      if (!(error instanceof NqError)) throw error;
      this.#tell(`the end of the recording could not be written: ${error.message}`, true);
    }
  }

  #current(): Snapshot {
    this.#store.commit();
    return this.#store.getSnapshot();
  }

  /** Ends what is under way, and what was asked for last. */
  async close(): Promise<void> {
    await this.#changing;
    await this.stop();
  }
}
