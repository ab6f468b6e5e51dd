/** The shell: where everything is, frames and titles, footer, help, and the only place that hears keys. */
import { Box, useInput } from "ink";
import type { ReactNode } from "react";
import type { Arrangement, Placed } from "./arrange.ts";
import { Canvas } from "./canvas.tsx";
import type { CanvasHost } from "./canvas.tsx";
import { toChords } from "./chord.ts";
import type { ScreenModel } from "./screen-model.ts";
import { debugRect, layoutOf } from "./layout.ts";
import { priceInStatus } from "./screen.ts";
import { footerRow, frameRows, overlayRows, paneTitle } from "./shell-rows.ts";
import type { Rect, Row } from "./text.ts";

/** The screen to draw, where canvases go, and who acts on keys. Rendered anew by its owner; it holds no state. */
export interface AppProps {
  readonly model: ScreenModel;
  readonly host: CanvasHost;
  /** Called with each chord typed. */
  readonly onChord: (chord: string) => void;
  /** False when stdin cannot give single keys. */
  readonly listens: boolean;
}

interface AtProps {
  readonly rect: Rect;
  readonly children: ReactNode;
}

function At({ rect, children }: AtProps): ReactNode {
  return (
    <Box position="absolute" left={rect.x} top={rect.y} width={rect.width} height={rect.height} flexDirection="column">
      {children}
    </Box>
  );
}

interface LinesProps extends Pick<AppProps, "model" | "host"> {
  readonly rows: readonly Row[];
  readonly width: number;
}

/** Rows of the shell. Painted like the panes: Ink takes ten milliseconds to cut a screen of styled text into cells. */
function Lines({ model, host, rows, width }: LinesProps): ReactNode {
  const lines = rows.map((row) => model.encode(row, width));
  return <Canvas width={width} height={lines.length} paint={() => lines} host={host} />;
}

interface PaneProps extends Pick<AppProps, "model" | "host"> {
  readonly placed: Placed;
  readonly layout: Arrangement;
}

function PaneBox({ model, host, placed, layout }: PaneProps): ReactNode {
  const { index, rect, inside } = placed;
  const view = model.view();
  const open = view.open[index];
  if (open === undefined) return null;
  const title = paneTitle(open.pane, view.keys, model.coverage());
  const frame = frameRows(layout.frame, title, rect.width, index === view.focus);
  const paint = ({ width, height }: Rect): readonly string[] => model.paneLines(index, width, height);
  const side = frame.side;
  const wall = side === null ? null : (
    <Box width={1} flexShrink={0}>
      <Lines model={model} host={host} rows={Array.from({ length: inside.height }, () => side)} width={1} />
    </Box>
  );
  return (
    <At rect={rect}>
      {frame.top === null ? null : <Lines model={model} host={host} rows={[frame.top]} width={rect.width} />}
      <Box height={inside.height} flexShrink={0}>
        {wall}
        <Canvas width={inside.width} height={inside.height} paint={paint} host={host} />
        {wall}
      </Box>
      {frame.bottom === null ? null : <Lines model={model} host={host} rows={[frame.bottom]} width={rect.width} />}
    </At>
  );
}

function Body({ model, host, layout }: Omit<PaneProps, "placed">): ReactNode {
  const view = model.view();
  const { body } = layout;
  // An overlay takes the whole body: no pane is mounted, so no painter can draw over it.
  const rows = overlayRows(view, { columns: body.width, rows: body.height });
  if (rows !== null && body.height > 0) {
    return (
      <At rect={body}>
        <Lines model={model} host={host} rows={rows} width={body.width} />
      </At>
    );
  }
  return layout.placed.map((placed) => (
    <PaneBox key={view.open[placed.index]?.pane.id} model={model} host={host} placed={placed} layout={layout} />
  ));
}

/** The whole screen. */
export function App({ model, host, onChord, listens }: AppProps): ReactNode {
  useInput((input, key) => toChords(input, key).forEach(onChord), { isActive: listens });
  const view = model.view();
  const { columns, rows } = view.size;
  const layout = layoutOf(view);
  const withPrice = priceInStatus(layout, view);
  const debug = debugRect(view);
  const status = ({ width, height }: Rect): readonly string[] => model.statusLines({ columns: width, rows: height }, withPrice);
  return (
    <Box width={columns} height={rows} overflow="hidden">
      <At rect={layout.status}>
        <Canvas width={layout.status.width} height={layout.status.height} paint={status} host={host} />
      </At>
      <Body model={model} host={host} layout={layout} />
      {layout.footer === null ? null : (
        <At rect={layout.footer}>
          {view.plays && view.note === "" && view.notice === null && !view.help && view.entry === null ? (
            <Canvas width={layout.footer.width} height={1} paint={({ width }) => model.playingLines(width)} host={host} />
          ) : (
            <Lines model={model} host={host} rows={[footerRow(view, layout, columns)]} width={columns} />
          )}
        </At>
      )}
      {debug === null ? null : (
        <At rect={debug}>
          <Canvas width={debug.width} height={1} paint={({ width }) => model.debugLines(width)} host={host} />
        </At>
      )}
    </Box>
  );
}
