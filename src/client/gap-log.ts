/** The times in which records were or may have been lost, and what became of each. Bounded: the oldest two become one. */
import { compareTime, type UnixTime } from "../lib/time.ts";
import { boundedGaps } from "../lsg/bounded-gaps.ts";
import type { LinkGap } from "../lsg/link-state.ts";

const GAPS_MAX = 50;
type ClosedState = Exclude<LinkGap["state"], "open">;

/** Microseconds since 1970 → a time. */
export function timeOfMicros(us: number): UnixTime {
  const sec = Math.floor(us / 1e6);
  return { sec, nanos: Math.floor(us - sec * 1e6) * 1_000 };
}

export class GapLog {
  /** Oldest first; another object after each change. */
  list: readonly LinkGap[] = [];
  /** One of the list: what is doubtful only until the next replay. */
  #doubt: LinkGap | null = null;

  get isOpen(): boolean {
    return this.list.at(-1)?.state === "open";
  }

  /** Gaps told by an earlier run; one that was still open then is part of what follows. */
  take(gaps: readonly LinkGap[]): void {
    this.list = boundedGaps(gaps.filter(({ state }) => state !== "open"), GAPS_MAX);
  }

  /** The link is lost; one outage is one gap, however many tries it takes. */
  open(fromUs: number, how: string): void {
    if (this.isOpen) return;
    const from = timeOfMicros(fromUs);
    // Of an earlier run: a hole in its recording after all that is recorded is part of this gap.
    const before = this.list.filter((gap) => compareTime(gap.from, from) <= 0);
    this.list = boundedGaps([...before, { from, to: null, state: "open", how }], GAPS_MAX);
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

  /** A time that was taken for known, and is not. Only while no gap is open that begins before it. */
  add(fromUs: number, toUs: number, how: string): void {
    this.#insert({ from: timeOfMicros(fromUs), to: timeOfMicros(toUs), state: "unverified", how });
  }

  /** The same of a time before the open gap, until the replay that makes it good: then `settle` is called. */
  doubt(fromUs: number, how: string): void {
    this.settle();
    const open = this.list.at(-1);
    const from = timeOfMicros(fromUs);
    if (open === undefined || open.to !== null || compareTime(from, open.from) >= 0) return;
    this.#doubt = { from, to: open.from, state: "unverified", how };
    this.#insert(this.#doubt);
  }

  settle(): void {
    if (this.#doubt !== null) this.list = this.list.filter((gap) => gap !== this.#doubt);
    this.#doubt = null;
  }

  #insert(gap: LinkGap): void {
    // The open one stays the last.
    const order = (a: LinkGap, b: LinkGap): number => compareTime(a.from, b.from) || Number(a.to === null) - Number(b.to === null);
    this.list = boundedGaps([...this.list, gap].sort(order), GAPS_MAX);
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
