/** What the connection pane says of a link: its phase, a replay, gaps and how each was closed, how old data is. */
import type { LatencyLeg, LatencyState, LinkGap, LinkState } from "../lsg/link-state.ts";
import { toMs } from "../lib/time.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { MinutesView } from "../store/minute-check.ts";
import type { Mode } from "../store/snapshot.ts";
import { named, sparkRows } from "./blocks.ts";
import { clockText, countText, spanText } from "./format.ts";
import { nextTryText, offsetOf, phaseWords } from "./market-words.ts";
import { fitting, flow, line, outside, span, wrapWords } from "./text.ts";
import type { Row } from "./text.ts";
import type { Tone } from "./theme.ts";

/** A count that should be 0: quiet while it is, loud when it is not. */
export function fault(name: string, value: number): Row {
  return named(name, countText(value), value === 0 ? "dim" : "warn");
}

/** Milliseconds, short: `0.4 ms`, `12 ms`, `3.2 s`, `2 min`. */
function delayText(ms: number): string {
  if (ms >= 99_950) return spanText(ms);
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 9.95 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** The phase in words, what comes next and when, which try it is, since when. */
export function phaseRow(link: LinkState, mode: Mode, wallMs: number, width: number): Row {
  const words = phaseWords(link, mode);
  const since = `for ${spanText(wallMs - link.sinceMs)}`;
  const attempt = link.attempt > 0 ? `try ${link.attempt}` : "";
  return flow(
    [
      line(`${words.sign} ${words.word}`, words.tone),
      line(nextTryText(link, wallMs), "warnStrong"),
      line(attempt, "dim"),
      line(words.meaning),
      line(since, "dim"),
    ],
    width,
  );
}

/** Why, and what the reader can do. */
export function explanation(link: LinkState, width: number): Row[] {
  const why = wrapWords(outside(link.reason), width).map((text) => line(text, "warn"));
  const todo = link.advice === "" ? [] : wrapWords(`→ ${outside(link.advice)}`, width);
  return [...why, ...todo.map((text) => line(text, "strong"))];
}

/** How far a replay has come, in market time; nothing when none runs. */
export function catchUpRows(link: LinkState, day: TradingDay | null, width: number): Row[] {
  const { catchUp } = link;
  if (catchUp === null || catchUp === undefined) return [];
  const { trades, reached, target, isRepeat } = catchUp;
  const offset = offsetOf(day);
  const place = reached === null ? [] : named("at", clockText(reached.sec, offset));
  const goal = target === null ? [] : named(isRepeat ? "counted up to" : "of", clockText(target.sec, offset));
  const left = reached === null || target === null ? [] : named("to go", spanText(Math.max(0, toMs(target) - toMs(reached))), "warnStrong");
  const what = isRepeat ? "plays again what was counted:" : "catching up:";
  return [flow([line(what, "warn"), named("trades", countText(trades)), left, place, goal], width)];
}

/** Milliseconds as digits: `0.4`, `21`, `1,204`. */
function msText(ms: number): string {
  return ms < 9.95 ? ms.toFixed(1) : countText(Math.round(ms));
}

function legText(leg: LatencyLeg | null): string {
  return leg === null ? "–" : `${msText(leg.p50Ms)}/${msText(leg.p99Ms)}`;
}

/** That this reader does not keep up, and by how much; nothing while it does. */
export function behindRows(latency: LatencyState | null | undefined): Row[] {
  if (latency === null || latency === undefined || latency.behindMs === 0) return [];
  return [line(`behind by ${delayText(latency.behindMs)}: more comes than can be taken in`, "warnStrong")];
}

/** The three legs on the way here, and a line of the oldest record of each second. */
export function latencyRows(latency: LatencyState | null | undefined, width: number): Row[] {
  if (latency === null || latency === undefined) return [];
  const { exchange, gateway, network, clockBehindMs, history } = latency;
  const head = line("p50/p99 ms", "dim");
  const legs = [named("to Databento", legText(exchange)), named("inside", legText(gateway)), named("to here", legText(network))];
  const short = line([exchange, gateway, network].map(legText).join(" + "));
  const rows: Row[] = [fitting([flow([head, ...legs], Number.POSITIVE_INFINITY), flow([head, short], Number.POSITIVE_INFINITY), short], width)];
  if (clockBehindMs !== null) rows.push(line(`this machine's clock is ${delayText(clockBehindMs)} behind: "to here" is too small`, "warn"));
  if (history.length > 1) {
    const shown = history.slice(-Math.max(1, Math.min(60, width - 20)));
    rows.push(flow([named("age", sparkRows(shown, 1)[0] ?? "", "accent"), named("most", delayText(Math.max(...shown)), "dim")], width));
  }
  return rows;
}

const GAP_TONES: Readonly<Record<LinkGap["state"], Tone>> = { open: "warnStrong", filled: "plain", unverified: "warn", "not filled": "alarm" };

/** The newest gaps with what became of each, and how; nothing when there were none. */
export function gapRows(link: LinkState, day: TradingDay | null, width: number, most: number): Row[] {
  const gaps = link.gaps ?? [];
  const offset = offsetOf(day);
  const rows = gaps.toReversed().slice(0, most).flatMap(({ from, to, state, how }): Row[] => {
    const times = to === null ? `since ${clockText(from.sec, offset)}` : `${clockText(from.sec, offset)}–${clockText(to.sec, offset)}`;
    const [first = "", ...rest] = wrapWords(outside(`gap ${times} ${state}: ${how}`), width);
    const head = `gap ${times} ${state}`;
    const isWhole = first.startsWith(head);
    const row: Row = isWhole ? [span(head, GAP_TONES[state]), span(first.slice(head.length), "dim")] : line(first, GAP_TONES[state]);
    return [row, ...rest.map((text) => line(text, "dim"))];
  });
  if (gaps.length > most) rows.push(line(`${countText(gaps.length - most)} more gaps before`, "dim"));
  return rows;
}

/** Our minutes against the gateway's bars. */
export function minutesRow({ checked, different, newest }: MinutesView, day: TradingDay | null, width: number): Row {
  const last = newest.at(-1);
  const example = last === undefined ? [] : line(`${clockText(last.sec, offsetOf(day))}: ${countText(last.counted)} here, ${countText(last.bar)} there`, "warn");
  return flow([named("minutes checked by bars", countText(checked)), fault("different", different), example], width);
}

/** What was skipped because this reader was slow; quotes only. */
export function skippedRow({ skipped }: LinkState, wallMs: number): Row[] {
  if (skipped === null || skipped === undefined) return [];
  const what = skipped.schema === "" ? "records" : `${outside(skipped.schema, 12)} records`;
  return [line(`${what} skipped ${spanText(wallMs - skipped.atMs)} ago, this reader was slow; trades never are`, "warn")];
}
