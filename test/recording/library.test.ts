/** The list of recordings, and what verifying finds: a changed byte, a cut end, a note of another file. */
import { expect, test } from "vitest";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { SCHEMA_CODES } from "../../src/dbn/constants.ts";
import { listRecordings, verifyRecording } from "../../src/recording/library.ts";
import { sealSegment } from "../../src/recording/seal.ts";
import { infoFile, segmentFile, type SegmentName } from "../../src/recording/segment-names.ts";
import { concatBytes, tradeBytes } from "../helpers/dbn-bytes.ts";
import { SimulatedDisk } from "./simulated-disk.ts";

const FOLDER = "/data";
const NAME: SegmentName = { dataset: "GLBX.MDP3", schema: "trades", tradeDate: "2025-06-13", part: 0 };
const FIRST = 1_749_821_400_000_000_000n;

function bytes(count: number, rawSymbol = "NQM5"): Uint8Array {
  const metadata = {
    ...liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: 0n, tsOut: false }),
    schema: SCHEMA_CODES["trades"] ?? 0, stypeIn: 1, symbols: [rawSymbol],
    mappings: [{ rawSymbol, intervals: [{ startDate: 20250612, endDate: 20250614, symbol: "42" }] }],
  };
  const records = Array.from({ length: count }, (_, at) => tradeBytes({ sequence: at, tsEvent: FIRST + BigInt(at), tsRecv: FIRST + BigInt(at) }));
  return concatBytes(encodeMetadata(metadata), ...records);
}

async function sealed(count: number): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  disk.put(FOLDER, new Uint8Array(0)); // the folder is there
  disk.put(`${FOLDER}/${segmentFile(NAME, "growing")}`, bytes(count));
  await sealSegment(disk, FOLDER, NAME);
  return disk;
}

const path = `${FOLDER}/${segmentFile(NAME, "finished")}`;

test("a growing file is known from its two ends, a finished one from its note, both alike", async () => {
  const growing = new SimulatedDisk();
  growing.put(FOLDER, new Uint8Array(0));
  growing.put(`${FOLDER}/${segmentFile(NAME, "growing")}`, concatBytes(bytes(9), new Uint8Array(20)));
  const facts = { records: 9, firstAt: FIRST, lastAt: FIRST + 8n, contracts: ["NQM5"] };
  expect((await listRecordings(growing, FOLDER))[0]).toMatchObject({ tradeDate: "2025-06-13", files: [{ state: "growing", facts }] });
  expect((await listRecordings(await sealed(9), FOLDER))[0]).toMatchObject({ tradeDate: "2025-06-13", files: [{ state: "finished", facts }] });
});

test("what a file from elsewhere calls its contracts cannot steer the terminal that lists them", async () => {
  const disk = new SimulatedDisk();
  disk.put(FOLDER, new Uint8Array(0));
  disk.put(`${FOLDER}/${segmentFile(NAME, "growing")}`, bytes(1, "NQ\u001B[2JM5"));
  const listed = async (): Promise<unknown> => (await listRecordings(disk, FOLDER))[0]?.files[0]?.facts?.contracts;
  expect(await listed()).toEqual(["NQM5"]);
  await sealSegment(disk, FOLDER, NAME);
  disk.put(`${FOLDER}/${infoFile(NAME)}`, new TextEncoder().encode('{"records":1,"contracts":["NQ\\u001b[2JM5",7],"sha256":"","plainBytes":0,"packedBytes":0}'));
  expect(await listed()).toEqual(["NQM5"]);
});

test("an absent folder holds nothing; other files in a folder are none of ours", async () => {
  const disk = new SimulatedDisk();
  expect(await listRecordings(disk, FOLDER)).toEqual([]);
  disk.put(FOLDER, new Uint8Array(0));
  disk.put(`${FOLDER}/notes.txt`, new Uint8Array(3));
  disk.put(`${FOLDER}/../GLBX.MDP3.trades.2025-06-13.000.dbn.zst`, new Uint8Array(3));
  expect(await listRecordings(disk, FOLDER)).toEqual([]);
});

test("verified it is what it was; a cut anywhere is damage, and so is a changed byte unless it still stands for the same", async () => {
  const disk = await sealed(40);
  const [file] = (await listRecordings(disk, FOLDER))[0]?.files ?? [];
  if (file === undefined) throw new Error("nothing listed");
  expect(await verifyRecording(disk, file)).toMatchObject({ damage: "", facts: { records: 40 } });
  const whole = disk.bytes(path).slice();
  let alike = 0;
  for (let at = 0; at < whole.length; at += 7) {
    const changed = whole.slice();
    changed[at] = (changed[at] ?? 0) ^ 0x40;
    disk.put(path, changed);
    // The sum of the contents is compared: what passes unpacks to the very same bytes.
    if ((await verifyRecording(disk, file)).damage === "") alike += 1;
    disk.put(path, whole.subarray(0, at));
    expect((await verifyRecording(disk, { ...file, bytes: at })).damage, `cut at ${at}`).not.toBe("");
  }
  expect(alike).toBeLessThan(whole.length / 7 / 10);
});

test("a note of another file does not make it whole", async () => {
  const disk = await sealed(5);
  const other = await sealed(6);
  const note = path.replace(".zst", ".info");
  disk.put(note, other.bytes(note));
  const [file] = (await listRecordings(disk, FOLDER))[0]?.files ?? [];
  if (file === undefined) throw new Error("nothing listed");
  expect((await verifyRecording(disk, file)).damage).toContain("checksum");
  disk.put(note, new TextEncoder().encode("{\"records\": \"many\"}"));
  expect((await listRecordings(disk, FOLDER))[0]?.files[0]?.facts).toBeNull();
});
