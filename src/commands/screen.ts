/** The full-screen program: a feed, the store and the mounted screen; the terminal is restored on every way out. */
import { AlertDesk } from "./alerts/alert-desk.ts";
import { createReconnectHandle } from "../client/live-options.ts";
import { NqError } from "../lib/errors.ts";
import { createTradeStore, type TradeStore } from "../store/store.ts";
import { FRESH_MS } from "../ui/alerts-now.ts";
import { mountScreen, restoreSequence } from "../ui/mount.tsx";
import { RESTORE_TITLE } from "../ui/terminal-codes.ts";
import { chooseCharset, chooseColor } from "./color.ts";
import type { Feed } from "./feed.ts";
import { isFirstRun, rememberWelcome } from "./first-run.ts";
import { followSettings } from "./live-settings.ts";
import { createNoticeBoard } from "./notice-board.ts";
import { followPlayback } from "./follow-playback.ts";
import { recordedPast } from "./recorded-past.ts";
import { Rewind } from "./rewind.ts";
import { loadRecordedHours, RecordedHours } from "./recorded-hours.ts";
import { runFeed } from "./run-feed.ts";
import { saveLayout, withSavedLayout } from "./saved-layout.ts";
import { saveExport } from "./save-export.ts";
import type { LoadedSettings } from "./settings.ts";
import { ShownStore } from "./shown-store.ts";
import { followSuspends } from "./suspend.ts";
import type { System } from "./system.ts";
import { play, playingNow, ScreenRecorder } from "./tape-deck.ts";
import { findWarmStart } from "./warm-start.ts";

/** A line that carries 64 KiB a second has room left for keys. */
const SSH_BYTES_PER_SECOND = 48_000;
/** How long a sentence about recording or playing is shown. */
const SAID_MS = 5_000;
/** Small pieces of the stream are read together: a fifth of a frame is not to be seen. */
const REST_MS = 20;

/**
 * Shows the feed until the reader quits or `signal` aborts. A source that ends or a refusal leaves the screen up, with
 * the reason on it. Returns the exit status.
 */
export async function showFeed(system: System, feed: Feed, given: LoadedSettings, signal: AbortSignal): Promise<number> {
  const loaded = await withSavedLayout(system, given);
  const { settings } = loaded;
  let current = settings;
  const quit = new AbortController();
  const reconnect = createReconnectHandle();
  const forgetCrash = system.onCrash((error) => {
    // Ink writes nothing on a sudden exit; the terminal is ours to give back.
    system.stdout.write((settings.title ? RESTORE_TITLE : "") + restoreSequence);
    if (system.stdin.isTTY) system.stdin.setRawMode(false);
    system.stderr.write(`nq-tui: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    system.exit(70);
  });
  const { playback } = feed;
  const board = createNoticeBoard(system.clock, {
    show: (notice) => screen.tell(notice),
    log: (about, { text, tone }) => screen.log({ about, text, tone: tone === "warn" ? "warn" : "plain" }),
  });
  const sayOf = (about: Parameters<typeof board.say>[0]) => (text: string, isBad: boolean): void =>
    board.say(about, { text, tone: isBad ? "warn" : "accent" }, SAID_MS);
  const isFirst = await isFirstRun(system, feed, loaded);
  const remembering: Promise<void>[] = [];
  const desk = new AlertDesk(system, feed, {
    settings,
    terminal: (codes) => void system.stdout.write(codes),
    say: (text, isAlert) => board.say("alert", { text, tone: isAlert ? "alarm" : "warn" }, isAlert ? FRESH_MS : SAID_MS),
    log: (text, isBad) => screen.log({ about: "alert", text, tone: isBad ? "warn" : "accent" }),
    onChange: () => screen.requestFrame(),
  });
  const usual = new RecordedHours();
  const createStore = (): TradeStore =>
    createTradeStore({ requested: feed.requested, mode: feed.mode, calendar: feed.calendar, rollRule: feed.rollRule, watcher: desk.engine, studies: { hours: usual } });
  const store = createStore();
  const shown = new ShownStore(store);
  const recordOptions = { dir: settings.record.dir ?? null, syncMs: settings.record.sync_ms };
  const recorder = new ScreenRecorder(system, feed, store, recordOptions, sayOf("recording"));
  const rewind = new Rewind(system, {
    feed,
    live: store,
    shown,
    openPast: recordedPast(system, feed, recordOptions.dir, () => recorder.settle()),
    onChange: () => screen.requestFrame(),
    say: sayOf("replay"),
    studies: { hours: usual },
    hold: (text) => board.hold("replay", text === null ? null : { text, tone: "accent" }),
  });
  const screen = mountScreen({
    store: shown,
    stdin: system.stdin,
    stdout: system.stdout,
    stderr: system.stderr,
    clock: system.clock,
    color: chooseColor(system.env, system.stdout, settings.colours),
    charset: chooseCharset(system.env, settings.ascii),
    localOffsetSec: system.localOffsetSec,
    framesPerSecond: settings.frames_per_second,
    ...(settings.title ? { title: "nq-tui" } : {}),
    settings,
    onQuit: () => quit.abort(),
    onReconnect: () => reconnect.reconnectNow(),
    ...(system.jobControl === null ? {} : { onSuspend: () => void suspending.suspend() }),
    onSave: async (looks) => `layout and theme kept in ${await saveLayout(system, looks)}`,
    ...(isFirst ? { onWelcomed: () => void remembering.push(rememberWelcome(system)) } : {}),
    onExport: async (files) => saveExport(system, current.export_dir, files),
    runtime: system.runtime,
    isTmux: (system.env["TMUX"] ?? "") !== "",
    ...((system.env["SSH_CONNECTION"] ?? "") === "" ? {} : { bytesPerSecond: SSH_BYTES_PER_SECOND }),
    onRecord: () => void recorder.toggle(),
    recording: () => recorder.now(),
    alerts: () => desk.now(),
    onAlert: (ask, markedTicks) => desk.ask(ask, markedTicks),
    playing: () => (playback === undefined ? rewind.playing() : playingNow(playback)),
    onPlay(action) {
      const film = playback ?? rewind.playback;
      if (film === null) void rewind.enter();
      else if (playback === undefined && action === "end") void rewind.leave();
      else {
        const sentence = play(film, action, shown.getSnapshot());
        if (sentence !== null) sayOf("replay")(sentence, true);
      }
      screen.requestFrame();
    },
  });
  // Alerts are of the market that goes on, whatever of its past is looked at.
  const watched = playback === undefined ? store : shown;
  const forgetDesk = watched.subscribe(() => desk.look());
  await desk.start(watched);
  const suspending = followSuspends(system, screen);
  const forgetSettings = followSettings(system, loaded, {
    apply(next) {
      current = next;
      desk.configure(next);
      screen.configure(next, next.frames_per_second);
    },
    say: (text) => sayOf("settings")(text, false),
    hold: (text) => board.hold("settings", text === null ? null : { text, tone: "warn" }),
  });
  const kept = loaded.notes.at(given.notes.length);
  if (kept !== undefined) sayOf("layout")(kept, true);
  const stop = AbortSignal.any([signal, quit.signal]);
  let failure: NqError | null = null;
  const came = (): void => {
    desk.came();
    screen.requestFrame();
    rewind.liveChanged();
  };
  /** Beside the market: nothing waits for what other days had. */
  const learnUsual = async (): Promise<void> => {
    const nowSec = feed.mode === "LIVE" ? Math.floor(system.clock.wallMs() / 1000) : (feed.coverageFrom()?.sec ?? 0);
    await loadRecordedHours(system, feed, { dir: recordOptions.dir, before: feed.calendar.dayOf(nowSec).tradeDate }, usual);
  };
  const run = async (): Promise<void> => {
    void learnUsual().catch(() => {}); // then there is no such mark
    const warm = await findWarmStart(system, feed, recordOptions.dir);
    if (settings.record.when === "always" && feed.mode !== "REPLAY") await recorder.start();
    if (playback !== undefined) await followPlayback(system, { feed, playback, shown, createStore, onChange: came, say: sayOf("replay"), reconnect }, stop);
    else await runFeed(system, feed, { store, warm, keep: recorder.keep, onAgain: recorder.again, onChange: came, reconnect, connection: { restMs: REST_MS } }, stop);
  };
  const running = run().catch((error: unknown) => {
    if (!(error instanceof NqError)) throw error;
    failure = error;
    screen.requestFrame();
  });
  try {
    await running;
    await new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener("abort", () => resolve(), { once: true });
    });
  } finally {
    suspending.stop();
    forgetSettings();
    forgetDesk();
    await rewind.close();
    await recorder.close();
    await desk.close();
    await Promise.all(remembering);
    board.stop();
    screen.unmount();
    forgetCrash();
  }
  for (const finding of feed.findings()) system.stderr.write(`nq-tui: ${finding}\n`);
  if (failure === null) return 0;
  throw failure;
}
