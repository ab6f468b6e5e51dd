/** The name that was probably meant. */
import { closest, distance } from "fastest-levenshtein";

/** Farther than this, or farther than half of what was written, and a name is not a slip of the pen. */
const NEAR = 4;
const LISTED_MAX = 30;

/** `; did you mean theme?`, or the names there are; to put behind a sentence about one that is not among them. */
export function nearest(name: string, names: readonly string[]): string {
  if (names.length === 0) return "";
  const found = closest(name, names as string[]);
  return distance(name, found) <= Math.min(NEAR, Math.ceil(name.length / 2)) ? `; did you mean ${found}?` : `; there are: ${names.slice(0, LISTED_MAX).join(", ")}`;
}
