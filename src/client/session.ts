/** One connection as the client sees it: what it is lent, and how it comes to its end. */
import type { NqError } from "../lib/errors.ts";
import type { FlowMeter } from "./flow.ts";
import type { LatencyMeter } from "./latency.ts";
import type { Ledger } from "./ledger.ts";
import type { LinkReporter } from "./link-reporter.ts";
import type { LinkTimeouts, LiveClientOptions, SubscribeContext } from "./live-options.ts";
import type { Recovery } from "./recovery.ts";
import type { Dial } from "./transport.ts";

/** How a connection came to its end. */
export type SessionOutcome =
  /** The source is over; there is nothing to connect to again. */
  | { readonly kind: "ended" }
  /** `stop` was called. */
  | { readonly kind: "stopped" }
  | { readonly kind: "lost"; readonly error: NqError }
  /** It worked, but another one is needed, for this reason. */
  | { readonly kind: "again"; readonly reason: string }
  /** A callback threw: a fault of this program, not of the link. */
  | { readonly kind: "crashed"; readonly error: unknown };

/** What one connection borrows from the client. */
export interface SessionRunOptions {
  readonly client: LiveClientOptions;
  readonly dial: Dial;
  readonly reporter: LinkReporter;
  readonly ledger: Ledger;
  /** Null when the owner brought a ledger of his own. */
  readonly recovery: Recovery | null;
  readonly flow: FlowMeter;
  readonly latency: LatencyMeter;
  readonly timeouts: LinkTimeouts;
  readonly heartbeatIntervalS: number;
  readonly context: () => Omit<SubscribeContext, "gatewayVersion">;
}

/** A connection under way. */
export interface SessionRun {
  readonly done: Promise<SessionOutcome>;
  /** When the gateway accepted the session, monotonic milliseconds; null if it never did. */
  readonly authenticatedAt: number | null;
  /** Its replays have caught up, and nothing is left to be compared. */
  readonly hasCaughtUp: boolean;
  stop(): void;
  /** The connection is not to be trusted any more. */
  lose(error: NqError): void;
}
