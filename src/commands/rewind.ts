/**
 * The past of a market that goes on. What is on screen comes from the recording, played like any other; the market
 * itself goes on being counted, recorded and watched beneath, so going back to it is only to show it again.
 */
import type { PlayableSource } from "../gateway/source.ts";
import { NqError } from "../lib/errors.ts";
import type { UnixTime } from "../lib/time.ts";
import { createTradeStore, type TradeStore } from "../store/store.ts";
import type { StudiesOptions } from "../studies/index.ts";
import type { PlayingNow } from "../ui/tape-deck.ts";
import { replayCache } from "./data-folder.ts";
import type { Feed } from "./feed.ts";
import { followPlayback } from "./follow-playback.ts";
import { meaningsOf, playedSubscriptions, type PlayedSymbols } from "./played-feed.ts";
import { Playback } from "./playback.ts";
import type { ShownStore } from "./shown-store.ts";
import type { System } from "./system.ts";
import { playingNow } from "./tape-deck.ts";

/** The past that there is, up to now; a sentence where there is none. */
export type OpenPast = (live: TradeStore) => Promise<{ readonly source: PlayableSource; readonly symbols: PlayedSymbols } | string>;

export interface RewindOptions {
  readonly feed: Feed;
  readonly live: TradeStore;
  readonly shown: ShownStore;
  readonly openPast: OpenPast;
  readonly onChange: () => void;
  readonly say: (sentence: string, isBad: boolean) => void;
  /** Shows a line until another, or null, takes its place. */
  readonly hold: (sentence: string | null) => void;
  /** What the live store's studies were given. */
  readonly studies?: StudiesOptions;
}

/** How far back the first step goes, seconds. */
const STEP_SEC = 10;
/** How often the live market is published while another picture is shown, milliseconds. */
const PUBLISH_MS = 100;
/** What takes longer is said to be under way, milliseconds. */
const SOON_MS = 250;

interface Past {
  readonly playback: Playback;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

export class Rewind {
  readonly #system: System;
  readonly #options: RewindOptions;
  #past: Past | null = null;
  #isOpening = false;
  #isClosed = false;
  #changing: Promise<void> = Promise.resolve();
  #publishing: (() => void) | null = null;

  constructor(system: System, options: RewindOptions) {
    this.#system = system;
    this.#options = options;
  }

  /** What is played now; null while the live market is shown. */
  get playback(): Playback | null {
    return this.#past?.playback ?? null;
  }

  /** For the screen: the place in the past, and how far behind it is. */
  playing(): PlayingNow | null {
    const { playback } = this;
    if (playback === null) return null;
    const { asOf, link, mode } = this.#options.live.getSnapshot();
    const now = playingNow(playback);
    return { ...now, behind: { sec: Math.max(0, (asOf?.sec ?? now.at.sec) - now.at.sec), link, mode } };
  }

  /** From now to the moment before it. What stands against that is said. */
  enter(): Promise<void> {
    if (this.#isOpening || this.#past !== null) return this.#changing;
    this.#isOpening = true;
    this.#changing = this.#changing.then(() => this.#enter()).finally(() => (this.#isOpening = false));
    return this.#changing;
  }

  /** Back to now, at once. */
  leave(): Promise<void> {
    const past = this.#past;
    if (past === null) return this.#changing;
    this.#past = null;
    const { live, shown, onChange } = this.#options;
    past.stop.abort();
    live.commit();
    shown.show(live);
    onChange();
    this.#changing = this.#changing.then(async () => {
      await past.done;
      await past.playback.close();
    });
    return this.#changing;
  }

  /** The live market has news: it is published although nobody looks, for whoever records and watches it. */
  liveChanged(): void {
    if (this.#past === null || this.#publishing !== null) return;
    this.#publishing = this.#system.clock.after(PUBLISH_MS, () => {
      this.#publishing = null;
      this.#options.live.commit();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#changing;
    await this.leave();
    this.#publishing?.();
  }

  async #enter(): Promise<void> {
    const { live, openPast, say, hold } = this.#options;
    const cancel = this.#system.clock.after(SOON_MS, () => hold("opening the past …"));
    try {
      live.commit();
      const found = await openPast(live);
      if (typeof found === "string") say(found, true);
      else await this.#play(found.source, found.symbols);
    } catch (error) {
      if (!(error instanceof NqError)) throw error;
      say(`the past cannot be shown: ${error.message}`, true);
    } finally {
      cancel();
      hold(null);
    }
  }

  async #play(source: PlayableSource, symbols: PlayedSymbols): Promise<void> {
    const { feed, live, shown, onChange, say, studies = {} } = this.#options;
    const standsAt: UnixTime = { sec: Math.max(source.firstAt.sec, source.lastAt.sec - STEP_SEC), nanos: source.lastAt.nanos };
    const playback = await Playback.start(this.#system, source, { speed: 1, shown: meaningsOf(source, symbols), cache: replayCache(this.#system), standsAt });
    await playback.isRead;
    if (this.#isClosed) return playback.close();
    const { coverage, link } = live.getSnapshot();
    const played: Feed = {
      ...feed,
      mode: "REPLAY",
      isHistory: true,
      isFinite: true,
      get endpoint() { return playback.endpoint; },
      get apiKey() { return playback.apiKey; },
      subscriptions: playedSubscriptions(playback, source, symbols),
      coverageFrom: () => coverage.from,
      missing: link?.gaps ?? [],
    };
    const stop = new AbortController();
    const createStore = (): TradeStore => createTradeStore({ requested: feed.requested, mode: "REPLAY", calendar: feed.calendar, rollRule: feed.rollRule, studies });
    const isShown = Promise.withResolvers<void>();
    const done = followPlayback(this.#system, { feed: played, playback, shown, createStore, onChange: () => { isShown.resolve(); onChange(); } }, stop.signal)
      .catch((error: unknown) => {
        if (!(error instanceof NqError)) throw error;
        say(`the past cannot be shown: ${error.message}`, true);
        void this.leave();
      });
    await Promise.race([isShown.promise, done]);
    this.#past = { playback, stop, done };
  }
}
