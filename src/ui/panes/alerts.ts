/** Alerts: the rules with state and distance to the price, and the firings with the price then and since. */
import { firingText, ruleName, waitsFor } from "../../alerts/words.ts";
import type { Instrument } from "../../market/instrument.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { SessionView } from "../../studies/index.ts";
import { FRESH_MS } from "../alerts-now.ts";
import type { AlertsNow, LoggedFiring } from "../alerts-now.ts";
import { notice } from "../blocks.ts";
import { clockText, countText, priceText, signedText } from "../format.ts";
import { countdownText } from "../market-now.ts";
import { offsetOf, signTone } from "../market-words.ts";
import { definePane } from "../pane.ts";
import type { Moment, PaneKey } from "../pane.ts";
import { alertsTable, outcomeText } from "../tables/alert-tables.ts";
import { cutRow, fitRow, flow, line, outside, rowWidth, span, spread } from "../text.ts";
import type { Row, Size } from "../text.ts";
import type { Tone } from "../theme.ts";

interface AlertsSlice {
  readonly session: SessionView;
  readonly instrument: Instrument | null;
  readonly day: TradingDay | null;
}

interface AlertsLocal {
  /** Firings scrolled past. */
  readonly skip: number;
}

const PAGE_ROWS = 10;
const NAME_MAX = 22;
const NAME_MIN = 10;
const PRICE_WIDTH = 11;
/** Below this width only what cannot be done without is shown. */
const WIDE = 78;

function pointsText(points: number, instrument: Instrument | null): string {
  return instrument === null ? String(points) : priceText((points * 1e9) / instrument.tickUnits, instrument);
}

function cell(text: string, width: number, tone: Tone = "plain"): Row {
  return fitRow(cutRow(line(text, tone), width), width);
}

/** What stands above the rules: how many, and everything that keeps them quiet. */
function headRow(alerts: AlertsNow, now: Moment, width: number): Row {
  const { rules, count: all, later = 0, snoozedUntilMs, silence, dropped, failed } = alerts;
  const byKey = rules.filter(({ source }) => source === "key").length;
  const count = `${countText(rules.length)} ${rules.length === 1 ? "rule" : "rules"}${byKey > 0 ? `, ${byKey} by key` : ""}`;
  const left = snoozedUntilMs === null ? 0 : snoozedUntilMs - now.wallMs;
  return flow([
    line(count, "strong"),
    left > 0 ? line(`SNOOZED, ${countdownText(Math.ceil(left / 1000))} left`, "warnStrong") : [],
    silence === "" ? [] : line(`only listed: ${silence}`, "warn"),
    later > 0 ? line(`${countText(later)} fired later than this picture`, "warn") : [],
    failed > 0 ? line(`${countText(failed)} failed`, "alarm") : [],
    dropped > 0 ? line(`${countText(dropped)} left out`, "warn") : [],
    all > 0 ? line(`${countText(all)} fired`, "dim") : [],
  ], width);
}

const STATE_TONES: Readonly<Record<string, Tone>> = { armed: "accent", cooling: "warn", muted: "dim", done: "dim", waiting: "dim", wrong: "bad" };

function ruleRow(alerts: AlertsNow, at: number, { session, instrument }: AlertsSlice, width: number): Row {
  const rule = alerts.rules[at];
  if (rule === undefined) return [];
  const isChosen = at === alerts.selected;
  const state = alerts.state(at);
  const target = alerts.target(at);
  const last = session.last?.ticks ?? null;
  const away = target === null || last === null ? "" : `${signedText(Math.ceil(Math.abs(target - last)) * Math.sign(target - last))} t`;
  const fired = alerts.fired(at);
  const right: Row = [
    span(away.padStart(9)),
    span(`  ${(state === "wrong" ? "not a price" : state).padEnd(width >= WIDE ? 11 : 7)}`, STATE_TONES[state] ?? "plain"),
    span(width >= WIDE ? (fired > 0 ? `${countText(fired)}×` : "").padStart(6) : "", "dim"),
  ];
  const room = Math.max(NAME_MIN, width - rowWidth(right) - 4);
  const name = ruleName(rule);
  const nameWidth = Math.min(NAME_MAX, Math.max(NAME_MIN, room >> 1));
  const waits = line(waitsFor(rule, (points) => pointsText(points, instrument)), "dim");
  const tone: Tone = isChosen ? "strong" : "plain";
  const mark = span(isChosen ? "▸ " : "  ", "accent");
  // Where both find no room, the name is enough: the reader gave it.
  const isBoth = rowWidth(waits) + nameWidth <= room;
  return spread([mark, ...(isBoth ? [...cell(name, nameWidth, tone), span(" "), ...waits] : cutRow(line(name, tone), room))], right, width);
}

/** What was or was not done. */
function outcome(logged: LoggedFiring): Row {
  return line(outside(outcomeText(logged), 68), logged.problems.length > 0 ? "bad" : "dim");
}

function firingRow(logged: LoggedFiring, { session, day }: AlertsSlice, now: Moment, width: number): Row {
  const { firing } = logged;
  const { at, ticks, instrument } = firing;
  const isFresh = now.wallMs - logged.atMs < FRESH_MS && logged.silence === null;
  const last = session.last?.ticks ?? null;
  const since = ticks === null || last === null ? null : last - ticks;
  const time = at === null ? "--:--:--" : clockText(at.sec, offsetOf(firing.day ?? day));
  const price = ticks === null || instrument === null ? "–" : priceText(ticks, instrument);
  const end: Row = [
    span(price.padStart(PRICE_WIDTH)),
    span((since === null ? "–" : `${signedText(since)} t`).padStart(9), since === null ? "dim" : signTone(since)),
    span("  "),
    ...(width >= WIDE ? cell(outcome(logged).map(({ text }) => text).join(""), Math.min(36, (width - 60) >> 1), outcome(logged)[0]?.tone ?? "dim") : []),
  ];
  const isSilent = logged.silence !== null;
  const head: Row = [span(isFresh ? "! " : isSilent ? "· " : "  ", isFresh ? "warnStrong" : "dim"), span(`${time} `, "dim")];
  const tones: readonly [Tone, Tone] = isFresh ? ["warnStrong", "strong"] : isSilent ? ["dim", "dim"] : ["strong", "plain"];
  const name: Row = [...head, span(ruleName(firing.rule), tones[0])];
  const words: Row = [...name, span(`: ${firingText(firing)}`, tones[1])];
  const room = width - rowWidth(end) - 1;
  // The difference says more than the price then.
  if (rowWidth(name) > room) return spread(cutRow(name, Math.max(0, room + PRICE_WIDTH)), end.slice(1), width);
  return spread(cutRow(rowWidth(words) <= room || width >= WIDE ? words : name, room), end, width);
}

/** The part of the rules that is shown: the selected one is among them. */
function firstRule({ rules, selected }: AlertsNow, shown: number): number {
  return Math.max(0, Math.min(selected - (shown >> 1), rules.length - shown));
}

function scroll(by: number): PaneKey<AlertsLocal, AlertsSlice>["run"] {
  return (local) => ({ skip: Math.max(0, local.skip + by) });
}

const HELP = [
  "no alerts yet: ! sets one at the current price,",
  "and alerts: in the settings file has every other kind",
];

function rowsOf(slice: AlertsSlice, local: AlertsLocal, alerts: AlertsNow, size: Size, now: Moment): readonly Row[] {
  const { columns, rows } = size;
  const { log, rules } = alerts;
  const room = rows - 1;
  const least = Math.min(rules.length, Math.max(1, Math.floor(room / 3)));
  const ruleRows = log.length === 0 ? Math.min(rules.length, room) : Math.min(rules.length, Math.max(least, room - 1 - log.length));
  const from = firstRule(alerts, ruleRows);
  const shown = Array.from({ length: ruleRows }, (_, at) => ruleRow(alerts, from + at, slice, columns));
  const head = headRow(alerts, now, columns);
  const firingRows = room - ruleRows - 1;
  if (log.length === 0 || firingRows < 1) return [head, ...shown];
  const past = Math.min(local.skip, Math.max(0, log.length - 1));
  const last = slice.session.last?.ticks ?? null;
  const price = last === null || slice.instrument === null ? "" : `price now ${priceText(last, slice.instrument)}, `;
  const title = spread(line("Fired, newest first", "title"), line(`${price}t: ticks since then `, "dim"), columns);
  const fired = log.toReversed().slice(past, past + firingRows).map((one) => firingRow(one, slice, now, columns));
  return [head, ...shown, title, ...fired];
}

/** The alerts pane. */
export const alerts = definePane({
  id: "alerts",
  title: "Alerts",
  letter: "a",
  minSize: { columns: 34, rows: 3 },
  goodRows: 5,
  fullRows: Number.POSITIVE_INFINITY,
  priority: 35,
  place: { two: 1, three: 2, four: 3 },
  follows: ["second", "alerts"],
  initial: { skip: 0 },
  keys: [
    { name: "older", chords: ["pagedown"], label: "older firings", run: scroll(PAGE_ROWS) },
    { name: "newer", chords: ["pageup"], label: "newer firings", run: scroll(-PAGE_ROWS) },
    { name: "newest", chords: ["home"], label: "the newest firing", run: () => ({ skip: 0 }) },
  ],
  scroll: ({ skip }, by) => ({ skip: Math.max(0, skip + by) }),
  select: {
    session: (snapshot) => snapshot.studies.session,
    instrument: (snapshot) => snapshot.instrument,
    day: (snapshot) => snapshot.day,
  },
  table: ({ session: { last }, instrument }: AlertsSlice, _: AlertsLocal, { alerts: known }) =>
    (known === undefined || known.rules.length + known.log.length === 0 ? null : alertsTable(known, last, instrument)),
  view: (slice: AlertsSlice, local: AlertsLocal, size, now) => {
    const { alerts: known } = now;
    if (known === undefined) return notice("waiting for the alerts…", size);
    if (known.rules.length === 0 && known.log.length === 0) {
      const head = headRow(known, now, size.columns);
      return size.columns < 54 ? [head, line("! sets one at the price", "dim")] : [head, ...HELP.map((text) => line(text, "dim"))];
    }
    return rowsOf(slice, local, known, size, now);
  },
});
