/** docs/complaints.md: every answer names a test that there is. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const document = readFileSync(`${ROOT}docs/complaints.md`, "utf8");
const rows = document.split("\n").filter((line) => line.startsWith("| ") && !/^\| (?:Complaint|---)/.test(line));

test("every row has a complaint, an answer and the name of a test", () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) expect(row).toMatch(/^\| [^|]+ \| [^|]+ \| `test\/[\w./-]+\.test\.tsx?`: [^|]+ \|$/);
});

test.each(rows.map((row) => /`(test\/[^`]+)`: (.+) \|$/.exec(row)?.slice(1) ?? []))("%s: %s", (file = "", name = "") => {
  expect(existsSync(ROOT + file), file).toBe(true);
  // The name stands in the file as the name of a test: after a bracket, as one string.
  expect(readFileSync(ROOT + file, "utf8").includes(`(${JSON.stringify(name)},`), name).toBe(true);
});
