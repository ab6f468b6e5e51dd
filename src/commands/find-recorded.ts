/** What the reader means by a trade date or a path: the files to read. */
import { NqError } from "../lib/errors.ts";
import { realDisk } from "../recording/disk.ts";
import { listRecordings } from "../recording/library.ts";
import { recordingsFolder } from "./data-folder.ts";
import type { System } from "./system.ts";

export interface FoundFiles {
  readonly paths: readonly string[];
  /** What the files are of, as far as their place tells. */
  readonly mode: "LIVE" | "DEMO" | "REPLAY";
}

const DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * Dates stand for the recordings of that trade date, anything else for a file.
 * @param options schemas null: all that were recorded
 * @throws NqError FILE_OPEN for a date of which nothing was recorded
 */
export async function findRecorded(
  system: System,
  what: readonly string[],
  options: { readonly dir: string | null; readonly demo: boolean; readonly schemas: readonly string[] | null },
): Promise<FoundFiles> {
  const mode = options.demo ? "DEMO" : "LIVE";
  const dates = what.filter((text) => DATE.test(text));
  if (dates.length === 0) return { paths: what, mode: "REPLAY" };
  const folder = recordingsFolder(system, options.dir, mode);
  const days = await listRecordings(realDisk, folder);
  const paths = what.flatMap((text) => {
    if (!DATE.test(text)) return [text];
    const files = days.filter(({ tradeDate }) => tradeDate === text).flatMap((day) => day.files)
      .filter(({ name }) => options.schemas === null || options.schemas.includes(name.schema));
    if (files.length > 0) return files.map(({ path }) => path);
    const known = days.map(({ tradeDate }) => tradeDate).join(", ");
    throw new NqError("FILE_OPEN", `expected recordings of ${text} in ${folder}, found ${known === "" ? "none at all" : `those of ${known}`}`);
  });
  return { paths, mode };
}
