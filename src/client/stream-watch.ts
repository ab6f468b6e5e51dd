/** Watches a running stream and shows its phase: whether bytes come, whether trades come, whether a replay still runs. */
import type { Clock } from "../lib/clock.ts";
import type { FlowJudge, FlowMeter, FlowVerdict } from "./flow.ts";
import type { LinkReporter } from "./link-reporter.ts";
import type { LinkTimeouts } from "./live-options.ts";
import type { BatchKind } from "./record-taker.ts";
import { createWatchdog, type Pulse } from "./watchdog.ts";

/** What is asked when the phase is to be shown. */
export interface StreamFacts {
  readonly hasRecords: boolean;
  readonly isCatchingUp: boolean;
  /** Market time as the gateway told it last, milliseconds since 1970. */
  readonly marketMs: number | null;
}

export interface StreamWatchOptions {
  readonly clock: Clock;
  readonly reporter: LinkReporter;
  readonly timeouts: LinkTimeouts;
  readonly heartbeatIntervalS: number;
  readonly flow: FlowMeter;
  /** Undefined: nothing is known of the market, a stream of heartbeats alone is quiet. */
  readonly judge: FlowJudge | undefined;
  readonly facts: () => StreamFacts;
  /** Bytes have stopped coming. */
  readonly onSilent: (silentMs: number) => void;
}

export interface StreamWatch {
  bytes(): void;
  /** A piece of the stream was decoded. */
  batch(kind: BatchKind, hasTrades: boolean): void;
  /** Shows the phase anew. */
  show(): void;
  stop(): void;
}

const LOOK_MS = 1_000;
const FLOWING: FlowVerdict = { state: "flowing", reason: "" };
const HEARTBEATS_ONLY: FlowVerdict = { state: "quiet", reason: "only heartbeats come" };

/** Starts watching now. */
export function watchStream(options: StreamWatchOptions): StreamWatch {
  const { clock, reporter, timeouts, heartbeatIntervalS, flow, judge, facts } = options;
  let pulse: Pulse = "fresh";
  let shown = "";
  let cancel = (): void => {};

  function verdict(marketMs: number | null): FlowVerdict {
    if (judge !== undefined) return judge(flow.facts(marketMs));
    return pulse === "quiet" ? HEARTBEATS_ONLY : FLOWING;
  }

  function phase(): readonly ["SUBSCRIBED" | "CATCHING_UP" | "LIVE" | "QUIET" | "STALE", reason: string] {
    const { hasRecords, isCatchingUp, marketMs } = facts();
    if (pulse === "overdue") return ["STALE", `no byte came for more than the agreed ${heartbeatIntervalS} s`];
    if (!hasRecords) return ["SUBSCRIBED", ""];
    if (isCatchingUp && pulse !== "quiet") return ["CATCHING_UP", ""];
    const { state, reason } = verdict(marketMs);
    if (state === "stale") return ["STALE", reason];
    if (state === "quiet") return ["QUIET", reason];
    return [isCatchingUp ? "CATCHING_UP" : "LIVE", ""];
  }

  function show(): void {
    const [name, reason] = phase();
    const text = `${name} ${reason}`;
    if (text === shown && name === reporter.phase) return;
    shown = text;
    reporter.setPhase(name, { reason });
  }

  const watchdog = createWatchdog({
    clock,
    intervalMs: heartbeatIntervalS * 1_000,
    overdueMs: timeouts.overdueMs,
    marginMs: timeouts.silenceMarginMs,
    quietMs: timeouts.quietMs,
    onPulse: (next) => {
      pulse = next;
      show();
    },
    onSilent: options.onSilent,
  });

  function look(): void {
    cancel = clock.after(LOOK_MS, look);
    if (facts().hasRecords) show();
  }

  flow.begin();
  if (judge !== undefined) cancel = clock.after(LOOK_MS, look);
  return {
    bytes: () => watchdog.bytes(),
    batch(kind, hasTrades) {
      if (hasTrades) {
        flow.trades(!facts().isCatchingUp);
        reporter.stats.lastTradeAtMs = clock.wallMs();
      }
      if (kind === "data") watchdog.data();
      else if (kind === "sign") watchdog.sign();
      if (hasTrades && reporter.phase !== "LIVE" && judge !== undefined) show();
    },
    show,
    stop() {
      cancel();
      watchdog.stop();
    },
  };
}
