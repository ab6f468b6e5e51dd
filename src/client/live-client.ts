/**
 * One live connection after another: what comes is handed to callbacks, what breaks is connected again.
 * Decoding happens inside the socket's callback without a queue; a consumer that is slow for a moment is held by the
 * kernel's buffer, and one that stays slow by the gateway's own rules for slow readers.
 */
import { RTYPE } from "../dbn/constants.ts";
import { NqError } from "../lib/errors.ts";
import { HEARTBEAT_MAX_S, HEARTBEAT_MIN_S } from "../lsg/auth-request.ts";
import type { LinkState } from "../lsg/link-state.ts";
import { streamEvent } from "../lsg/stream-events.ts";
import { dialFor } from "./choose-dial.ts";
import { endpointLabel, validateEndpoint } from "./endpoint.ts";
import { FlowMeter } from "./flow.ts";
import { LatencyMeter } from "./latency.ts";
import { createLinkReporter, type LinkReporter } from "./link-reporter.ts";
import { DEFAULT_TIMEOUTS, type LiveClientOptions } from "./live-options.ts";
import { Recovery } from "./recovery.ts";
import { DIAL_GAP_MS, retryDelayMs, type RetryPolicy } from "./retry.ts";
import type { SessionOutcome, SessionRun } from "./session.ts";
import { startSession } from "./session-run.ts";
import { watchSleep } from "./sleep-watch.ts";
import type { Dial } from "./transport.ts";

/** The shortest there is, so that a dead link is known soon. */
const HEARTBEAT_INTERVAL_S = 5;
/** Trades are known to be late by a tenth of a second; the rest is margin. */
const REPLAY_MARGIN_MS = 60_000;
const NEVER: RetryPolicy = () => null;

function choosePolicy(reconnect: boolean | RetryPolicy | undefined): RetryPolicy {
  if (typeof reconnect === "function") return reconnect;
  return reconnect === false ? NEVER : retryDelayMs;
}

/** Throws USAGE for what no gateway would take; trying it again and again would only hide it. */
function validateOptions(options: LiveClientOptions): void {
  validateEndpoint(options.endpoint);
  if (!/^[A-Z0-9.]{1,16}$/.test(options.dataset)) {
    throw new NqError("USAGE", "expected a dataset such as GLBX.MDP3, found another text");
  }
  const seconds = options.heartbeatIntervalS ?? HEARTBEAT_INTERVAL_S;
  if (Number.isInteger(seconds) && seconds >= HEARTBEAT_MIN_S && seconds <= HEARTBEAT_MAX_S) return;
  const expected = `expected a heartbeat interval of ${HEARTBEAT_MIN_S} to ${HEARTBEAT_MAX_S} whole seconds`;
  throw new NqError("USAGE", `${expected}, found ${seconds}`);
}

class LiveClient {
  readonly #options: LiveClientOptions;
  readonly #signal: AbortSignal;
  readonly #reporter: LinkReporter;
  readonly #gateway: string;
  readonly #policy: RetryPolicy;
  readonly #recovery: Recovery;
  readonly #flow: FlowMeter;
  readonly #latency: LatencyMeter;
  #lastError: NqError | null = null;
  /** Losses since the link was last healthy; drives the back-off. */
  #failures = 0;
  /** Tries since a session was last accepted; what the reader sees. */
  #attempt = 0;
  #dialledAt = Number.NEGATIVE_INFINITY;
  #wake: () => void = () => {};
  #run: SessionRun | null = null;

  constructor(options: LiveClientOptions, signal: AbortSignal) {
    validateOptions(options);
    const gateway = endpointLabel(options.endpoint);
    this.#options = options;
    this.#signal = signal;
    this.#gateway = gateway;
    this.#policy = choosePolicy(options.reconnect);
    this.#reporter = createLinkReporter({
      clock: options.clock,
      gateway,
      transport: options.endpoint.transport,
      dataset: options.dataset,
      onLink: (link: LinkState) => options.onLink?.(link),
    });
    this.#flow = new FlowMeter(options.clock);
    this.#latency = new LatencyMeter(options.clock);
    this.#recovery = new Recovery({
      clock: options.clock,
      reporter: this.#reporter,
      marginMs: options.replayMarginMs ?? REPLAY_MARGIN_MS,
    });
  }

  async run(): Promise<void> {
    const onAbort = (): void => this.#wake();
    const forget = this.#options.reconnectHandle?.onRequest(() => this.#wake());
    this.#signal.addEventListener("abort", onAbort);
    const forgetSleep = watchSleep(this.#options.clock, (sleptMs) => this.#onSlept(sleptMs));
    try {
      const chosen = this.#options.dial ?? dialFor(this.#options.endpoint, this.#gateway, this.#options);
      const dial = chosen instanceof Promise ? await chosen : chosen;
      if (this.#options.warm !== undefined) await this.#warmUp(this.#options.warm);
      while (!this.#signal.aborted) {
        const run = this.#connect(dial);
        this.#run = run;
        this.#wake = () => run.stop();
        if (this.#signal.aborted) run.stop(); // by a callback, while the connection began
        const outcome = await run.done;
        this.#run = null;
        if (this.#signal.aborted) return;
        if (outcome.kind !== "ended") this.#recovery.end(outcome.kind === "lost" ? outcome.error : null);
        const delayMs = this.#judge(outcome, run);
        if (delayMs === null) return;
        await this.#pause(delayMs);
      }
    } finally {
      this.#signal.removeEventListener("abort", onAbort);
      forget?.();
      forgetSleep();
      this.#reporter.close();
    }
  }

  /** Takes what an earlier run kept for a session that was lost. */
  async #warmUp(warm: NonNullable<LiveClientOptions["warm"]>): Promise<void> {
    const { ledger, onSessionStart } = this.#options;
    if (ledger !== undefined) return;
    const recovery = this.#recovery;
    let hasBegun = false;
    const gaps = await warm((view) => {
      if (!hasBegun) {
        hasBegun = true;
        recovery.subscribed([]);
        onSessionStart?.(recovery.begin());
      }
      // What the symbol stood for then: it may stand for another contract now.
      const event = view.rtype === RTYPE.symbolMapping ? streamEvent(view) : null;
      if (event?.kind === "mapping") recovery.mapping(event.stypeInSymbol, event.rawSymbol, event.instrumentId);
      return recovery.ledger.admit(view);
    });
    if (!hasBegun) return;
    recovery.takeGaps(gaps);
    recovery.end(new NqError("NET_CLOSED", "the program was not running"));
  }

  /** What was under way is long over on the other side, and nobody tells. A wait has gone on long enough. */
  #onSlept(sleptMs: number): void {
    const found = `expected the clocks to agree, found ${Math.round(sleptMs / 1000)} s more on the wall: this machine slept`;
    if (this.#run === null) this.#wake();
    else this.#run.lose(new NqError("NET_SLEPT", found));
  }

  #connect(dial: Dial): SessionRun {
    const { clock, ledger, timeouts, heartbeatIntervalS } = this.#options;
    this.#attempt += 1;
    this.#dialledAt = clock.monotonicMs();
    const attempt = this.#attempt;
    this.#reporter.setPhase("CONNECTING", { attempt, sessionId: null });
    return startSession({
      client: this.#options,
      dial,
      reporter: this.#reporter,
      ledger: ledger ?? this.#recovery.ledger,
      recovery: ledger === undefined ? this.#recovery : null,
      flow: this.#flow,
      latency: this.#latency,
      timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
      heartbeatIntervalS: heartbeatIntervalS ?? HEARTBEAT_INTERVAL_S,
      context: () => ({ attempt, resume: this.#recovery.resume, lastError: this.#lastError }),
    });
  }

  /** Milliseconds to the next try; null when there is none to come. Throws what ends the client. */
  #judge(outcome: SessionOutcome, run: SessionRun): number | null {
    const { clock, random, timeouts } = this.#options;
    const healthyMs = timeouts?.healthyMs ?? DEFAULT_TIMEOUTS.healthyMs;
    if (run.authenticatedAt !== null) {
      this.#attempt = 0;
      if (run.hasCaughtUp && clock.monotonicMs() - run.authenticatedAt >= healthyMs) this.#failures = 0;
    }
    switch (outcome.kind) {
      case "ended":
        this.#reporter.setPhase("ENDED", { reason: "the source is over" });
        return null;
      case "crashed":
        throw outcome.error;
      case "stopped":
        return this.#untilGap();
      case "again": {
        const delayMs = this.#untilGap();
        this.#reporter.message("info", outcome.reason, "link");
        this.#reporter.setPhase("DOWN", { reason: outcome.reason, sessionId: null, nextTryAtMs: clock.wallMs() + delayMs, attempt: 1 });
        return delayMs;
      }
      case "lost": {
        const { error } = outcome;
        // The next session asks for another start, so there is no reason to wait; unless that was refused as well.
        const hasOtherStart = error.code === "LSG_REPLAY_AGED_OUT" && this.#lastError?.code !== error.code;
        this.#lastError = error;
        if (run.authenticatedAt !== null) this.#reporter.stats.drops += 1;
        this.#failures += 1;
        const waitMs = this.#policy(hasOtherStart ? 1 : this.#failures, error, random);
        // A policy of the owner's says itself how soon.
        const isOwn = typeof this.#options.reconnect === "function";
        const delayMs = waitMs === null || isOwn ? waitMs : Math.max(waitMs, this.#untilGap());
        const why = { reason: error.message, advice: error.advice, sessionId: null };
        this.#reporter.message("error", error.message, "link");
        if (delayMs === null) {
          this.#reporter.setPhase("REFUSED", why);
          throw error;
        }
        const nextTryAtMs = clock.wallMs() + delayMs;
        this.#reporter.setPhase("DOWN", { ...why, nextTryAtMs, attempt: this.#attempt + 1 });
        return delayMs;
      }
    }
  }

  /** Milliseconds until another connection may be dialled without haste. */
  #untilGap(): number {
    return Math.max(0, this.#dialledAt + DIAL_GAP_MS - this.#options.clock.monotonicMs());
  }

  /** Waits; a request to connect now cuts it short, but never below the gap between two connections. */
  #pause(delayMs: number): Promise<void> {
    const { clock } = this.#options;
    if (this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      let cancel = clock.after(delayMs, resolve);
      this.#wake = () => {
        cancel();
        if (this.#signal.aborted) resolve();
        else cancel = clock.after(Math.min(delayMs, this.#untilGap()), resolve);
      };
    });
  }
}

/**
 * Keeps one live session until `signal` aborts or the source is over.
 * @throws NqError when connecting again is given up; anything else only when a callback threw it
 */
export async function runLiveClient(options: LiveClientOptions, signal: AbortSignal): Promise<void> {
  await new LiveClient(options, signal).run();
}
