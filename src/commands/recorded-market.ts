/** Recorded files as one instrument's market: which one is meant, what else is in them, what should be known of them. */
import { openRecordingSource, type RecordingSource } from "../gateway/recording-source.ts";
import { SymbolResolver } from "../gateway/resolve-symbols.ts";
import type { SourceInstrument } from "../gateway/source.ts";
import { NqError } from "../lib/errors.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { TradeStore } from "../store/store.ts";
import { clockText, countText } from "../ui/format.ts";
import type { RequestedSymbol } from "./options.ts";
import type { Progress } from "./progress.ts";

export interface RecordedMarket {
  readonly source: RecordingSource;
  readonly instrument: SourceInstrument;
  /** Symbols of the other instruments, the most traded first. */
  readonly others: readonly string[];
  /** Sentences for the reader of any figures made from the files; the last one tells of damage. */
  readonly notes: () => string[];
}

/**
 * Opens files; without a symbol the instrument with the most trades is meant.
 * @throws NqError FILE_*, DBN_*, INSTRUMENT_UNKNOWN
 */
export async function openRecordedMarket(
  paths: readonly string[], symbol: RequestedSymbol | null, progress: Progress,
): Promise<RecordedMarket> {
  const onProgress = (records: number): void => progress.show(() => `looking through the files: ${countText(records)} records`);
  const source = await openRecordingSource(paths, { onProgress }).finally(() => progress.clear());
  const { instruments } = source;
  const instrument = chooseInstrument(instruments, symbol, paths);
  return {
    source,
    instrument,
    others: instruments.filter((one) => one !== instrument).map(({ rawSymbol }) => rawSymbol),
    notes() {
      const notes = source.passedOver.map((path) => `the trades in ${path} are not counted: other files have theirs as trade records`);
      if (source.duplicates > 0) notes.push(`${countText(source.duplicates)} records were in more than one file and were counted once`);
      return source.damage === null ? notes : [...notes, `${source.damage.message}; ${source.damage.advice}`];
    },
  };
}

function chooseInstrument(
  instruments: readonly SourceInstrument[], symbol: RequestedSymbol | null, paths: readonly string[],
): SourceInstrument {
  const [main] = instruments;
  if (main === undefined) {
    throw new NqError("FILE_CONTENT", `expected a recording with trades or orders, found none in ${paths.join(", ")}`);
  }
  if (symbol === null) return main;
  const found = new SymbolResolver(instruments).resolve({ stypeIn: symbol.stypeIn, symbols: [symbol.text] }).found[0];
  if (found !== undefined) return found.instrument;
  const there = instruments.slice(0, 8).map(({ rawSymbol }) => rawSymbol).join(", ");
  throw new NqError("INSTRUMENT_UNKNOWN", `${symbol.text} is not in the files; there are: ${there}`);
}

/** Why the files gave no figures; `where` is added to "there is no trade of NQM5". */
export function whyNothing(market: RecordedMarket, store: TradeStore, calendar: TradingCalendar, where = ""): NqError {
  const { source, instrument: { rawSymbol } } = market;
  if (source.damage !== null) return source.damage;
  if (store.getSnapshot().counters.quarantined.unknownInstrument > 0) {
    return new NqError("INSTRUMENT_UNKNOWN", `the tick of ${rawSymbol} is not known, so its prices mean nothing: give a file with its definition too`);
  }
  const known = source.covers.slice(0, 4).map(({ from, to }) => {
    const { tradeDate, easternOffsetSec } = calendar.dayOf(from.sec);
    return `${clockText(from.sec, easternOffsetSec)} to ${clockText(to.sec, easternOffsetSec)} ET of trade date ${tradeDate}`;
  });
  return new NqError("NO_DATA", `there is no trade of ${rawSymbol}${where}; the files cover ${known.join(", ") || "no time"}`);
}
