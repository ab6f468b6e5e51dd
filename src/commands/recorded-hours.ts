/** What the last recorded days had in each Eastern hour: the mark of what is usual beside today's volume. */
import { RTYPE } from "../dbn/constants.ts";
import { RecordView } from "../dbn/record-view.ts";
import { NanosSplitter, type UnixTime } from "../lib/time.ts";
import { productRoot } from "../market/contract.ts";
import { easternHour, hourIndexOf, TRADING_HOURS, type TradingDay } from "../market/trading-day.ts";
import { listRecordings, type RecordedDay } from "../recording/library.ts";
import { openRecordReader } from "../recording/record-reader.ts";
import { identify, type ReplayCache } from "../recording/replay-cache.ts";
import type { HourVolumesOptions } from "../studies/index.ts";
import { recordingsFolder, replayCache } from "./data-folder.ts";
import type { Feed } from "./feed.ts";
import { coverageFile, readKeptCoverage, type KeptCoverage } from "./kept-coverage.ts";
import type { System } from "./system.ts";

/** So many trade dates with recordings are looked at, the latest ones. */
const DAYS = 10;
const HOUR_SEC = 3600;
const PURPOSE = "hours 1";

/** Contracts in each hour of a session, from 18:00 on; null where not all of the hour is known. */
type DayHours = readonly (number | null)[];

/** The averages; nothing is known until days were added. The members may be passed around. */
export class RecordedHours implements HourVolumesOptions {
  readonly #sums = new Float64Array(24);
  readonly #counts = new Uint16Array(24);
  #days = 0;

  add(hours: DayHours): void {
    if (hours.every((volume) => volume === null)) return;
    this.#days += 1;
    hours.forEach((volume, index) => {
      if (volume === null) return;
      const hour = easternHour(index);
      this.#sums[hour] = (this.#sums[hour] ?? 0) + volume;
      this.#counts[hour] = (this.#counts[hour] ?? 0) + 1;
    });
  }

  readonly average = (hour: number): number | null => {
    const count = this.#counts[hour] ?? 0;
    return count === 0 ? null : Math.round((this.#sums[hour] ?? 0) / count);
  };

  readonly days = (): number => this.#days;
}

/** Whether every trade from `fromSec` to `toSec` is recorded. */
function isKnown({ from, gaps }: KeptCoverage, lastSec: number, fromSec: number, toSec: number): boolean {
  if (from === null || from.sec > fromSec || lastSec < toSec - 1) return false;
  const reaches = (to: UnixTime | null): boolean => to === null || to.sec >= fromSec;
  return !gaps.some((gap) => gap.state !== "filled" && gap.from.sec < toSec && reaches(gap.to));
}

/** Reads a day's trades of the contract its figures were of. @throws NqError when a file cannot be read */
async function countHours(paths: readonly string[], day: TradingDay, coverage: KeptCoverage): Promise<DayHours> {
  const volumes = new Float64Array(TRADING_HOURS);
  const view = new RecordView();
  const splitter = new NanosSplitter();
  let lastSec = 0;
  for (const path of paths) {
    const reader = await openRecordReader(path);
    try {
      const { mappings } = await reader.metadata();
      const id = Number(mappings.find(({ rawSymbol }) => rawSymbol === coverage.contract)?.intervals[0]?.symbol);
      for (let batch = await reader.readBatch(); batch !== null; batch = await reader.readBatch()) {
        for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) {
          view.point(batch.bytes, at);
          if (view.rtype !== RTYPE.trade || view.instrumentId !== id) continue;
          splitter.split(view.tsEventHi, view.tsEventLo);
          const { sec } = splitter;
          if (sec < day.openSec || sec >= day.endSec) continue;
          const index = hourIndexOf(sec, day);
          volumes[index] = (volumes[index] ?? 0) + view.size;
          if (sec > lastSec) lastSec = sec;
        }
      }
    } finally {
      await reader.close();
    }
  }
  // Trading ends with the last trade before the close: a quiet minute there is no gap.
  const known = lastSec >= day.closeSec - 60 ? day.closeSec : lastSec;
  return [...volumes].map((volume, index) => {
    const fromSec = day.openSec + index * HOUR_SEC;
    const isHour = fromSec + HOUR_SEC <= day.closeSec;
    return isHour && isKnown(coverage, known, fromSec, fromSec + HOUR_SEC) ? volume : null;
  });
}

function isOfProduct(contract: string, symbol: string): boolean {
  const root = productRoot(symbol);
  return root === "" ? contract === symbol : productRoot(contract) === root;
}

async function hoursOf(system: System, feed: Feed, directory: string, recorded: RecordedDay, cache: ReplayCache | null): Promise<DayHours | null> {
  const { dataset, tradeDate } = recorded;
  const coverage = await readKeptCoverage(system.disk, coverageFile(directory, dataset, tradeDate));
  const files = recorded.files.filter(({ name }) => name.schema === "trades");
  const first = files.find(({ facts }) => facts?.firstAt != null)?.facts?.firstAt;
  if (coverage === null || first == null || files.some(({ damage }) => damage !== "")) return null;
  if (!isOfProduct(coverage.contract, feed.called ?? feed.requested)) return null;
  const day = feed.calendar.dayOf(Number(first / 1_000_000_000n));
  if (day.tradeDate !== tradeDate) return null;
  const paths = files.map(({ path }) => path);
  const identities = await Promise.all([...paths, coverageFile(directory, dataset, tradeDate)].map((path) => identify(path)));
  const key = cache?.keyOf(paths, PURPOSE) ?? "";
  const kept = (await cache?.note(key, identities)) as DayHours | null | undefined; // its sum says that it was written here
  if (kept != null) return kept;
  const hours = await countHours(paths, day, coverage);
  await cache?.writeNote(key, identities, hours).catch(() => {});
  return hours;
}

/** Adds the recorded days before a trade date, the latest first. A day that cannot be read is left out. */
export async function loadRecordedHours(system: System, feed: Feed, options: { readonly dir: string | null; readonly before: string }, into: RecordedHours): Promise<void> {
  const directory = recordingsFolder(system, options.dir, feed.mode);
  const cache = replayCache(system);
  const days = (await listRecordings(system.disk, directory)).filter(({ dataset, tradeDate }) => dataset === feed.dataset && tradeDate < options.before);
  for (const day of days.slice(-DAYS).toReversed()) {
    const hours = await hoursOf(system, feed, directory, day, cache).catch(() => null);
    if (hours !== null) into.add(hours);
  }
}
