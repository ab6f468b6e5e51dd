/** Codes of version 1 gateway records, which carry only text; read from how the text begins (it may be cut at 63). */

/** SystemCode of a system record's text: 0 heartbeat, 1 acknowledged, 2 slow reading, 3 replay completed, 4 end of interval; 255 other. */
export function systemCodeOfText(text: string): number {
  if (text === "Heartbeat") return 0;
  // A long symbol list pushes "succeeded" past the end of the field, so only a complete text must have it.
  if (text.startsWith("Subscription request ") && (text.endsWith(" succeeded") || text.length >= 63)) return 1;
  if (text.startsWith("Warning: slow reading")) return 2;
  if (text.startsWith("Finished ") && (text.endsWith(" replay") || text.length >= 63)) return 3;
  if (text.startsWith("End of interval for ")) return 4;
  return 255;
}

/** ErrorCode of an error record's text: 2 deactivated, 3 session limit, 4 unresolved symbol, 6 internal, 7 records skipped; 255 other. */
export function errorCodeOfText(text: string): number {
  if (text === "User or API key deactivated") return 2;
  if (text === "User has reached their open connection limit") return 3;
  if (text.startsWith("Failed to resolve symbol")) return 4;
  if (text === "Internal error") return 6;
  if (text.startsWith("Slow client detected for ")) return 7;
  return 255;
}
