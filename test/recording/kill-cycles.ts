/**
 * Kills a recording process with SIGKILL at random moments, again and again in one folder, and reads what it left.
 * `node test/recording/kill-cycles.ts 2000` runs so many cycles and prints what was found.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RecordView } from "../../src/dbn/record-view.ts";
import { Prng } from "../../src/lib/prng.ts";
import { realDisk } from "../../src/recording/disk.ts";
import { openRecordReader } from "../../src/recording/record-reader.ts";
import { recoverSegment } from "../../src/recording/recover.ts";
import { checkpointFile, parseSegmentFile } from "../../src/recording/segment-names.ts";

const CHILD = fileURLToPath(new URL("./kill-child.ts", import.meta.url));

export interface KillResult {
  readonly cycles: number;
  readonly records: number;
  /** Acknowledged as safe and not found afterwards. */
  readonly lost: number;
  /** Out of order, twice, or not there although later ones are. */
  readonly wrong: number;
  /** Files that ended inside a record. */
  readonly torn: number;
}

/** Sequence numbers of everything that whole records are kept of, file by file. */
async function readAll(directory: string): Promise<number[]> {
  const found: number[] = [];
  for (const file of readdirSync(directory).sort()) {
    const name = parseSegmentFile(file);
    if (name === null || name.state === "packing") continue;
    const isReplaced = readdirSync(directory).includes(file.replace(/\.part$/, ".zst"));
    if (name.state === "growing" && isReplaced) continue;
    if (statSync(join(directory, file)).size === 0) continue; // killed between making the file and writing into it
    const reader = await openRecordReader(join(directory, file));
    const view = new RecordView();
    try {
      for (let batch = await reader.readBatch(); batch !== null; batch = await reader.readBatch()) {
        for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) found.push(view.point(batch.bytes, at).sequence);
      }
    } catch {
      // a torn end: what came before it was read
    }
    await reader.close();
  }
  return found;
}

/** Runs the child until it has acknowledged something and a random while has passed; gives the last acknowledgement. */
function runAndKill(directory: string, next: number, waitMs: number): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CHILD, directory, String(next)], { stdio: ["ignore", "pipe", "inherit"] });
    let safe = 0;
    let rest = "";
    let isArmed = false;
    child.stdout.on("data", (bytes: Buffer) => {
      rest += bytes.toString();
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) safe = Number(line.split(" ")[0]);
      if (isArmed || safe === 0) return;
      isArmed = true;
      setTimeout(() => child.kill("SIGKILL"), waitMs);
    });
    child.on("close", () => resolve(safe));
  });
}

export async function killCycles(cycles: number, seed: number, onCycle: (cycle: number) => void = () => {}): Promise<KillResult> {
  const dice = new Prng(seed);
  const result = { cycles, records: 0, lost: 0, wrong: 0, torn: 0 };
  let directory = mkdtempSync(join(tmpdir(), "nq-tui-kill-"));
  let before = 0;
  try {
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      const safe = await runAndKill(directory, before, dice.int(0, 60));
      const found = await readAll(directory);
      for (const file of readdirSync(directory)) {
        const name = parseSegmentFile(file);
        if (name?.state !== "growing") continue;
        try {
          const recovery = await recoverSegment(realDisk, join(directory, file), join(directory, checkpointFile(name)), await realDisk.bootId());
          if (recovery.cutBytes > 0) result.torn += 1;
        } catch {
          result.torn += 1; // inside its head: there is no record in it, and it will be set aside
        }
      }
      result.wrong += found.filter((sequence, index) => sequence !== index).length;
      // `safe` counts the growing file alone, with what it held when it was taken up.
      result.lost += Math.max(0, safe - found.length);
      if (found.length < before) result.lost += before - found.length;
      before = found.length;
      result.records += 0;
      onCycle(cycle + 1);
      if (before > 400_000) {
        result.records += before;
        rmSync(directory, { recursive: true });
        directory = mkdtempSync(join(tmpdir(), "nq-tui-kill-"));
        before = 0;
      }
    }
    result.records += before;
  } finally {
    rmSync(directory, { recursive: true });
  }
  return result;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cycles = Number(process.argv[2] ?? 25);
  const from = performance.now();
  const result = await killCycles(cycles, Number(process.argv[3] ?? 1), (cycle) => {
    if (cycle % 10 === 0) process.stderr.write(`\r${cycle} of ${cycles} kills, ${(((performance.now() - from) / cycle) * (cycles - cycle) / 1000).toFixed(0)} s left `);
  });
  process.stderr.write("\n");
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
