/** Lines out of bytes, however they were cut. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineBuffer } from "../../src/lsg/line-buffer.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Cuts `data` at the given places. */
function cut(data: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (data.length + 1)).toSorted((a, b) => a - b), data.length];
  return at.slice(1).map((end, i) => data.subarray(at[i], end));
}

describe("line buffer", () => {
  it("hands out lines and keeps the rest", () => {
    const lines = createLineBuffer(100);
    expect(lines.push(bytes("one\ntw"))).toEqual(["one"]);
    expect(lines.push(bytes("o\n\nDBN"))).toEqual(["two", ""]);
    expect(lines.rest()).toEqual(bytes("DBN"));
    expect(lines.take()).toEqual(bytes("DBN"));
    expect(lines.rest().length).toBe(0);
  });

  it("refuses a long line as soon as it is too long, whole or not", () => {
    const refusal = expect.objectContaining({ code: "LSG_LINE_TOO_LONG" });
    expect(createLineBuffer(4).push(bytes("abcd\nabcd"))).toEqual(["abcd"]);
    expect(() => createLineBuffer(4).push(bytes("abcde"))).toThrow(refusal);
    expect(() => createLineBuffer(4).push(bytes("abcde\n"))).toThrow(refusal);
  });

  it("takes a new limit between two lines of one chunk", () => {
    const lines = createLineBuffer(4);
    lines.add(bytes("auth\nlonger line\n"));
    expect(lines.next()).toBe("auth");
    lines.setLimit(20);
    expect(lines.next()).toBe("longer line");
    expect(lines.next()).toBeNull();
  });

  it("gives the same lines and rest for any cutting", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "é", "€", "|"), maxLength: 3000 });
    fc.assert(fc.property(text, fc.array(fc.nat(), { maxLength: 30 }), (data, places) => {
      const whole = createLineBuffer(10_000);
      const expected = whole.push(bytes(data));
      const pieces = createLineBuffer(10_000);
      expect(cut(bytes(data), places).flatMap((piece) => pieces.push(piece))).toEqual(expected);
      expect(pieces.rest()).toEqual(whole.rest());
    }));
  });
});
