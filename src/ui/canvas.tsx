/** The inside of a pane: an empty box that Ink lays out and a painter fills, or plain text rows without a terminal. */
import { Box, Text, measureElement } from "ink";
import type { DOMElement } from "ink";
import { useLayoutEffect, useRef } from "react";
import type { ReactNode } from "react";
import type { Painter } from "./composer.ts";

/** Where canvases report to; null where rows are drawn as text. */
export type CanvasHost = ((rect: Parameters<Painter>[0], paint: Painter) => () => void) | null;

/** Size in cells, what fills it, and where to. */
export interface CanvasProps {
  readonly width: number;
  readonly height: number;
  readonly paint: Painter;
  readonly host: CanvasHost;
}

/** A rectangle of rows. */
export function Canvas({ width, height, paint, host }: CanvasProps): ReactNode {
  const box = useRef<DOMElement>(null);
  useLayoutEffect(() => {
    if (host === null || box.current === null) return undefined;
    // Ink has laid out the tree by now; what it says counts, not what was asked for.
    const { x, y, width: wide, height: high } = measureElement(box.current);
    return host({ x, y, width: wide, height: high }, paint);
  });
  if (host !== null) return <Box ref={box} width={width} height={height} flexShrink={0} />;
  const rows = paint({ x: 0, y: 0, width, height });
  return (
    <Box width={width} height={height} flexShrink={0} flexDirection="column" overflow="hidden">
      <Text wrap="truncate">{rows.join("\n")}</Text>
    </Box>
  );
}
