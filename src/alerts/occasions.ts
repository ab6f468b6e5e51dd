/** Times of the session that rules wait for: its open and close, those of regular hours, and so many minutes before. */
import type { SESSION_EVENTS } from "../config/alert-settings.ts";
import type { TradingDay } from "../market/trading-day.ts";

type SessionEvent = (typeof SESSION_EVENTS)[number];

export interface SessionRule {
  readonly rule: number;
  readonly at: SessionEvent;
  readonly minutesBefore: number;
}

export type OnOccasion = (rule: SessionRule, sec: number) => void;

interface Due {
  readonly rule: SessionRule;
  /** Unix seconds. */
  readonly sec: number;
}

const MINUTE_SEC = 60;

/** Unix seconds of what a rule waits for in a session: the next session's open is the end of this one's day. */
function timesOf({ at }: SessionRule, day: TradingDay): readonly number[] {
  switch (at) {
    case "open": return [day.openSec, day.endSec];
    case "close": return [day.closeSec];
    case "RTH open": return day.hasRth ? [day.rthOpenSec] : [];
    case "RTH close": return day.hasRth ? [day.rthCloseSec] : [];
  }
}

/** Told once each, as soon as market time has come so far; what lies before the first time known is not told. */
export class Occasions {
  readonly #rules: readonly SessionRule[];
  #due: readonly Due[] = [];
  #next = 0;
  /** Everything up to here has been told or was before the beginning; -1: nothing is known. */
  #told = -1;

  constructor(rules: readonly SessionRule[], told: number) {
    this.#rules = rules;
    this.#told = told;
  }

  /** Market time as far as it was told, unix seconds. */
  get told(): number {
    return this.#told;
  }

  /** A day begins, or the rules are other ones; `sec` is the first second known where there was none before. */
  startDay(day: TradingDay, sec: number): void {
    if (this.#told === -1) this.#told = sec - 1;
    const due = this.#rules.flatMap((rule) => timesOf(rule, day).map((sec) => ({ rule, sec: sec - rule.minutesBefore * MINUTE_SEC })));
    this.#due = due.filter(({ sec }) => sec > this.#told).sort((a, b) => a.sec - b.sec || a.rule.rule - b.rule.rule);
    this.#next = 0;
  }

  /** Market time is in the second `sec`. */
  pass(sec: number, onOccasion: OnOccasion): void {
    if (sec <= this.#told) return;
    this.#told = sec;
    for (let due = this.#due[this.#next]; due !== undefined && due.sec <= sec; due = this.#due[this.#next]) {
      this.#next += 1;
      onOccasion(due.rule, due.sec);
    }
  }
}
