/** A file that fetched trades go into: one more part of the trade date, written as a recorder writes, then packed. */
import { SCHEMA_CODES } from "../../dbn/constants.ts";
import type { DbnMetadata } from "../../dbn/metadata.ts";
import type { RecordView } from "../../dbn/record-view.ts";
import { NqError } from "../../lib/errors.ts";
import { sanitiseText } from "../../lib/sanitise.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { Disk } from "../../recording/disk.ts";
import { sealSegment } from "../../recording/seal.ts";
import { Segment } from "../../recording/segment.ts";
import type { SegmentName } from "../../recording/segment-names.ts";
import { headOf } from "../record-keeper.ts";

/** Written to the file from this size on; more may wait for a while. */
const FLUSH_BYTES = 1024 * 1024;
const HELD_MAX = 64 * 1024 * 1024;
const SYMBOL_MAX = 70;

/** Contracts by the ids that the metadata gives them. */
function namesOf({ mappings }: DbnMetadata): Map<number, string> {
  const names = new Map<number, string>();
  for (const { rawSymbol, intervals } of mappings) {
    for (const { symbol } of intervals) if (/^\d{1,10}$/.test(symbol)) names.set(Number(symbol), sanitiseText(rawSymbol, SYMBOL_MAX));
  }
  return names;
}

export class FillFile {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #name: SegmentName;
  readonly #day: TradingDay;
  readonly #bootId: string;
  #segment: Segment | null = null;
  #metadata: DbnMetadata | null = null;

  constructor(disk: Disk, directory: string, name: SegmentName, day: TradingDay, bootId: string) {
    this.#disk = disk;
    this.#directory = directory;
    this.#name = name;
    this.#day = day;
    this.#bootId = bootId;
  }

  get records(): number {
    return this.#segment?.records ?? 0;
  }

  begin(metadata: DbnMetadata): void {
    if (metadata.schema !== SCHEMA_CODES[this.#name.schema]) throw new NqError("HIST_CONTENT", `expected ${this.#name.schema}, found another schema`);
    this.#metadata ??= metadata;
  }

  /** Takes a copy; the file is made with the first one. */
  add({ bytes, base, lengthBytes }: RecordView): void {
    this.#segment ??= this.#open();
    if (!this.#segment.append(bytes, base, base + lengthBytes)) {
      throw new NqError("RECORD_DISK", `${this.#segment.path} cannot be written as fast as data comes`);
    }
  }

  /** To be called now and then. @throws NqError RECORD_DISK */
  async flush(): Promise<void> {
    if (this.#segment !== null && this.#segment.heldBytes > FLUSH_BYTES) await this.#segment.flush(true);
  }

  /** Closes and packs it; the path, or null when there was nothing to write. @throws NqError RECORD_DISK */
  async finish(): Promise<string | null> {
    if (this.#segment === null) return null;
    await this.#segment.close();
    return (await sealSegment(this.#disk, this.#directory, this.#name)).path;
  }

  #open(): Segment {
    const names = this.#metadata === null ? new Map<number, string>() : namesOf(this.#metadata);
    const head = headOf(this.#name.dataset, this.#name.schema, this.#day, names);
    return new Segment({ disk: this.#disk, directory: this.#directory, name: this.#name, bootId: this.#bootId, heldMax: HELD_MAX }, null, head);
  }
}
