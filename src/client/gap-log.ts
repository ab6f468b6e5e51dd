/** The times in which records were or may have been lost, and what became of each. Bounded: the oldest two become one. */
import { compareTime, type UnixTime } from "../lib/time.ts";
import type { LinkGap } from "../lsg/link-state.ts";

const GAPS_MAX = 50;
type ClosedState = Exclude<LinkGap["state"], "open">;
/** From the best to the worst. */
const STATES: readonly LinkGap["state"][] = ["filled", "unverified", "not filled", "open"];

/** Microseconds since 1970 → a time. */
export function timeOfMicros(us: number): UnixTime {
  const sec = Math.floor(us / 1e6);
  return { sec, nanos: Math.floor(us - sec * 1e6) * 1_000 };
}

export class GapLog {
  /** Oldest first; another object after each change. */
  list: readonly LinkGap[] = [];

  get isOpen(): boolean {
    return this.list.at(-1)?.state === "open";
  }

  /** Gaps told by an earlier run; one that was still open then is part of what follows. */
  take(gaps: readonly LinkGap[]): void {
    this.list = bounded(gaps.filter(({ state }) => state !== "open").slice(-GAPS_MAX));
  }

  /** The link is lost; one outage is one gap, however many tries it takes. */
  open(fromUs: number, how: string): void {
    if (this.isOpen) return;
    const from = timeOfMicros(fromUs);
    // Of an earlier run: a hole in its recording after all that is recorded is part of this gap.
    const before = this.list.filter((gap) => compareTime(gap.from, from) <= 0);
    this.list = bounded([...before, { from, to: null, state: "open", how }]);
  }

  close(state: ClosedState, toUs: number, how: string): void {
    const gap = this.list.at(-1);
    if (gap === undefined || gap.state !== "open") return;
    this.list = [...this.list.slice(0, -1), { from: gap.from, to: timeOfMicros(toUs), state, how }];
  }

  /** Lost up to a time; from there on replayed, but with nothing to compare it with. */
  closeInPart(lostToUs: number, toUs: number, how: string): void {
    this.close("not filled", lostToUs, how);
    if (toUs <= lostToUs) return;
    this.open(lostToUs, "");
    this.close("unverified", toUs, "replayed; nothing from before was left to compare it with");
  }

  /** A time that was taken for known, and is not. Only while no gap is open. */
  add(fromUs: number, toUs: number, how: string): void {
    const gap: LinkGap = { from: timeOfMicros(fromUs), to: timeOfMicros(toUs), state: "unverified", how };
    this.list = bounded([...this.list, gap].sort((a, b) => compareTime(a.from, b.from)));
  }

  /** Nothing was missed after all. */
  drop(): void {
    if (this.isOpen) this.list = this.list.slice(0, -1);
  }

  /** The figures no longer hold any of it. */
  clear(): void {
    if (this.list.length > 0) this.list = [];
  }
}

function bounded(gaps: readonly LinkGap[]): readonly LinkGap[] {
  const [first, second, ...rest] = gaps;
  if (first === undefined || second === undefined || gaps.length <= GAPS_MAX) return gaps;
  const state = STATES[Math.max(STATES.indexOf(first.state), STATES.indexOf(second.state))] ?? "not filled";
  return [{ from: first.from, to: second.to, state, how: "several gaps, told as one" }, ...rest];
}
