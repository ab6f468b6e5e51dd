/** Whole streams through the product's decoder, in any cutting. */
import { createDbnDecoder, type DbnDecoderOptions, type DbnDecoder } from "../../src/dbn/decoder.ts";
import { createZstdExpander } from "../../src/dbn/zstd.ts";

export interface Decoded {
  readonly decoder: DbnDecoder;
  /** A copy of every record as it was handed out. */
  readonly records: Uint8Array[];
  readonly error: unknown;
}

/** Decodes `bytes` in pieces of `pieceBytes`; an error is kept beside what came before it. */
export function decodeAll(bytes: Uint8Array, options: DbnDecoderOptions = {}, pieceBytes = 65_536): Decoded {
  const decoder = createDbnDecoder(options);
  const records: Uint8Array[] = [];
  let error: unknown = null;
  try {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      decoder.push(bytes.subarray(at, at + pieceBytes), (view) => records.push(view.copy()));
    }
    decoder.end();
  } catch (caught) {
    error = caught;
  }
  return { decoder, records, error };
}

export function isZstd(bytes: Uint8Array): boolean {
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;
}

/** All bytes of a compressed stream, fed in pieces. */
export async function expandAll(bytes: Uint8Array, pieceBytes = 65_536): Promise<Uint8Array> {
  const expander = createZstdExpander();
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await expander.push(bytes.subarray(at, at + pieceBytes), (part) => parts.push(part));
  }
  await expander.end();
  return Buffer.concat(parts);
}
