/** The volume analysis of a running market: collects until it is stopped, until `--to`, or until the source is over. */
import { NqError } from "../lib/errors.ts";
import { compareTime, toMs, type UnixTime } from "../lib/time.ts";
import type { LinkGap, LinkPhase } from "../lsg/link-state.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { clockText, countText } from "../ui/format.ts";
import { offsetOf, zoneOf } from "../ui/market-words.ts";
import type { VolumeSource } from "../ui/volume-figures.ts";
import type { Feed } from "./feed.ts";
import { createLinkNotes } from "./link-notes.ts";
import { createProgress } from "./progress.ts";
import { repeat } from "./repeat.ts";
import { reportCoverage, type KnownSpans } from "./report-coverage.ts";
import { runFeed } from "./run-feed.ts";
import { SessionCollector, type CollectedSession } from "./session-collector.ts";
import type { System } from "./system.ts";
import { volumeStore, type VolumeOptions } from "./volume.ts";
import { createVolumePrinter } from "./volume-output.ts";

/** How often it is looked whether `--to` has come, milliseconds. */
const LOOK_MS = 250;
/** Trades of the last moments are on their way for a while. */
const GRACE_MS = 1000;
const CAUGHT_UP: ReadonlySet<LinkPhase> = new Set(["LIVE", "QUIET", "ENDED"]);

/** From where the store knows everything to market time now, without the gaps that stayed open. */
function knownSpans({ coverage, asOf, link }: Snapshot): KnownSpans {
  if (coverage.from === null || asOf === null) return [];
  const spans: { from: UnixTime; to: UnixTime }[] = [];
  let from = coverage.from;
  const holes = (link?.gaps ?? []).filter((gap: LinkGap) => gap.state !== "filled");
  for (const hole of holes) {
    if (compareTime(hole.from, from) > 0) spans.push({ from, to: hole.from });
    from = hole.to ?? asOf;
  }
  spans.push({ from, to: asOf });
  return spans;
}

function liveSource({ snapshot, day, heldBack }: CollectedSession, options: VolumeOptions): VolumeSource {
  const window = options.window.on(day);
  const { text, fromSec, toSec } = reportCoverage(day, knownSpans(snapshot), window);
  const isPart = options.window.isBounded && window.fromSec > day.openSec;
  return { snapshot, day, coverage: text, fromSec, toSec, isPart, heldBack, others: [], damage: null, notes: [] };
}

/** Whether market time is past the end of what was asked for, and everything before it has come. */
function isPastEnd({ day, asOf, mode, link }: Snapshot, options: VolumeOptions): boolean {
  if (day === null || asOf === null || !options.window.isBounded) return false;
  if (link === null || !CAUGHT_UP.has(link.phase)) return false;
  const { toSec } = options.window.on(day);
  return toSec < day.closeSec && toMs(asOf) >= toSec * 1000 + (mode === "LIVE" ? GRACE_MS : 0);
}

/** Collects and prints. Returns the exit status. @throws NqError NO_DATA, LSG_*, NET_* */
export async function volumeOfFeed(system: System, feed: Feed, options: VolumeOptions, signal: AbortSignal): Promise<number> {
  const store = volumeStore(feed.requested, feed.mode, options);
  const collector = new SessionCollector(store, options.window);
  const progress = createProgress(system);
  const done = new AbortController();
  const printer = createVolumePrinter(system, options.format, () => done.abort());
  let unresolved: NqError | null = null;
  let seen = { trades: 0, atMs: system.clock.monotonicMs() };
  let rate = 0;

  const look = (): void => {
    store.commit();
    const snapshot = store.getSnapshot();
    const { asOf, day, studies } = snapshot;
    const now = system.clock.monotonicMs();
    if (now - seen.atMs >= 1000) {
      rate = Math.round(((collector.trades - seen.trades) * 1000) / (now - seen.atMs));
      seen = { trades: collector.trades, atMs: now };
    }
    progress.show(() => {
      const at = asOf === null ? "waiting" : `${clockText(asOf.sec, offsetOf(day))} ${zoneOf(day)}`;
      return `${countText(studies.session.trades)} trades, ${countText(studies.session.volume)} contracts, ${countText(rate)} trades/s, ${at}; Ctrl-C prints the report`;
    });
    if (isPastEnd(snapshot, options)) done.abort();
  };
  const stopLooking = repeat(system.clock, LOOK_MS, look);
  try {
    await runFeed(system, feed, {
      store,
      admit: (view) => collector.admits(view),
      onLink: createLinkNotes(system, feed, (text) => {
        unresolved = new NqError("LSG_SUBSCRIPTION", `the gateway does not know ${feed.requested}: ${text}`);
        done.abort();
      }),
      onChange: () => {},
    }, AbortSignal.any([signal, done.signal]));
  } finally {
    stopLooking();
    progress.clear();
  }
  if (unresolved !== null) throw unresolved;
  const last = collector.takeLast();
  const sessions = [...collector.takeEnded(), ...(last === null ? [] : [last])];
  await printer.print(sessions.map((session) => liveSource(session, options)));
  await printer.close();
  if (sessions.length === 0 && signal.aborted) {
    system.stderr.write(`nq-tui: no trade of ${feed.requested} came\n`);
    return 1;
  }
  if (sessions.length === 0) throw new NqError("NO_DATA", `there was no trade of ${feed.requested}`);
  for (const finding of feed.findings()) system.stderr.write(`nq-tui: ${finding}\n`);
  return feed.findings().length > 0 ? 4 : 0;
}
