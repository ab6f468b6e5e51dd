/** What the bottom line of the screen says: a word in passing over what holds until it is settled; each is logged once. */
import type { Clock } from "../lib/clock.ts";
import type { Notice } from "../ui/view-state.ts";

/** What a notice concerns, in a word. */
type About = "settings" | "recording" | "replay" | "layout" | "alert";

export interface NoticeBoardOptions {
  readonly show: (notice: Notice | null) => void;
  readonly log: (about: About, notice: Notice) => void;
}

export interface NoticeBoard {
  /** Shown for a while, in front of whatever holds. */
  say(about: About, notice: Notice, forMs: number): void;
  /** Holds until it is replaced or taken away with null. */
  hold(about: About, notice: Notice | null): void;
  stop(): void;
}

export function createNoticeBoard(clock: Clock, { show, log }: NoticeBoardOptions): NoticeBoard {
  let held: Notice | null = null;
  let cancel: (() => void) | null = null;
  return {
    say(about, notice, forMs) {
      log(about, notice);
      cancel?.();
      show(notice);
      cancel = clock.after(forMs, () => {
        cancel = null;
        show(held);
      });
    },
    hold(about, notice) {
      if (notice !== null) log(about, notice);
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
