/** Why a firing is only listed and nothing is done; null: its actions are due. */
import type { Firing } from "../../alerts/firing.ts";
import type { QuietHours } from "../../config/alert-settings.ts";
import type { Mode } from "../../store/snapshot.ts";

export type Silence = "muted" | "catch-up" | "replay" | "snoozed" | "quiet hours";

export interface SilenceFacts {
  readonly mode: Mode;
  readonly isMuted: boolean;
  readonly isSnoozed: boolean;
  readonly onReplay: boolean;
  readonly quietHours: QuietHours | null;
}

const DAY_SEC = 86_400;

function secOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 3600 + minute * 60;
}

/** Whether an Eastern second of the day lies in the hours; `from` after `to` is over midnight, both the same is never. */
function isQuiet(easternSec: number, { from, to }: QuietHours): boolean {
  const sec = ((easternSec % DAY_SEC) + DAY_SEC) % DAY_SEC;
  const [start, end] = [secOf(from), secOf(to)];
  return start <= end ? sec >= start && sec < end : sec >= start || sec < end;
}

export function isSilent({ at, day, isCatchUp }: Firing, facts: SilenceFacts): Silence | null {
  const { mode, isMuted, isSnoozed, onReplay, quietHours } = facts;
  if (isMuted) return "muted";
  // In a recording that is what lies before the place it was moved to.
  if (isCatchUp && (!onReplay || mode === "REPLAY")) return "catch-up";
  if (mode === "REPLAY" && !onReplay) return "replay";
  if (isSnoozed) return "snoozed";
  if (quietHours !== null && at !== null && day !== null && isQuiet(at.sec + day.easternOffsetSec, quietHours)) return "quiet hours";
  return null;
}
