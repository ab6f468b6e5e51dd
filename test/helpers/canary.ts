/** A key that must be nowhere: the search for it, and for answers made from it, in everything a program leaves behind. */
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";

export const CANARY = "db-CanaryCanaryCanaryCanary12345";
/** The part of it that is secret; its beginning and its last five characters are not. */
const CANARY_CORE = CANARY.slice(3, -5);
const PART = 12;
const ANSWER = /[0-9a-f]{64}-[A-Za-z0-9_-]{5}/;
const FRAME = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Where the key stands in the bytes: as it is, in base64 (as HTTP sends it), in UTF-16; or an answer to a challenge. */
function leakIn(bytes: Buffer): string | null {
  const text = bytes.toString("latin1");
  for (let at = 0; at + PART <= CANARY_CORE.length; at += 1) if (text.includes(CANARY_CORE.slice(at, at + PART))) return "the key";
  if (text.includes(Buffer.from(`${CANARY}:`).toString("base64").slice(8, 32))) return "the key in base64";
  if (bytes.includes(Buffer.from(CANARY_CORE, "utf16le"))) return "the key in UTF-16";
  return ANSWER.test(text) ? "an answer to a challenge" : null;
}

/** Every file below the folder in which it stands, packed ones unpacked. */
export function leaksBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) => {
    const path = join(folder, name);
    if (!lstatSync(path).isFile()) return [];
    const bytes = readFileSync(path);
    const leak = leakIn(bytes) ?? (bytes.subarray(0, 4).equals(FRAME) ? leakIn(zstdDecompressSync(bytes)) : null);
    return leak === null ? [] : [`${name}: ${leak}`];
  });
}
