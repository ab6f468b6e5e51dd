/** What a recorder is given, and what it tells of the files that it writes. */
import type { Clock } from "../lib/clock.ts";
import type { Disk } from "./disk.ts";
import type { RecorderState } from "./recorder-state.ts";

/** Bytes of a file that wait for a disk that fails. */
export const HELD_MAX = 16 * 1024 * 1024;
/** So many times that wait for a disk that works, only not as fast as a day told at once comes. */
export const BURST = 8;
/** Bytes that come again for a hole, at once. */
export const BESIDES_HELD_MAX = 64 * 1024 * 1024;

/** The trading day a time belongs to, as a recording needs it. */
export interface RecordingDay {
  readonly tradeDate: string;
  /** Unix seconds: times in [openSec, endSec) belong to it. */
  readonly openSec: number;
  readonly endSec: number;
}

export interface RecorderOptions {
  readonly disk: Disk;
  readonly clock: Clock;
  /** Exists, and is locked for this program. */
  readonly directory: string;
  readonly dataset: string;
  readonly dayOf: (sec: number) => RecordingDay;
  /** The encoded metadata a new file begins with. */
  readonly headFor: (schema: string, day: RecordingDay) => Uint8Array;
  /** At most this much is at risk when the power goes. Default 1,000 ms. */
  readonly syncEveryMs?: number;
  /** Bytes of one file that wait in memory while the disk does not take them. Default 16 MiB. */
  readonly heldMax?: number;
  /** A file this long is followed by another. Default 256 MiB. */
  readonly rotateBytes?: number;
  readonly onState?: (state: RecorderState) => void;
  /** What must be on the device before the records are: what is to be known of those kept so far. Fails like the disk. */
  readonly beforeFlush?: (state: RecorderState) => Promise<void>;
  /** Everything taken until then is on the device. */
  readonly afterFlush?: () => Promise<void>;
}

/** A file that is being written. */
export interface WrittenFile {
  readonly path: string;
  readonly safeBytes: number;
  /** A copy of what comes after those. */
  readonly held: Uint8Array;
}
