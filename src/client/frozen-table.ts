/** The records of a ring by identity, as they are when a session begins. */
import { OccurrenceTable, WORD } from "../dbn/occurrence-table.ts";
import type { RecordRing } from "./record-ring.ts";

/**
 * Those with ts_event from `start` on, nanoseconds since 1970, and of these instruments only (null: of all). The first
 * `expected` ever added are expected again.
 */
export function frozenTable(ring: RecordRing, start: bigint, expected: number, instruments: ReadonlySet<number> | null): OccurrenceTable {
  const fromHi = Number(start >> 32n);
  const fromLo = Number(start & 0xffff_ffffn);
  const each = (visit: (words: Uint32Array, at: number, number: number) => void): void => {
    let number = ring.added - ring.size;
    ring.scan((words, length, stride) => {
      for (let at = 0; at < length; at += stride) {
        const hi = words[at + WORD.eventHi] ?? 0;
        const isFrom = hi > fromHi || (hi === fromHi && (words[at + WORD.eventLo] ?? 0) >= fromLo);
        if (isFrom && (instruments === null || instruments.has(words[at + WORD.instrument] ?? 0))) visit(words, at, number);
        number += 1;
      }
    });
  };
  let count = 0;
  each(() => void (count += 1));
  const table = new OccurrenceTable(count);
  each((words, at, number) => table.count(words, at, number < expected));
  return table;
}
