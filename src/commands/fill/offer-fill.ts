/** Before the live screen opens: what today's recording lacks is offered to be fetched, with what it costs, if that is set. */
import type { Settings } from "../../config/settings.ts";
import { toNqError } from "../../lib/errors.ts";
import { answerByKey } from "../ask.ts";
import { recordingsFolder } from "../data-folder.ts";
import type { Feed } from "../feed.ts";
import { coverageFile, readKeptCoverage } from "../kept-coverage.ts";
import type { System } from "../system.ts";
import { fillCommand } from "./fill-command.ts";

/** The gateway's own replay brings these, and bills for nothing. */
const LEFT = new Set(["recording ended before", "nothing is recorded"] as const);

/**
 * What goes wrong is said and passed over, and only what was agreed to is spent. False: the reader wants no screen any more.
 */
export async function offerFill(system: System, feed: Feed, settings: Settings, signal: AbortSignal): Promise<boolean> {
  if (settings.history.fill !== "ask" || feed.mode !== "LIVE" || system.stdin.isTTY !== true) return true;
  const dir = settings.record.dir ?? null;
  const { tradeDate } = feed.calendar.dayOf(Math.floor(system.clock.wallMs() / 1000));
  let isQuit = false;
  try {
    if ((await readKeptCoverage(system.disk, coverageFile(recordingsFolder(system, dir), feed.dataset, tradeDate))) === null) return true;
    await fillCommand(system, {
      dir, tradeDate, contract: null, dataset: feed.dataset, calendar: feed.calendar, maxCost: settings.history.max_cost, leaves: LEFT,
      async agrees(question) {
        const answer = await answerByKey(system, question, signal);
        isQuit = answer === "quit";
        return answer === "yes";
      },
    }, signal);
  } catch (error) {
    const { message, advice } = toNqError(error, "HIST_UNAVAILABLE");
    system.stderr.write(`nq-tui: not filled from historical data: ${message}\n        ${advice}\n`);
  }
  return !isQuit && !signal.aborted;
}
