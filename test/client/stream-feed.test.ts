/** From stream bytes to records: nothing kept that may be overwritten, nothing told after the end. */
import { describe, expect, it } from "vitest";
import { createStreamFeed, type StreamFeed } from "../../src/client/stream-feed.ts";
import { createZstdPacker } from "../../src/dbn/zstd.ts";
import { header, trade } from "./scripted-gateway.ts";

/** A feed and what it told. */
function begin(compression: "none" | "zstd"): { feed: StreamFeed; told: string[]; push: (data: Uint8Array) => void } {
  const told: string[] = [];
  const feed = createStreamFeed({
    compression,
    onMetadata: () => told.push("metadata"),
    onRecord: (view) => told.push(`record ${view.size}`),
    onBatchEnd: () => told.push("batch"),
    onFailure: (error) => told.push(String(error)),
    pause: () => told.push("pause"),
    resume: () => told.push("resume"),
  });
  const push = (data: Uint8Array): void => {
    const reused = Uint8Array.from(data);
    feed.push(reused);
    reused.fill(0xee);
  };
  return { feed, told, push };
}

const ended = (feed: StreamFeed): Promise<number> => new Promise((resolve) => feed.end(resolve));

describe.each(["none", "zstd"] as const)("stream feed, compression %s", (compression) => {
  /** Three pieces of the stream as they are sent: the last one ends inside a record. */
  async function pieces(): Promise<Uint8Array[]> {
    const plain = [header(), Buffer.concat([trade(0), trade(1)]), Buffer.concat([trade(2), trade(3).subarray(0, 5)])];
    if (compression === "none") return plain;
    const packer = createZstdPacker();
    const packed: Uint8Array[] = [];
    for (const piece of plain) packed.push(await packer.push(piece));
    return packed;
  }

  it("copies what it must keep, and ends after everything was decoded", async () => {
    const { feed, told, push } = begin(compression);
    for (const piece of await pieces()) push(piece);
    expect(await ended(feed)).toBe(5);
    expect(told.filter((line) => line.startsWith("record"))).toEqual(["record 1", "record 2", "record 3"]);
    expect(feed.records).toBe(3);
    expect(told.filter((line) => line === "pause").length).toBe(told.filter((line) => line === "resume").length);
    expect(told.at(-1)).toBe(compression === "none" ? "batch" : "resume");
  });

  it("tells nothing after it was closed", async () => {
    const { feed, told, push } = begin(compression);
    const [first, second, third] = await pieces();
    push(first ?? header());
    await ended(feed);
    push(second ?? header());
    const before = [...told];
    feed.close();
    push(third ?? header());
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual(before);
  });

  it("tells damage once, after what came before it", async () => {
    const { told, push } = begin(compression);
    for (const piece of (await pieces()).slice(0, 2)) push(piece);
    push(Buffer.alloc(200, compression === "none" ? 0 : 0xff));
    push(Buffer.alloc(200, compression === "none" ? 0 : 0xff));
    while (!told.at(-1)?.startsWith("NqError")) await new Promise((resolve) => setImmediate(resolve));
    expect(told.filter((line) => line.startsWith("record"))).toEqual(["record 1", "record 2"]);
    expect(told.filter((line) => line.startsWith("NqError")).length).toBe(1);
  });
});
