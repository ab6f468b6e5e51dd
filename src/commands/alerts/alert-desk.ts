/** Keeps the alerts of a screen: the rules of settings and keys, what fired, what is done about it, and when nothing is. */
import { AlertEngine } from "../../alerts/engine.ts";
import type { Firing } from "../../alerts/firing.ts";
import { firingText, ruleName } from "../../alerts/words.ts";
import type { Settings } from "../../config/settings.ts";
import { pointsOf } from "../../market/price.ts";
import type { TradeStore } from "../../store/store.ts";
import type { AlertAsk, AlertsNow, LoggedFiring } from "../../ui/alerts-now.ts";
import { priceText } from "../../ui/format.ts";
import { ActionRunner, type ActionResult } from "../alert-actions/runner.ts";
import { messageOf } from "../alert-actions/message.ts";
import type { Feed } from "../feed.ts";
import type { System } from "../system.ts";
import { KeptAlerts } from "./kept-alerts.ts";
import { fileRules } from "./rules-of.ts";
import { isSilent, type Silence } from "./silence.ts";

export interface AlertDeskOptions {
  readonly settings: AlertDeskSettings;
  /** Writes codes to the terminal. */
  readonly terminal: (codes: string) => void;
  /** Says something on the bottom line; `isAlert`: a rule has fired. */
  readonly say: (text: string, isAlert: boolean) => void;
  /** Puts something into the screen's log. */
  readonly log: (text: string, isBad: boolean) => void;
  /** Something changed that the screen shows. */
  readonly onChange: () => void;
}

export type AlertDeskSettings = Pick<Settings, "alerts" | "quiet_hours" | "alerts_on_replay">;

/** The market on screen. */
type ShownMarket = Pick<TradeStore, "getSnapshot" | "commit">;

const LOG_MAX = 500;
const SNOOZES_MIN = [5, 15, 60] as const;
const MINUTE_MS = 60_000;
/** What came is looked at so soon, whether a frame is drawn or not. */
const LOOK_MS = 100;
/** Firings told one by one at once; the rest of a burst is counted. */
const TOLD_MAX = 20;
/** Firings kept until they are looked at, at least. */
const FRESH_MAX = 1000;

export class AlertDesk {
  readonly engine: AlertEngine;
  readonly #system: System;
  readonly #feed: Feed;
  readonly #options: AlertDeskOptions;
  readonly #runner: ActionRunner;
  readonly #kept: KeptAlerts;
  #settings: AlertDeskSettings;
  #store: ShownMarket | null = null;
  #log: readonly LoggedFiring[] = [];
  #count = 0;
  /** Firings that came while the store was counting. */
  #fresh: Firing[] = [];
  /** Firings of a burst that were counted only. */
  #passed = 0;
  #selected = 0;
  #snoozedUntilMs: number | null = null;
  /** Place in `SNOOZES_MIN` of the running one; -1: none. */
  #snooze = -1;
  #failed = 0;
  #now: AlertsNow | null = null;
  #cancelDrain: (() => void) | null = null;
  #cancelLook: (() => void) | null = null;

  constructor(system: System, feed: Feed, options: AlertDeskOptions) {
    this.#system = system;
    this.#feed = feed;
    this.#options = options;
    this.#settings = options.settings;
    this.#kept = new KeptAlerts(system);
    this.#runner = new ActionRunner(system, { terminal: options.terminal, onResult: (result) => this.#ended(result) });
    this.engine = new AlertEngine({
      calendar: feed.calendar,
      hasLink: true,
      onFiring: (firing) => {
        this.#count += 1;
        this.#fresh.push(firing);
        // More in one go than anybody reads or any action is left for: the newest are kept.
        if (this.#fresh.length >= 2 * FRESH_MAX) {
          this.#passed += this.#fresh.slice(0, FRESH_MAX).filter(({ isCatchUp }) => !isCatchUp).length;
          this.#fresh = this.#fresh.slice(FRESH_MAX);
        }
        this.#cancelDrain ??= system.clock.after(0, () => this.#drain());
      },
      onBegin: () => {
        this.#log = [];
        this.#count = 0;
        this.#fresh = [];
        this.#passed = 0;
        this.#touch();
      },
    });
    this.#setRules();
  }

  /** The store that the engine watches, once there is one; rules that were kept are read. */
  async start(store: ShownMarket): Promise<void> {
    this.#store = store;
    const note = this.#feed.mode === "LIVE" ? await this.#kept.read() : null;
    if (note !== null) this.#options.say(note, false);
    this.#setRules();
  }

  configure(settings: AlertDeskSettings): void {
    this.#settings = settings;
    this.#setRules();
  }

  /** Something came from the market: it is looked at soon, also where the terminal takes no frames. */
  came(): void {
    if (!this.engine.isWatching) return;
    this.#cancelLook ??= this.#system.clock.after(LOOK_MS, () => {
      this.#cancelLook = null;
      this.#store?.commit();
    });
  }

  /** See `AlertsNow`. */
  now(): AlertsNow {
    if (this.#snoozedUntilMs !== null && this.#system.clock.wallMs() >= this.#snoozedUntilMs) this.#wake();
    this.#now ??= {
      rules: this.engine.rules,
      state: (rule) => this.engine.state(rule),
      target: (rule) => this.engine.target(rule),
      fired: (rule) => this.engine.fired(rule),
      count: this.#count,
      log: this.#log,
      selected: this.#selected,
      snoozedUntilMs: this.#snoozedUntilMs,
      silence: this.#mode() === "REPLAY" && !this.#settings.alerts_on_replay ? "a replay" : "",
      dropped: this.#runner.dropped + this.#passed,
      failed: this.#failed,
    };
    return this.#now;
  }

  /** Does what a key asks, of the price of the marked row (ticks) where there is one; a sentence where the picture does not say it. */
  ask(ask: AlertAsk, markedTicks: number | null = null): string {
    const count = this.engine.rules.length;
    const rule = this.engine.rules[this.#selected];
    switch (ask) {
      case "price": return this.#togglePrice(markedTicks);
      case "snooze": return this.#nextSnooze();
      case "next":
      case "before":
        this.#selected = Math.max(0, Math.min(count - 1, this.#selected + (ask === "next" ? 1 : -1)));
        this.#touch();
        return "";
      case "mute": {
        if (rule === undefined) return "there is no rule to mute";
        const isMuted = !this.engine.isMuted(this.#selected);
        this.engine.mute(this.#selected, isMuted);
        this.#touch();
        return `${ruleName(rule)}: ${isMuted ? "muted until the program ends or the key is pressed again" : "no longer muted"}`;
      }
      case "remove":
        if (rule === undefined) return "there is no rule to remove";
        if (rule.source === "file" || rule.price === undefined) return `${ruleName(rule)} stands in the settings file; m mutes it`;
        return this.#remove(rule.price);
    }
  }

  async close(): Promise<void> {
    this.#cancelDrain?.();
    this.#cancelLook?.();
    await Promise.all([this.#runner.close(), this.#kept.written()]);
  }

  #mode(): Feed["mode"] {
    return this.#store?.getSnapshot().mode ?? this.#feed.mode;
  }

  #touch(): void {
    this.#now = null;
    if (this.#store !== null) this.#options.onChange(); // before, there is nobody to show it
  }

  #setRules(): void {
    const { instrument } = this.#store?.getSnapshot() ?? { instrument: null };
    this.engine.setRules([...fileRules(this.#settings.alerts), ...this.#kept.rulesOf(instrument?.root ?? null)]);
    this.#selected = Math.max(0, Math.min(this.#selected, this.engine.rules.length - 1));
    this.#root = instrument?.root ?? null;
    this.#touch();
  }

  /** The product whose rules by key are in force. */
  #root: string | null = null;

  /** To be called with every snapshot: rules by key are those of the product on screen. */
  look(): void {
    const root = this.#store?.getSnapshot().instrument?.root ?? null;
    if (root !== null && root !== this.#root) this.#setRules();
  }

  #togglePrice(markedTicks: number | null): string {
    const { instrument, studies: { session: { last } } } = this.#store?.getSnapshot() ?? { instrument: null, studies: { session: { last: null } } };
    if (instrument === null || last === null || instrument.root === "") return "there is no price to set an alert at yet";
    const ticks = markedTicks ?? last.ticks;
    const points = pointsOf(ticks, instrument);
    const text = `${priceText(ticks, instrument)}${markedTicks === null ? "" : ", the marked row's price"}`;
    if (this.#kept.has(instrument.root, points)) return this.#remove(points);
    const problem = this.#kept.add(instrument.root, points);
    if (problem !== null) return problem;
    this.#setRules();
    this.#selected = this.engine.rules.findIndex(({ source, price }) => source === "key" && price === points);
    return `alert set at ${text}${this.#keep()}`;
  }

  #remove(points: number): string {
    const { instrument } = this.#store?.getSnapshot() ?? { instrument: null };
    if (instrument === null) return "the contract is not known yet";
    this.#kept.remove(instrument.root, points);
    this.#setRules();
    return `alert at ${points.toFixed(2)} removed${this.#keep()}`;
  }

  /** Prices of a market that is played or simulated mean nothing later. */
  #keep(): string {
    if (this.#feed.mode !== "LIVE" || this.#mode() !== "LIVE") return ", for this run only: it is no live price";
    this.#kept.write((problem) => this.#options.say(`alerts set by key are for this run only: ${problem}`, false));
    return ", also for the next start";
  }

  #nextSnooze(): string {
    this.#snooze = this.#snooze + 1 < SNOOZES_MIN.length ? this.#snooze + 1 : -1;
    const minutes = SNOOZES_MIN[this.#snooze];
    this.#snoozedUntilMs = minutes === undefined ? null : this.#system.clock.wallMs() + minutes * MINUTE_MS;
    this.#touch();
    return minutes === undefined ? "alerts are awake again" : `alerts snoozed for ${minutes} minutes: only listed`;
  }

  #wake(): void {
    this.#snooze = -1;
    this.#snoozedUntilMs = null;
    this.#touch();
    this.#options.say("alerts are awake again", false);
  }

  /** What fired while the store was counting: listed, told, acted on. */
  #drain(): void {
    this.#cancelDrain = null;
    const fresh = this.#fresh;
    this.#fresh = [];
    const nowMs = this.#system.clock.wallMs();
    const mode = this.#mode();
    const told: Firing[] = [];
    const logged = fresh.map((firing): LoggedFiring => {
      const silence = this.#silenceOf(firing, mode, nowMs);
      if (silence === null) told.push(firing);
      return { firing, silence, problems: [], atMs: nowMs };
    });
    this.#log = [...this.#log, ...logged].slice(-LOG_MAX);
    for (const firing of told) this.#runner.run(firing, mode);
    for (const firing of told.slice(-TOLD_MAX, -1)) this.#options.log(`${ruleName(firing.rule)}: ${firingText(firing)}`, false);
    const last = told.at(-1);
    if (last !== undefined) {
      const { title, body } = messageOf(last, mode);
      this.#options.say(`! ALERT ${title}: ${body}${told.length > 1 ? ` (and ${told.length - 1} more)` : ""}`, true);
    }
    this.#touch();
  }

  #silenceOf(firing: Firing, mode: Feed["mode"], nowMs: number): Silence | null {
    return isSilent(firing, {
      mode,
      isMuted: this.engine.isMuted(firing.index),
      isSnoozed: this.#snoozedUntilMs !== null && nowMs < this.#snoozedUntilMs,
      onReplay: this.#settings.alerts_on_replay,
      quietHours: this.#settings.quiet_hours ?? null,
    });
  }

  #ended({ firing, rule, action, problem }: ActionResult): void {
    if (problem === null) return;
    this.#failed += 1;
    const text = `${action}: ${problem}`;
    this.#log = this.#log.map((one) => (one.firing.number === firing && ruleName(one.firing.rule) === rule ? { ...one, problems: [...one.problems, text] } : one));
    this.#options.log(`${rule}: ${text}`, true);
    this.#touch();
  }
}
