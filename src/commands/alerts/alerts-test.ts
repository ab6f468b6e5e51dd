/** The back-test: which rules would have fired in recorded files, when, and what the price did then. */
import type { Followed, NoPrice } from "../../alerts/aftermath.ts";
import { FollowedAlerts } from "../../alerts/followed-alerts.ts";
import type { AlertRule, Firing } from "../../alerts/firing.ts";
import { readRecordedTrades } from "../../gateway/recorded-trades.ts";
import { servingOf } from "../../gateway/serving.ts";
import type { TradingCalendar } from "../../market/calendar.ts";
import { createTradeStore } from "../../store/store.ts";
import { alertRow, followedCsv, FOLLOWED_HEADER, followedHead, followedJson, followedLine, reasonLines } from "../../ui/alert-output.ts";
import { countText } from "../../ui/format.ts";
import type { RequestedSymbol } from "../options.ts";
import { createLinePrinter } from "../print-lines.ts";
import { createProgress } from "../progress.ts";
import { openRecordedMarket, whyNothing } from "../recorded-market.ts";
import { RecordingJumps } from "../recording-jumps.ts";
import type { System } from "../system.ts";

/** `lines`: as `alerts watch --json` prints them. */
export type TestFormat = "table" | "json" | "csv" | "lines";

export interface AlertsTestOptions {
  readonly rules: readonly AlertRule[];
  /** null: the instrument with the most trades. */
  readonly symbol: RequestedSymbol | null;
  readonly calendar: TradingCalendar;
  readonly format: TestFormat;
}

/** Prints what was followed in one of the formats. */
class ResultPrinter {
  readonly #format: TestFormat;
  readonly #print: (line: string) => void;
  readonly #reasons = new Set<NoPrice>();
  #head = "";
  count = 0;

  constructor(format: TestFormat, print: (line: string) => void) {
    this.#format = format;
    this.#print = print;
    if (format === "csv") print(FOLLOWED_HEADER);
  }

  readonly fired = (firing: Firing): void => {
    this.count += 1;
    if (this.#format === "lines") this.#print(JSON.stringify(alertRow(firing, "REPLAY")));
  };

  readonly followed = (followed: Followed): void => {
    if (this.#format === "json") this.#print(followedJson(followed, "REPLAY"));
    else if (this.#format === "csv") this.#print(followedCsv(followed, "REPLAY"));
    else if (this.#format === "table") this.#line(followed);
  };

  /** The end of a table. */
  end(rules: number, trades: number): void {
    if (this.#format !== "table") return;
    for (const line of reasonLines(this.#reasons)) this.#print(line);
    this.#print(`${countText(this.count)} firings of ${countText(rules)} rules in ${countText(trades)} trades; +1, +5, +15 min: the price then, and its distance in ticks`);
  }

  #line(followed: Followed): void {
    const { day, instrument } = followed.firing;
    const head = followedHead(day?.tradeDate ?? null, instrument?.rawSymbol ?? null);
    if (head[0] !== this.#head) for (const line of head) this.#print(line);
    this.#head = head[0] ?? "";
    for (const later of followed.later) if ("reason" in later) this.#reasons.add(later.reason);
    this.#print(followedLine(followed));
  }
}

/** Runs the rules over the files from end to end. Returns the exit status: 4 when one of the files is damaged. */
export async function testAlerts(system: System, paths: readonly string[], options: AlertsTestOptions, signal: AbortSignal): Promise<number> {
  const { rules, calendar, format } = options;
  const progress = createProgress(system);
  const market = await openRecordedMarket(paths, options.symbol, progress);
  const { source, instrument } = market;
  const done = new AbortController();
  const stop = AbortSignal.any([signal, done.signal]);
  const printer = createLinePrinter(system, () => done.abort());
  const results = new ResultPrinter(format, (line) => printer.print(line));
  const watcher = new FollowedAlerts({ calendar, rules, onFiring: results.fired, onFollowed: results.followed });
  const store = createTradeStore({ requested: instrument.rawSymbol, mode: "REPLAY", calendar, focus: instrument, watcher });
  store.beginSession(source.covers[0]?.from ?? null);
  const jumps = new RecordingJumps(source.covers, calendar);
  const quotes = rules.some(({ when }) => when === "spread");
  let trades = 0;
  const count = (): number => trades + store.countedTrades();
  await readRecordedTrades(source, {
    signal: stop,
    quotes,
    onRecord(view) {
      const from = jumps.before(view);
      if (from !== null) {
        store.commit();
        trades += store.countedTrades();
        store.beginSession(from);
      }
      store.applyRecord(view);
    },
    async onPiece() {
      progress.show(() => `${countText(count())} trades, ${countText(results.count)} firings`);
      await printer.flush();
    },
  });
  store.commit();
  watcher.end();
  progress.clear();
  if (!stop.aborted && count() === 0) throw whyNothing(market, store, calendar);
  if (!stop.aborted) results.end(rules.length, count());
  await printer.flush();
  if (stop.aborted) return 0;
  if (quotes && servingOf("mbp-1", source.schemas) === null) {
    system.stderr.write(`nq-tui: there are no quotes in the recordings, so no rule about the spread can fire\n`);
  }
  if (rules.some(({ when }) => when === "feed")) system.stderr.write("nq-tui: a recording has no link, so no rule about the feed can fire\n");
  for (const note of market.notes()) system.stderr.write(`nq-tui: ${note}\n`);
  return source.damage === null ? 0 : 4;
}
