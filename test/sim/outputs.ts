/** Everything that a reader of a simulated market would see or keep, as text: what the key is searched for in. */
import type { LAYOUTS } from "../../src/config/settings.ts";
import type { Snapshot } from "../../src/store/snapshot.ts";
import { logFields, logRow } from "../../src/ui/log-row.ts";
import { csvRow } from "../../src/ui/csv.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { composeScreen } from "../../src/ui/screen.ts";
import { rowText } from "../../src/ui/text.ts";
import { initialView } from "../../src/ui/view-state.ts";

const SIZE = { columns: 160, rows: 48 };

const asText = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner instanceof Map ? [...inner] : inner));

/** The screen in one of its layouts. */
export function screenText(snapshot: Snapshot, wallMs: number, preset: (typeof LAYOUTS)[number]): string {
  const view = { ...initialView(PANES, SIZE), preset };
  return composeScreen({ shown: snapshot, latest: snapshot, view, frozenAt: null, now: { wallMs, flash: null } }).map(rowText).join("\n");
}

/** By name: the screen in these layouts, the row of a log, and the whole snapshot, as lines and alerts are made from it. */
export function outputsOf(snapshot: Snapshot, wallMs: number, layouts: readonly (typeof LAYOUTS)[number][]): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>([["the snapshot", asText(snapshot)]]);
  for (const preset of layouts) outputs.set(`the screen, ${preset}`, screenText(snapshot, wallMs, preset));
  const { asOf, day } = snapshot;
  const row = asOf === null || day === null ? null : logRow(snapshot, day, { startSec: asOf.sec - 1, endSec: asOf.sec, isGap: false, volumeBefore: null });
  if (row !== null) outputs.set("a row of the log", csvRow(logFields(row)));
  return outputs;
}
