/** The inside of a pane: an empty box that Ink lays out and a painter fills, or plain text rows without a terminal. */
import { Box, Text, measureElement } from "ink";
import type { DOMElement } from "ink";
import { useLayoutEffect, useRef } from "react";
import type { ReactNode } from "react";
import type { Painter } from "./composer.ts";
import type { Rect } from "./text.ts";

/** Where canvases report to; null where rows are drawn as text. */
export type CanvasHost = ((rect: Rect, paint: Painter) => () => void) | null;

/** Size in cells, what fills it, and where to. */
export interface CanvasProps {
  readonly width: number;
  readonly height: number;
  readonly paint: Painter;
  readonly host: CanvasHost;
}

interface Registered {
  readonly rect: Rect;
  readonly leave: () => void;
}

function isSame(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}

/** A rectangle of rows. */
export function Canvas({ width, height, paint, host }: CanvasProps): ReactNode {
  const box = useRef<DOMElement>(null);
  const registered = useRef<Registered>(null);
  const latest = useRef(paint);
  useLayoutEffect(() => {
    latest.current = paint;
    if (host === null || box.current === null) return;
    // Ink has laid out the tree by now; what it says counts, not what was asked for.
    const { x, y, width: wide, height: high } = measureElement(box.current);
    const rect = { x, y, width: wide, height: high };
    if (registered.current !== null && isSame(registered.current.rect, rect)) return;
    registered.current?.leave();
    registered.current = { rect, leave: host(rect, (into) => latest.current(into)) };
  });
  useLayoutEffect(() => () => registered.current?.leave(), []);
  if (host !== null) return <Box ref={box} width={width} height={height} flexShrink={0} />;
  const rows = paint({ x: 0, y: 0, width, height });
  return (
    <Box width={width} height={height} flexShrink={0} flexDirection="column" overflow="hidden">
      <Text wrap="truncate">{rows.join("\n")}</Text>
    </Box>
  );
}
