/** When to connect again. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryDelayMs } from "../../src/client/retry.ts";
import { ERROR_MEANINGS, NqError, type ErrorCode } from "../../src/lib/errors.ts";

const lost = new NqError("NET_CLOSED", "lost");

describe("retryDelayMs", () => {
  it("comes first within a second, then doubles its bound to 30 s", () => {
    const most = [1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => retryDelayMs(attempt, lost, () => 1));
    expect(most).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(retryDelayMs(1, lost, () => 0)).toBe(0);
    expect(retryDelayMs(5, lost, () => 0)).toBe(1_000);
  });

  it("waits 30 to 60 s at the session limit", () => {
    const limit = new NqError("LSG_SESSION_LIMIT", "full");
    expect(retryDelayMs(1, limit, () => 0)).toBe(30_000);
    expect(retryDelayMs(9, limit, () => 1)).toBe(60_000);
  });

  it("gives up on exactly the errors that a retry cannot help", () => {
    for (const [code, { retry }] of Object.entries(ERROR_MEANINGS)) {
      const delayMs = retryDelayMs(1, new NqError(code as ErrorCode, "x"), () => 0.5); // keys of that table
      expect(delayMs === null, code).toBe(!retry);
    }
    for (const code of ["LSG_AUTH_REFUSED", "LSG_LICENCE", "LSG_KEY_DEACTIVATED", "LSG_SUBSCRIPTION"] as const) {
      expect(retryDelayMs(1, new NqError(code, "x"), () => 0)).toBeNull();
    }
  });

  it("never asks for more than one try a second after the first", () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 1e9 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const delayMs = retryDelayMs(attempt, lost, () => random);
      expect(delayMs).toBeGreaterThanOrEqual(1_000);
      expect(delayMs).toBeLessThanOrEqual(30_000);
    }));
  });
});
