/** What one recorded file holds: counted while it is read through, or looked up at its two ends. */
import { HEADER_BYTES } from "../dbn/constants.ts";
import { createDbnDecoder } from "../dbn/decoder.ts";
import { decodeMetadata, PRELUDE_BYTES, readPrelude, type DbnMetadata } from "../dbn/metadata.ts";
import { RecordView } from "../dbn/record-view.ts";
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import type { DiskFile } from "./disk.ts";

const SYMBOL_MAX = 70;

export interface SegmentFacts {
  readonly records: number;
  /** Index times (ts_recv, else ts_event) in nanoseconds since 1970; null without a record. */
  readonly firstAt: bigint | null;
  readonly lastAt: bigint | null;
  /** Raw symbols that the metadata names, safe to show. */
  readonly contracts: readonly string[];
}

/** Names from a file, or a note beside one, that anybody may have written. */
export function safeNames(names: readonly string[]): readonly string[] {
  return names.map((name) => sanitiseText(name, SYMBOL_MAX));
}

function contractsOf(metadata: DbnMetadata): readonly string[] {
  return safeNames(metadata.mappings.map(({ rawSymbol }) => rawSymbol));
}

/** Counts what is pushed through it; the bytes are a whole file, in any cutting. */
export class FactsCounter {
  #metadata: DbnMetadata | null = null;
  #first: bigint | null = null;
  #last: bigint | null = null;
  readonly #decoder = createDbnDecoder({ onMetadata: (metadata) => void (this.#metadata = metadata) });

  push(bytes: Uint8Array): void {
    this.#decoder.push(bytes, (view) => {
      const at = view.index;
      this.#first ??= at;
      if (this.#last === null || at > this.#last) this.#last = at;
    });
  }

  /** @throws NqError when the file ends inside a record */
  end(): SegmentFacts {
    this.#decoder.end();
    const contracts = this.#metadata === null ? [] : contractsOf(this.#metadata);
    return { records: this.#decoder.records, firstAt: this.#first, lastAt: this.#last, contracts };
  }
}

async function indexAt(file: DiskFile, position: number, length: number): Promise<bigint> {
  const bytes = new Uint8Array(length);
  await file.read(bytes, position);
  return new RecordView().point(bytes).index;
}

/** Of a growing file, from its head and its two ends alone: its records are all of one schema, so of one length. @throws NqError when the head cannot be read */
export async function lookUpFacts(file: DiskFile, fileBytes: number): Promise<SegmentFacts> {
  const prelude = new Uint8Array(PRELUDE_BYTES);
  if ((await file.read(prelude, 0)) < PRELUDE_BYTES) throw new NqError("FILE_TRUNCATED", "the file ends inside its metadata");
  const { version, lengthBytes } = readPrelude(prelude);
  const block = new Uint8Array(lengthBytes);
  if ((await file.read(block, PRELUDE_BYTES)) < lengthBytes) throw new NqError("FILE_TRUNCATED", "the file ends inside its metadata");
  const metadata = decodeMetadata(version, block);
  const head = PRELUDE_BYTES + lengthBytes;
  const start = new Uint8Array(HEADER_BYTES);
  const length = (await file.read(start, head)) < HEADER_BYTES ? 0 : (start[0] ?? 0) * 4;
  const contracts = contractsOf(metadata);
  const records = length < HEADER_BYTES ? 0 : Math.floor((fileBytes - head) / length);
  if (records === 0) return { records, firstAt: null, lastAt: null, contracts };
  return {
    records,
    firstAt: await indexAt(file, head, length),
    lastAt: await indexAt(file, head + (records - 1) * length, length),
    contracts,
  };
}
