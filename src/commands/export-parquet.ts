/** Rows into a Parquet file (hyparquet-writer): times as nanosecond timestamps, prices as doubles, written group by group. */
import { fileWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import { VERSION } from "./version.ts";
import type { ColumnKind, ExportColumn } from "./export-columns.ts";
import type { RowTarget } from "./recordings-export.ts";

const GROUP_ROWS = 100_000;

type Cell = number | bigint | string | null;

function element({ name, kind }: ExportColumn): SchemaElement {
  const repetition_type = kind === "price" || kind === "time" ? "OPTIONAL" : "REQUIRED";
  switch (kind) {
    case "whole": return { name, type: "INT64", repetition_type };
    case "large": return { name, type: "INT64", repetition_type };
    case "price": return { name, type: "DOUBLE", repetition_type };
    case "time": return { name, type: "INT64", repetition_type, logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "NANOS" } };
    case "text": return { name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type };
  }
}

/** The nearest double: exact for every tick that is a sum of halves, quarters, … . */
function cell(kind: ColumnKind, value: Cell): Cell {
  if (value === null) return null;
  if (kind === "price") return Number(value) / 1e9;
  if (kind === "whole" || kind === "large") return BigInt.asIntN(64, BigInt(value));
  return value;
}

/** `mode` goes into the file's own notes, so that a simulated market is known as one wherever the file ends up. */
export function openParquet(path: string, columns: readonly ExportColumn[], mode: string): RowTarget {
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: [{ name: "root", num_children: columns.length }, ...columns.map(element)],
    kvMetadata: [{ key: "nq-tui.mode", value: mode }],
    createdBy: `nq-tui version ${VERSION}`,
  });
  let held: Cell[][] = columns.map(() => []);
  const flush = async (): Promise<void> => {
    if ((held[0]?.length ?? 0) === 0) return;
    const columnData = columns.map(({ name }, at) => ({ name, data: held[at] ?? [] }));
    held = columns.map(() => []);
    await writer.write({ columnData, rowGroupSize: GROUP_ROWS });
  };
  return {
    write(values) {
      columns.forEach(({ kind }, at) => held[at]?.push(cell(kind, values[at] ?? null)));
      return (held[0]?.length ?? 0) >= GROUP_ROWS ? flush() : undefined;
    },
    async finish() {
      await flush();
      await writer.finish();
    },
    abandon: () => Promise.resolve(),
  };
}
