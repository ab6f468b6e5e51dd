/** The pictures of docs/pictures: every layout in one theme, every theme in one layout, of the demo market. */
import { LAYOUTS, THEMES } from "../../src/config/settings.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { PRESETS } from "../../src/ui/presets.ts";
import { svgOf } from "../../src/ui/svg.ts";
import { demoScreen } from "./demo-screen.ts";

/** Large enough for every pane of a layout, small enough for a page. */
const LAYOUT_SIZE = { columns: 130, rows: 38 };
const THEME_SIZE = { columns: 80, rows: 24 };

/** Names and texts of the files. */
export async function gallery(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const preset of LAYOUTS) {
    const focus = Math.max(0, PANES.findIndex(({ id }) => id === PRESETS[preset].main));
    const rows = await demoScreen({ size: LAYOUT_SIZE, preset, focus });
    files.set(`layout-${preset}.svg`, svgOf(rows, `nq-tui, layout ${PRESETS[preset].title}: the demo market at 10:58:31 Eastern, simulated prices`));
  }
  for (const theme of THEMES) {
    files.set(`theme-${theme}.svg`, svgOf(await demoScreen({ size: THEME_SIZE }), `nq-tui, theme ${theme}: the demo market at 10:58:31 Eastern, simulated prices`, theme));
  }
  return files;
}
