/** Recording and playing as the screen sees them: what its owner tells, in data, and the words and the bar made of it. */
import type { UnixTime } from "../lib/time.ts";
import type { LinkState } from "../lsg/link-state.ts";
import type { Mode } from "../store/snapshot.ts";
import { clockText } from "./format.ts";
import { countdownText } from "./market-now.ts";
import type { RankedPart } from "./ranked.ts";
import { cutRow, fitRow, flow, line, outside, rowWidth, span } from "./text.ts";
import type { Row } from "./text.ts";

/** A recording under way. */
export interface RecordingNow {
  /** The disk takes it. */
  readonly isGood: boolean;
  readonly records: number;
  /** Why it does not; else empty. */
  readonly reason: string;
}

/** A recording that is played. */
export interface PlayingNow {
  readonly isPlaying: boolean;
  /** Market seconds per second. */
  readonly speed: number;
  readonly at: UnixTime;
  readonly from: UnixTime;
  readonly to: UnixTime;
  /** Contracts of each minute from the unix second `firstMinuteSec` on; empty until the recording has been read through. */
  readonly minutes: ArrayLike<number>;
  readonly firstMinuteSec: number;
  /** When the large trades are. */
  readonly marks: readonly { readonly at: UnixTime }[];
  /** It is the past of a market that goes on: by how much, and how that is doing; null: it is a recording by itself. */
  readonly behind: { readonly sec: number; readonly link: LinkState | null; readonly mode: Mode } | null;
}

/** What a key asks of the player. */
export type PlayAction = "toggle" | "back" | "ahead" | "left" | "right" | "end" | "trade" | "second" | "slower" | "faster" | "large" | "open" | { readonly seek: UnixTime };

const HEIGHTS = "▁▂▃▄▅▆▇█";

/** The badge in the status line: loud when what comes is not kept. */
export function recordingPart(recording: RecordingNow | undefined): RankedPart {
  if (recording === undefined) return { rank: 1, ways: [] };
  if (recording.isGood) return { rank: 4, ways: [line("● REC", "accent")] };
  return { rank: 1, ways: [line(`[NOT RECORDING: ${outside(recording.reason, 60)}]`, "alarm"), line("[NOT RECORDING]", "alarm")] };
}

/** The badge of a picture of the past, in place of where it comes from. */
export function rewindBadges({ sec, mode }: { readonly sec: number; readonly mode: Mode }): readonly Row[] {
  const what = mode === "DEMO" ? "DEMO REWIND" : "REWIND"; // simulated prices never look like others
  const left = countdownText(sec);
  return [`[${what} ${left} behind now]`, `[${what} ${left} behind]`, `[${what}]`].map((text) => [span(text, "badgeReplay")]);
}

function speedText(speed: number): string {
  return `${speed < 1 ? speed.toString() : Math.round(speed)}×`;
}

/** The recording's volume along its time in `cells` cells, large trades as marks, the place being played. */
function bar(playing: PlayingNow, cells: number): Row {
  const { from, to, at, minutes, firstMinuteSec, marks } = playing;
  const span_ = Math.max(1, to.sec - from.sec);
  const cellOf = (sec: number): number => Math.min(cells - 1, Math.max(0, Math.floor(((sec - from.sec) / span_) * cells)));
  const sums = new Float64Array(cells);
  for (let index = 0; index < minutes.length; index += 1) {
    const cell = cellOf(firstMinuteSec + index * 60);
    sums[cell] = (sums[cell] ?? 0) + (minutes[index] ?? 0);
  }
  const most = Math.max(...sums);
  const marked = new Set(marks.map((mark) => cellOf(mark.at.sec)));
  const here = cellOf(at.sec);
  return Array.from(sums, (sum, cell) => {
    if (cell === here) return span("◆", "mark");
    const height = most === 0 || sum === 0 ? "─" : (HEIGHTS[Math.min(7, Math.floor((sum / most) * 8))] ?? "─");
    return span(height, marked.has(cell) ? "warn" : cell < here ? "accent" : "dim");
  });
}

/** Cells that the bar keeps before hints get any. */
const BAR_MIN = 20;

/** The line under a replay: state, speed, times, the bar, hints by importance; `offsetSec` turns unix seconds into Eastern time. */
export function playingRow(playing: PlayingNow, offsetSec: number, width: number, hints: readonly Row[] = []): Row {
  const head: Row = [
    span(playing.isPlaying ? "▶ " : "Ⅱ ", playing.isPlaying ? "accent" : "warnStrong"),
    span(`${speedText(playing.speed)} `.padStart(6), "strong"),
    span(`${clockText(playing.at.sec, offsetSec)} `),
  ];
  const tail: Row = [span(` ${clockText(playing.to.sec, offsetSec)}`, "dim")];
  const least = width - rowWidth(head) - rowWidth(tail);
  const said = flow(hints, Math.max(0, least - BAR_MIN - 2));
  const keys: Row = said.length === 0 ? [] : [span("  "), ...said];
  const cells = least - rowWidth(keys);
  if (cells < 8) return fitRow(cutRow(head, width), width);
  return fitRow([...head, ...bar(playing, cells), ...tail, ...keys], width);
}
