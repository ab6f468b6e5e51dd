/** Fields of comma-separated values (RFC 4180). Text from outside can neither break a row nor become a formula. */

/** Characters with which a spreadsheet takes a field for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const QUOTED = /[",\r\n]/;

/** A field: text guarded and quoted where it must be, numbers as they are, true 1, false 0, null empty. */
export function csvField(value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  const text = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row without its line end. */
export function csvRow(values: readonly (string | number | boolean | null)[]): string {
  return values.map(csvField).join(",");
}

/** Sentences of ours, such as those of coverage, with semicolons: then a row can be split at its commas. */
export function withoutCommas<Value>(value: Value): Value | string {
  return typeof value === "string" ? value.replaceAll(",", ";") : value;
}
