/** One line for each second that traded: time, price, change, size, volume. For pipes, logs and small terminals. */
import { RTYPE } from "../dbn/constants.ts";
import { NqError } from "../lib/errors.ts";
import { createTradeStore } from "../store/store.ts";
import type { Feed } from "./feed.ts";
import { createLinkNotes } from "./link-notes.ts";
import { createLinePrinter } from "./print-lines.ts";
import { runFeed } from "./run-feed.ts";
import { StreamNews } from "./stream-news.ts";
import { StreamSeconds } from "./stream-seconds.ts";
import type { System } from "./system.ts";

export interface StreamOptions {
  readonly json: boolean;
  /** Stop after this many trades; null: until stopped. */
  readonly limit: number | null;
}

/** Prints until `signal` aborts, the source is over, or the limit is reached. Returns the exit status. */
export async function streamFeed(system: System, feed: Feed, options: StreamOptions, signal: AbortSignal): Promise<number> {
  const store = createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar, rollRule: feed.rollRule });
  const done = new AbortController();
  const printer = createLinePrinter(system, () => done.abort());
  const seconds = new StreamSeconds(system, store, printer, options);
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  let unresolved: NqError | null = null;
  let news = new StreamNews();
  /** What was news when a loss was told that is not made good yet. */
  let before: StreamNews | null = null;
  let hasOpenGap = false;
  const notes = createLinkNotes(system, feed, (text) => {
    unresolved = new NqError("LSG_SUBSCRIPTION", `the gateway does not know ${feed.called ?? feed.requested}: ${text}`);
    done.abort();
  });
  let isCaughtUp = feed.isHistory;
  /** It has been: of what comes again after that, some is news. */
  let hasBegun = false;

  /** What came since the loss goes on from what came before it. */
  const settle = (): void => {
    before = null;
    seconds.release();
  };

  try {
    await runFeed(system, feed, {
      store,
      admit(view) {
        // No gap, and not from nothing: there was no loss after all.
        if (before !== null && !hasOpenGap) settle();
        // Trades of the feed's companion are no lines of their own.
        if (view.rtype !== RTYPE.trade || view.instrumentId !== store.countedInstrumentId()) return true;
        const sec = seconds.secondOf(view);
        const isNews = news.take(sec);
        if (!isCaughtUp && !(hasBegun && isNews)) {
          seconds.pass();
          return true;
        }
        if (seconds.trades >= limit) return false;
        seconds.beforeTrade(sec);
        return true;
      },
      onLink(link) {
        notes(link);
        const gap = link.gaps?.at(-1);
        hasOpenGap = gap?.state === "open";
        if (hasOpenGap && before === null) {
          seconds.hold();
          before = news.copy();
        } else if (gap !== undefined && !hasOpenGap) settle();
      },
      onFresh() {
        seconds.restart();
        news = before ?? news;
        before = null;
        isCaughtUp = feed.isHistory;
        if (!isCaughtUp) news.afresh();
      },
      onChange() {
        if (!isCaughtUp) {
          store.commit();
          const phase = store.getSnapshot().link?.phase;
          isCaughtUp = phase === "LIVE" || phase === "QUIET";
          if (isCaughtUp) {
            hasBegun = true;
            news.live();
            seconds.resume();
          }
        }
        if (seconds.trades >= limit) done.abort();
      },
    }, AbortSignal.any([signal, done.signal]));
  } finally {
    seconds.close();
  }
  if (unresolved !== null) throw unresolved;
  await printer.flush();
  if (feed.isHistory && seconds.trades === 0 && !signal.aborted && !done.signal.aborted) {
    throw new NqError("NO_DATA", `the source ended without a trade of ${feed.called ?? feed.requested}`);
  }
  for (const finding of feed.findings()) system.stderr.write(`nq-tui: ${finding}\n`);
  return feed.findings().length > 0 ? 4 : 0;
}
