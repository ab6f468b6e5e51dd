/** The volume analysis of recorded files: read as fast as they can be, counted by the screen's own store. */
import { readRecordedTrades } from "../gateway/recorded-trades.ts";
import { clockText, countText } from "../ui/format.ts";
import type { VolumeSource } from "../ui/volume-figures.ts";
import type { RequestedSymbol } from "./options.ts";
import { createProgress } from "./progress.ts";
import { openRecordedMarket, whyNothing, type RecordedMarket } from "./recorded-market.ts";
import { RecordingJumps } from "./recording-jumps.ts";
import { reportCoverage } from "./report-coverage.ts";
import { SessionCollector, type CollectedSession } from "./session-collector.ts";
import type { System } from "./system.ts";
import { volumeStore, type VolumeOptions } from "./volume.ts";
import { createVolumePrinter } from "./volume-output.ts";

function volumeSource({ snapshot, day, heldBack }: CollectedSession, market: RecordedMarket, options: VolumeOptions): VolumeSource {
  const window = options.window.on(day);
  const { text, fromSec, toSec } = reportCoverage(day, market.source.covers, window);
  const isPart = options.window.isBounded && window.fromSec > day.openSec;
  const { others, source: { damage: error } } = market;
  const damage = error === null ? null : { code: error.code, sentence: error.message };
  return { snapshot, day, coverage: text, fromSec, toSec, isPart, heldBack, others, damage, notes: market.notes() };
}

/** Prints the analysis of files, session by session. Returns the exit status: 4 when one of them is damaged. */
export async function volumeOfFiles(
  system: System, paths: readonly string[], symbol: RequestedSymbol | null, options: VolumeOptions, signal: AbortSignal,
): Promise<number> {
  const { calendar } = options;
  const progress = createProgress(system);
  const market = await openRecordedMarket(paths, symbol, progress);
  const { source, instrument } = market;
  const store = volumeStore(instrument.rawSymbol, "REPLAY", options, instrument);
  store.beginSession(source.covers[0]?.from ?? null);
  const collector = new SessionCollector(store, options.window);
  const jumps = new RecordingJumps(source.covers, calendar);
  const done = new AbortController();
  const printer = createVolumePrinter(system, options.format, () => done.abort());
  const stop = AbortSignal.any([signal, done.signal]);
  const print = (sessions: readonly CollectedSession[]): Promise<void> =>
    printer.print(sessions.map((session) => volumeSource(session, market, options)));

  await readRecordedTrades(source, {
    signal: stop,
    onRecord(view) {
      const from = jumps.before(view);
      if (from !== null) {
        collector.restart();
        store.beginSession(from);
      }
      if (collector.admits(view)) store.applyRecord(view);
    },
    async onPiece() {
      progress.show(() => {
        const { tradeDate, easternOffsetSec } = calendar.dayOf(collector.newestSec);
        return `${countText(collector.trades)} trades, at ${clockText(collector.newestSec, easternOffsetSec)} ET of ${tradeDate}`;
      });
      const ended = collector.takeEnded();
      if (ended.length === 0) return;
      progress.clear();
      await print(ended);
    },
  });
  progress.clear();
  if (!stop.aborted) {
    const last = collector.takeLast();
    await print([...collector.takeEnded(), ...(last === null ? [] : [last])]);
  }
  await printer.close();
  if (stop.aborted) return 0;
  if (printer.sessions === 0) throw whyNothing(market, store, calendar, options.window.isBounded ? " between --from and --to" : "");
  for (const note of market.notes()) system.stderr.write(`nq-tui: ${note}\n`);
  return source.damage === null ? 0 : 4;
}
