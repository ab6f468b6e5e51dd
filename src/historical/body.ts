/** The body of an answer while it comes: silence, a break and a stop are typed errors; nothing is waited for without end. */
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import type { HistoricalOptions } from "./options.ts";

/** No answer, or no further byte, for so long: the connection is dead. */
export const SILENCE_MS = 100_000;
const SMALL_MAX = 64 * 1024;

export function stopped(): NqError {
  return new NqError("HIST_STOPPED", "stopped before all of it was fetched");
}

/** What a broken connection is called, without the key, which no error of a connection holds, and without its address. */
export function brokenBy(error: unknown): NqError {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code: unknown = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const why = typeof code === "string" ? code : error instanceof Error ? error.message : String(error);
  return new NqError("HIST_UNAVAILABLE", `the connection to the historical API failed: ${sanitiseText(why, 80)}`);
}

/** Pieces of a body. @throws NqError HIST_UNAVAILABLE when it breaks or nothing comes for long, HIST_STOPPED */
export async function* piecesOf(response: Response, options: HistoricalOptions): AsyncGenerator<Uint8Array> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      let silent = (): void => {};
      const silence = new Promise<never>((_, reject) => {
        silent = options.clock.after(SILENCE_MS, () => reject(new NqError("HIST_UNAVAILABLE", `the data stopped coming for ${SILENCE_MS / 1000} s`)));
      });
      let piece: Uint8Array;
      try {
        const { done, value } = await Promise.race([reader.read(), silence]);
        if (done) return;
        piece = value;
      } catch (error) {
        if (options.signal.aborted) throw stopped();
        throw error instanceof NqError ? error : brokenBy(error);
      } finally {
        silent();
      }
      yield piece;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** The text of a small body, or the beginning of a large one. @throws like `piecesOf` */
export async function smallText(response: Response, options: HistoricalOptions): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of piecesOf(response, options)) {
    parts.push(piece);
    bytes += piece.length;
    if (bytes >= SMALL_MAX) break;
  }
  return new TextDecoder().decode(Buffer.concat(parts).subarray(0, SMALL_MAX));
}
