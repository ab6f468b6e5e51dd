/** The API key: a value that can answer a challenge and cannot be printed. */
import { createHash } from "node:crypto";
import { NqError } from "../lib/errors.ts";

const LENGTH = 32;
const PREFIX = "db-";
const BUCKET_LENGTH = 5;
/** Hexadecimal digits of a digest, whole or cut. */
const ANSWER = /[0-9a-f]{24,}/gi;
/** A piece of a key this long is still a secret. */
const PART_MIN = 12;
const ENCODED_PART_MIN = 16;
const BASE64 = /[A-Za-z0-9+/=]{16,}/g;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** An API key. Printing, logging or serialising one gives `…abcde`, the part that the wire shows in clear anyway. */
export class ApiKey {
  readonly #value: string;
  /** Every shortest piece that is still a secret: a text without any of them holds no longer one either. */
  readonly #parts: readonly string[];

  /** The same of the form that HTTP sends. */
  readonly #encodedParts: readonly string[];

  private constructor(value: string) {
    this.#value = value;
    const encoded = Buffer.from(`${value}:`, "latin1").toString("base64");
    this.#encodedParts = Array.from({ length: Math.max(0, encoded.length - ENCODED_PART_MIN + 1) }, (_, start) => encoded.slice(start, start + ENCODED_PART_MIN));
    this.#parts = Array.from({ length: Math.max(0, value.length - PART_MIN + 1) }, (_, start) => value.slice(start, start + PART_MIN));
  }

  /** The key in `text` (blanks around it are dropped). Throws KEY_FORM, without repeating the text. */
  static parse(text: string): ApiKey {
    const value = text.trim();
    if (!value.startsWith(PREFIX)) {
      throw new NqError("KEY_FORM", `expected an API key that begins with ${PREFIX}, found another beginning`);
    }
    if (value.length !== LENGTH) {
      throw new NqError("KEY_FORM", `expected an API key of ${LENGTH} characters, found ${value.length}`);
    }
    if (!/^[A-Za-z0-9_-]+$/.test(value)) {
      throw new NqError("KEY_FORM", "expected an API key of letters and digits, found another character");
    }
    return new ApiKey(value);
  }

  /** Any text as a key, unchecked: for published test vectors and for tests of a refusal. */
  static unchecked(text: string): ApiKey {
    return new ApiKey(text);
  }

  /** The last five characters; they go over the wire in clear. */
  get bucketId(): string {
    return this.#value.slice(-BUCKET_LENGTH);
  }

  /** The `auth` value that answers `challenge`. */
  respond(challenge: string): string {
    const digest = createHash("sha256").update(`${challenge}|${this.#value}`).digest("hex");
    return `${digest}-${this.bucketId}`;
  }

  /** What the historical HTTP API is sent with every call: the key in clear, so over TLS only. */
  basicAuthorization(): string {
    return `Basic ${Buffer.from(`${this.#value}:`, "latin1").toString("base64")}`;
  }

  /**
   * `text` with this key replaced by its printable form, and by `…` where a text cut it: any twelve characters of it, and
   * whatever looks like an answer that was made from it.
   */
  redact(text: string): string {
    if (this.#value === "") return text;
    const isSecret = text.includes(this.#value) || this.#parts.some((part) => text.includes(part));
    const hidden = (isSecret ? this.#withoutParts(text) : text).replace(ANSWER, "…");
    return hidden.replace(BASE64, (run) => (this.#encodedParts.some((part) => run.includes(part)) ? "…" : run));
  }

  #withoutParts(text: string): string {
    let hidden = text.replaceAll(this.#value, this.toString());
    for (let length = this.#value.length - 1; length >= PART_MIN; length -= 1) {
      for (let start = 0; start + length <= this.#value.length; start += 1) {
        hidden = hidden.replaceAll(this.#value.slice(start, start + length), "…");
      }
    }
    return hidden;
  }

  toString(): string {
    return `…${this.bucketId}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `ApiKey(${this.toString()})`;
  }
}

/** The text of a new key made from at least 29 random bytes; whoever asks for the text must guard it. */
export function generateApiKeyText(randomBytes: Uint8Array): string {
  const wanted = LENGTH - PREFIX.length;
  if (randomBytes.length < wanted) {
    throw new NqError("KEY_FORM", `expected at least ${wanted} random bytes for a key, found ${randomBytes.length}`);
  }
  const letters = Array.from(randomBytes.subarray(0, wanted), (byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return PREFIX + letters.join("");
}

/** A new key made from at least 29 random bytes, for a gateway inside this program. */
export function generateApiKey(randomBytes: Uint8Array): ApiKey {
  return ApiKey.parse(generateApiKeyText(randomBytes));
}
