/** The comparison of answers: each key's in full, whichever was right, by the comparison whose time says nothing. */
import * as crypto from "node:crypto";
import { expect, test, vi } from "vitest";
import { ApiKey } from "../../src/lsg/api-key.ts";
import { verifyResponse } from "../../src/lsg/cram.ts";

vi.mock("node:crypto", async (importOriginal) => {
  const real = await importOriginal<typeof crypto>();
  return { ...real, timingSafeEqual: vi.fn<typeof real.timingSafeEqual>(real.timingSafeEqual) };
});

const keys = ["A", "B", "C"].map((letter) => ApiKey.parse(`db-unittestapikey123456789${letter}FFFFF`));

test("every key is compared, the right one first or last, and the right one is found", () => {
  for (const right of keys) {
    vi.mocked(crypto.timingSafeEqual).mockClear();
    expect(verifyResponse(right.respond("challenge"), "challenge", keys)).toBe(right);
    expect(crypto.timingSafeEqual).toHaveBeenCalledTimes(keys.length);
  }
  vi.mocked(crypto.timingSafeEqual).mockClear();
  expect(verifyResponse(`${"0".repeat(64)}-FFFFF`, "challenge", keys)).toBeNull();
  expect(crypto.timingSafeEqual).toHaveBeenCalledTimes(keys.length);
});
