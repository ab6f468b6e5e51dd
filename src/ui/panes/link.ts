/** The connection: phase in words, why, what next and when, where to, what came in, what could not be used. */
import type { LinkState } from "../../lsg/link-state.ts";
import type { Counters, Coverage, Mode, Quarantined } from "../../store/snapshot.ts";
import { quarantinedTotal } from "../../store/tally.ts";
import { notice } from "../blocks.ts";
import { bytesText, countText, spanText } from "../format.ts";
import { nextTryText, phaseWords } from "../market-words.ts";
import { definePane } from "../pane.ts";
import type { Moment } from "../pane.ts";
import { flow, line, outside, span, wrapWords } from "../text.ts";
import type { Row, Size } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface LinkSlice {
  readonly link: LinkState | null;
  readonly mode: Mode;
  readonly coverage: Coverage;
  readonly counters: Counters;
}

const MESSAGE_TONES: Readonly<Record<"info" | "warn" | "error", Tone>> = { info: "plain", warn: "warn", error: "down" };

/** Why trade records were held back, in words. */
const CAUSES: readonly (readonly [keyof Quarantined, string])[] = [
  ["unknownInstrument", "unknown instrument"], ["noPrice", "no price"], ["offGrid", "off the tick grid"], ["noSize", "no size"],
  ["absurdSize", "absurd size"], ["badTime", "wrong time"],
];

function named(name: string, value: string, tone: Tone = "plain"): Row {
  return [span(`${name} `, "dim"), span(value, tone)];
}

/** A count that should be 0: quiet while it is, loud when it is not. */
function fault(name: string, value: number): Row {
  return named(name, countText(value), value === 0 ? "dim" : "warn");
}

function phaseRow(link: LinkState, mode: Mode, now: Moment, width: number): Row {
  const words = phaseWords(link, mode);
  const since = `for ${spanText(now.wallMs - link.sinceMs)}`;
  const next = nextTryText(link, now.wallMs);
  const attempt = link.attempt > 0 ? `try ${link.attempt}` : "";
  return flow(
    [
      line(`${words.sign} ${words.word}`, words.tone),
      line(next, "warnStrong"),
      line(attempt, "dim"),
      line(words.meaning),
      line(since, "dim"),
    ],
    width,
  );
}

function explanation(link: LinkState, width: number): Row[] {
  const why = wrapWords(outside(link.reason), width).map((text) => line(text, "warn"));
  const todo = link.advice === "" ? [] : wrapWords(`→ ${outside(link.advice)}`, width);
  return [...why, ...todo.map((text) => line(text, "strong"))];
}

function figures({ link, coverage, counters }: LinkSlice & { link: LinkState }, now: Moment, width: number): Row[] {
  const { stats } = link;
  const age = stats.lastByteAtMs === null ? "none yet" : `${spanText(now.wallMs - stats.lastByteAtMs)} ago`;
  const version = link.dbnVersion === null ? "version not known yet" : `DBN v${link.dbnVersion} on the wire`;
  return [
    flow([named("last byte", age), named("heartbeats", countText(stats.heartbeats))], width),
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
        named("sessions", countText(stats.sessions)),
        fault("drops", stats.drops),
        fault("slow reader", stats.slowReaderWarnings),
      ],
      width,
    ),
    flow([named("coverage", outside(coverage.text, 80), coverage.complete ? "plain" : "warn")], width),
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
  initial: null,
  keys: [],
  select: {
    link: (snapshot) => snapshot.link,
    mode: (snapshot) => snapshot.mode,
    coverage: (snapshot) => snapshot.coverage,
    counters: (snapshot) => snapshot.counters,
  },
  view: (slice: LinkSlice, _local: null, size, now) => {
    const state = slice.link;
    if (state === null) return notice("no connection yet: starting…", size);
    const rows = [phaseRow(state, slice.mode, now, size.columns), ...explanation(state, size.columns)];
    rows.push(...figures({ ...slice, link: state }, now, size.columns));
    const room = size.rows - rows.length - 1;
    const latest = room > 0 ? messages(state, now, size, room) : [];
    if (latest.length > 0) rows.push(line("newest messages", "dim"), ...latest);
    return rows;
  },
});
