/** What the screen itself costs, in a row: for whoever doubts it. */
import { bytesText } from "./format.ts";
import { named } from "./blocks.ts";
import { fitRow, flow, line } from "./text.ts";
import type { Row } from "./text.ts";

/** What the process costs at the moment. */
export interface RuntimeFigures {
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** 99th percentile of how late timers came in the time since it was asked last, milliseconds. */
  readonly loopDelayMs: number;
}

/** All of it; times in milliseconds. */
export interface DebugFigures extends RuntimeFigures {
  readonly paintMs: number;
  readonly paintMsP99: number;
  /** In the last second. */
  readonly framesPerSecond: number;
  readonly bytesPerSecond: number;
  /** Frames left out because the terminal had not taken the one before. */
  readonly skipped: number;
}

/** The row, `width` cells. */
export function debugRow(figures: DebugFigures | null, width: number): Row {
  if (figures === null) return fitRow(line("measuring…", "dim"), width);
  const { paintMs, paintMsP99, framesPerSecond, bytesPerSecond, loopDelayMs, heapBytes, rssBytes, skipped } = figures;
  const parts = [
    named("frame", `${paintMs.toFixed(1)} ms, p99 ${paintMsP99.toFixed(1)}`),
    named("frames/s", String(framesPerSecond)),
    named("terminal", `${bytesText(bytesPerSecond)}/s`),
    named("loop p99", `${loopDelayMs.toFixed(1)} ms`),
    named("heap", bytesText(heapBytes)),
    named("RSS", bytesText(rssBytes)),
    named("left out", String(skipped), skipped === 0 ? "dim" : "warn"),
  ];
  return fitRow(flow(parts, width), width);
}
