/** Records the market without a screen: a line when something begins, ends or goes wrong, and how far it has come. */
import type { Snapshot } from "../store/snapshot.ts";
import { createTradeStore } from "../store/store.ts";
import { NqError } from "../lib/errors.ts";
import { servedMarketOf } from "../lsg/gateway-version.ts";
import type { RecorderPhase, RecorderState } from "../recording/recorder-state.ts";
import type { Feed } from "./feed.ts";
import { createLinkNotes } from "./link-notes.ts";
import { createProgress } from "./progress.ts";
import { startRecordKeeper, type RecordOptions } from "./record-keeper.ts";
import { runFeed } from "./run-feed.ts";
import type { System } from "./system.ts";
import { findWarmStart } from "./warm-start.ts";

const count = (value: number): string => value.toLocaleString("en-US");

function total(state: RecorderState): { records: number; safe: number; bytes: number } {
  return state.files.reduce(
    (sum, file) => ({ records: sum.records + file.records, safe: sum.safe + file.safeRecords, bytes: sum.bytes + file.bytes }),
    { records: 0, safe: 0, bytes: 0 },
  );
}

/** Records until `signal` aborts or the source is over. Returns the exit status. */
export async function recordFeed(system: System, feed: Feed, options: RecordOptions, signal: AbortSignal): Promise<number> {
  const store = createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar });
  const progress = createProgress(system);
  const say = (sentence: string): void => {
    progress.clear();
    system.stderr.write(`nq-tui: ${sentence}\n`);
  };
  const done = new AbortController();
  let failure: NqError | null = null;
  const notes = createLinkNotes(system, feed, (text) => {
    failure = new NqError("LSG_SUBSCRIPTION", `the gateway does not know ${feed.requested}: ${text}`);
    done.abort();
  });
  let phase: RecorderPhase = "RECORDING";
  const current = (): Snapshot => {
    store.commit();
    return store.getSnapshot();
  };
  const keeper = await startRecordKeeper(system, feed, { onRefill: say, ...options }, current, (state) => {
    if (state.phase !== phase && state.phase === "DEGRADED") say(`RECORDING STOPPED for now: ${state.reason}; what comes waits in memory`);
    if (phase === "DEGRADED" && state.phase === "RECORDING") say("recording goes on");
    ({ phase } = state);
    const { records, bytes } = total(state);
    progress.show(() => `${feed.mode} recording ${count(records)} records, ${(bytes / 1e6).toFixed(1)} MB`);
  });
  for (const note of keeper.state().notes) say(note);
  say(`recording ${feed.requested} (${feed.mode}) into ${keeper.state().directory}`);
  try {
    await runFeed(system, feed, {
      store,
      warm: await findWarmStart(system, feed, options.dir),
      keep: keeper.keep,
      onAgain: keeper.again,
      onLink(link) {
        notes(link);
        const served = link.gatewayVersion === null ? null : servedMarketOf(link.gatewayVersion);
        if (served === null || feed.mode !== "LIVE" || options.dir !== null || failure !== null) return;
        // It would lie among the days of the real market.
        failure = new NqError("USAGE", `expected the live market at ${link.gateway}, found a ${served === "demo" ? "simulated" : "replayed"} one; name a folder of its own with --dir`);
        done.abort();
      },
      onChange() {},
    }, AbortSignal.any([signal, done.signal]));
  } finally {
    await keeper.stop();
    progress.clear();
  }
  if (failure !== null) throw failure;
  const state = keeper.state();
  for (const { schema, path, records, bytes } of state.files) system.stdout.write(`${schema.padEnd(12)}${count(records).padStart(12)} records ${(bytes / 1e6).toFixed(1).padStart(8)} MB  ${path}\n`);
  for (const { schema, records } of state.holes) say(`${count(records)} records of ${schema} were not kept: the disk did not take them in time`);
  return state.holes.length > 0 ? 1 : 0;
}
