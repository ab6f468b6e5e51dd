/** The price logger: one row for each interval while the session is open, to standard output or to a file per trade date. */
import { RTYPE } from "../dbn/constants.ts";
import { NqError } from "../lib/errors.ts";
import { toMs } from "../lib/time.ts";
import type { LinkPhase } from "../lsg/link-state.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { createTradeStore } from "../store/store.ts";
import type { Feed } from "./feed.ts";
import { IntervalRows } from "./interval-rows.ts";
import { createLinkNotes } from "./link-notes.ts";
import { repeat } from "./repeat.ts";
import { openRowSink, RowWriter, type LogFormat } from "./row-sink.ts";
import { runFeed } from "./run-feed.ts";
import type { System } from "./system.ts";

export interface LogOptions {
  readonly everySec: number;
  readonly format: LogFormat;
  /** null: standard output. */
  readonly out: string | null;
  /** Rows of the session so far come first. */
  readonly backfill: boolean;
}

/** How often it is looked whether an interval is over, milliseconds. */
const LOOK_MS = 200;
/** A row comes this long after its interval when no later trade ends it before: trades are on their way for a while. */
const GRACE_MS = 1000;
const RUNNING: ReadonlySet<LinkPhase> = new Set(["LIVE", "QUIET", "ENDED"]);

/** Market time, estimated from the newest record and the time that has passed since it came; milliseconds since 1970. */
class MarketNow {
  readonly #system: System;
  #aheadMs = Number.NEGATIVE_INFINITY;

  constructor(system: System) {
    this.#system = system;
  }

  /** Null before the first record. A market on tape does not go on by itself. */
  of({ asOf, mode }: Snapshot): number | null {
    if (asOf === null) return null;
    if (mode !== "LIVE") return toMs(asOf);
    const now = this.#system.clock.monotonicMs();
    this.#aheadMs = Math.max(this.#aheadMs, toMs(asOf) - now);
    return now + this.#aheadMs;
  }
}

/** Trades of the interval are missing, or were on their way when its row was written (`isLate`). */
function isGapNow(startSec: number, endSec: number, { link }: Snapshot, isLate: boolean): boolean {
  if (isLate) return true;
  return (link?.gaps ?? []).some(({ from, to, state }) => state !== "filled" && from.sec < endSec && (to === null || to.sec >= startSec));
}

/** Logs until `signal` aborts or the source is over. Returns the exit status. */
export async function logFeed(system: System, feed: Feed, options: LogOptions, signal: AbortSignal): Promise<number> {
  const store = createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar });
  const done = new AbortController();
  const sink = openRowSink(system, { ...options, onGone: () => done.abort() });
  const writer = new RowWriter(sink, () => done.abort());
  /** The market has been caught up with; once it has, a row is due whether the link is up or not. */
  let hasBeenUp = false;
  /** The same since everything was last counted from nothing. */
  let isUp = false;
  /** Trades that come end rows: those of the past too, where they are asked for. */
  let isCounting = feed.isHistory || options.backfill;
  const rows = new IntervalRows({
    store, everySec: options.everySec, onRow: writer.write, endOf: (day) => day.closeSec,
    isGap: (startSec, endSec, snapshot) => isGapNow(startSec, endSec, snapshot, hasBeenUp && !RUNNING.has(snapshot.link?.phase ?? "DOWN")),
  });
  const marketNow = new MarketNow(system);
  let unresolved: NqError | null = null;

  const look = (): void => {
    store.commit();
    const snapshot = store.getSnapshot();
    const { link, day, asOf } = snapshot;
    if (!isUp && day !== null && asOf !== null && link !== null && RUNNING.has(link.phase) && !feed.isHistory) {
      isUp = hasBeenUp = isCounting = true;
      rows.resume(day, asOf.sec);
    }
    const nowMs = marketNow.of(snapshot);
    if (hasBeenUp && nowMs !== null && Number.isFinite(nowMs)) rows.advance(Math.floor((nowMs - GRACE_MS) / 1000));
  };
  const stopLooking = repeat(system.clock, LOOK_MS, look);
  try {
    await runFeed(system, feed, {
      store,
      admit(view) {
        const isCounted = view.rtype === RTYPE.trade && view.instrumentId === store.countedInstrumentId();
        if (isCounting && isCounted) rows.beforeTrade(view);
        return true;
      },
      onLink: createLinkNotes(system, feed, (text) => {
        unresolved = new NqError("LSG_SUBSCRIPTION", `the gateway does not know ${feed.requested}: ${text}`);
        done.abort();
      }),
      onFresh() {
        isUp = false;
      },
      onChange() {
        if (!isUp) look();
      },
    }, AbortSignal.any([signal, done.signal]));
    const { asOf } = store.getSnapshot();
    if (!signal.aborted && !done.signal.aborted && asOf !== null) rows.finish(asOf.sec + 1);
    await sink.flush();
  } finally {
    stopLooking();
    sink.close();
  }
  if (unresolved !== null) throw unresolved;
  if (writer.failure !== null) throw writer.failure;
  if (feed.isHistory && rows.rows === 0 && !signal.aborted && !done.signal.aborted) {
    throw new NqError("NO_DATA", `the source ended without a trade of ${feed.requested}`);
  }
  for (const finding of feed.findings()) system.stderr.write(`nq-tui: ${finding}\n`);
  return feed.findings().length > 0 ? 4 : 0;
}
