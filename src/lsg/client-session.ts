/** The client's half of the text protocol: the gateway's bytes in, events out. No I/O, no clock. */
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import type { ApiKey } from "./api-key.ts";
import { formatAuthRequest, type LsgRequest } from "./auth-request.ts";
import { parseControlLine } from "./control.ts";
import { challengeResponse } from "./cram.ts";
import { createLineBuffer } from "./line-buffer.ts";
import { codeOfRefusal } from "./refusal.ts";
import { subscriptionLines, type Subscription } from "./subscription.ts";

/** Who connects, and what is asked of the whole session. */
export interface LsgClientOptions extends Omit<LsgRequest, "encoding"> {
  readonly apiKey: ApiKey;
}

/** What the gateway's bytes mean. */
export type LsgClientEvent =
  | { readonly kind: "send"; readonly bytes: Uint8Array }
  /** The gateway accepted the key; `start` is to be called now. */
  | { readonly kind: "authenticated"; readonly sessionId: string; readonly gatewayVersion: string }
  /** A piece of the DBN stream, compressed if so asked; a view that is valid only until the next call. */
  | { readonly kind: "stream"; readonly bytes: Uint8Array };

/** Where a session is; `over` after an error. */
export type LsgClientState = "greeting" | "challenge" | "authenticating" | "ready" | "streaming" | "over";

/** One session; a new connection takes a new one. */
export interface LsgClientSession {
  readonly state: LsgClientState;
  /**
   * Takes any cutting of the gateway's bytes.
   * @throws NqError LSG_* when the gateway refuses or breaks the protocol; the session is then over.
   */
  receive(chunk: Uint8Array): LsgClientEvent[];
  /** The subscription lines and the start line, to be written in one call. Throws LSG_SUBSCRIPTION, LSG_STATE. */
  start(subscriptions: readonly Subscription[]): Uint8Array;
}

/** Greeting, challenge and result are short; a refusal may repeat the authentication line. */
const LINE_BYTES_MAX = 1_024;
const SHOWN_MAX = 60;
const REFUSAL_SHOWN_MAX = 200;
const encoder = new TextEncoder();

/** What a line may begin with. A gateway that is full may refuse before it greets. */
const BEGINNINGS: Readonly<Partial<Record<LsgClientState, readonly string[]>>> = {
  greeting: ["lsg_version=", "success="],
  challenge: ["cram=", "success="],
};

function startsLike(bytes: Uint8Array, word: string): boolean {
  const length = Math.min(bytes.length, word.length);
  for (let i = 0; i < length; i += 1) if (bytes[i] !== word.charCodeAt(i)) return false;
  return true;
}

/** What the other side seems to be, from its first bytes. */
function describeStranger(bytes: Uint8Array): string {
  if (startsLike(bytes, "HTTP/")) return "an HTTP server";
  if (startsLike(bytes, "SSH-")) return "an SSH server";
  if (bytes[0] === 0x15 && bytes[1] === 0x03) return "a TLS server";
  const text = sanitiseText(new TextDecoder().decode(bytes.subarray(0, SHOWN_MAX)), SHOWN_MAX);
  return text === "" || text.includes("\uFFFD") ? "binary data" : `'${text}'`;
}

class ClientSession implements LsgClientSession {
  state: LsgClientState = "greeting";
  readonly #options: LsgClientOptions;
  readonly #lines = createLineBuffer(LINE_BYTES_MAX);
  #auth = "";
  #gatewayVersion = "";

  constructor(options: LsgClientOptions) {
    this.#options = options;
  }

  receive(chunk: Uint8Array): LsgClientEvent[] {
    if (this.state === "streaming" || this.state === "ready") return [{ kind: "stream", bytes: chunk }];
    if (this.state === "over" || chunk.length === 0) return [];
    const events: LsgClientEvent[] = [];
    try {
      this.#lines.add(chunk);
      this.#takeLines(events);
    } catch (error) {
      this.state = "over";
      throw error;
    }
    return events;
  }

  start(subscriptions: readonly Subscription[]): Uint8Array {
    if (this.state !== "ready") {
      throw new NqError("LSG_STATE", `expected the session to be ready to start, found it ${this.state}`);
    }
    const lines = [...subscriptions.flatMap((subscription) => subscriptionLines(subscription)), "start_session"];
    this.state = "streaming";
    return encoder.encode(`${lines.join("\n")}\n`);
  }

  #takeLines(events: LsgClientEvent[]): void {
    while (!this.#isReady()) {
      this.#checkBeginning();
      const line = this.#nextLine();
      if (line === null) return;
      if (this.state === "authenticating" || line.startsWith("success=")) this.#takeResult(line, events);
      else this.#takeText(line, events);
    }
    // Whatever follows the result line is already the stream.
    const bytes = this.#lines.take();
    if (bytes.length > 0) events.push({ kind: "stream", bytes });
  }

  #isReady(): boolean {
    return this.state === "ready";
  }

  /** Fails on the first wrong byte: a stranger may wait for us and never end its line. */
  #checkBeginning(): void {
    const beginnings = BEGINNINGS[this.state];
    const bytes = this.#lines.rest();
    if (beginnings === undefined || beginnings.some((word) => startsLike(bytes, word))) return;
    throw new NqError(
      "LSG_BAD_GREETING",
      `expected a gateway's ${this.state} (${beginnings[0] ?? ""}…), found ${this.#redact(describeStranger(bytes))}`,
    );
  }

  #nextLine(): string | null {
    try {
      return this.#lines.next();
    } catch (error) {
      if (this.state === "authenticating" || !(error instanceof NqError)) throw error;
      throw this.#badGreeting("too long", error);
    }
  }

  #badGreeting(what: string, cause: NqError): NqError {
    return new NqError("LSG_BAD_GREETING", `the gateway's ${this.state} is ${what}: ${cause.message}`, { cause });
  }

  #takeText(line: string, events: LsgClientEvent[]): void {
    const pairs = this.#parse(line);
    if (this.state === "greeting") {
      this.#gatewayVersion = sanitiseText(this.#options.apiKey.redact(pairs.get("lsg_version") ?? ""), SHOWN_MAX);
      this.state = "challenge";
      return;
    }
    const challenge = pairs.get("cram") ?? "";
    if (challenge === "") throw new NqError("LSG_BAD_GREETING", "expected a challenge, found an empty one");
    this.#auth = challengeResponse(challenge, this.#options.apiKey);
    const bytes = encoder.encode(`${formatAuthRequest(this.#auth, this.#options)}\n`);
    this.state = "authenticating";
    events.push({ kind: "send", bytes });
  }

  #takeResult(line: string, events: LsgClientEvent[]): void {
    const pairs = this.#parse(line);
    const success = pairs.get("success");
    if (success !== "0" && success !== "1") throw new NqError("LSG_BAD_LINE", "expected success=1 or success=0 in the result, found neither");
    if (success === "0") {
      const text = pairs.get("error") ?? "no reason given";
      throw new NqError(codeOfRefusal(text), `the gateway refused the session: ${this.#redact(text)}`);
    }
    if (this.#auth === "") throw new NqError("LSG_BAD_GREETING", "expected a challenge, found a result");
    const sessionId = pairs.get("session_id") ?? "";
    if (!/^[0-9A-Za-z_-]{1,64}$/.test(sessionId)) {
      throw new NqError("LSG_BAD_LINE", "expected a session_id of letters and digits in the result, found none");
    }
    this.state = "ready";
    events.push({ kind: "authenticated", sessionId: this.#redact(sessionId), gatewayVersion: this.#gatewayVersion });
  }

  #parse(line: string): Map<string, string> {
    try {
      return parseControlLine(line);
    } catch (error) {
      if (this.state === "authenticating" || !(error instanceof NqError)) throw error;
      throw this.#badGreeting("damaged", error);
    }
  }

  /** A refusal may repeat what was sent: the answer to the challenge, and the key if it was put in a wrong place. */
  #redact(text: string): string {
    const hidden = this.#auth === "" ? text : text.replaceAll(this.#auth, "…");
    return sanitiseText(this.#options.apiKey.redact(hidden), REFUSAL_SHOWN_MAX);
  }
}

/** The client's side of one connection. */
export function createLsgClientSession(options: LsgClientOptions): LsgClientSession {
  return new ClientSession(options);
}
