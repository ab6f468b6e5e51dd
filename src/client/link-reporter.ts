/** Keeps the state of the link and tells it: at once when the phase changes, else at most once a second. */
import type { Clock } from "../lib/clock.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { NO_STATS, type LinkGap, type LinkMessage, type LinkPhase, type LinkState, type LinkStats, type SkippedNotice } from "../lsg/link-state.ts";

const EVERY_MS = 1_000;
const MESSAGES_MAX = 50;
const TEXT_MAX = 300;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What is worked out anew for each report. */
export type LinkFacts = Required<Pick<LinkState, "catchUp" | "latency">>;

const NO_FACTS: LinkFacts = { catchUp: null, latency: null };

/** What may change together with the phase; what is left out stays, reason and advice become empty. */
export interface PhaseDetails {
  readonly reason?: string;
  readonly advice?: string;
  readonly attempt?: number;
  readonly nextTryAtMs?: number | null;
  readonly sessionId?: string | null;
  readonly gatewayVersion?: string | null;
}

/** The one writer of the link's state. */
export interface LinkReporter {
  /** Counted in place; call `touch` after changing them. */
  readonly stats: Writable<LinkStats>;
  readonly phase: LinkPhase;
  setPhase(phase: LinkPhase, details?: PhaseDetails): void;
  setVersion(version: number): void;
  /** Told with the next report. */
  setGaps(gaps: readonly LinkGap[]): void;
  setSkipped(notice: SkippedNotice): void;
  /** Asked at each report. */
  setFacts(read: () => LinkFacts): void;
  /** `from` left out: the gateway says it. */
  message(level: LinkMessage["level"], text: string, from?: "link"): void;
  /** Something was counted. */
  touch(): void;
  /** No more reports; a waiting one is dropped. */
  close(): void;
}

/** A reporter whose first report is the first phase that is set. */
export function createLinkReporter(options: {
  readonly clock: Clock;
  readonly gateway: string;
  readonly transport: "tcp" | "ws";
  readonly dataset: string;
  readonly onLink: (link: LinkState) => void;
}): LinkReporter {
  const { clock } = options;
  const stats: Writable<LinkStats> = { ...NO_STATS };
  let messages: readonly LinkMessage[] = [];
  let state: Omit<LinkState, "messages" | "stats"> = {
    phase: "CONNECTING",
    gateway: options.gateway,
    transport: options.transport,
    dataset: options.dataset,
    sessionId: null,
    gatewayVersion: null,
    dbnVersion: null,
    reason: "",
    advice: "",
    attempt: 0,
    nextTryAtMs: null,
    sinceMs: clock.wallMs(),
    gaps: [],
  };
  let readFacts = (): LinkFacts => NO_FACTS;
  let toldAt = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | null = null;
  let isClosed = false;

  function tell(): void {
    cancel?.();
    cancel = null;
    if (isClosed) return;
    toldAt = clock.monotonicMs();
    options.onLink({ ...state, messages, stats: { ...stats }, ...readFacts() });
  }

  function touch(): void {
    if (cancel !== null || isClosed) return;
    const waitMs = toldAt + EVERY_MS - clock.monotonicMs();
    if (waitMs <= 0) tell();
    else cancel = clock.after(waitMs, tell);
  }

  return {
    stats,
    get phase() {
      return state.phase;
    },
    setPhase(phase, details = {}) {
      const reason = sanitiseText(details.reason ?? "", TEXT_MAX);
      const advice = details.advice ?? "";
      const sinceMs = phase === state.phase ? state.sinceMs : clock.wallMs();
      state = { ...state, nextTryAtMs: null, ...details, phase, reason, advice, sinceMs };
      tell();
    },
    setVersion(version) {
      state = { ...state, dbnVersion: version };
      touch();
    },
    setGaps(gaps) {
      if (gaps === state.gaps) return;
      state = { ...state, gaps };
      touch();
    },
    setSkipped(skipped) {
      state = { ...state, skipped };
      touch();
    },
    setFacts(read) {
      readFacts = read;
    },
    message(level, text, from) {
      const entry: LinkMessage = { atMs: clock.wallMs(), level, text: sanitiseText(text, TEXT_MAX), ...(from === undefined ? {} : { from }) };
      messages = [...messages, entry].slice(-MESSAGES_MAX);
      touch();
    },
    touch,
    close() {
      isClosed = true;
      cancel?.();
      cancel = null;
    },
  };
}
