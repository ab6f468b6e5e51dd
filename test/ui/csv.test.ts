/** Comma-separated values: text from outside neither breaks a row nor becomes a formula. */
import { expect, test } from "vitest";
import { csvField, csvRow, withoutCommas } from "../../src/ui/csv.ts";

test.each([
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"], ["+1", "'+1"], ["-1", "'-1"], ["@SUM(A1)", "'@SUM(A1)"], ["\t=1", "'\t=1"],
  ["a,b", '"a,b"'], ['say "no"', '"say ""no"""'], ["two\nlines", '"two\nlines"'], ["=1,2", `"'=1,2"`], ["NQM5-NQU5", "NQM5-NQU5"], ["", ""],
])("%j becomes %j", (text, field) => {
  expect(csvField(text)).toBe(field);
});

test("numbers keep their sign, nothing is nothing, yes and no are 1 and 0", () => {
  expect(csvRow([-248.25, 0, null, true, false])).toBe("-248.25,0,,1,0");
});

test("what we say of coverage has no comma", () => {
  expect(["since 18:00, gap 11:03–11:04 filled", 5, null].map(withoutCommas)).toEqual(["since 18:00; gap 11:03–11:04 filled", 5, null]);
});
