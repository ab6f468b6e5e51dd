/** One short connection to a gateway with one subscription: how far it comes, and what the gateway answers. */
import type { Clock } from "../lib/clock.ts";
import { NqError, toNqError } from "../lib/errors.ts";
import type { ApiKey } from "../lsg/api-key.ts";
import { createLsgClientSession } from "../lsg/client-session.ts";
import { streamEvent, type StreamEvent } from "../lsg/stream-events.ts";
import type { Subscription } from "../lsg/subscription.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { dialFor } from "./choose-dial.ts";
import { endpointLabel, type Endpoint } from "./endpoint.ts";
import { microsOf } from "./high-water.ts";
import { createStreamFeed } from "./stream-feed.ts";
import type { Transport } from "./transport.ts";

export interface ProbeOptions {
  readonly endpoint: Endpoint;
  readonly dataset: string;
  readonly apiKey: ApiKey;
  readonly clientName: string;
  readonly subscription: Subscription;
  readonly clock: Clock;
  /** Longest waits in milliseconds: for the connection, for the login, for the answer to the subscription. */
  readonly connectMs: number;
  readonly loginMs: number;
  readonly answerMs: number;
}

/** How far the connection came; spans in milliseconds from the begin of dialling. */
export interface Probe {
  readonly connectedMs: number | null;
  readonly loggedInMs: number | null;
  /** Version text of the greeting; null before the login. */
  readonly gatewayVersion: string | null;
  /** The subscription was acknowledged, or brought records. */
  readonly isAccepted: boolean;
  /** What the gateway said against it, in words. */
  readonly objections: readonly string[];
  /** Gateway time minus this machine's at the first answer, milliseconds; null when none came. */
  readonly clockOffsetMs: number | null;
  /** Why it ended, where it did not end as it should. */
  readonly error: NqError | null;
}

/** After the acknowledgement an objection may still follow; this long it is waited for. */
const GRACE_MS = 700;
const HEARTBEAT_S = 5;

/** Connects once; resolves when the gateway has answered, refused, or a wait was too long. Never rejects for a fault of the other side. */
export async function probeGateway(options: ProbeOptions): Promise<Probe> {
  const { endpoint, clock, subscription } = options;
  const label = endpointLabel(endpoint);
  const dial = await dialFor(endpoint, label, { clock });
  const startedMs = clock.monotonicMs();
  const since = (): number => clock.monotonicMs() - startedMs;
  return new Promise((resolve) => {
    const state: { -readonly [Name in keyof Probe]: Probe[Name] } = {
      connectedMs: null, loggedInMs: null, gatewayVersion: null, isAccepted: false, objections: [], clockOffsetMs: null, error: null,
    };
    let fatal: NqError | null = null;
    let isOver = false;
    let cancel = (): void => {};
    const finish = (error: NqError | null): void => {
      if (isOver) return;
      isOver = true;
      cancel();
      feed.close();
      transport?.close();
      state.error = fatal ?? error;
      resolve(state);
    };
    const wait = (delayMs: number, then: () => void): void => {
      cancel();
      cancel = clock.after(delayMs, then);
    };
    const take = (event: StreamEvent): void => {
      if (event.kind === "acknowledged") {
        state.isAccepted = true;
        wait(GRACE_MS, () => finish(null));
      } else if (event.kind === "mapping") {
        state.isAccepted = true;
        finish(null);
      } else if (event.kind === "error") {
        const text = options.apiKey.redact(event.text); // it may repeat what was sent
        state.objections = [...state.objections, text];
        if (event.fatal !== null) fatal ??= new NqError(event.fatal, `the gateway reports: ${text}`);
        if (event.fatal !== null && event.isLast) finish(fatal);
      }
    };
    const feed = createStreamFeed({
      compression: "none",
      onMetadata: () => {},
      onRecord: (view: RecordView) => {
        if (isOver) return;
        const event = streamEvent(view);
        if (event !== null && event.kind !== "endOfInterval") state.clockOffsetMs ??= microsOf(view.tsEventHi, view.tsEventLo) / 1000 - clock.wallMs();
        if (event !== null) take(event);
        else {
          state.isAccepted = true;
          finish(null);
        }
      },
      onBatchEnd: () => {},
      onFailure: (error) => finish(toNqError(error, "LSG_BAD_STREAM")),
      pause: () => {},
      resume: () => {},
    });
    const session = createLsgClientSession({
      apiKey: options.apiKey, dataset: options.dataset, tsOut: false, compression: "none",
      heartbeatIntervalS: HEARTBEAT_S, slowReaderBehavior: "skip", client: options.clientName,
    });
    const seconds = (delayMs: number): string => `${delayMs / 1000} s`;
    const takeBytes = (bytes: Uint8Array): void => {
      if (isOver) return;
      if (session.state === "streaming") return feed.push(bytes);
      for (const event of session.receive(bytes)) {
        if (event.kind === "send") transport?.write(event.bytes);
        else if (event.kind === "stream") feed.push(event.bytes);
        else {
          state.loggedInMs = since();
          state.gatewayVersion = event.gatewayVersion;
          wait(options.answerMs, () => finish(new NqError("NET_SILENT", `expected an answer to the subscription within ${seconds(options.answerMs)}, found none`)));
          transport?.write(session.start([subscription]));
        }
      }
    };
    let transport: Transport | null = null;
    wait(options.connectMs, () => finish(new NqError("NET_CONNECT_TIMEOUT", `expected a connection to ${label} within ${seconds(options.connectMs)}, found none`)));
    transport = dial({
      onOpen: () => {
        state.connectedMs = since();
        wait(options.loginMs, () => finish(new NqError("NET_AUTH_TIMEOUT", `expected greeting and login within ${seconds(options.loginMs)}, found none`)));
      },
      onBytes: (bytes) => {
        try {
          takeBytes(bytes);
        } catch (error) {
          finish(toNqError(error, "LSG_BAD_LINE"));
        }
      },
      onEnd: () => finish(state.isAccepted ? null : new NqError("NET_CLOSED", "the gateway closed the connection without an answer")),
      onError: (error) => finish(error),
    });
  });
}
