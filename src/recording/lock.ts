/**
 * One writer for a folder. Where the system has sockets without a file (Linux), the lock is such a socket: it goes with
 * the process, however that ends. Elsewhere it is a file with the process number, which a later writer may take over
 * once that process is gone.
 */
import { createHash } from "node:crypto";
import { mkdir, open, readFile, realpath, unlink } from "node:fs/promises";
import { createServer } from "node:net";
import { NqError } from "../lib/errors.ts";

export interface FolderLock {
  release(): Promise<void>;
}

export interface LockOptions {
  readonly platform: string;
  readonly pid: number;
  /** Whether a process with this number runs. */
  readonly isRunning: (pid: number) => boolean;
}

function locked(folder: string): NqError {
  return new NqError("RECORD_LOCKED", `expected to be the only one that records into ${folder}, found another program doing so`);
}

function lockSocket(folder: string, real: string): Promise<FolderLock> {
  const name = `\0nq-tui:${createHash("sha256").update(real).digest("hex")}`;
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(error.code === "EADDRINUSE" ? locked(folder) : error));
    server.listen(name, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

async function lockFile(folder: string, options: LockOptions): Promise<FolderLock> {
  const path = `${folder}/.lock`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const handle = await open(path, "wx", 0o600);
      await handle.writeFile(String(options.pid));
      await handle.close();
      return { release: () => unlink(path).catch(() => {}) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = Number(await readFile(path, "utf8").catch(() => ""));
      if (owner > 0 && options.isRunning(owner)) throw locked(folder);
      await unlink(path).catch(() => {}); // left behind by a program that was killed
    }
  }
  throw locked(folder);
}

/** Makes the folder if need be. @throws NqError RECORD_LOCKED while another writer has it */
export async function lockFolder(folder: string, options: LockOptions): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return options.platform === "linux" ? lockSocket(folder, await realpath(folder)) : lockFile(folder, options);
}
