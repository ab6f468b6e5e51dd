/** The first screen of somebody who has no key yet: what is shown, that it costs nothing, and how the market gets live. */
import { chordsOf } from "./key-map.ts";
import { keysText } from "./keys.ts";
import { fitRow, line, span, wrapWords } from "./text.ts";
import type { Row, Size } from "./text.ts";
import type { Tone } from "./theme.ts";
import type { ViewState } from "./view-state.ts";

const MARGIN = 2;

/** A paragraph of a tone, or a line that is never wrapped. */
interface Part {
  readonly text: string;
  readonly tone: Tone;
  readonly isCode?: boolean;
}

function parts({ keys }: Pick<ViewState, "keys">): readonly Part[] {
  const key = (name: string): string => keysText(chordsOf(keys, name).slice(0, 1));
  return [
    { text: "Welcome to nq-tui", tone: "title" },
    { text: "Behind this runs the demo market: one trading day of the NQ future, simulated. Every screen says DEMO, no price in it is real, and it costs nothing to try everything.", tone: "plain" },
    { text: "The live market needs an API key of Databento with a live licence for CME Globex (GLBX.MDP3). Set it and start again:", tone: "plain" },
    { text: "export DATABENTO_API_KEY=db-…", tone: "accent", isCode: true },
    { text: `${key("help")} shows every key, ${key("palette")} finds any command, ${key("go.price")} and so on go to the panes, ${key("quit")} leaves.`, tone: "plain" },
    { text: "`nq-tui doctor` looks at key, network and terminal; `nq-tui config init` writes a file of settings.", tone: "plain" },
    { text: "Any key goes on. This is shown once.", tone: "strong" },
  ];
}

/** The text in the size given; where there is little room blank lines go first, then the last paragraphs but one. */
export function welcomeRows(view: Pick<ViewState, "keys">, size: Size): readonly Row[] {
  const width = Math.max(10, Math.min(90, size.columns - 2 * MARGIN));
  const blocks = parts(view).map(({ text, tone, isCode }): Row[] => {
    const lines = isCode === true ? [`  ${text}`] : wrapWords(text, width);
    return lines.map((words): Row => [span(" ".repeat(MARGIN)), span(words, tone)]);
  });
  const rowsOf = (gap: Row[]): Row[] => blocks.flatMap((block, at) => (at === 0 ? block : [...gap, ...block]));
  const last = blocks.at(-1) ?? [];
  let rows: Row[] = [[], ...rowsOf([[]])];
  if (rows.length > size.rows) rows = rowsOf([]);
  if (rows.length > size.rows) rows = [...rows.slice(0, Math.max(0, size.rows - last.length)), ...last];
  return Array.from({ length: size.rows }, (_, at) => fitRow(rows[at] ?? line(""), size.columns));
}
