/** What the terminal can show: how many colours, and whether more characters than ASCII. */
import type { Charset } from "../ui/charset.ts";

export type ColorDepth = "none" | "16" | "256" | "true";

/** What was set wins; then NO_COLOR (any non-empty value, no-color.org); else what the terminal says of itself. */
export function chooseColor(
  env: Readonly<Record<string, string | undefined>>,
  stdout: { readonly getColorDepth?: (env?: object) => number },
  asked: ColorDepth | "auto" = "auto",
): ColorDepth {
  if (asked !== "auto") return asked;
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return "none";
  if (env["TERM"] === "dumb") return "none";
  const bits = stdout.getColorDepth?.() ?? 1;
  return bits >= 24 ? "true" : bits >= 8 ? "256" : bits >= 4 ? "16" : "none";
}

/**
 * `asked` (`--ascii`, `--no-ascii`) wins. The console of Linux lacks most of the signs; a locale that names another
 * encoding than UTF-8, or `C`, is taken at its word. Without any locale a terminal of today shows Unicode.
 */
export function chooseCharset(env: Readonly<Record<string, string | undefined>>, asked: boolean | undefined): Charset {
  if (asked !== undefined) return asked ? "ascii" : "unicode";
  if (env["TERM"] === "linux" || env["TERM"] === "dumb") return "ascii";
  return saysUtf8(env) === false ? "ascii" : "unicode";
}

/** Whether the locale says UTF-8, in the order in which programs ask; null without any. */
export function saysUtf8(env: Readonly<Record<string, string | undefined>>): boolean | null {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return locale === undefined ? null : /utf-?8/i.test(locale);
}
