/** What has become of each rule: how often it fired, whether it may again, whether the reader silenced it. */
import { compareTime, type UnixTime } from "../lib/time.ts";
import type { AlertRule } from "./firing.ts";

interface Entry {
  readonly rule: AlertRule;
  fired: number;
  /** It fired in what is of now: what was caught up with, of which nobody was told, uses up no `once` and cools nothing. */
  hasFiredNow: boolean;
  isMuted: boolean;
  /** From when on it may fire again; null: at any time. */
  until: UnixTime | null;
  /** The same for what is caught up with. */
  pastUntil: UnixTime | null;
}

/** Two rules that mean the same are one: it goes on where it was after the file was read again. */
function sameness(rule: AlertRule): string {
  return JSON.stringify({ ...rule, actions: [], muted: false });
}

export class RuleBook {
  #entries: readonly Entry[] = [];

  get rules(): readonly AlertRule[] {
    return this.#entries.map(({ rule }) => rule);
  }
  get size(): number {
    return this.#entries.length;
  }

  rule(number: number): AlertRule | undefined {
    return this.#entries[number]?.rule;
  }

  setRules(rules: readonly AlertRule[]): void {
    const before = new Map(this.#entries.map((entry) => [sameness(entry.rule), entry]));
    this.#entries = rules.map((rule) => {
      const old = before.get(sameness(rule));
      if (old === undefined) return { rule, fired: 0, hasFiredNow: false, isMuted: rule.muted, until: null, pastUntil: null };
      return { ...old, rule, isMuted: old.rule.muted === rule.muted ? old.isMuted : rule.muted };
    });
  }

  /** Everything is counted from nothing: every rule may fire again. */
  restart(): void {
    for (const entry of this.#entries) {
      entry.fired = 0;
      entry.hasFiredNow = false;
      entry.until = null;
      entry.pastUntil = null;
    }
  }

  fired(number: number): number {
    return this.#entries[number]?.fired ?? 0;
  }
  isMuted(number: number): boolean {
    return this.#entries[number]?.isMuted ?? false;
  }
  isDone(number: number): boolean {
    const entry = this.#entries[number];
    return entry !== undefined && entry.rule.once && entry.hasFiredNow;
  }

  mute(number: number, isMuted: boolean): void {
    const entry = this.#entries[number];
    if (entry !== undefined) entry.isMuted = isMuted;
  }

  /** Whether a rule waits at a market time because it fired not long ago. */
  isCooling(number: number, at: UnixTime): boolean {
    const until = this.#entries[number]?.until ?? null;
    return until !== null && compareTime(at, until) < 0;
  }

  /** Takes note of a firing; false when the rule may not. `at` null: market time is not known. */
  take(number: number, at: UnixTime | null, isCatchUp: boolean): boolean {
    const entry = this.#entries[number];
    if (entry === undefined || this.isDone(number)) return false;
    const until = isCatchUp ? entry.pastUntil : entry.until;
    if (at !== null && until !== null && compareTime(at, until) < 0) return false;
    entry.fired += 1;
    entry.hasFiredNow ||= !isCatchUp;
    if (at !== null) entry[isCatchUp ? "pastUntil" : "until"] = { sec: at.sec + entry.rule.cooldown_s, nanos: at.nanos };
    return true;
  }
}
