/**
 * What must hold of a recording, checked by reading the files byte by byte: what was acknowledged is there whatever the disk
 * did, no trade is in it more often than a session delivered it, and what is missing of what was counted is told.
 */
import { zstdDecompressSync } from "node:zlib";
import type { RecorderState } from "../../src/recording/recorder-state.ts";
import type { SimulatedDisk } from "../recording/simulated-disk.ts";
import { BASE_NANOS, keyOf, RECORD_BYTES } from "./market-log.ts";
import { Violation } from "./violation.ts";

const TRADES = /\.trades\.[\d-]+\.\d+\.dbn\.(part|zst)$/;
const PRELUDE = 8;
const TRADE = 0;
/** Hosts stamp their records with clocks that differ by up to this. */
const STAMP_NANOS = 5_000_000n;

/** Key of each whole trade of a file, in order. */
function tradesOf(bytes: Uint8Array): string[] {
  const keys: string[] = [];
  if (bytes.length < PRELUDE) return keys;
  const dv = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = PRELUDE + dv.getUint32(4, true);
  while (at + RECORD_BYTES <= bytes.length) {
    const length = (bytes[at] ?? 0) * 4;
    if (bytes[at + 1] === TRADE && length >= RECORD_BYTES) keys.push(keyOf(bytes, at));
    if (length < 16) break;
    at += length;
  }
  return keys;
}

function add(counts: Map<string, number>, keys: readonly string[]): void {
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
}

export class RecordingChecker {
  readonly #device: SimulatedDisk;
  /** Path of a growing file → its trades that were said to be on the device. */
  readonly #acknowledged = new Map<string, readonly string[]>();
  #state: RecorderState | null = null;

  constructor(device: SimulatedDisk) {
    this.#device = device;
  }

  /** The recorder says how far it is: those records are on the device. */
  told(state: RecorderState): void {
    this.#state = state;
    for (const { schema, path, safeRecords } of state.files) {
      if (schema !== "trades" || safeRecords <= (this.#acknowledged.get(path)?.length ?? 0)) continue;
      const keys = tradesOf(this.#device.bytes(path)).slice(0, safeRecords);
      if (keys.length < safeRecords) throw new Violation(`D2: ${safeRecords} trades are said to be in ${path}, ${keys.length} are`);
      this.#acknowledged.set(path, keys);
    }
  }

  /** The program is gone. What it said of holes went with it. */
  ended(): void {
    this.#state = null;
  }

  /** How often each trade is recorded now. */
  recorded(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const path of this.#device.paths) {
      const form = TRADES.exec(path)?.[1];
      // A file that was packed and not yet removed is read once.
      if (form === undefined || (form === "part" && this.#device.paths.includes(path.replace(/part$/, "zst")))) continue;
      const bytes = this.#device.bytes(path);
      add(counts, tradesOf(form === "zst" ? zstdDecompressSync(bytes) : bytes));
    }
    return counts;
  }

  /** D2: what was acknowledged is recorded. */
  keepsWhatItSaid(name: (key: string) => string): void {
    const recorded = this.recorded();
    const said = new Map<string, number>();
    for (const keys of this.#acknowledged.values()) add(said, keys);
    for (const [key, count] of said) {
      const found = recorded.get(key) ?? 0;
      if (found < count) throw new Violation(`D2: ${name(key)} was said to be on the device ${count} times, and is there ${found} times`);
    }
  }

  /** D3: nothing is recorded more often than the session that had it most delivered it. */
  hasNothingTwice(most: (key: string) => number, name: (key: string) => string): void {
    for (const [key, count] of this.recorded()) {
      if (count > most(key)) throw new Violation(`D3: ${name(key)} is recorded ${count} times, no session had it more than ${most(key)} times`);
    }
  }

  /** D4: what was counted is recorded, but for the holes that are told. `arrivals`: when the record reached the gateway. */
  tellsHoles(counted: ReadonlyMap<string, number>, arrivals: (key: string) => readonly number[], name: (key: string) => string): void {
    const recorded = this.recorded();
    const holes = (this.#state?.holes ?? []).filter(({ schema }) => schema === "trades");
    for (const [key, count] of counted) {
      const found = recorded.get(key) ?? 0;
      if (found >= count) continue;
      const times = arrivals(key);
      // A damaged one has no time of its own.
      const isTold = (times.length === 0 && holes.length > 0) || times.some((us) => {
        const at = BASE_NANOS + BigInt(Math.floor(us)) * 1_000n;
        return holes.some(({ from, to }) => at >= from - STAMP_NANOS && (to === null || at <= to + STAMP_NANOS));
      });
      if (!isTold) throw new Violation(`D4: ${name(key)} is counted ${count} times, recorded ${found} times, and no hole is told`);
    }
  }
}
