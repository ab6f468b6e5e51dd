/** A line of parts that does not have room for all: the important ones stay, in the order in which they are read. */
import { rowWidth } from "./text.ts";
import type { Row, Span } from "./text.ts";

/** A part of a line. */
export interface RankedPart {
  /** Lower is more important. */
  readonly rank: number;
  /** The same said in ever fewer cells, the longest first. Empty rows and an empty list say nothing. */
  readonly ways: readonly Row[];
  /** Said only where none of `ways` fits. */
  readonly least?: Row;
}

interface Chosen {
  readonly ways: readonly Row[];
  way: number;
}

function widthOf(chosen: readonly (Chosen | null)[], gap: number): number {
  let width = 0;
  for (const one of chosen) if (one !== null) width += rowWidth(one.ways[one.way] ?? []) + gap;
  return Math.max(0, width - gap);
}

/**
 * The parts that fit into `width` with `gap` blanks between them. First each, by rank, in its shortest way; then each,
 * by rank, in the longest way that there is still room for.
 */
export function rankedRow(parts: readonly RankedPart[], width: number, gap: number): Row {
  const chosen: (Chosen | null)[] = parts.map(() => null);
  const order = parts.map((_, at) => at).sort((a, b) => (parts[a]?.rank ?? 0) - (parts[b]?.rank ?? 0) || a - b);
  for (const at of order) {
    const ways = (parts[at]?.ways ?? []).filter((row) => rowWidth(row) > 0);
    if (ways.length === 0) continue;
    chosen[at] = { ways, way: ways.length - 1 };
    const least = parts[at]?.least;
    if (widthOf(chosen, gap) > width) chosen[at] = least === undefined ? null : { ways: [least], way: 0 };
    if (widthOf(chosen, gap) > width) chosen[at] = null;
  }
  for (const at of order) {
    const one = chosen[at] ?? null;
    if (one === null) continue;
    const shortest = one.way;
    one.way = 0;
    while (one.way < shortest && widthOf(chosen, gap) > width) one.way += 1;
  }
  const out: Span[] = [];
  for (const one of chosen) {
    if (one === null) continue;
    if (out.length > 0) out.push({ text: " ".repeat(gap), tone: "plain" });
    out.push(...(one.ways[one.way] ?? []));
  }
  return out;
}
