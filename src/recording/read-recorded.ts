/** What the running recording holds of trades and descriptions, read back: from the device, and from memory what waits for it. */
import { DBN_VERSION_MAX, RTYPE } from "../dbn/constants.ts";
import { createDbnDecoder } from "../dbn/decoder.ts";
import { minimumLengths } from "../dbn/layouts.ts";
import { RecordView } from "../dbn/record-view.ts";
import type { Disk } from "./disk.ts";
import { listRecordings } from "./library.ts";
import { openRecordReader } from "./record-reader.ts";
import type { WrittenFile } from "./recorder-options.ts";
import { openUpTo, trustedPart } from "./trusted-file.ts";

interface RecordedSource {
  readonly disk: Disk;
  readonly directory: string;
  readonly dataset: string;
  /** Files of this trade date and of later ones. */
  readonly since: string;
  /** Files that are being written. */
  readonly written: readonly WrittenFile[];
}

const READ: ReadonlySet<string> = new Set(["trades", "definition", "statistics", "status", "ohlcv-1m"]);
const LENGTHS = minimumLengths(DBN_VERSION_MAX);
/** Where ts_recv lies in records that describe the market: another host may stamp another one. */
const RECV_FROM = 16;
const RECV_TO = 24;
const HAS_RECV: ReadonlySet<number> = new Set([RTYPE.definition, RTYPE.statistics, RTYPE.status]);

/** What makes a record that describes the market the same one when it is told again. */
export function identityOf({ bytes, base, lengthBytes, rtype }: RecordView): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset + base, LENGTHS[rtype] ?? lengthBytes);
  if (!HAS_RECV.has(rtype)) return buffer.toString("latin1", 1);
  return buffer.toString("latin1", 1, RECV_FROM) + buffer.toString("latin1", RECV_TO);
}

/** Visits what is recorded. @throws what the disk throws */
export async function readRecorded(source: RecordedSource, visit: (view: RecordView) => void): Promise<void> {
  const { disk, directory, dataset, since, written } = source;
  for (const { held, safeBytes } of written) visitHeld(held, safeBytes === 0, visit);
  const days = await listRecordings(disk, directory);
  for (const day of days) {
    if (day.dataset !== dataset || day.tradeDate < since) continue;
    for (const { name, path, state, damage } of day.files) {
      if (damage !== "" || !READ.has(name.schema)) continue;
      const own = written.find((file) => file.path === path);
      const bytes = own?.safeBytes ?? (state === "finished" ? Number.POSITIVE_INFINITY : (await trustedPart(disk, directory, name)).bytes);
      if (bytes > 0) await visitFile(disk, path, bytes, visit);
    }
  }
}

/** What waits in memory; a new file's begins with its metadata. */
function visitHeld(held: Uint8Array, hasHead: boolean, visit: (view: RecordView) => void): void {
  createDbnDecoder(hasHead ? {} : { fragment: { version: DBN_VERSION_MAX } }).push(held, visit);
}

async function visitFile(disk: Disk, path: string, bytes: number, visit: (view: RecordView) => void): Promise<void> {
  const reader = await openRecordReader(path, { file: await openUpTo(disk, path, bytes) });
  const view = new RecordView();
  try {
    for (let batch = await reader.readBatch(); batch !== null; batch = await reader.readBatch()) {
      for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) visit(view.point(batch.bytes, at));
    }
  } finally {
    await reader.close();
  }
}
