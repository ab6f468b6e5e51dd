/** A file whose trades are in its book records or orders, read as if it had trade records too. */
import { RecordView } from "../dbn/record-view.ts";
import { RecordWriter } from "../dbn/record-writer.ts";
import type { RecordBatch, RecordReader } from "../recording/record-reader.ts";
import { servingOf } from "./serving.ts";
import { isTrade, TradeCutter } from "./trade-cut.ts";

/** After each record of a trade comes the trade record cut out of it. `schemas`: those of the file. */
export function addTrades(reader: RecordReader, schemas: readonly string[]): RecordReader {
  const serving = servingOf("trades", schemas);
  const writer = new RecordWriter();
  const cutter = new TradeCutter();
  const view = new RecordView();
  return {
    path: reader.path,
    format: reader.format,
    fileBytes: reader.fileBytes,
    metadata: () => reader.metadata(),
    get position() { return reader.position; },
    get records() { return reader.records; },
    get unknownRecords() { return reader.unknownRecords; },
    close: () => reader.close(),
    async readBatch(): Promise<RecordBatch | null> {
      const batch = await reader.readBatch();
      if (batch === null) return null;
      const { bytes } = batch;
      writer.clear();
      for (let at = 0; at < bytes.length; at += view.lengthBytes) {
        view.point(bytes, at);
        writer.raw(bytes.subarray(at, at + view.lengthBytes));
        if (view.rtype !== serving?.rtype || !isTrade(view)) continue;
        writer.raw(serving.way === "trade-of-mbo" ? cutter.fromOrder(view) : cutter.fromBook(view));
      }
      return { bytes: writer.bytes(), records: writer.count };
    },
  };
}
