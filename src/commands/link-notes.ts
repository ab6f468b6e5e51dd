/**
 * The connection's troubles on standard error, for runs without a screen: one line when it is lost, one when it is back, and
 * one for each time of which trades are missing, or may be.
 */
import { LOSS_JUDGED } from "../client/recovery.ts";
import type { UnixTime } from "../lib/time.ts";
import type { LinkGap, LinkPhase, LinkState } from "../lsg/link-state.ts";
import { formatEastern } from "../market/wall-time.ts";
import type { Feed } from "./feed.ts";
import type { System } from "./system.ts";

const TROUBLE: ReadonlySet<LinkPhase> = new Set(["DOWN", "STALE"]);
const RUNNING: ReadonlySet<LinkPhase> = new Set(["CATCHING_UP", "LIVE", "QUIET"]);

/** How a gateway's error about a symbol begins, in every version of the protocol. */
const UNRESOLVED = "Failed to resolve symbol";

/** More is forgotten, and may be said again. */
const SAID_MAX = 1_000;

/** Whether a gateway's text speaks of a symbol. */
function speaksOf(text: string, symbol: string | null): boolean {
  return symbol !== null && text.split(/[\s,;:'"]+/).includes(symbol);
}

/**
 * Call the result with every link state; `onUnresolved` when the gateway does not know the symbol asked for. That it does
 * not know the feed's companion is no trouble: the figures do without.
 */
export function createLinkNotes(system: System, feed: Pick<Feed, "companion" | "calendar">, onUnresolved: (text: string) => void): (link: LinkState) => void {
  let shown = "";
  const said = new Set<string>();

  function isNew(text: string): boolean {
    if (said.has(text)) return false;
    if (said.size >= SAID_MAX) said.clear();
    said.add(text);
    return true;
  }

  function gapText({ from, to, state, how }: LinkGap): string | null {
    if (to === null || state === "filled") return null;
    const time = (at: UnixTime): string => formatEastern(at, feed.calendar.dayOf(at.sec));
    return `gap ${time(from)}–${time(to)} ET ${state}: ${how}`;
  }

  return (link) => {
    for (const gap of link.gaps ?? []) {
      const text = gapText(gap);
      if (text !== null && isNew(`${gap.from.sec} ${gap.from.nanos} ${text}`)) system.stderr.write(`nq-tui: ${text}\n`);
    }
    for (const { level, text, from } of link.messages) {
      // An error ends the session: the phase tells it. What became of a loss is told with its gap.
      if (level !== "warn" || text.startsWith(LOSS_JUDGED) || !isNew(text)) continue;
      if (text.startsWith(UNRESOLVED) && speaksOf(text, feed.companion)) continue;
      if (text.startsWith(UNRESOLVED)) onUnresolved(text);
      else system.stderr.write(`nq-tui: ${from === "link" ? "" : "the gateway says: "}${text}\n`);
    }
    if (TROUBLE.has(link.phase)) {
      // The same trouble again at every try would bury the first line.
      const trouble = `${link.phase} ${link.reason}`;
      if (trouble === shown) return;
      shown = trouble;
      const next = link.phase === "DOWN" ? "; trying again until stopped" : "";
      system.stderr.write(`nq-tui: link ${link.phase} to ${link.gateway}: ${link.reason}${next}\n`);
    } else if (shown !== "" && RUNNING.has(link.phase)) {
      shown = "";
      system.stderr.write(`nq-tui: link to ${link.gateway} is back\n`);
    }
  };
}
