/** What the reader is told about a recording under way. Data only. */

/** `DEGRADED`: the disk does not take it; what comes waits in memory, beyond its bound it is lost and a hole is noted. */
export type RecorderPhase = "RECORDING" | "DEGRADED" | "STOPPED";

export interface RecorderFile {
  readonly schema: string;
  readonly tradeDate: string;
  readonly path: string;
  readonly records: number;
  readonly bytes: number;
  /** Records that a loss of power cannot take any more. */
  readonly safeRecords: number;
}

/** Records that were not kept: index times in nanoseconds of the first one lost and of the first one kept after them. */
export interface RecorderHole {
  readonly schema: string;
  readonly from: bigint;
  /** Null while it lasts. */
  readonly to: bigint | null;
  readonly records: number;
}

export interface RecorderState {
  readonly phase: RecorderPhase;
  /** Why it is DEGRADED; else empty. */
  readonly reason: string;
  readonly directory: string;
  readonly files: readonly RecorderFile[];
  readonly holes: readonly RecorderHole[];
  /** What was found and mended when the folder was taken up, in sentences. */
  readonly notes: readonly string[];
}
