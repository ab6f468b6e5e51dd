/** `nq-tui recordings fill`: what a recorded trade date lacks, what it costs, and, after yes, the trades themselves. */
import { fetchRange } from "../../historical/fetch-range.ts";
import { checkedBaseUrl, HISTORICAL_URL, type HistoricalOptions } from "../../historical/options.ts";
import { availableUntil, priceOf, type HistoricalPrice, type HistoricalRange } from "../../historical/range.ts";
import { NqError } from "../../lib/errors.ts";
import { ApiKey } from "../../lsg/api-key.ts";
import type { TradingCalendar } from "../../market/calendar.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import { listRecordings, verifyRecording } from "../../recording/library.ts";
import { recordingsFolder } from "../data-folder.ts";
import { coverageFile, readKeptCoverage, writeKeptCoverage } from "../kept-coverage.ts";
import { createProgress } from "../progress.ts";
import type { System } from "../system.ts";
import { VERSION } from "../version.ts";
import { keptFile, type KeptFile } from "../warm-start.ts";
import { FillFile } from "./fill-file.ts";
import { askedSpans, coverageAfter, missingSpans, spanText, type KnownOfDay, type MissingSpan, type Span } from "./missing.ts";
import { readRecordedTrades } from "./recorded-trades.ts";

export interface FillOptions {
  readonly dir: string | null;
  readonly tradeDate: string;
  /** Contract of a date of which nothing was recorded; null: that of the recording. */
  readonly contract: string | null;
  readonly dataset: string;
  readonly calendar: TradingCalendar;
  /** Asked with what it costs before anything is fetched. */
  readonly agrees: (question: string) => Promise<boolean>;
  /** US dollars; more is refused, whoever agrees. */
  readonly maxCost: number;
  /** Spans that are not asked for, because of why they are missing. */
  readonly leaves?: ReadonlySet<MissingSpan["why"]>;
}

const SCHEMA = "trades";
const count = (value: number): string => value.toLocaleString("en-US");

/** To the hundredth of a cent, so that little is not nothing. */
function dollarsText(dollars: number): string {
  return `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
}

function dayOf(calendar: TradingCalendar, tradeDate: string): TradingDay {
  const noon = Date.parse(`${tradeDate}T16:00:00Z`) / 1000;
  const day = Number.isNaN(noon) ? null : calendar.dayOf(noon);
  if (day === null || day.tradeDate !== tradeDate) {
    throw new NqError("USAGE", `expected a trade date such as 2025-06-13, found ${tradeDate}${day === null ? "" : `, whose session counts to ${day.tradeDate}`}`);
  }
  return day;
}

function historicalOptions(system: System, signal: AbortSignal): HistoricalOptions {
  if (system.apiKeyText === null) throw new NqError("KEY_FORM", "expected an API key in DATABENTO_API_KEY to ask for historical data, found none");
  return {
    baseUrl: checkedBaseUrl(system.env["DATABENTO_HISTORICAL_URL"] ?? HISTORICAL_URL),
    apiKey: ApiKey.parse(system.apiKeyText), clientName: `nq-tui/${VERSION}`, fetch: system.fetch, clock: system.clock, random: system.random, signal,
    onNote: (sentence) => void system.stderr.write(`nq-tui: ${sentence}\n`),
  };
}

/** The trade date as its recording has it. */
interface Recorded {
  readonly known: KnownOfDay;
  readonly contract: string;
  readonly files: readonly KeptFile[];
  /** Part that a further file gets. */
  readonly nextPart: number;
}

async function lookUp(system: System, folder: string, options: FillOptions, day: TradingDay, until: bigint): Promise<Recorded> {
  const { dataset, tradeDate } = options;
  const all = (await listRecordings(system.disk, folder)).filter((one) => one.dataset === dataset && one.tradeDate === tradeDate).flatMap((one) => one.files)
    .filter(({ name }) => name.schema === SCHEMA);
  const damaged = all.find(({ damage }) => damage !== "");
  if (damaged !== undefined) throw new NqError("FILE_CONTENT", `${damaged.path} is damaged, so it is not known what is missing: ${damaged.damage}`);
  const files = (await Promise.all(all.map((file) => keptFile(system, folder, file).catch(() => null)))).filter((file) => file !== null);
  const coverage = await readKeptCoverage(system.disk, coverageFile(folder, dataset, tradeDate));
  const lastAt = files.reduce<bigint | null>((last, { facts }) => (facts?.lastAt != null && (last === null || facts.lastAt > last) ? facts.lastAt : last), null);
  const contract = options.contract ?? coverage?.contract;
  if (contract === undefined) throw new NqError("USAGE", `nothing tells which contract ${tradeDate} is to be filled with; expected --symbol with a contract such as NQZ6`);
  if (coverage !== null && contract !== coverage.contract) {
    throw new NqError("USAGE", `expected --symbol ${coverage.contract}, whose trades the recording of ${tradeDate} covers, found ${contract}`);
  }
  const nextPart = all.reduce((highest, { name }) => Math.max(highest, name.part), -1) + 1;
  return { known: { day, coverage, lastAt, until }, contract, files, nextPart };
}

interface Priced {
  readonly span: Span;
  readonly range: HistoricalRange;
  readonly price: HistoricalPrice;
}

/** Says what is missing and what it costs. */
async function priced(system: System, api: HistoricalOptions, options: FillOptions, { known, contract }: Recorded): Promise<readonly Priced[]> {
  const { day } = known;
  const missing = missingSpans(known).filter(({ why }) => options.leaves?.has(why) !== true);
  if (missing.length === 0) return [];
  const tell = (text: string): void => void system.stdout.write(`${text}\n`);
  tell(`${options.tradeDate}  ${contract}  ${SCHEMA} of ${options.dataset}`);
  for (const span of missing) tell(`missing    ${spanText(span, day)}  ${span.why}`);
  const parts: Priced[] = [];
  for (const span of askedSpans(missing, known)) {
    const range = { dataset: options.dataset, schema: SCHEMA, symbols: [contract], ...span };
    const price = await priceOf(api, range);
    tell(`to fetch   ${spanText(span, day)}  ${count(price.records)} records, ${(price.bytes / 1e6).toFixed(1)} MB, ${dollarsText(price.dollars)}`);
    parts.push({ span, range, price });
  }
  return parts;
}

/** Fetches all of it; the spans that came whole, and how many of the trades were new. */
async function fetchAll(
  system: System, api: HistoricalOptions, options: FillOptions, parts: readonly Priced[], recorded: Recorded, files: readonly FillFile[],
): Promise<{ readonly whole: readonly Span[]; readonly fetched: number; readonly failure: unknown }> {
  const progress = createProgress(system);
  const trades = await readRecordedTrades(recorded.files, parts.map(({ span }) => span));
  const all = parts.reduce((sum, { price }) => sum + price.records, 0);
  const from = system.clock.monotonicMs();
  const whole: Span[] = [];
  let fetched = 0;
  let dollars = parts.reduce((sum, { price }) => sum + price.dollars, 0);
  try {
    for (const [index, { span, range, price }] of parts.entries()) {
      const file = files[index];
      if (file === undefined) break;
      const before = fetched;
      const found = await fetchRange(api, range, price.records, {
        onMetadata: (metadata) => file.begin(metadata),
        onRecord: (view) => {
          if (!trades.isRecorded(view)) file.add(view);
        },
        onGoOn(missing) {
          dollars += price.dollars * (price.records === 0 ? 1 : missing / price.records);
          if (dollars > options.maxCost) {
            throw new NqError("HIST_COST", `the connection broke off so often that going on may cost ${dollarsText(dollars)} in all; expected at most ${dollarsText(options.maxCost)}`);
          }
        },
        async onProgress(records, bytes) {
          fetched = before + records;
          const seconds = (system.clock.monotonicMs() - from) / 1000;
          progress.show(() => `fetched ${count(fetched)} of ${count(all)} records, ${(bytes / 1e6 / seconds).toFixed(1)} MB/s, ${((seconds / Math.max(1, fetched)) * (all - fetched)).toFixed(0)} s left`);
          await file.flush();
        },
      });
      fetched = before + found.records;
      whole.push(span);
    }
    return { whole, fetched, failure: null };
  } catch (error) {
    return { whole, fetched, failure: error };
  } finally {
    progress.clear();
  }
}

/** @throws NqError HIST_*, RECORD_*, USAGE; HIST_COST when it costs more than allowed. Returns the exit status. */
export async function fillCommand(system: System, options: FillOptions, signal: AbortSignal): Promise<number> {
  const day = dayOf(options.calendar, options.tradeDate);
  const api = historicalOptions(system, signal);
  const folder = recordingsFolder(system, options.dir);
  const lock = await system.lockFolder(folder);
  try {
    const available = await availableUntil(api, options.dataset, SCHEMA);
    const now = BigInt(Math.floor(system.clock.wallMs())) * 1_000_000n;
    const recorded = await lookUp(system, folder, options, day, available < now ? available : now);
    const parts = await priced(system, api, options, recorded);
    const dollars = parts.reduce((sum, { price }) => sum + price.dollars, 0);
    if (parts.length === 0) {
      if (options.leaves === undefined) system.stdout.write(`nothing is missing of what can be had of ${options.tradeDate}\n`);
      return 0;
    }
    if (dollars > options.maxCost) throw new NqError("HIST_COST", `it costs ${dollarsText(dollars)}; expected at most ${dollarsText(options.maxCost)}. Nothing was fetched`);
    if (!(await options.agrees(`Fetch it from Databento for ${dollarsText(dollars)}?`))) {
      system.stderr.write("nq-tui: nothing was fetched, and nothing spent\n");
      return 1;
    }
    return await fillIn(system, api, options, folder, recorded, parts);
  } finally {
    await lock.release();
  }
}

async function fillIn(
  system: System, api: HistoricalOptions, options: FillOptions, folder: string, recorded: Recorded, parts: readonly Priced[],
): Promise<number> {
  const { dataset, tradeDate } = options;
  const bootId = await system.disk.bootId();
  // A file for each span, so that none seems to cover what lies between them.
  const files = parts.map((_, index) =>
    new FillFile(system.disk, folder, { dataset, schema: SCHEMA, tradeDate, part: recorded.nextPart + index }, recorded.known.day, bootId));
  const { whole, fetched, failure } = await fetchAll(system, api, options, parts, recorded, files);
  // What came before a failure is paid for: it is kept, and not asked for as new the next time.
  const paths: string[] = [];
  for (const file of files) {
    const path = await file.finish();
    if (path === null) continue;
    await verify(system, folder, options, path);
    paths.push(path);
  }
  const added = files.reduce((sum, { records }) => sum + records, 0);
  if (whole.length > 0) {
    await writeKeptCoverage(system.disk, coverageFile(folder, dataset, tradeDate), coverageAfter(whole, recorded.known, recorded.contract));
  }
  system.stdout.write(`filled     ${count(fetched)} records fetched, ${count(fetched - added)} of them were recorded already, ${count(added)} are new\n`);
  for (const path of paths) system.stdout.write(`           ${path}\n`);
  if (failure !== null) throw failure;
  return 0;
}

async function verify(system: System, folder: string, { dataset, tradeDate }: FillOptions, path: string): Promise<void> {
  const files = (await listRecordings(system.disk, folder)).filter((one) => one.dataset === dataset && one.tradeDate === tradeDate).flatMap((one) => one.files);
  const file = files.find((one) => one.path === path);
  const damage = file === undefined ? "it is not there" : (await verifyRecording(system.disk, file)).damage;
  if (damage !== "") throw new NqError("FILE_CONTENT", `${path} does not read back as it was written: ${damage}`);
}
