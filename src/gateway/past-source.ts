/** What a market that goes on has had so far, as a source that ends at that moment. */
import { compareTime, type UnixTime } from "../lib/time.ts";
import type { GatewaySource, PlayableSource, SourceReader } from "./source.ts";

function endingAt(reader: SourceReader, lastAt: UnixTime): SourceReader {
  return {
    get nextAt() { return reader.nextAt; },
    async read(until) {
      const isLast = compareTime(until, lastAt) >= 0;
      const batch = await reader.read(isLast ? lastAt : until);
      return batch === null && isLast ? "end" : batch;
    },
    close: () => reader.close(),
  };
}

/** Up to and with `lastAt`. `name` stands for the source where files would. */
export function pastOf(source: GatewaySource, lastAt: UnixTime, name: string): PlayableSource {
  const open = (from?: UnixTime): SourceReader => endingAt(source.open(from), lastAt);
  const { dataset, mode, instruments, schemas, firstAt, canSkip = false } = source;
  return { dataset, mode, instruments, schemas, firstAt, startAt: firstAt, canSkip, lastAt, paths: [name], identities: null, open, openFigures: () => open() };
}
