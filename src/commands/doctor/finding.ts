/** What a check of the doctor found. */

export type FindingState = "ok" | "warn" | "fail" | "skip";

export interface Finding {
  /** What was looked at, e.g. `terminal`. */
  readonly name: string;
  readonly state: FindingState;
  readonly found: string;
  /** What to do about it; empty where nothing is to be done. */
  readonly advice: string;
}

export const ok = (name: string, found: string): Finding => ({ name, state: "ok", found, advice: "" });
export const warn = (name: string, found: string, advice: string): Finding => ({ name, state: "warn", found, advice });
export const fail = (name: string, found: string, advice: string): Finding => ({ name, state: "fail", found, advice });
export const skip = (name: string, found: string, advice = ""): Finding => ({ name, state: "skip", found, advice });

/** Whatever was thrown, as a sentence. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
