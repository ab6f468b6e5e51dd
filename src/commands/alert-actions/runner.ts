/** Does what rules want done when they fire: bounded, each kind in a lane of its own, so that nothing that hangs holds up the rest. */
import type { Firing } from "../../alerts/firing.ts";
import { ruleName } from "../../alerts/words.ts";
import type { AlertAction } from "../../config/alert-settings.ts";
import { sanitiseText } from "../../lib/sanitise.ts";
import type { Mode } from "../../store/snapshot.ts";
import type { System } from "../system.ts";
import { desktopProgram } from "./desktop.ts";
import { Lane, type Job } from "./lane.ts";
import { messageOf, type AlertMessage } from "./message.ts";
import { runProgram } from "./run-program.ts";
import { BELL, notification } from "./terminal.ts";
import { callWebhook, hostOf } from "./webhook.ts";

/** How an action of a firing ended. */
export interface ActionResult {
  /** Number of the firing, and the rule's name. */
  readonly firing: number;
  readonly rule: string;
  /** `webhook hooks.example.com`, `command notify-send`; nothing of it is secret. */
  readonly action: string;
  /** Null: it was done. */
  readonly problem: string | null;
}

export interface ActionRunnerOptions {
  /** Writes codes to the terminal. */
  readonly terminal: (codes: string) => void;
  readonly onResult: (result: ActionResult) => void;
}

/** How often the terminal rings and notifies: more is noise. */
const RING_EVERY_MS = 500;
const NOTIFY_EVERY_MS = 1000;
const AT_ONCE = 4;
const WAITING_MAX = 100;
const DESKTOP_TIMEOUT_MS = 5000;

/** The name of an action as it may be shown. */
export function actionName(action: AlertAction): string {
  switch (action.do) {
    case "webhook": return `webhook ${sanitiseText(hostOf(action.url), 60)}`;
    case "command": return `command ${sanitiseText(action.run[0] ?? "", 60)}`;
    default: return action.do;
  }
}

export class ActionRunner {
  readonly #system: System;
  readonly #options: ActionRunnerOptions;
  readonly #webhooks = new Lane(AT_ONCE, WAITING_MAX);
  readonly #programs = new Lane(AT_ONCE, WAITING_MAX);
  readonly #stop = new AbortController();
  #rungAt = Number.NEGATIVE_INFINITY;
  #notifiedAt = Number.NEGATIVE_INFINITY;
  #unrung = 0;

  constructor(system: System, options: ActionRunnerOptions) {
    this.#system = system;
    this.#options = options;
  }

  /** Actions that a burst left no room for. */
  get dropped(): number {
    return this.#webhooks.dropped + this.#programs.dropped + this.#unrung;
  }
  get waiting(): number {
    return this.#webhooks.waiting + this.#programs.waiting;
  }

  /** All actions of a rule that has fired. Never throws, never waits. */
  run(firing: Firing, mode: Mode): void {
    const message = messageOf(firing, mode);
    for (const action of firing.rule.actions) this.#do(action, message, firing);
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#webhooks.close(), this.#programs.close()]);
  }

  #do(action: AlertAction, message: AlertMessage, firing: Firing): void {
    const { title, body } = message;
    const { signal } = this.#stop;
    const job = (run: () => Promise<string | null>): Job => async () => {
      const problem = await run().catch((error: unknown) => `could not be done: ${sanitiseText(error instanceof Error ? error.name : "", 40)}`);
      if (!signal.aborted) this.#tell(firing, action, problem);
    };
    switch (action.do) {
      case "bell": return this.#ring();
      case "notify": return this.#notify(title, body);
      case "desktop": {
        const { platform } = this.#system.process;
        const run = desktopProgram(platform, title, body);
        if (run === null) return this.#tell(firing, action, "this system has no notifications that can be reached; use notify");
        return this.#programs.add(job(async () => runProgram(this.#system, { run, timeoutMs: DESKTOP_TIMEOUT_MS, env: {}, signal })));
      }
      case "webhook":
        return this.#webhooks.add(job(() => callWebhook(this.#system, message, { url: action.url, timeoutMs: action.timeout_s * 1000, signal })));
      case "command": {
        const { rule, when, what, price, symbol, mode, ts } = message.row;
        const env = {
          NQ_ALERT_RULE: rule, NQ_ALERT_WHEN: when, NQ_ALERT_WHAT: what, NQ_ALERT_PRICE: price === null ? "" : String(price),
          NQ_ALERT_SYMBOL: symbol ?? "", NQ_ALERT_MODE: mode, NQ_ALERT_TS: ts ?? "",
        };
        return this.#programs.add(job(async () => runProgram(this.#system, { run: action.run, timeoutMs: action.timeout_s * 1000, env, signal })));
      }
    }
  }

  #tell({ number, rule }: Firing, action: AlertAction, problem: string | null): void {
    this.#options.onResult({ firing: number, rule: ruleName(rule), action: actionName(action), problem });
  }

  #ring(): void {
    const now = this.#system.clock.monotonicMs();
    if (now - this.#rungAt < RING_EVERY_MS) return void (this.#unrung += 1);
    this.#rungAt = now;
    this.#options.terminal(BELL);
  }

  #notify(title: string, body: string): void {
    const now = this.#system.clock.monotonicMs();
    if (now - this.#notifiedAt < NOTIFY_EVERY_MS) return void (this.#unrung += 1);
    this.#notifiedAt = now;
    this.#options.terminal(notification(title, body, this.#system.env));
  }
}
