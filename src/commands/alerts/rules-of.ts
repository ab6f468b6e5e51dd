/** The rules that a command goes by: those of a file that was named, or of the settings; and what traders call whales as one. */
import type { AlertSetting } from "../../config/alert-settings.ts";
import type { Settings } from "../../config/settings.ts";
import { NqError } from "../../lib/errors.ts";
import type { AlertRule } from "../../alerts/firing.ts";
import { mistakesIn, readSettingsText, type LoadedSettings } from "../settings.ts";
import type { System } from "../system.ts";

/** Rules with where they stand. */
export interface FoundRules {
  readonly rules: readonly AlertRule[];
  readonly path: string;
}

/** Rules of a file are never those of a key. */
export function fileRules(alerts: readonly AlertSetting[]): readonly AlertRule[] {
  return alerts.map((rule) => ({ ...rule, source: "file" }));
}

/** The whale pane's threshold as a rule: each large trade that the pane would list. */
function whaleRule({ whales }: Pick<Settings, "whales">): AlertRule {
  return {
    name: whales.adaptive ? "whales (adaptive)" : `whales (${whales.size}+)`,
    when: "large-trade",
    ...(whales.adaptive ? { adaptive: true } : { size: whales.size }),
    once: false,
    cooldown_s: 0,
    session: "any",
    muted: false,
    actions: [],
    source: "file",
  };
}

/**
 * The rules of `file`, a settings file; null: of the settings in force. With the whale rule where the file sets whales.
 * @throws NqError CONFIG_FILE with every mistake, NO_DATA without a rule
 */
export async function findRules(system: System, file: string | null, loaded: LoadedSettings): Promise<FoundRules> {
  const { settings, places, path } = file === null ? loaded : await readRules(system, file);
  const whales = [...places.keys()].some((name) => name === "whales" || name.startsWith("whales."));
  const rules = [...fileRules(settings.alerts), ...(whales ? [whaleRule(settings)] : [])];
  const where = path ?? loaded.expectedPath ?? "the settings";
  if (rules.length === 0) throw new NqError("NO_DATA", `expected alert rules under \`alerts:\` in ${where}, found none`);
  return { rules, path: where };
}

/** A file read as settings. @throws NqError CONFIG_FILE */
async function readRules(system: System, file: string): Promise<Pick<LoadedSettings, "settings" | "places" | "path">> {
  const text = (await readSettingsText(file, false)) ?? "";
  const { settings, sentences, places } = await mistakesIn(text, file, system.env);
  if (settings === null) throw new NqError("CONFIG_FILE", sentences);
  return { settings, places, path: file };
}
