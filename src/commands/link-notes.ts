/** The connection's troubles on standard error, for runs without a screen: one line when it is lost, one when it is back. */
import type { LinkPhase, LinkState } from "../lsg/link-state.ts";
import type { System } from "./system.ts";

const TROUBLE: ReadonlySet<LinkPhase> = new Set(["DOWN", "STALE"]);
const RUNNING: ReadonlySet<LinkPhase> = new Set(["CATCHING_UP", "LIVE", "QUIET"]);

/** Call the result with every link state. */
export function createLinkNotes(system: System): (link: LinkState) => void {
  let shown = "";
  return (link) => {
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
