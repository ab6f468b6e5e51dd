/** The price once: asks, waits until the answer is whole, prints it and ends. */
import { NqError } from "../lib/errors.ts";
import { toMs } from "../lib/time.ts";
import type { LinkPhase } from "../lsg/link-state.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { createTradeStore } from "../store/store.ts";
import { quoteJson, quotePage, sessionText, type QuoteMoment } from "../ui/quote-page.ts";
import type { Feed } from "./feed.ts";
import { createLinkNotes } from "./link-notes.ts";
import { pageText, pageWidth } from "./page.ts";
import { createLinePrinter } from "./print-lines.ts";
import { runFeed } from "./run-feed.ts";
import type { System } from "./system.ts";

export interface PriceOptions {
  readonly json: boolean;
  /** Give up when nothing has come for so long, milliseconds. */
  readonly timeoutMs: number;
}

/** After the price, so long is waited for bid and offer. */
const QUOTE_MS = 1500;
const UP: ReadonlySet<LinkPhase> = new Set(["LIVE", "QUIET", "ENDED"]);
const ON_THE_WAY: ReadonlySet<LinkPhase> = new Set(["CONNECTING", "AUTHENTICATING"]);

/** The moment of the answer: this machine's clock for a live market, its own newest time for one on tape. */
function momentOf(system: System, snapshot: Snapshot): QuoteMoment {
  const wallMs = system.clock.wallMs();
  const { mode, asOf, calendar } = snapshot;
  const nowMs = mode === "LIVE" || asOf === null ? wallMs : toMs(asOf);
  const sec = Math.floor(nowMs / 1000);
  return { nowMs, market: { sec, easternOffsetSec: calendar.dayOf(sec).easternOffsetSec, phase: calendar.phaseAt(sec) } };
}

function isClosed({ market: { phase } }: QuoteMoment): boolean {
  return phase.kind !== "RTH" && phase.kind !== "ETH";
}

/** Why there is no price. */
function silence(system: System, feed: Feed, snapshot: Snapshot, timeoutMs: number): NqError {
  const { link } = snapshot;
  const within = `within ${timeoutMs / 1000} s`;
  if (link === null || ON_THE_WAY.has(link.phase)) {
    const host = link?.gateway ?? "the gateway";
    return new NqError("NET_CONNECT_TIMEOUT", `expected the price of ${feed.requested} ${within}, found ${host} still not connected`);
  }
  const session = sessionText(snapshot, momentOf(system, snapshot).market);
  return new NqError("NO_DATA", `no trade of ${feed.called ?? feed.requested} came ${within}, and the gateway has none of the session; session: ${session}`);
}

/** Prints one quote. Returns the exit status. @throws NqError NO_DATA, NET_*, LSG_* when there is none */
export async function printPrice(system: System, feed: Feed, options: PriceOptions, signal: AbortSignal): Promise<number> {
  const store = createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar });
  const done = new AbortController();
  let failure: NqError | null = null;
  const giveUp = (): void => {
    store.commit();
    failure ??= silence(system, feed, store.getSnapshot(), options.timeoutMs);
    done.abort();
  };
  let cancel = system.clock.after(options.timeoutMs, giveUp);
  let isWaiting = false;
  let records = 0;
  let recordsBefore = 0;

  /** Waits anew while the gateway replays the session: an old price is no answer. */
  const lookAt = (snapshot: Snapshot): void => {
    const { link, studies } = snapshot;
    const isUp = link !== null && UP.has(link.phase);
    if (!isUp && records > recordsBefore) {
      recordsBefore = records;
      cancel();
      cancel = system.clock.after(options.timeoutMs, giveUp);
    }
    if (!isUp || feed.isHistory) return;
    if (studies.session.last === null) {
      if (snapshot.mode === "LIVE" && isClosed(momentOf(system, snapshot))) giveUp(); // nothing can come
      return;
    }
    if (studies.quote !== null) done.abort();
    else if (!isWaiting) {
      isWaiting = true;
      cancel();
      cancel = system.clock.after(QUOTE_MS, () => done.abort());
    }
  };
  try {
    await runFeed(system, feed, {
      store,
      retry: false,
      admit(view) {
        if (!view.isFromGateway) records += 1;
        return true;
      },
      onLink: createLinkNotes(system, feed, (text) => {
        failure ??= new NqError("LSG_SUBSCRIPTION", `the gateway does not know ${feed.requested}: ${text}`);
        done.abort();
      }),
      onChange() {
        store.commit();
        lookAt(store.getSnapshot());
      },
    }, AbortSignal.any([signal, done.signal]));
  } finally {
    cancel();
  }
  if (failure !== null) throw failure;
  store.commit();
  const snapshot = store.getSnapshot();
  if (signal.aborted) return 0;
  if (snapshot.studies.session.last === null) throw silence(system, feed, snapshot, options.timeoutMs);
  return print(system, feed, snapshot, options.json);
}

async function print(system: System, feed: Feed, snapshot: Snapshot, json: boolean): Promise<number> {
  const moment = momentOf(system, snapshot);
  const printer = createLinePrinter(system);
  if (json) printer.print(JSON.stringify(quoteJson(snapshot, moment)));
  else printer.write(pageText(system, quotePage(snapshot, moment, pageWidth(system))));
  await printer.flush();
  for (const finding of feed.findings()) system.stderr.write(`nq-tui: ${finding}\n`);
  return feed.findings().length > 0 ? 4 : 0;
}
