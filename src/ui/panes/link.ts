/**
 * The connection: phase in words, why, what next and when, how far a replay is, how old data is, what was lost and what
 * became of it, where to, what came in, what could not be used.
 */
import type { LinkState } from "../../lsg/link-state.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { MinutesView } from "../../store/minute-check.ts";
import type { Counters, Coverage, Mode, Quarantined } from "../../store/snapshot.ts";
import { quarantinedTotal } from "../../store/tally.ts";
import { named, notice } from "../blocks.ts";
import { bytesText, countText, spanText } from "../format.ts";
import { behindRows, catchUpRows, explanation, fault, gapRows, latencyRows, minutesRow, phaseRow, skippedRow } from "../link-rows.ts";
import { definePane } from "../pane.ts";
import type { Moment } from "../pane.ts";
import { cutRow, flow, line, outside, span, wrapWords } from "../text.ts";
import type { Row, Size } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface LinkSlice {
  readonly link: LinkState | null;
  readonly mode: Mode;
  readonly coverage: Coverage;
  readonly counters: Counters;
  readonly minutes: MinutesView;
  readonly day: TradingDay | null;
}

const MESSAGE_TONES: Readonly<Record<"info" | "warn" | "error", Tone>> = { info: "plain", warn: "warn", error: "bad" };

/** Why trade records were held back, in words. */
const CAUSES: readonly (readonly [keyof Quarantined, string])[] = [
  ["unknownInstrument", "unknown instrument"], ["noPrice", "no price"], ["offGrid", "off the tick grid"], ["noSize", "no size"],
  ["absurdSize", "absurd size"], ["badTime", "wrong time"],
];

/** Gaps shown with how each was closed. */
const GAPS_SHOWN = 4;

function figures({ link, coverage, counters, minutes, day }: LinkSlice & { link: LinkState }, now: Moment, width: number): Row[] {
  const { stats } = link;
  const ago = (atMs: number | null): string => (atMs === null ? "none yet" : `${spanText(now.wallMs - atMs)} ago`);
  const version = link.dbnVersion === null ? "version not known yet" : `DBN v${link.dbnVersion} on the wire`;
  return [
    flow([named("last byte", ago(stats.lastByteAtMs)), named("last trade", ago(stats.lastTradeAtMs)), named("heartbeats", countText(stats.heartbeats))], width),
    ...latencyRows(link.latency, width),
    cutRow(named("coverage", outside(coverage.text, 200), coverage.complete ? "plain" : "warn"), width),
    ...gapRows(link, day, width, GAPS_SHOWN),
    flow(
      [
        named("sessions", countText(stats.sessions)),
        fault("drops", stats.drops),
        stats.recoveredTrades === 0 ? [] : named("trades got back", countText(stats.recoveredTrades)),
        stats.repeatedTrades === 0 ? [] : named("not counted twice", countText(stats.repeatedTrades)),
        stats.heldBackTrades === 0 ? [] : fault("not counted at all", stats.heldBackTrades),
        fault("slow reader", stats.slowReaderWarnings),
      ],
      width,
    ),
    ...skippedRow(link, now.wallMs),
    minutesRow(minutes, day, width),
    flow([named("gateway", outside(link.gateway, 60)), line(link.transport, "dim")], width),
    flow(
      [
        named("dataset", outside(link.dataset, 24)),
        line(version, "dim"),
        named("session", link.sessionId === null ? "none" : outside(link.sessionId, 24)),
      ],
      width,
    ),
    flow([named("records", countText(stats.records)), named("bytes", bytesText(stats.bytes))], width),
    flow(
      [
        named("trades", countText(counters.trades)),
        named("quotes", countText(counters.quotes)),
        fault("no side", counters.noAggressor),
        fault("quarantined", quarantinedTotal(counters)),
        ...CAUSES.map(([cause, name]) => (counters.quarantined[cause] === 0 ? [] : fault(name, counters.quarantined[cause]))),
        counters.oddStatistics === 0 ? [] : fault("odd statistics", counters.oddStatistics),
      ],
      width,
    ),
    flow(
      [
        named("other instruments", countText(counters.otherInstrument), "dim"),
        fault("unknown records", stats.unknownRecords),
        stats.connectMs === null ? [] : named("first record after", `${Math.round(stats.connectMs)} ms`, "dim"),
      ],
      width,
    ),
  ];
}

/** Cells of a message's age, and the width from which ages are shown. */
const AGE_WIDTH = 16;
const AGED_FROM = 40;

function messages(link: LinkState, now: Moment, size: Size, room: number): Row[] {
  const rows: Row[] = [];
  const indent = size.columns >= AGED_FROM ? AGE_WIDTH : 0;
  for (const message of link.messages.toReversed()) {
    const age = `${spanText(now.wallMs - message.atMs)} ago  `.padStart(indent);
    const lines = wrapWords(outside(message.text), size.columns - indent);
    lines.forEach((text, at) => {
      const lead = indent === 0 ? "" : at === 0 ? age : " ".repeat(indent);
      rows.push([span(lead, "dim"), span(text, MESSAGE_TONES[message.level])]);
    });
    if (rows.length >= room) break;
  }
  return rows.slice(0, room);
}

/** The connection pane. */
export const link = definePane({
  id: "link",
  title: "Connection",
  minSize: { columns: 20, rows: 2 },
  fullRows: 14,
  priority: 80,
  place: { two: 1, three: 0 },
  follows: ["second"],
  calm: true,
  initial: null,
  keys: [],
  select: {
    link: (snapshot) => snapshot.link,
    mode: (snapshot) => snapshot.mode,
    coverage: (snapshot) => snapshot.coverage,
    counters: (snapshot) => snapshot.counters,
    minutes: (snapshot) => snapshot.minutes,
    day: (snapshot) => snapshot.day,
  },
  view: (slice: LinkSlice, _local: null, size, now) => {
    const state = slice.link;
    if (state === null) return notice("no connection yet: starting…", size);
    const rows = [
      phaseRow(state, slice.mode, now.wallMs, size.columns),
      ...explanation(state, size.columns),
      ...catchUpRows(state, slice.day, size.columns),
      ...behindRows(state.latency),
    ];
    rows.push(...figures({ ...slice, link: state }, now, size.columns));
    const room = size.rows - rows.length - 1;
    const latest = room > 0 ? messages(state, now, size, room) : [];
    if (latest.length > 0) rows.push(line("newest messages", "dim"), ...latest);
    return rows;
  },
});
