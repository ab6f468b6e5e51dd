/**
 * Whether a pause between trades is the market's or a fault: by the calendar, by what the venue announced, and by the pace
 * of the last quarter of an hour. Closed: a pause is natural. Open: more than six usual pauses is too long, but never less
 * than 5 s in regular hours and a minute outside them, when trades come in clusters.
 */
import type { FlowJudge, FlowVerdict } from "../client/flow.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import { sessionClock } from "../studies/session-clock.ts";
import type { StatusView } from "../studies/status.ts";

const USUAL_PAUSES = 6;
const REGULAR_MS = 5_000;
const OUTSIDE_MS = 60_000;
/** A pause worth a word. */
const QUIET_MS = 10_000;

const FLOWING: FlowVerdict = { state: "flowing", reason: "" };

/** Milliseconds as seconds, to one digit below ten. */
function seconds(ms: number): string {
  if (ms < 100) return "less than 0.1 s";
  return `${ms < 9_950 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000)} s`;
}

/** `status`: what the venue announced last. */
export function createFlowJudge(calendar: TradingCalendar, status: () => StatusView | null): FlowJudge {
  return (facts) => {
    const { medianMs, marketMs } = facts;
    if (marketMs === null) return FLOWING;
    const sec = Math.floor(marketMs / 1000);
    const phase = calendar.phaseAt(sec);
    const announced = status();
    const market = sessionClock(phase, sec, announced, calendar.dayOf(sec).easternOffsetSec);
    if (!market.isOpen) {
      return facts.pauseMs < QUIET_MS ? FLOWING : { state: "quiet", reason: `no trades are to be expected: ${market.name}` };
    }
    // What lies before an open, or before trading went on, is no pause of this market.
    const openedSec = Math.max(phase.startSec, announced?.isTrading === true ? announced.at.sec : 0);
    const pauseMs = Math.min(facts.pauseMs, marketMs - openedSec * 1000);
    const leastMs = phase.kind === "RTH" ? REGULAR_MS : OUTSIDE_MS;
    const limitMs = Math.max(leastMs, USUAL_PAUSES * (medianMs ?? 0));
    if (pauseMs >= limitMs) {
      const usual = medianMs === null ? "" : `; usual is one in ${seconds(medianMs)}`;
      return { state: "stale", reason: `the link works, but no trade came for more than ${seconds(limitMs)}${usual}` };
    }
    return pauseMs < QUIET_MS ? FLOWING : { state: "quiet", reason: `no trade for more than ${seconds(QUIET_MS)}` };
  };
}
