/** Text lines: reading, writing, and refusing without repeating. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NqError } from "../../src/lib/errors.ts";
import { formatControlLine, parseControlLine } from "../../src/lsg/control.ts";

describe("control lines", () => {
  it("split at the first = and keep the order", () => {
    const pairs = parseControlLine("success=0|error=a=b|client=x y");
    expect([...pairs]).toEqual([["success", "0"], ["error", "a=b"], ["client", "x y"]]);
  });

  it("tolerate one | at the end and an empty value", () => {
    expect([...parseControlLine("cram=|")]).toEqual([["cram", ""]]);
  });

  it.each(["", "|", "a", "=a", "a=1||b=2", "a=1|b", "a=1|a=2", "a=\u0007", "a=1\r"])("refuse %j", (line) => {
    expect(() => parseControlLine(line)).toThrow(expect.objectContaining({ code: "LSG_BAD_LINE" }));
  });

  it("never repeat a line in the error", () => {
    for (const line of ["0123secret", "a=1|0123secret", "0123secret=1|0123secret=2", "auth=0123secret|x"]) {
      expect(() => parseControlLine(line)).toThrow(expect.not.objectContaining({ message: expect.stringContaining("secret") }));
    }
  });

  it("refuse | and newlines when writing", () => {
    for (const value of ["a|b", "a\nb", "a\rb", "\u001b"]) {
      expect(() => formatControlLine([["client", value]])).toThrow(expect.objectContaining({ code: "LSG_BAD_LINE" }));
    }
    expect(() => formatControlLine([["a=b", "1"]])).toThrow(NqError);
  });

  it("read back what they write", () => {
    const value = fc.string({ unit: "grapheme" }).filter((text) => !/[|\u0000-\u001f\u007f]/.test(text)); // eslint-disable-line no-control-regex
    const key = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
    const pairs = fc.uniqueArray(fc.tuple(key, value), { minLength: 1, maxLength: 20, selector: ([name]) => name });
    fc.assert(fc.property(pairs, (written) => {
      expect([...parseControlLine(`${formatControlLine(written)}|`)]).toEqual(written);
    }));
  });

  it("give pairs or a typed error for any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      try {
        parseControlLine(text);
      } catch (error) {
        expect(error).toBeInstanceOf(NqError);
      }
    }), { numRuns: 1000 });
  });
});
