/** What one frame is: publish, look, paint; and the ticks of the screen. */
import type { Clock } from "../lib/clock.ts";
import type { ScreenOptions } from "./mount.tsx";
import type { PaintTimes } from "./paint-times.ts";
import type { ScreenModel } from "./screen-model.ts";
import type { Surface } from "./surfaces.tsx";

const SECOND_MS = 1000;

/** Runs `again` every second until the returned function is called. */
export function everySecond(clock: Clock, again: () => void): () => void {
  let cancel = clock.after(SECOND_MS, function tick() {
    cancel = clock.after(SECOND_MS, tick);
    again();
  });
  return () => cancel();
}

/** What a frame is made of: publish the data, look at it, paint, and see to it that a flash fades and a calm pane follows. */
export function createFrameDrawer(options: Pick<ScreenOptions, "store" | "clock">, model: ScreenModel, times: PaintTimes): FrameDrawer {
  const { store, clock } = options;
  let committing = false;
  let titled = model.coverage();
  let logged = model.view().happened;
  let played = model.view().plays;
  let cancelChange = (): void => undefined;
  return {
    isCommitting: () => committing,
    stop: () => cancelChange(),
    draw: (surface, request) => {
      times.begin();
      committing = true;
      store.commit();
      committing = false;
      model.beginFrame();
      // Titles say what is not complete; they are the shell's, which is drawn anew only when that changed.
      const covered = model.coverage();
      const { help, log, happened, plays } = model.view();
      const isNews = help && log && happened !== logged;
      if (isNews || plays !== played || covered.text !== titled.text || covered.complete !== titled.complete) surface.refresh();
      titled = covered;
      logged = happened;
      played = plays;
      surface.draw();
      times.end();
      cancelChange();
      const changesAtMs = model.changesAtMs();
      if (changesAtMs !== null) cancelChange = clock.after(Math.max(0, changesAtMs - clock.monotonicMs()), request);
    },
  };
}

export interface FrameDrawer {
  readonly draw: (surface: Surface, request: () => void) => void;
  /** The store is publishing because a frame asked it to; that is no reason for another frame. */
  readonly isCommitting: () => boolean;
  readonly stop: () => void;
}
