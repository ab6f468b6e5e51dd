/** Keys that cannot be printed, and the answers they give. */
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApiKey, generateApiKey, generateApiKeyText } from "../../src/lsg/api-key.ts";
import { challengeResponse, verifyResponse } from "../../src/lsg/cram.ts";

const VECTORS = [
  ["abcd1234", "db-unittestapikey1234567890FFFFF", "be87ce3d564b64481d4ad1902e2b41b26e3eef62b9de37d87eb4a1d4a5199b6f-FFFFF"],
  ["HCxTgxMcqglVMTMeaDZ2ICmcnrW8j92e", "my-api-key-12345", "a6c5c23e06854dc0310e11ce6d3081509e415a5a37a323bb94bc90f64c9214d4-12345"],
  ["challenge-123", "db-abcdefghijklmnopqrstuvwxyz12345", "44151f08364aed917587b50ac9df3c58db3fe9937c39ad2d5e7da0584b24dd97-12345"],
] as const;
const TEXT = "db-unittestapikey1234567890FFFFF";

describe("challenge and response", () => {
  it.each(VECTORS)("answers %s with the published value", (challenge, key, auth) => {
    expect(challengeResponse(challenge, ApiKey.unchecked(key))).toBe(auth);
    expect(verifyResponse(auth, challenge, [ApiKey.unchecked("other"), ApiKey.unchecked(key)])?.bucketId).toBe(key.slice(-5));
  });

  it("finds the right key among several with the same last five characters", () => {
    const keys = ["a", "b", "c"].map((letter) => ApiKey.parse(`db-${letter.repeat(24)}SAMES`));
    for (const key of keys) expect(verifyResponse(key.respond("x"), "x", keys)).toBe(key);
  });

  it("refuses every other text", () => {
    const keys = [ApiKey.parse(TEXT)];
    const right = keys[0]?.respond("c") ?? "";
    for (const wrong of ["", "-", right.slice(0, -1), right.toUpperCase(), `${right} `, right.replace("-", "_")]) {
      expect(verifyResponse(wrong, "c", keys)).toBeNull();
    }
    expect(verifyResponse(right, "d", keys)).toBeNull();
    expect(verifyResponse(right, "c", [])).toBeNull();
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => verifyResponse(text, "c", keys) === null));
  });
});

describe("API key", () => {
  it("shows its last five characters only, however it is printed", () => {
    const key = ApiKey.parse(` ${TEXT}\n`);
    const printed = [String(key), `${key}`, JSON.stringify({ key }), inspect(key), inspect({ a: [key] }, { depth: 9, showHidden: true })];
    for (const text of printed) {
      expect(text).toContain("…FFFFF");
      expect(text).not.toContain("unittest");
    }
    expect(Object.keys(key)).toEqual([]);
    expect(key.redact(`found ${TEXT} there`)).toBe("found …FFFFF there");
  });

  it("hides what is left of a key that a text cut short, at either end", () => {
    const key = ApiKey.parse(TEXT);
    expect(key.redact(`unknown key ${TEXT.slice(0, 20)}`)).toBe("unknown key …");
    expect(key.redact(`…${TEXT.slice(9)} is unknown`)).toBe("…… is unknown");
    expect(key.redact(`<${TEXT.slice(11, 23)}>`)).toBe("<…>");
    expect(key.redact(`<${TEXT.slice(11, 22)}>`)).toBe(`<${TEXT.slice(11, 22)}>`);
    expect(key.redact("unit test 12345 db-")).toBe("unit test 12345 db-");
    expect(key.redact(`auth=${key.respond("c").toUpperCase()} is wrong`)).toBe("auth=…-FFFFF is wrong");
  });

  it.each(["", "db-short", "no-unittestapikey1234567890FFFFF", `${TEXT}x`, "db-unittestapikey 234567890FFFFF", "db-unittestapikey|234567890FFFFF"])(
    "refuses %j without repeating it",
    (text) => {
      expect(() => ApiKey.parse(text)).toThrow(expect.objectContaining({ code: "KEY_FORM" }));
      if (text.length > 3) expect(() => ApiKey.parse(text)).not.toThrow(text);
    },
  );

  it("is made from random bytes, in the right form", () => {
    fc.assert(fc.property(fc.uint8Array({ minLength: 29, maxLength: 64 }), (random) => {
      const text = generateApiKeyText(random);
      expect(text).toMatch(/^db-[0-9A-Za-z]{29}$/);
      expect(generateApiKey(random).respond("c")).toBe(ApiKey.parse(text).respond("c"));
    }));
    expect(() => generateApiKey(new Uint8Array(28))).toThrow(expect.objectContaining({ code: "KEY_FORM" }));
  });
});
