/** An alert as JSON to an address: bounded in time and in tries; the address, which may hold a secret, is never shown. */
import type { System } from "../system.ts";
import type { AlertMessage } from "./message.ts";

export interface WebhookCall {
  readonly url: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The first try and those after it. */
const TRIES = 3;
/** Before the second try; four times as long before the third, each with as much again by chance. */
const WAIT_MS = 1000;

/** What may be said of an address: its host. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "a webhook";
}

/** Name and password in an address go into a header, as fetch wants it. */
function split(url: string): { readonly address: string; readonly headers: Record<string, string> } {
  const parsed = new URL(url);
  const { username, password } = parsed;
  parsed.username = "";
  parsed.password = "";
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = username === "" ? {} : { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
  return { address: parsed.href, headers: { ...headers, "content-type": "application/json", "user-agent": "nq-tui" } };
}

/** `text` and `content` are what chat programs show. */
function bodyOf({ title, body, row }: AlertMessage): string {
  const text = `${title}: ${body}`;
  return JSON.stringify({ text, content: text, ...row });
}

/** One try: null is good; `again`: a later one may do better. */
interface Answer {
  readonly problem: string | null;
  readonly again: boolean;
}

async function post(system: System, message: AlertMessage, { url, timeoutMs, signal }: WebhookCall): Promise<Answer> {
  const late = new AbortController();
  const cancel = system.clock.after(timeoutMs, () => late.abort());
  try {
    const { address, headers } = split(url);
    // Where it is sent on to is not what the reader wrote.
    const response = await system.fetch(address, {
      method: "POST", headers, body: bodyOf(message), redirect: "manual", signal: AbortSignal.any([signal, late.signal]),
    });
    await response.body?.cancel();
    if (response.ok) return { problem: null, again: false };
    return { problem: `answered ${response.status}`, again: response.status >= 500 || response.status === 429 };
  } catch (error) {
    if (late.signal.aborted) return { problem: `no answer within ${timeoutMs / 1000} s`, again: true };
    const cause = error instanceof Error ? error.cause : null;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    return { problem: code === "" ? "could not be reached" : `could not be reached (${code})`, again: true };
  } finally {
    cancel();
  }
}

function wait(system: System, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = system.clock.after(ms, done);
    function done(): void {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
  });
}

/** Resolves to what went wrong in the end, null when it was taken. */
export async function callWebhook(system: System, message: AlertMessage, call: WebhookCall): Promise<string | null> {
  for (let tried = 1; ; tried += 1) {
    const { problem, again } = await post(system, message, call);
    if (problem === null || call.signal.aborted) return problem;
    if (!again) return problem;
    if (tried === TRIES) return `${problem}, ${TRIES} times`;
    await wait(system, WAIT_MS * 4 ** (tried - 1) * (1 + system.random()), call.signal);
    if (call.signal.aborted) return problem;
  }
}
