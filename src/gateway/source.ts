/** What a gateway serves. A source is a market on tape: it can be opened from its start any number of times. */
import type { UnixTime } from "../lib/time.ts";
import type { FileIdentity } from "../recording/replay-cache.ts";

export interface SourceInstrument {
  readonly instrumentId: number;
  readonly rawSymbol: string;
  /** Parent symbols it belongs to, e.g. `NQ.FUT`. */
  readonly parents: readonly string[];
  /** Continuous symbols it fills, e.g. `NQ.v.0`, `NQ.c.0`, `NQ.n.0`. */
  readonly continuous: readonly string[];
}

/** Whole DBN version 3 records back to back, without ts_out, ordered by index time (ts_recv, else ts_event). */
export interface SourceBatch {
  readonly bytes: Uint8Array;
  readonly records: number;
}

export interface SourceReader {
  /**
   * The next records whose index time is at or before `until`, at most about 256 KiB; the bytes are valid until the
   * next call. `null`: none yet, there are later ones (see `nextAt`). `"end"`: there will be none any more.
   */
  read(until: UnixTime): Promise<SourceBatch | null | "end">;
  /** Index time of the next record, once known; null when not known yet. */
  readonly nextAt: UnixTime | null;
  close(): Promise<void>;
}

export interface GatewaySource {
  readonly dataset: string;
  readonly mode: "demo" | "replay";
  readonly instruments: readonly SourceInstrument[];
  /** Schemas that can be served, e.g. `trades`, `mbp-1`. */
  readonly schemas: readonly string[];
  /** Index time of the earliest record. */
  readonly firstAt: UnixTime;
  /** Market time at which the market's clock starts running; everything before is history. */
  readonly startAt: UnixTime;
  /** `from`: records before this index time may be left out, where `canSkip` says that the source is able to. */
  open(from?: UnixTime): SourceReader;
  readonly canSkip?: boolean;
}

/** A source with an end, in which any time can be gone to. */
export interface PlayableSource extends GatewaySource {
  /** Index time of the last record. */
  readonly lastAt: UnixTime;
  /** The files, or what stands for them. */
  readonly paths: readonly string[];
  /** The files as they were read; null where one of them is damaged or still growing. */
  readonly identities: readonly FileIdentity[] | null;
  /** Like `open`, but only what holds something that figures are made of. */
  openFigures(): SourceReader;
}
