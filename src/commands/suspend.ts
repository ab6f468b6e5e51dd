/** Ctrl-Z and SIGTSTP: the terminal is given back, the job stops, and when it goes on everything is drawn again. */
import type { MountedScreen } from "../ui/mount.tsx";
import type { System } from "./system.ts";

export interface Suspending {
  /** Stops the job; resolves when it goes on, or when it could not be stopped. */
  suspend(): Promise<void>;
  stop(): void;
}

/**
 * A job without a shell cannot be stopped: the system takes no notice, and the screen comes back after this time. One that
 * was stopped comes back as soon as it goes on, since its timer is due then.
 */
const BACK_MS = 100;

/** Follows the signals until `stop`. What the market did meanwhile is got again as after any lost connection. */
export function followSuspends(system: System, screen: Pick<MountedScreen, "suspend" | "resume">): Suspending {
  const { jobControl, stdin, clock } = system;
  if (jobControl === null) return { suspend: async () => Promise.resolve(), stop: () => {} };
  let isSuspending = false;
  let ended = false;
  let forgetStop = (): void => {};
  const setRaw = (isRaw: boolean): void => {
    if (stdin.isTTY) stdin.setRawMode(isRaw);
  };
  const back = (): void => {
    if (ended) return;
    setRaw(true);
    screen.resume();
    jobControl.lookAtSize();
  };
  const suspend = async (): Promise<void> => {
    if (isSuspending || ended) return;
    isSuspending = true;
    await screen.suspend();
    setRaw(false);
    forgetStop();
    jobControl.stop();
    await new Promise<void>((resolve) => {
      clock.after(BACK_MS, resolve);
    });
    isSuspending = false;
    if (ended) return;
    forgetStop = jobControl.onStop(() => void suspend());
    back();
  };
  forgetStop = jobControl.onStop(() => void suspend());
  // Also after a stop that nobody announced: the shell has written onto the screen and changed the terminal's modes.
  const forgetContinue = jobControl.onContinue(() => {
    if (!isSuspending) back();
  });
  return {
    suspend,
    stop: () => {
      ended = true;
      forgetStop();
      forgetContinue();
    },
  };
}
