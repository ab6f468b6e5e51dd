/** Every key of the screen as a table, with the names that settings have for them; keys as settings write them. */
import { createKeyMap } from "../ui/key-map.ts";
import { keySections } from "../ui/keys.ts";
import { PANES } from "../ui/panes/index.ts";
import { line, span, type Row } from "../ui/text.ts";
import { pageText } from "./page.ts";
import { createLinePrinter } from "./print-lines.ts";
import { loadSettings } from "./settings.ts";
import type { SettingsFlags } from "./settings-flags.ts";
import type { System } from "./system.ts";

/** `nq-tui keys` */
export async function printKeys(system: System, flags: SettingsFlags, json: boolean): Promise<number> {
  const { settings } = await loadSettings(system, flags);
  const { map } = createKeyMap(PANES, settings.keys);
  const out = createLinePrinter(system);
  if (json) {
    for (const { name, title, label, chords } of map) out.print(JSON.stringify({ name, where: title, keys: chords, label }));
  } else {
    const typed = new Map(map.map(({ name, chords }) => [name, chords.length === 0 ? "none" : chords.join(" ")]));
    const widest = (texts: Iterable<string>): number => Math.max(...[...texts].map((text) => text.length));
    const [keys, names] = [widest(typed.values()), widest(typed.keys())];
    const rows = keySections(map).flatMap(({ title, lines }): Row[] => [
      line(title, "title"),
      ...lines.map(({ name, label }): Row => [span(`  ${(typed.get(name) ?? "").padEnd(keys)}`, "key"), span(`  ${name.padEnd(names)}`), span(`  ${label}`, "dim")]),
      [],
    ]);
    out.write(pageText(system, rows.slice(0, -1)));
  }
  await out.flush();
  return 0;
}
