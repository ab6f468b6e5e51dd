/** What the bottom line of the screen says: a word in passing over what holds until it is settled. */
import type { Clock } from "../lib/clock.ts";
import type { Notice } from "../ui/view-state.ts";

export interface NoticeBoard {
  /** Shown for a while, in front of whatever holds. */
  say(notice: Notice, forMs: number): void;
  /** Holds until it is replaced or taken away with null. */
  hold(notice: Notice | null): void;
  stop(): void;
}

export function createNoticeBoard(clock: Clock, show: (notice: Notice | null) => void): NoticeBoard {
  let held: Notice | null = null;
  let cancel: (() => void) | null = null;
  return {
    say(notice, forMs) {
      cancel?.();
      show(notice);
      cancel = clock.after(forMs, () => {
        cancel = null;
        show(held);
      });
    },
    hold(notice) {
      held = notice;
      if (cancel === null || notice !== null) {
        // What needs the reader is not kept waiting by a word in passing.
        cancel?.();
        cancel = null;
        show(held);
      }
    },
    stop: () => cancel?.(),
  };
}
