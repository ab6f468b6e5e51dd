/** The price log of recorded files, as fast as they can be read. */
import { RTYPE } from "../dbn/constants.ts";
import { readRecordedTrades } from "../gateway/recorded-trades.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import { createTradeStore } from "../store/store.ts";
import { countText } from "../ui/format.ts";
import { IntervalRows } from "./interval-rows.ts";
import type { LogOptions } from "./log.ts";
import type { RequestedSymbol } from "./options.ts";
import { createProgress } from "./progress.ts";
import { openRecordedMarket, whyNothing } from "./recorded-market.ts";
import { RecordingJumps } from "./recording-jumps.ts";
import { endOfKnown, isUnknown } from "./report-coverage.ts";
import { openRowSink, RowWriter } from "./row-sink.ts";
import type { System } from "./system.ts";

export interface LogFilesOptions extends LogOptions {
  /** null: the instrument with the most trades. */
  readonly symbol: RequestedSymbol | null;
  readonly calendar: TradingCalendar;
}

/** Logs the files from end to end. Returns the exit status: 4 when one of them is damaged. */
export async function logFiles(system: System, paths: readonly string[], options: LogFilesOptions, signal: AbortSignal): Promise<number> {
  const { calendar } = options;
  const progress = createProgress(system);
  const market = await openRecordedMarket(paths, options.symbol, progress);
  const { source, instrument } = market;
  const { covers } = source;
  const store = createTradeStore({ requested: instrument.rawSymbol, mode: "REPLAY", calendar, focus: instrument });
  store.beginSession(covers[0]?.from ?? null);
  const jumps = new RecordingJumps(covers, calendar);
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  const sink = openRowSink(system, { ...options, onGone: () => done.abort() });
  const writer = new RowWriter(sink, () => done.abort());
  const rows = new IntervalRows({
    store,
    everySec: options.everySec,
    onRow: writer.write,
    isGap: (startSec, endSec) => isUnknown(covers, startSec, endSec),
    endOf: (day) => endOfKnown(day, covers),
  });
  try {
    await readRecordedTrades(source, {
      signal: stop,
      onRecord(view) {
        const from = jumps.before(view);
        if (from !== null) {
          rows.restart();
          store.beginSession(from);
        }
        if (view.rtype === RTYPE.trade && view.instrumentId === instrument.instrumentId) rows.beforeTrade(view);
        store.applyRecord(view);
      },
      async onPiece() {
        progress.show(() => `${countText(rows.rows)} rows`);
        await sink.flush();
      },
    });
    store.commit();
    const { day } = store.getSnapshot();
    if (!stop.aborted && day !== null) rows.finish(endOfKnown(day, covers));
    await sink.flush();
  } finally {
    progress.clear();
    sink.close();
  }
  if (writer.failure !== null) throw writer.failure;
  if (stop.aborted) return 0;
  if (rows.rows === 0) throw whyNothing(market, store, calendar);
  for (const note of market.notes()) system.stderr.write(`nq-tui: ${note}\n`);
  return source.damage === null ? 0 : 4;
}
