/** What one session's gateway said inside the stream: kept for the phase, for the messages, and to explain the end. */
import { NqError } from "../lib/errors.ts";
import type { StreamEvent } from "../lsg/stream-events.ts";
import type { LinkReporter } from "./link-reporter.ts";

const SKIPPED_SCHEMA = / for ([a-z0-9-]+)\./;

/** What the notices of a session add up to. */
export interface GatewayNotices {
  /** Some replay has not caught up yet. */
  readonly isCatchingUp: boolean;
  /** The source said farewell: however the connection closes now, it is over. */
  readonly isFinished: boolean;
  /** The session asked for replays of these schemas. */
  expectReplays(schemas: readonly string[]): void;
  take(event: StreamEvent): void;
  /** The loss `error`, told with what the gateway said before it closed. */
  explain(error: NqError): NqError;
}

/** Notices of one session. `onCaughtUp`: the last replay has caught up. `onFatal`: the gateway ends the session. */
export function createGatewayNotices(options: {
  readonly reporter: LinkReporter;
  readonly wallMs: () => number;
  /** Hides what must not be shown: a gateway's text may repeat the key, or the answer made from it. */
  readonly redact: (text: string) => string;
  /** A replay has caught up, of one schema or (null) of one that was not named. */
  readonly onReplayed: (schema: string | null) => void;
  readonly onCaughtUp: () => void;
  readonly onFatal: (error: NqError) => void;
}): GatewayNotices {
  const { reporter } = options;
  const replays = new Set<string>();
  let isFinished = false;
  /** Of several errors in a row the first fatal one is the cause. */
  let cause: NqError | null = null;
  let lastText = "";

  function completeReplay(schema: string | null): void {
    options.onReplayed(schema);
    if (replays.size === 0) return;
    if (schema === null) replays.clear();
    else replays.delete(schema);
    if (replays.size === 0) options.onCaughtUp();
  }

  function takeError(event: Extract<StreamEvent, { kind: "error" }>): void {
    reporter.message(event.fatal === null ? "warn" : "error", event.text);
    if (event.code === 7) {
      reporter.stats.slowReaderWarnings += 1;
      reporter.setSkipped({ schema: SKIPPED_SCHEMA.exec(event.text)?.[1] ?? "", atMs: options.wallMs() });
    }
    if (event.fatal === null) {
      // Unresolved symbols and skipped records do not end a session; an unknown error may.
      if (event.code === 255) lastText = event.text;
      return;
    }
    cause ??= new NqError(event.fatal, `the gateway reports: ${event.text}`);
    if (event.isLast) options.onFatal(cause);
  }

  return {
    get isCatchingUp() {
      return replays.size > 0;
    },
    get isFinished() {
      return isFinished;
    },
    expectReplays(schemas) {
      for (const schema of schemas) replays.add(schema);
    },
    take(told) {
      const event = "text" in told ? { ...told, text: options.redact(told.text) } : told;
      if (event.kind === "heartbeat") reporter.stats.heartbeats += 1;
      else if (event.kind === "replayCompleted") completeReplay(event.schema);
      else if (event.kind === "error") takeError(event);
      else if (event.kind === "slowReading") reporter.message("warn", event.text);
      else if (event.kind === "notice" || event.kind === "sourceFinished") reporter.message("info", event.text);
      if (event.kind === "sourceFinished") isFinished = true;
    },
    explain(error) {
      if (error.code !== "NET_CLOSED") return error;
      if (cause !== null) return cause;
      return lastText === "" ? error : new NqError(error.code, `${error.message} after: ${lastText}`, { cause: error });
    },
  };
}
