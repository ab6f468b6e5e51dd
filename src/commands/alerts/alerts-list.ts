/** The rules that there are, and what is wrong with those of a file. */
import type { AlertRule } from "../../alerts/firing.ts";
import { ruleName, waitsFor } from "../../alerts/words.ts";
import { NqError } from "../../lib/errors.ts";
import { actionName } from "../alert-actions/runner.ts";
import { mistakesIn, readSettingsText, type LoadedSettings } from "../settings.ts";
import type { System } from "../system.ts";
import { readKept } from "./kept-rules.ts";
import { fileRules } from "./rules-of.ts";

function ways({ once, cooldown_s: cooldown, session, muted }: AlertRule): string {
  const again = once ? "once" : `every ${cooldown} s at most`;
  return [again, ...(session === "any" ? [] : [`${session} only`]), ...(muted ? ["muted"] : [])].join(", ");
}

/** One line for each rule of the settings, and of those set by key. Returns the exit status. */
export async function listAlerts(system: System, loaded: LoadedSettings, json: boolean): Promise<number> {
  const kept = await readKept(system);
  const rules = [...fileRules(loaded.settings.alerts), ...kept.prices.flatMap(({ rules: of }) => of)];
  if (rules.length === 0) throw new NqError("NO_DATA", `expected alert rules under \`alerts:\` in ${loaded.expectedPath ?? "the settings"}, found none`);
  for (const rule of rules) {
    const actions = rule.actions.map(actionName);
    if (json) {
      const { name, when, source, once, cooldown_s, session, muted } = rule;
      system.stdout.write(`${JSON.stringify({ name, when, waits_for: waitsFor(rule, String), source, once, cooldown_s, session, muted, actions })}\n`);
    } else system.stdout.write(`${ruleName(rule)}: ${waitsFor(rule, String)}; ${ways(rule)}; ${actions.join(", ") || "listed only"}${rule.source === "key" ? "; set by key" : ""}\n`);
  }
  if (kept.note !== null) system.stderr.write(`nq-tui: ${kept.note}\n`);
  return 0;
}

/** Every mistake of a settings file, its rules among them. Returns the exit status. @throws NqError CONFIG_FILE */
export async function checkAlerts(system: System, file: string): Promise<number> {
  const text = (await readSettingsText(file, false)) ?? "";
  const { settings, sentences } = await mistakesIn(text, file, system.env);
  if (settings === null) throw new NqError("CONFIG_FILE", sentences);
  const count = settings.alerts.length;
  system.stdout.write(`${file}: ${count} alert ${count === 1 ? "rule" : "rules"}, nothing wrong\n`);
  return 0;
}
