/** How many colours the terminal takes. */

export type ColorDepth = "none" | "16" | "256" | "true";

/** NO_COLOR wins (any non-empty value, no-color.org); else what the terminal says of itself. */
export function chooseColor(
  env: Readonly<Record<string, string | undefined>>,
  stdout: { readonly getColorDepth?: (env?: object) => number },
): ColorDepth {
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return "none";
  if (env["TERM"] === "dumb") return "none";
  const bits = stdout.getColorDepth?.() ?? 1;
  return bits >= 24 ? "true" : bits >= 8 ? "256" : bits >= 4 ? "16" : "none";
}
