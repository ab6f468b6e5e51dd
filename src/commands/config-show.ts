/** The settings in force, a line each, with the place that each comes from. The API key is never part of them. */
import { DEFAULTS, type Settings } from "../config/settings.ts";
import { ownSettings } from "../config/template.ts";
import { createLinePrinter } from "./print-lines.ts";
import { loadSettings, type LoadedSettings } from "./settings.ts";
import type { SettingsFlags } from "./settings-flags.ts";
import type { System } from "./system.ts";

/** A setting by its path with dots. */
interface Shown {
  readonly name: string;
  readonly value: unknown;
  readonly from: string;
}

const isGroup = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value);

/** Flags that are not called like their setting. */
const FLAGS: Readonly<Record<string, string>> = { frames_per_second: "--fps", alerts_on_replay: "--alerts-on-replay" };

function fromOf(name: string, top: keyof Settings, { path, places, origins }: LoadedSettings): string {
  const above = origins.get(top);
  if (above === "flag") return FLAGS[top] ?? `--${top}`;
  if (above === "environment") return `NQ_TUI_${top.toUpperCase()}`;
  const line = places.get(name);
  return line === undefined || path === null ? "default" : `${path}:${line}`;
}

/** All of them in the order of the file; parts of a group one by one. */
function shown(loaded: LoadedSettings): readonly Shown[] {
  return ownSettings().flatMap(([name]) => {
    const top = name as keyof Settings;
    const value = loaded.settings[top];
    const standard = DEFAULTS[top];
    const parts = isGroup(value) ? Object.keys({ ...(isGroup(standard) ? standard : {}), ...value }) : [];
    if (!isGroup(value) || parts.length === 0) return [{ name, value: parts.length === 0 && isGroup(value) ? {} : value, from: fromOf(name, top, loaded) }];
    const held: Readonly<Record<string, unknown>> = value; // groups have other names each
    return parts.map((part) => ({ name: `${name}.${part}`, value: held[part], from: fromOf(`${name}.${part}`, top, loaded) }));
  });
}

/** What stands behind the host of an address may be a secret. */
function withoutSecrets(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (name, inner: unknown) => {
    if (name !== "url" || typeof inner !== "string") return inner;
    return URL.canParse(inner) ? `${new URL(inner).origin}/…` : "…";
  })) as unknown;
}

function valueText(value: unknown): string {
  if (value === undefined) return "-";
  if (Array.isArray(value) && value.length > 0 && value.every(isGroup)) return `${value.length} ${value.length === 1 ? "rule" : "rules"}`;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `nq-tui config show` */
export async function showSettings(system: System, flags: SettingsFlags, json: boolean): Promise<number> {
  const loaded = await loadSettings(system, flags);
  const rows = shown(loaded);
  const key = system.apiKeyText === null ? "not set" : "set in DATABENTO_API_KEY";
  const out = createLinePrinter(system);
  if (json) {
    const settings = Object.fromEntries(rows.map(({ name, value, from }) => [name, { value: withoutSecrets(value), from }]));
    out.print(JSON.stringify({ file: loaded.path, key, settings }));
    await out.flush();
    return 0;
  }
  const names = Math.max(...rows.map(({ name }) => name.length));
  const values = Math.min(48, Math.max(...rows.map(({ value }) => valueText(value).length)));
  for (const { name, value, from } of rows) out.print(`${name.padEnd(names)}  ${valueText(value).padEnd(values)}  ${from}`);
  out.write(`\nsettings file  ${loaded.path ?? "none"}\nAPI key        ${key}\n`);
  await out.flush();
  return 0;
}
