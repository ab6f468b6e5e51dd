/** One client from the accepted connection to its end: protocol events in, a session stream out. */
import type { LsgRequest } from "../lsg/auth-request.ts";
import type { LsgServerSession, ServerEvent } from "../lsg/server-session.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import type { Guest } from "./door.ts";
import { delayed, type ConnectionFaults } from "./faults.ts";
import type { SessionShared } from "./session-options.ts";
import { SessionStream } from "./session-stream.ts";
import type { Transport } from "./transport.ts";

/** Strangers get this long to authenticate, milliseconds: a program answers within a round trip. */
const AUTH_DEADLINE_MS = 10_000;
/** After our end the client gets this long to close its side, milliseconds. */
const LINGER_MS = 5_000;
const CLIENT_TEXT_MAX = 100;

const encoder = new TextEncoder();

export interface ConnectionOptions {
  readonly shared: SessionShared;
  readonly connection: number;
  readonly sessionId: string;
  readonly protocol: LsgServerSession;
  readonly transport: Transport;
  readonly guest: Guest;
  readonly faults: ConnectionFaults;
  /** Takes a place among the sessions; false when there is none left. */
  readonly takePlace: () => boolean;
  /** Called once, when the connection is gone. */
  readonly onGone: () => void;
}

export class Connection {
  readonly #options: ConnectionOptions;
  #stream: SessionStream | null = null;
  #run: Promise<void> = Promise.resolve();
  #cancelTimer: () => void;
  #isEnding = false;
  #isGone = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { transport, protocol, faults, shared } = options;
    transport.listen({
      onData: (bytes) => this.#receive(bytes),
      onHalfClose: () => this.#halfClosed(),
      onClose: () => this.#gone(),
    });
    this.#cancelTimer = shared.clock.after(AUTH_DEADLINE_MS, () => transport.destroy());
    delayed(shared.clock, faults.delayMs?.greeting, () => this.#write(protocol.greeting()));
  }

  /** The gateway closes: sends what is made, then ends; a client that takes nothing is cut off. */
  async stop(): Promise<void> {
    if (this.#isGone) return;
    this.#stream?.stop();
    if (this.#stream?.isRunning !== true || this.#stream.isStuck) this.#options.transport.destroy();
    await this.#run;
    this.#options.transport.destroy();
  }

  #write(bytes: Uint8Array): void {
    if (!this.#isGone) this.#options.transport.write(bytes, () => {});
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isEnding) return;
    const events = this.#options.protocol.receive(bytes);
    const authenticated = events.find((event) => event.kind === "authenticated");
    if (authenticated !== undefined && !this.#admit(authenticated.request)) return;
    for (const event of events) this.#take(event);
  }

  /** Decides about an authenticated client before its result line goes out. */
  #admit(request: LsgRequest): boolean {
    const { faults, takePlace, shared, connection, transport, sessionId, guest } = this.#options;
    const limit = "User has reached their open connection limit";
    const refusal = faults.refuse ?? (takePlace() ? null : limit);
    if (refusal !== null) {
      this.#write(encoder.encode(`success=0|error=${refusal}\n`));
      this.#refused(refusal);
      this.#end();
      return false;
    }
    this.#cancelTimer();
    guest.leave();
    this.#stream = new SessionStream({ shared, connection, request, transport, faults });
    const client = sanitiseText(request.client, CLIENT_TEXT_MAX);
    shared.onEvent({ kind: "authenticated", connection, sessionId, client });
    return true;
  }

  #take(event: ServerEvent): void {
    const { shared, connection, faults } = this.#options;
    switch (event.kind) {
      case "send":
        // Before authentication this is the only answer, and it is a refusal.
        if (this.#stream === null) {
          this.#refused("authentication refused");
          this.#options.guest.failed();
        }
        return delayed(shared.clock, faults.delayMs?.result, () => this.#write(event.bytes));
      case "authenticated":
        return;
      case "subscribed": {
        const { schema, symbols } = event.subscription;
        shared.onEvent({ kind: "subscribed", connection, schema, symbols });
        return this.#stream?.subscribe(event.subscription);
      }
      case "start":
        shared.onEvent({ kind: "started", connection });
        return this.#begin();
      case "refused":
        this.#refused(event.text);
        this.#stream?.fail(event.code, event.text);
        return this.#begin();
      case "close":
        return delayed(shared.clock, faults.delayMs?.result, () => this.#end());
    }
  }

  #refused(text: string): void {
    const { shared, connection } = this.#options;
    shared.onEvent({ kind: "refused", connection, text: sanitiseText(text, CLIENT_TEXT_MAX) });
  }

  #begin(): void {
    const stream = this.#stream;
    if (stream === null || stream.isRunning) return;
    delayed(this.#options.shared.clock, this.#options.faults.delayMs?.stream, () => {
      if (!this.#isGone) this.#run = stream.run().then(() => this.#end());
    });
  }

  #halfClosed(): void {
    if (this.#stream?.isRunning === true) this.#stream.finishDue();
    else this.#end();
  }

  #end(): void {
    if (this.#isEnding || this.#isGone) return;
    this.#isEnding = true;
    const { transport, shared } = this.#options;
    transport.end();
    this.#cancelTimer();
    this.#cancelTimer = shared.clock.after(LINGER_MS, () => transport.destroy());
  }

  #gone(): void {
    this.#isGone = true;
    this.#cancelTimer();
    this.#stream?.abandon();
    const { shared, connection, onGone, guest } = this.#options;
    guest.leave();
    const records = this.#stream?.records ?? 0;
    shared.onEvent({ kind: "closed", connection, records, bytes: this.#stream?.bytes ?? 0 });
    onGone();
  }
}
