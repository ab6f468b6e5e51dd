/** The gateway's half of the text protocol: bytes of one client in, events out. No I/O, no clock. */
import { NqError } from "../lib/errors.ts";
import type { ApiKey } from "./api-key.ts";
import { parseAuthRequest, type LsgRequest } from "./auth-request.ts";
import { formatControlLine, parseControlLine } from "./control.ts";
import { verifyResponse } from "./cram.ts";
import { createLineBuffer } from "./line-buffer.ts";
import { mergeSubscriptions, parseSubscription, type Subscription } from "./subscription.ts";

/** What the gateway must know before a client comes. */
export interface LsgServerOptions {
  readonly dataset: string;
  readonly keys: readonly ApiKey[];
  /** Fresh random letters and digits for every connection. */
  readonly challenge: string;
  /** Decimal number. */
  readonly sessionId: string;
  readonly lsgVersion: string;
  /** False: the client's answer is refused without a look at it, because too many from its address were wrong. */
  readonly mayAnswer?: () => boolean;
}

/** What a client's bytes mean. After `refused` or `close` the session is over and gives nothing more. */
export type ServerEvent =
  | { readonly kind: "send"; readonly bytes: Uint8Array }
  | { readonly kind: "authenticated"; readonly request: LsgRequest }
  | { readonly kind: "subscribed"; readonly subscription: Subscription }
  | { readonly kind: "start" }
  /** To be told to the client as an error record with this code; then the connection is to be closed. */
  | { readonly kind: "refused"; readonly code: number; readonly text: string }
  | { readonly kind: "close" };

/** One client's session. */
export interface LsgServerSession {
  /** Greeting and challenge, to be written in one call. */
  greeting(): Uint8Array;
  /** Takes any cutting of the client's bytes; never throws for what a client sends. */
  receive(chunk: Uint8Array): ServerEvent[];
}

/** An authentication line has some 250 bytes; strangers get no more room than needed. */
const LINE_BYTES_BEFORE_AUTH = 1_024;
/** 500 symbols of 70 characters fit. */
const LINE_BYTES_AFTER_AUTH = 65_536;
/** More than any client needs; keeps what one client can make the gateway hold bounded. */
const SUBSCRIPTIONS_MAX = 1_000;
/** Error record code for an invalid subscription. */
const INVALID_SUBSCRIPTION = 5;

const encoder = new TextEncoder();

function line(pairs: readonly (readonly [string, string])[]): Uint8Array {
  return encoder.encode(`${formatControlLine(pairs)}\n`);
}

class ServerSession implements LsgServerSession {
  readonly #options: LsgServerOptions;
  readonly #lines = createLineBuffer(LINE_BYTES_BEFORE_AUTH);
  #state: "authenticating" | "ready" | "started" | "over" = "authenticating";
  #unfinished: Subscription | null = null;
  #subscriptions = 0;

  constructor(options: LsgServerOptions) {
    this.#options = options;
  }

  greeting(): Uint8Array {
    const { lsgVersion, challenge } = this.#options;
    const text = `${formatControlLine([["lsg_version", lsgVersion]])}\n${formatControlLine([["cram", challenge]])}\n`;
    return encoder.encode(text);
  }

  receive(chunk: Uint8Array): ServerEvent[] {
    const events: ServerEvent[] = [];
    if (this.#state === "over") return events;
    try {
      this.#lines.add(chunk);
      for (let text = this.#lines.next(); text !== null; text = this.#lines.next()) {
        this.#takeLine(text, events);
      }
    } catch (error) {
      if (!(error instanceof NqError)) throw error;
      this.#refuse(error.message, events);
    }
    return events;
  }

  #takeLine(text: string, events: ServerEvent[]): void {
    if (this.#state === "authenticating") this.#authenticate(text, events);
    else if (text.startsWith("start_session")) this.#start(text, events);
    else this.#subscribe(text, events);
  }

  #authenticate(text: string, events: ServerEvent[]): void {
    const { auth, request } = parseAuthRequest(parseControlLine(text));
    if (this.#options.mayAnswer?.() === false) {
      throw new NqError("LSG_AUTH_REFUSED", "Authentication failed. Too many wrong answers from this address, wait a minute");
    }
    if (verifyResponse(auth, this.#options.challenge, this.#options.keys) === null) {
      throw new NqError("LSG_AUTH_REFUSED", "Authentication failed.");
    }
    if (request.dataset !== this.#options.dataset) {
      throw new NqError("LSG_AUTH_REFUSED", `Unknown dataset, this gateway serves ${this.#options.dataset}`);
    }
    this.#state = "ready";
    this.#lines.setLimit(LINE_BYTES_AFTER_AUTH);
    const result = line([["success", "1"], ["session_id", this.#options.sessionId]]);
    events.push({ kind: "send", bytes: result }, { kind: "authenticated", request });
  }

  #start(text: string, events: ServerEvent[]): void {
    // Three spellings are in use; the bare word is no pair.
    if (!/^start_session(=0?)?\|?$/.test(text)) throw new NqError("LSG_SUBSCRIPTION", "expected start_session alone");
    if (this.#unfinished !== null) {
      throw new NqError("LSG_SUBSCRIPTION", "expected a subscription line with is_last=1 before the start");
    }
    if (this.#state === "started") return;
    this.#state = "started";
    events.push({ kind: "start" });
  }

  #subscribe(text: string, events: ServerEvent[]): void {
    const { subscription, isLast } = parseSubscription(parseControlLine(text));
    if (this.#state === "started" && subscription.start !== null) {
      throw new NqError("LSG_SUBSCRIPTION", "expected no start in a subscription after the session started");
    }
    const merged = this.#unfinished === null ? subscription : mergeSubscriptions(this.#unfinished, subscription);
    this.#unfinished = isLast ? null : merged;
    if (!isLast) return;
    this.#subscriptions += 1;
    if (this.#subscriptions > SUBSCRIPTIONS_MAX) {
      throw new NqError("LSG_SUBSCRIPTION", `expected at most ${SUBSCRIPTIONS_MAX} subscriptions in a session`);
    }
    events.push({ kind: "subscribed", subscription: merged });
  }

  #refuse(text: string, events: ServerEvent[]): void {
    if (this.#state === "authenticating") {
      events.push({ kind: "send", bytes: line([["success", "0"], ["error", text]]) }, { kind: "close" });
    } else {
      events.push({ kind: "refused", code: INVALID_SUBSCRIPTION, text });
    }
    this.#state = "over";
  }
}

/** The gateway's side of one connection. Send `greeting()` first. */
export function createLsgServerSession(options: LsgServerOptions): LsgServerSession {
  return new ServerSession(options);
}
