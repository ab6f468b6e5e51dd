/** What recordings have nothing of: the times between the spans that they hold. */
import type { LinkGap } from "../lsg/link-state.ts";
import type { KnownSpans } from "./report-coverage.ts";

/** The holes as gaps, oldest first. */
export function holesBetween(covers: KnownSpans): readonly LinkGap[] {
  return covers.slice(1).map(({ from }, at): LinkGap => ({
    from: covers[at]?.to ?? from, to: from, state: "not filled", how: "the recordings have nothing of this time",
  }));
}
