/** Gaps of which there are too many: fewer are told, and no time of them is told to be better than it is. */
import { compareTime, type UnixTime } from "../lib/time.ts";
import type { LinkGap } from "./link-state.ts";

/** From the best to the worst. */
const STATES: readonly LinkGap["state"][] = ["filled", "unverified", "not filled", "open"];

/** At most `max` of them: the oldest, in order of their begins, become one that is as bad as the worst. */
export function boundedGaps(gaps: readonly LinkGap[], max: number): readonly LinkGap[] {
  if (gaps.length <= max) return gaps;
  const rest = gaps.slice(gaps.length - max + 1);
  const [first, ...more] = gaps.slice(0, gaps.length - max + 1);
  if (first === undefined) return rest;
  let { to, state } = first;
  for (const gap of more) {
    to = laterEnd(to, gap.to);
    state = worse(state, gap.state);
  }
  return [{ from: first.from, to, state, how: "several gaps, told as one" }, ...rest];
}

function worse(a: LinkGap["state"], b: LinkGap["state"]): LinkGap["state"] {
  return STATES[Math.max(STATES.indexOf(a), STATES.indexOf(b))] ?? "not filled";
}

function laterEnd(a: UnixTime | null, b: UnixTime | null): UnixTime | null {
  return a === null || b === null ? null : compareTime(a, b) > 0 ? a : b;
}
