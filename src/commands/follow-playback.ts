/** Whatever a playback serves goes into a store, a new one after each move that is not a short one ahead, and that is shown. */
import type { ReconnectHandle } from "../client/live-options.ts";
import type { TradeStore } from "../store/store.ts";
import type { Feed } from "./feed.ts";
import type { Playback } from "./playback.ts";
import { runFeed } from "./run-feed.ts";
import type { ShownStore } from "./shown-store.ts";
import type { System } from "./system.ts";

export interface FollowOptions {
  /** The feed that the playback is behind. */
  readonly feed: Feed;
  readonly playback: Playback;
  readonly shown: ShownStore;
  readonly createStore: () => TradeStore;
  readonly onChange: () => void;
  /** Told what should be known of the recording, where its end was reached. */
  readonly say?: (sentence: string, isBad: boolean) => void;
  readonly reconnect?: ReconnectHandle;
}

/** Runs until `stop` aborts, or the playback is over and not moved any more. @throws NqError as `runFeed` */
export async function followPlayback(system: System, options: FollowOptions, stop: AbortSignal): Promise<void> {
  const { feed, playback, shown, createStore, onChange, reconnect } = options;
  let isMoved = Promise.withResolvers<void>();
  let moved = new AbortController();
  playback.onMoved = () => {
    moved.abort();
    isMoved.resolve();
  };
  const stopped = new Promise<void>((resolve) => stop.addEventListener("abort", () => resolve(), { once: true }));
  while (!stop.aborted) {
    moved = new AbortController();
    isMoved = Promise.withResolvers();
    const store = createStore();
    const isPrimed = await playback.prime(store, feed.coverageFrom());
    const { link } = shown.getSnapshot();
    if (link !== null) store.applyLink(link); // until there is a new one
    store.commit();
    // Before there is anything in it, what was shown before says more.
    if (isPrimed && !stop.aborted) shown.show(store);
    const show = (): void => {
      if (stop.aborted) return; // something else is shown by now
      shown.show(store);
      onChange();
    };
    await runFeed(system, feed, { store, isPrimed, onChange: show, ...(reconnect === undefined ? {} : { reconnect }) }, AbortSignal.any([stop, moved.signal]));
    if (!stop.aborted && !moved.signal.aborted) for (const finding of feed.findings()) options.say?.(finding, true);
    // A film that is over can still be moved back.
    await Promise.race([isMoved.promise, stopped]);
  }
}
