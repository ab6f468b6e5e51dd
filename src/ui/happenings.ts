/** What happened while the screen was up: connection, gaps, contract, recording, settings, alerts; for the log. */
import type { LinkMessage, LinkPhase } from "../lsg/link-state.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { clockText } from "./format.ts";
import { phaseWords } from "./market-words.ts";
import { cutRow, fitRow, line, outside, span, wrapWords } from "./text.ts";
import type { Row, Size } from "./text.ts";
import type { Tone } from "./theme.ts";
import type { ViewState } from "./view-state.ts";

/** Something that happened; `time` is the reader's own wall time, `about` what it concerns, in a word. */
export interface Happening {
  readonly time: string;
  readonly about: string;
  readonly text: string;
  readonly tone: Tone;
}

/** Older ones are forgotten. */
const KEPT = 500;
const TEXT_MAX = 300;

/** The list with one more; one that says the same as the newest at the same second is not repeated. */
export function withHappening(happened: readonly Happening[], next: Happening): readonly Happening[] {
  const last = happened.at(-1);
  if (last !== undefined && last.time === next.time && last.text === next.text && last.about === next.about) return happened;
  return [...happened.slice(-(KEPT - 1)), { ...next, text: outside(next.text, TEXT_MAX) }];
}

/** What was looked at last, so that only what is new is told. */
export interface Seen {
  readonly message: LinkMessage | null;
  readonly phase: LinkPhase | null;
  readonly contract: string | null;
  readonly gaps: readonly string[];
}

export const NOTHING_SEEN: Seen = { message: null, phase: null, contract: null, gaps: [] };

/** A happening before its time is text; null milliseconds: now. */
export interface Found {
  readonly atMs: number | null;
  readonly about: string;
  readonly text: string;
  readonly tone: Tone;
}

const LEVEL_TONES: Readonly<Record<LinkMessage["level"], Tone>> = { info: "plain", warn: "warn", error: "alarm" };
const PHASE_TONES: Partial<Record<LinkPhase, Tone>> = { LIVE: "up", STALE: "warn", DOWN: "alarm", REFUSED: "alarm" };

/** What is new in a snapshot. */
export function happeningsIn({ link, mode, instrument, coverage }: Snapshot, seen: Seen): { readonly seen: Seen; readonly found: readonly Found[] } {
  const messages = link?.messages ?? [];
  const phase = link?.phase ?? null;
  const contract = instrument?.rawSymbol ?? null;
  const gaps = coverage.gaps.map(({ text }) => text);
  const isSame = (messages.at(-1) ?? null) === seen.message && phase === seen.phase && contract === seen.contract;
  if (isSame && gaps.length === seen.gaps.length && gaps.every((text, at) => text === seen.gaps[at])) return { seen, found: [] };
  const known = seen.message === null ? -1 : messages.lastIndexOf(seen.message);
  const found: Found[] = messages.slice(known + 1).map(({ atMs, level, from, text }) => ({
    atMs, about: from === "link" ? "link" : "gateway", text, tone: LEVEL_TONES[level],
  }));
  if (link !== null && phase !== null && phase !== seen.phase) {
    const why = link.reason === "" ? "" : `: ${link.reason}`;
    found.push({ atMs: link.sinceMs, about: "link", text: `${phaseWords(link, mode).word}${why}`, tone: PHASE_TONES[phase] ?? "plain" });
  }
  if (contract !== null && contract !== seen.contract) {
    found.push({ atMs: null, about: "contract", text: seen.contract === null ? `shows ${contract}` : `${seen.contract} → ${contract}; every figure begins anew`, tone: "accent" });
  }
  for (const text of gaps) if (!seen.gaps.includes(text)) found.push({ atMs: null, about: "coverage", text, tone: text.endsWith(" filled") && !text.endsWith("not filled") ? "plain" : "warn" });
  // Of two without a time the difference is no number.
  found.sort((a, b) => (a.atMs ?? Number.POSITIVE_INFINITY) - (b.atMs ?? Number.POSITIVE_INFINITY) || 0);
  return { seen: { message: messages.at(-1) ?? null, phase, contract, gaps }, found };
}

/** Milliseconds since 1970 as the reader's own wall time. */
export function wallTimeText(wallMs: number, localOffsetSec: number): string {
  return clockText(Math.floor(wallMs / 1000), localOffsetSec);
}

const TIME_WIDTH = 10;
const ABOUT_WIDTH = 10;

function happeningRows({ time, about, text, tone }: Happening, width: number): Row[] {
  const room = Math.max(10, width - TIME_WIDTH - ABOUT_WIDTH - 1);
  return wrapWords(text, room).map((words, at): Row => {
    const head: Row = at === 0 ? [span(` ${time} `, "dim"), span(cutRow(line(about), ABOUT_WIDTH - 1).map((one) => one.text).join("").padEnd(ABOUT_WIDTH), "dim")] : [span(" ".repeat(TIME_WIDTH + ABOUT_WIDTH))];
    return [...head, span(words, tone)];
  });
}

/** The log in the size given, newest first; `helpTop` rows are scrolled past. */
export function logRows({ happened, helpTop: top }: Pick<ViewState, "happened" | "helpTop">, size: Size): readonly Row[] {
  const head: Row = [span(" Log", "title"), span(`  ${happened.length === 0 ? "nothing yet" : "newest first, your time"}`, "dim")];
  const rows = happened.toReversed().flatMap((one) => happeningRows(one, size.columns));
  const room = Math.max(0, size.rows - 1);
  const from = Math.min(top, Math.max(0, rows.length - room));
  const below = rows.length - from - room;
  const shown = [head, ...rows.slice(from, from + room)];
  if (below > 0 && size.rows > 2) shown[size.rows - 1] = line(` ↓ ${below + 1} more lines`, "dim");
  return Array.from({ length: size.rows }, (_, at) => fitRow(shown[at] ?? [], size.columns));
}
