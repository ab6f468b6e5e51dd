/** Rows as plain text: what a screen reader or a pipe gets, through Ink's own test library. */
import { Text } from "ink";
import { render } from "ink-testing-library";
import { expect, test } from "vitest";
import { composeScreen } from "../../src/ui/screen.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { rowText } from "../../src/ui/text.ts";
import { initialView } from "../../src/ui/view-state.ts";
import { SAMPLE_WALL_MS, sampleSnapshot } from "./sample-snapshot.ts";

test("Ink neither changes nor cuts a row of the screen", () => {
  const snapshot = sampleSnapshot();
  const view = initialView(PANES, { columns: 100, rows: 30 });
  const rows = composeScreen({ shown: snapshot, latest: snapshot, view, frozenAt: null, now: { wallMs: SAMPLE_WALL_MS, flash: null } });
  const text = rows.map((row) => rowText(row).trimEnd());
  const { lastFrame, unmount } = render(<Text wrap="truncate">{text.join("\n")}</Text>);
  expect(lastFrame()?.split("\n").map((line) => line.trimEnd())).toEqual(text);
  unmount();
});
