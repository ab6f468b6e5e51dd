/** What span the cumulative figures cover, in data and in words. */
import { compareTime, type UnixTime } from "../lib/time.ts";
import type { LinkGap } from "../lsg/link-state.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { formatEastern } from "../market/wall-time.ts";
import type { Hole } from "../studies/known-span.ts";
import type { Coverage, CoverageGap } from "./snapshot.ts";

/** Gaps said in words; the others are counted. */
const SAID = 2;

function gapText({ from, to, state }: LinkGap, day: TradingDay): string {
  if (to === null) return `gap since ${formatEastern(from, day)}`;
  if (to.sec >= day.endSec) return `gap ${formatEastern(from, day)} to the close ${state}`;
  return `gap ${formatEastern(from, day)}–${formatEastern(to, day)} ${state}`;
}

/** Whether trades of a gap are or may be missing. */
function isHole({ state }: Pick<LinkGap, "state">): boolean {
  return state !== "filled";
}

/** The spans of which trades are not known. */
export function holesOf(gaps: readonly LinkGap[]): readonly Hole[] {
  return gaps.filter(isHole);
}

/** Coverage of figures counted from `anchorSec` (unix seconds) of `day` on, of which trades are known since `from`. */
function spanOf(from: UnixTime, gaps: readonly CoverageGap[], day: TradingDay, anchorSec: number): Coverage {
  const since = { sec: anchorSec, nanos: 0 };
  const isFromAnchor = from.sec < anchorSec || compareTime(from, since) === 0;
  const start = isFromAnchor ? since : from;
  const within = gaps.filter(({ to }) => to === null || compareTime(to, start) > 0);
  const complete = isFromAnchor && !within.some(isHole);
  const begin = isFromAnchor
    ? `${complete ? "complete " : ""}since ${formatEastern(since, day, { minutes: true })}`
    : `partial: from ${formatEastern(from, day, { minutes: true })}`;
  // What is missing first, then the newest.
  const ordered = within.toReversed().sort((a, b) => Number(isHole(b)) - Number(isHole(a)));
  const more = ordered.length > SAID ? [`${ordered.length - SAID} more gaps`] : [];
  const text = [begin, ...ordered.slice(0, SAID).map((gap) => gap.text), ...more].join(", ");
  return { from, complete, text, gaps: within };
}

/** What is lost up to a time after the day's open leaves the day begun there; nothing of it is known before. */
function begunWithin(from: UnixTime, gaps: readonly LinkGap[], day: TradingDay): UnixTime {
  let since = from;
  for (const { from: start, to, state } of gaps) {
    const isBegin = state === "not filled" && to !== null && start.sec < day.openSec && to.sec > day.openSec && to.sec < day.endSec;
    if (isBegin && compareTime(to, since) > 0) since = to;
  }
  return since;
}

/**
 * Coverage of figures of `day` that hold every trade since `from` but for the gaps; without either nothing is known.
 * Complete when `from` is at or before the day's open and every gap has been filled.
 */
export function coverageOf(from: UnixTime | null, day: TradingDay | null, gaps: readonly LinkGap[]): Coverage {
  if (from === null || day === null) return { from, complete: false, text: "nothing yet", gaps: [] };
  const since = begunWithin(from, gaps, day);
  const told = gaps
    .filter((gap) => gap.from.sec < day.endSec)
    .map((gap) => ({ from: gap.from, to: gap.to, state: gap.state, text: gapText(gap, day) }));
  return spanOf(since, told, day, day.openSec);
}

/** The same for a figure that begins at `anchorSec` (unix seconds) of the day, e.g. with regular hours. */
export function coverageSince(coverage: Coverage, day: TradingDay | null, anchorSec: number): Coverage {
  return coverage.from === null || day === null ? coverage : spanOf(coverage.from, coverage.gaps, day, anchorSec);
}
