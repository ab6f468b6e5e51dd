/** Fuzz targets of the record format: framing, metadata, compressed frames. The same result however the bytes are cut. */
import { createDbnDecoder } from "../../../src/dbn/decoder.ts";
import { decodeMetadata, encodeMetadata, readPrelude } from "../../../src/dbn/metadata.ts";
import { decodeRecord } from "../../../src/dbn/records.ts";
import { createZstdFrameWalker } from "../../../src/dbn/zstd-frames.ts";
import { streamEvent } from "../../../src/lsg/stream-events.ts";
import { concatBytes } from "../../helpers/dbn-bytes.ts";
import { compressed, METADATA_PRELUDE, metadataBlocks, streams } from "./corpus.ts";
import { piecesOf } from "./mutate.ts";
import { expect, outcomeOf, target, type FuzzTarget } from "./target.ts";

interface Decoded {
  readonly outcome: string;
  readonly records: number;
  readonly hash: number;
  readonly position: number;
  readonly pending: number;
}

function decode(pieces: readonly Uint8Array[], lengthBytes: number): Decoded {
  const decoder = createDbnDecoder();
  let records = 0;
  let hash = 0;
  const outcome = outcomeOf(() => {
    for (const piece of pieces) {
      decoder.push(piece, (view) => {
        records += 1;
        expect(records <= lengthBytes / 16, "more records than the bytes can hold");
        const end = view.base + view.lengthBytes;
        for (let at = view.base; at < end; at += 1) hash = (Math.imul(hash, 31) + (view.bytes[at] ?? 0)) | 0;
        if ((hash & 7) === 0) decodeRecord(view.bytes, 3, view.base);
        const event = streamEvent(view);
        if (event !== null && "text" in event) expect(event.text.length <= 302, "a gateway's text is too long");
      });
    }
    decoder.end();
  });
  return { outcome, records, hash, position: decoder.position, pending: decoder.pendingBytes };
}

export const framer: FuzzTarget = target(streams, (input, random) => {
  const whole = decode([input], input.length);
  const cut = decode(piecesOf(input, random), input.length);
  expect(whole.outcome === cut.outcome, `whole gives ${whole.outcome}, cut gives ${cut.outcome}`);
  expect(whole.records === cut.records && whole.hash === cut.hash, "the cutting changes the records");
  expect(whole.position === cut.position, "the cutting changes how far the decoder came");
  expect(cut.position + cut.pending <= input.length, "the decoder claims more bytes than came");
  return whole.outcome;
});

const show = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));

export const metadata: FuzzTarget = target(metadataBlocks, (input) => {
  return outcomeOf(() => {
    const { version, lengthBytes } = readPrelude(concatBytes(input, new Uint8Array(8)));
    const read = decodeMetadata(version, input.subarray(METADATA_PRELUDE, METADATA_PRELUDE + lengthBytes));
    const reread = decodeMetadata(version, encodeMetadata(read).subarray(METADATA_PRELUDE));
    expect(show(read) === show(reread), "what was read, written and read again is not the same");
  });
});

interface Walked {
  readonly outcome: string;
  readonly starts: number;
  readonly ends: number;
  readonly bytes: Uint8Array;
}

function walk(pieces: readonly Uint8Array[]): Walked {
  const walker = createZstdFrameWalker();
  const parts: Uint8Array[] = [];
  let starts = 0;
  let ends = 0;
  let fed = 0;
  for (const piece of pieces) {
    fed += piece.length;
    const events = walker.push(piece);
    expect(events.length <= piece.length + 3, "more events than bytes");
    for (const event of events) {
      if (event.kind === "start") starts += 1;
      else if (event.kind === "end") ends += 1;
      else parts.push(event.bytes.slice());
    }
    expect(walker.position <= fed, "the walker is ahead of its input");
  }
  const outcome = walker.failure?.code ?? (walker.atBoundary ? "ok" : "unfinished");
  return { outcome, starts, ends, bytes: concatBytes(...parts) };
}

export const zstdWalker: FuzzTarget = target(compressed, (input, random) => {
  const whole = walk([input]);
  const cut = walk(piecesOf(input, random));
  expect(whole.outcome === cut.outcome, `whole gives ${whole.outcome}, cut gives ${cut.outcome}`);
  expect(whole.starts === cut.starts && whole.ends === cut.ends, "the cutting changes the frames");
  expect(Buffer.compare(whole.bytes, cut.bytes) === 0, "the cutting changes the frames' bytes");
  expect(whole.ends <= whole.starts, "more ends than starts");
  return whole.outcome;
});
