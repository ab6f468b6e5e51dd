/** The real screen on a fake terminal. */
import { onTestFinished } from "vitest";
import type { Snapshot } from "../../src/store/snapshot.ts";
import { mountScreen } from "../../src/ui/mount.tsx";
import type { MountedScreen, ScreenOptions } from "../../src/ui/mount.tsx";
import type { Size } from "../../src/ui/text.ts";
import { FakeKeyboard, FakeStore, FakeTerminal, StillClock, until } from "./fake-terminal.ts";

/** Everything a test holds in its hands. */
export interface ScreenRig {
  readonly screen: MountedScreen;
  readonly terminal: FakeTerminal;
  readonly keyboard: FakeKeyboard;
  readonly store: FakeStore;
  readonly clock: StillClock;
  readonly quits: () => number;
  readonly reconnects: () => number;
  /** Waits until the screen shows `text`, or no longer does. */
  readonly shows: (text: string) => Promise<void>;
  readonly hides: (text: string) => Promise<void>;
  /** Gives the store a snapshot and lets the frame clock draw it. */
  readonly publish: (snapshot: Snapshot) => void;
}

/** Mounts the screen with this snapshot. */
export function mountRig(snapshot: Snapshot, size: Size, options: Partial<ScreenOptions> = {}): ScreenRig {
  const terminal = new FakeTerminal(size);
  const keyboard = new FakeKeyboard();
  const store = new FakeStore(snapshot);
  const clock = new StillClock();
  let quits = 0;
  let reconnects = 0;
  const screen = mountScreen({
    store,
    stdout: terminal,
    stdin: keyboard,
    stderr: new FakeTerminal(size),
    clock,
    color: "16",
    onQuit: () => {
      quits += 1;
    },
    onReconnect: () => {
      reconnects += 1;
    },
    ...options,
  });
  return {
    screen,
    terminal,
    keyboard,
    store,
    clock,
    quits: () => quits,
    reconnects: () => reconnects,
    shows: (text) => until(async () => (await terminal.text()).includes(text), `the screen shows ${text}`),
    hides: (text) => until(async () => !(await terminal.text()).includes(text), `the screen hides ${text}`),
    publish: (next) => {
      store.apply(next);
      screen.requestFrame();
      clock.advance(100);
    },
  };
}

/** The same, taken off the terminal when the test that runs is over. */
export function mounted(...args: Parameters<typeof mountRig>): ScreenRig {
  const rig = mountRig(...args);
  onTestFinished(() => rig.screen.unmount());
  return rig;
}
