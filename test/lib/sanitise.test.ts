/** Text from outside before it may be shown. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sanitiseText } from "../../src/lib/sanitise.ts";

describe("sanitiseText", () => {
  it.each([
    ["plain text: 21,000.25", "plain text: 21,000.25"],
    ["\u001b[31mred\u001b[0m", "red"],
    ["\u001b]0;title\u0007after", "after"],
    ["\u001b]8;;https://x\u001b\\link\u001b]8;;\u001b\\", "link"],
    ["\u001b]52;c;AAAA\u0007x", "x"],
    ["\u009b31mred", "red"],
    ["\u009d0;title\u009cx", "x"],
    ["\u001bPdevice\u001b\\x", "x"],
    ["\u001bcreset", "reset"],
    ["a\u0000b\u0008c\u007fd", "abcd"],
    ["one\r\ntwo\tthree", "one two three"],
    ["a\u202eb\u2066c\u200bd\ufeffe\u00adf", "abcdef"],
    ["z\u0301\u0301", "z\uFFFD\uFFFD"],
    ["\ue000\ud800", "\uFFFD\uFFFD"],
    ["\u{e0041}tag", "tag"],
    ["\u001b", ""],
    ["\u001b[", ""],
    ["日本 €", "日本 €"],
  ])("%j → %j", (text, expected) => {
    expect(sanitiseText(text, 100)).toBe(expected);
  });

  it("cuts", () => {
    expect(sanitiseText("abcdef", 6)).toBe("abcdef");
    expect(sanitiseText("abcdefg", 6)).toBe("abcde…");
    expect(sanitiseText("abc", 0)).toBe("");
    expect(sanitiseText("x".repeat(10_000_000), 3)).toBe("xx…");
  });

  it("lets nothing through that could steer a terminal, and changes nothing the second time", () => {
    const unit = fc.oneof(fc.string({ unit: "binary", maxLength: 1 }), fc.constantFrom("\u001b", "[", "]", "\u009b", ";", "m", "\u0007", "\\", "P"));
    fc.assert(fc.property(fc.array(unit, { maxLength: 60 }), fc.nat({ max: 40 }), (units, max) => {
      const clean = sanitiseText(units.join(""), max);
      expect(clean).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect([...clean].length).toBeLessThanOrEqual(max);
      expect(sanitiseText(clean, max)).toBe(clean);
    }), { numRuns: 1000 });
  });
});
