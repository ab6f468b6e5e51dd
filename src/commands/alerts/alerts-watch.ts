/** Alerts without a screen: a line for each firing of a running market, with what its rule wants done. */
import { AlertEngine } from "../../alerts/engine.ts";
import type { AlertRule, Firing } from "../../alerts/firing.ts";
import { firingText, ruleName } from "../../alerts/words.ts";
import type { QuietHours } from "../../config/alert-settings.ts";
import { NqError } from "../../lib/errors.ts";
import { createTradeStore } from "../../store/store.ts";
import { alertRow } from "../../ui/alert-output.ts";
import { millisText, priceText } from "../../ui/format.ts";
import type { Feed } from "../feed.ts";
import { createLinkNotes } from "../link-notes.ts";
import { createLinePrinter } from "../print-lines.ts";
import { runFeed } from "../run-feed.ts";
import type { System } from "../system.ts";
import { ActionRunner } from "../alert-actions/runner.ts";
import { isSilent } from "./silence.ts";

export interface AlertsWatchOptions {
  readonly rules: readonly AlertRule[];
  readonly json: boolean;
  readonly quietHours: QuietHours | null;
  /** Actions of what is recorded or replayed are done, too. */
  readonly onReplay: boolean;
}

function textLine(firing: Firing): string {
  const { at, day, ticks, instrument, rule } = firing;
  const time = at === null || day === null ? "–" : `${millisText(at, day.easternOffsetSec)} ET`;
  const price = ticks === null || instrument === null ? "" : `  ${priceText(ticks, instrument)}`;
  return `${time}  ${ruleName(rule)}: ${firingText(firing)}${price}`;
}

/** Watches until `signal` aborts or the source is over. Returns the exit status. */
export async function watchAlerts(system: System, feed: Feed, options: AlertsWatchOptions, signal: AbortSignal): Promise<number> {
  const done = new AbortController();
  const printer = createLinePrinter(system, () => done.abort());
  const runner = new ActionRunner(system, {
    terminal: (codes) => void (system.stderr.isTTY === true && system.stderr.write(codes)),
    onResult({ action, problem }) {
      if (problem !== null) system.stderr.write(`nq-tui: ${action} failed: ${problem}\n`);
    },
  });
  const engine = new AlertEngine({
    calendar: feed.calendar,
    onFiring(firing) {
      // What a market that goes on had before we came is no news; a recording is asked for as it is.
      if (firing.isCatchUp && !feed.isHistory && !options.onReplay) return;
      const { mode } = store.getSnapshot();
      printer.print(options.json ? JSON.stringify(alertRow(firing, mode)) : textLine(firing));
      const silence = isSilent(firing, { mode, isMuted: engine.isMuted(firing.index), onReplay: options.onReplay, quietHours: options.quietHours, isSnoozed: false });
      if (silence === null) runner.run(firing, mode);
    },
  });
  engine.setRules(options.rules);
  const store = createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar, rollRule: feed.rollRule, watcher: engine });
  let unresolved: NqError | null = null;
  try {
    await runFeed(system, feed, {
      store,
      onLink: createLinkNotes(system, feed, (text) => {
        unresolved = new NqError("LSG_SUBSCRIPTION", `the gateway does not know ${feed.requested}: ${text}`);
        done.abort();
      }),
      onChange: () => void store.commit(),
    }, AbortSignal.any([signal, done.signal]));
    store.commit();
    await printer.flush();
  } finally {
    await runner.close();
  }
  if (unresolved !== null) throw unresolved;
  if (feed.isHistory && store.getSnapshot().counters.trades === 0 && !signal.aborted && !done.signal.aborted) {
    throw new NqError("NO_DATA", `the source ended without a trade of ${feed.requested}`);
  }
  for (const finding of feed.findings()) system.stderr.write(`nq-tui: ${finding}\n`);
  return feed.findings().length > 0 ? 4 : 0;
}
