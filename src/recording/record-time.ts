/** Where a record stands in a recording. */
import type { RecordView } from "../dbn/record-view.ts";

/** Index time (ts_recv, else ts_event) in nanoseconds since 1970. */
export const timeOf = ({ indexHi, indexLo }: RecordView): bigint => (BigInt(indexHi) << 32n) + BigInt(indexLo);
