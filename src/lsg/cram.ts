/** Challenge and response: how a client proves that it holds a key, and how a gateway checks it. */
import { timingSafeEqual } from "node:crypto";
import type { ApiKey } from "./api-key.ts";

/** The `auth` value for a challenge: hex SHA-256 of `challenge|key`, a dash, the key's last five characters. */
export function challengeResponse(challenge: string, key: ApiKey): string {
  return key.respond(challenge);
}

/** The key that `auth` was made with, or null. The time taken says nothing about how much of it was right. */
export function verifyResponse(auth: string, challenge: string, keys: readonly ApiKey[]): ApiKey | null {
  const found = Buffer.from(auth, "utf8");
  let match: ApiKey | null = null;
  // Every key is tried to the end: several may share the last five characters.
  for (const key of keys) {
    const expected = Buffer.from(key.respond(challenge), "utf8");
    if (expected.length === found.length && timingSafeEqual(expected, found)) match = key;
  }
  return match;
}
