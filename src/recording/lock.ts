/**
 * One writer for a folder, or for a log's files. Where the system has sockets without a file (Linux), the lock is such a socket: it goes with
 * the process, however that ends. Elsewhere it is a file with the process number, which a later writer may take over
 * once that process is gone.
 */
import { createHash, randomUUID } from "node:crypto";
import { constants, copyFile, link, mkdir, readFile, realpath, unlink, writeFile } from "node:fs/promises";
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

/** What a second writer is told. */
type Refusal = () => NqError;

function lockSocket(name: string, refusal: Refusal): Promise<FolderLock> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((take, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(error.code === "EADDRINUSE" ? refusal() : error));
    server.listen(`\0nq-tui:${name}`, () => {
      server.unref();
      take({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

/** What systems and file systems say that have no second names for a file. */
const NO_LINKS: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

/** Puts the file in place with its contents, so that nobody finds an empty one. @throws EEXIST when there is one */
async function putOnce(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

async function lockByFile(path: string, refusal: Refusal, options: LockOptions): Promise<FolderLock> {
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, String(options.pid), { mode: 0o600, flag: "wx" });
  try {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      try {
        await putOnce(own, path);
        return { release: () => unlink(path).catch(() => {}) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        const owner = Number(await readFile(path, "utf8").catch(() => ""));
        if (owner > 0 && options.isRunning(owner)) throw refusal();
        await unlink(path).catch(() => {}); // left behind by a program that was killed
      }
    }
    throw refusal();
  } finally {
    await unlink(own).catch(() => {});
  }
}

const nameOf = (path: string): string => createHash("sha256").update(path).digest("hex");

/** Keeps other writers away from what this name stands for. `file`: the lock where there are no sockets without one. */
export function lockName(name: string, file: string, refusal: () => NqError, options: LockOptions): Promise<FolderLock> {
  return options.platform === "linux" ? lockSocket(nameOf(name), refusal) : lockByFile(file, refusal, options);
}

/** Makes the folder if need be. @throws NqError RECORD_LOCKED while another writer has it */
export async function lockFolder(folder: string, options: LockOptions): Promise<FolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const refusal: Refusal = () => new NqError("RECORD_LOCKED", `expected to be the only one that records into ${folder}, found another program doing so`);
  return lockName(await realpath(folder), `${folder}/.lock`, refusal, options);
}
