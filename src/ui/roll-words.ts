/** What the status line says about the roll to the next contract. */
import type { RollView } from "../store/roll-watch.ts";
import { clockText } from "./format.ts";
import type { RankedPart } from "./ranked.ts";
import { line, outside } from "./text.ts";
import type { Tone } from "./theme.ts";

const TONES: Readonly<Record<RollView["level"], Tone>> = { none: "dim", info: "accent", warn: "warnStrong", alarm: "alarm" };
/** An alarm goes before clocks and dates, a hint after them. */
const RANKS: Readonly<Record<RollView["level"], number>> = { none: 9, info: 8, warn: 6, alarm: 3 };

/** A warning by date or volume; else, after a roll, which contract the figures were of before. */
export function rollPart(roll: RollView | null, easternOffsetSec: number): RankedPart {
  if (roll === null) return { rank: RANKS.none, ways: [] };
  const { warning, level, next, rolled } = roll;
  if (warning !== null) {
    const words = outside(warning, 160);
    const [first = words] = words.split("; ");
    const texts = [`ROLL: ${words}`, `ROLL: ${first}`, `ROLL → ${outside(next, 24)}`];
    return { rank: RANKS[level], ways: texts.map((text) => line(text, TONES[level])) };
  }
  if (rolled === null) return { rank: RANKS.none, ways: [] };
  const at = rolled.at === null ? "" : ` at ${clockText(rolled.at.sec, easternOffsetSec)} ET`;
  const from = `rolled from ${outside(rolled.from, 24)}`;
  return { rank: RANKS.info, ways: [line(from + at, "accent"), line(from, "accent")] };
}
