/** What happens to the feed, as rules wait for it: from states of the link to events, each told once. */
import type { LinkPhase, LinkState } from "../lsg/link-state.ts";

export interface FeedEvent {
  readonly event: "stale" | "down" | "gap";
  readonly reason: string;
}

const LOST: ReadonlySet<LinkPhase> = new Set(["DOWN", "REFUSED"]);
const UP: ReadonlySet<LinkPhase> = new Set(["CATCHING_UP", "LIVE", "QUIET", "STALE"]);

/** Gaps whose trades are or may be missing for good. */
function missing({ gaps = [] }: LinkState): number {
  return gaps.filter(({ state }) => state === "not filled" || state === "unverified").length;
}

export class FeedWatch {
  #isStale = false;
  #isDown = false;
  #missing = 0;

  /** What a state of the link tells that the ones before it did not. An outage is one event, however often it is tried. */
  events(link: LinkState): readonly FeedEvent[] {
    const { phase, reason } = link;
    const found: FeedEvent[] = [];
    if (phase === "STALE" && !this.#isStale) found.push({ event: "stale", reason });
    if (LOST.has(phase) && !this.#isDown) found.push({ event: "down", reason });
    const gaps = missing(link);
    if (gaps > this.#missing) found.push({ event: "gap", reason: link.gaps?.findLast(({ state }) => state === "not filled" || state === "unverified")?.how ?? "" });
    this.#isStale = phase === "STALE";
    if (LOST.has(phase)) this.#isDown = true;
    else if (UP.has(phase)) this.#isDown = false;
    this.#missing = gaps;
    return found;
  }
}
