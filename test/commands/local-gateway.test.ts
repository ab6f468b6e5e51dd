/** Challenges: random, no letter likelier than another, none twice. */
import { expect, test } from "vitest";
import { randomChallenge } from "../../src/commands/local-gateway.ts";
import { createSystem, type System } from "../../src/commands/system.ts";

test("are 32 letters and digits, and never the same", () => {
  const system = createSystem();
  const challenges = Array.from({ length: 2_000 }, () => randomChallenge(system));
  for (const challenge of challenges) expect(challenge).toMatch(/^[A-Za-z0-9]{32}$/);
  expect(new Set(challenges).size).toBe(challenges.length);
});

test("have no letter likelier than another: bytes that would make it so are passed by", () => {
  const counts = new Map<string, number>();
  for (let byte = 0; byte < 256; byte += 1) {
    let calls = 0;
    // All bytes are this one; where it is not taken, others come.
    const randomBytes = (count: number): Uint8Array => new Uint8Array(count).fill((calls += 1) === 1 ? byte : 0);
    const challenge = randomChallenge({ randomBytes } as unknown as System);
    const letter = challenge.charAt(0);
    expect(challenge).toBe(letter.repeat(32));
    if (calls === 1) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  expect(counts.size).toBe(62);
  expect(new Set(counts.values())).toEqual(new Set([4]));
});
