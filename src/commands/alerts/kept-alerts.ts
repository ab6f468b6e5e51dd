/** The alerts that keys set: by product, in memory, and written for the next start where that makes sense. */
import type { AlertRule } from "../../alerts/firing.ts";
import type { System } from "../system.ts";
import { KEPT_MAX, keyRule, readKept, writeKept } from "./kept-rules.ts";

export class KeptAlerts {
  readonly #system: System;
  readonly #rules = new Map<string, readonly AlertRule[]>();
  #writing: Promise<void> = Promise.resolve();

  constructor(system: System) {
    this.#system = system;
  }

  /** What an earlier run kept; resolves to a sentence where there is a file that cannot be used. */
  async read(): Promise<string | null> {
    const { prices, note } = await readKept(this.#system);
    for (const { root, rules } of prices) this.#rules.set(root, rules);
    return note;
  }

  rulesOf(root: string | null): readonly AlertRule[] {
    return root === null ? [] : (this.#rules.get(root) ?? []);
  }

  has(root: string, points: number): boolean {
    return this.rulesOf(root).some(({ price }) => price === points);
  }

  /** A sentence where there is no room for one more. */
  add(root: string, points: number): string | null {
    const rules = this.rulesOf(root);
    if (rules.length >= KEPT_MAX) return `${KEPT_MAX} alerts were set by key; remove one first (d in the alerts pane)`;
    this.#rules.set(root, [...rules, keyRule(points)]);
    return null;
  }

  remove(root: string, points: number): void {
    this.#rules.set(root, this.rulesOf(root).filter(({ price }) => price !== points));
  }

  /** One write after the other; `onFailure` is told why one could not be done. */
  write(onFailure: (problem: string) => void): void {
    const prices = [...this.#rules].map(([root, rules]) => ({ root, rules }));
    this.#writing = this.#writing
      .then(() => writeKept(this.#system, prices))
      .catch((error: unknown) => onFailure(error instanceof Error ? error.message : String(error)));
  }

  /** Resolves when everything has been written. */
  written(): Promise<void> {
    return this.#writing;
  }
}
