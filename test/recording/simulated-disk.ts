/**
 * A disk in memory that fails on demand: the n-th call can be refused, a write can take a part only, and a loss of power
 * leaves what was forced out plus any of the 512-byte sectors that were not, the others as zeros or as they were.
 */
import type { Disk, DiskFile, FileFacts, OpenHow } from "../../src/recording/disk.ts";

interface Node {
  bytes: Uint8Array;
  /** What is on the device. */
  forced: Uint8Array;
  /** Sectors that the next sync forces out. */
  readonly dirty: Set<number>;
}

const SECTOR = 512;

function grown(bytes: Uint8Array, length: number): Uint8Array {
  const next = new Uint8Array(length);
  next.set(bytes.subarray(0, length));
  return next;
}

export interface Fault {
  /** Calls before the one that fails. */
  readonly after: number;
  readonly code: "ENOSPC" | "EIO";
  /** Calls that fail from then on. */
  readonly times: number;
}

export class SimulatedDisk implements Disk {
  calls = 0;
  bootNumber = 1;
  fault: Fault | null = null;
  /** The program stops before this call, for good. */
  stopBefore = Number.POSITIVE_INFINITY;
  #files = new Map<string, Node>();
  #forcedNames = new Map<string, Node>();
  readonly #nodes = new WeakMap<DiskFile, Node>();

  #call(): boolean {
    if (this.calls >= this.stopBefore) throw Object.assign(new Error("the program was stopped"), { code: "STOPPED" });
    const { fault } = this;
    const fails = fault !== null && this.calls >= fault.after && this.calls < fault.after + fault.times;
    this.calls += 1;
    return fails;
  }

  #check(): void {
    if (this.#call()) throw Object.assign(new Error("simulated"), { code: this.fault?.code });
  }

  /** Power goes and comes back. `keep` decides for each sector that was not forced out: kept, or as it was forced. */
  crash(keep: () => boolean): void {
    this.bootNumber += 1;
    const files = new Map<string, Node>();
    for (const [path, node] of this.#forcedNames) {
      const length = node.bytes.length >= node.forced.length && keep() ? node.bytes.length : node.forced.length;
      const bytes = grown(node.forced, length);
      for (let at = 0; at < length; at += SECTOR) {
        if (keep()) bytes.set(node.bytes.subarray(at, Math.min(at + SECTOR, length, node.bytes.length)), at);
      }
      // What was forced out is there whatever else happens.
      bytes.set(node.forced.subarray(0, Math.min(node.forced.length, length)));
      files.set(path, { bytes, forced: bytes.slice(), dirty: new Set() });
    }
    this.#restart(files);
    this.#forcedNames = new Map(files);
  }

  /** The program ends; the system keeps what was written. */
  kill(): void {
    this.#restart(this.#files);
  }

  #restart(files: Map<string, Node>): void {
    this.#files = files;
    this.stopBefore = Number.POSITIVE_INFINITY;
    this.fault = null;
  }

  bytes(path: string): Uint8Array {
    return this.#files.get(path)?.bytes ?? new Uint8Array(0);
  }

  put(path: string, bytes: Uint8Array): void {
    const node = { bytes: bytes.slice(), forced: bytes.slice(), dirty: new Set<number>() };
    this.#files.set(path, node);
    this.#forcedNames.set(path, node);
  }

  get paths(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  open(path: string, how: OpenHow): Promise<DiskFile> {
    return this.#promise(() => {
      this.#check();
      let node = this.#files.get(path);
      if (node === undefined && how === "read") throw Object.assign(new Error("absent"), { code: "ENOENT" });
      if (node === undefined) this.#files.set(path, (node = { bytes: new Uint8Array(0), forced: new Uint8Array(0), dirty: new Set() }));
      return this.#handle(node);
    });
  }

  /** A sync that failed: the system takes what was to be forced out for done, and never tries it again. */
  failSync(file: DiskFile): void {
    this.#nodes.get(file)?.dirty.clear();
  }

  #handle(node: Node): DiskFile {
    const file: DiskFile = {
      write: (bytes, position) => this.#promise(() => {
        const fails = this.#call();
        if (fails && this.fault?.code === "EIO") throw Object.assign(new Error("simulated"), { code: "EIO" });
        // A full disk takes some of it first, and not whole records.
        const take = fails ? Math.floor(bytes.length / 3) : bytes.length;
        if (fails && take === 0) throw Object.assign(new Error("simulated"), { code: "ENOSPC" });
        node.bytes = grown(node.bytes, Math.max(node.bytes.length, position + take));
        node.bytes.set(bytes.subarray(0, take), position);
        for (let at = position - (position % SECTOR); at < position + take; at += SECTOR) node.dirty.add(at);
        return take;
      }),
      read: (into, position) => this.#promise(() => {
        const part = node.bytes.subarray(position, position + into.length);
        into.set(part);
        return part.length;
      }),
      sync: () => this.#promise(() => {
        if (this.#call()) {
          this.failSync(file);
          throw Object.assign(new Error("simulated"), { code: this.fault?.code });
        }
        const forced = grown(node.forced, node.bytes.length);
        for (const at of node.dirty) if (at < node.bytes.length) forced.set(node.bytes.subarray(at, at + SECTOR), at);
        node.dirty.clear();
        node.forced = forced;
      }),
      truncate: (length) => this.#promise(() => {
        this.#check();
        node.bytes = grown(node.bytes, length);
        node.forced = node.forced.subarray(0, length);
      }),
      close: () => Promise.resolve(),
    };
    this.#nodes.set(file, node);
    return file;
  }

  facts(path: string): Promise<FileFacts | null> {
    const node = this.#files.get(path);
    if (node !== undefined) return Promise.resolve({ bytes: node.bytes.length, kind: "file" });
    const isDirectory = [...this.#files.keys()].some((other) => other.startsWith(`${path}/`));
    return Promise.resolve(isDirectory ? { bytes: 0, kind: "directory" } : null);
  }

  list(directory: string): Promise<readonly string[]> {
    const start = `${directory}/`;
    return Promise.resolve([...this.#files.keys()].filter((path) => path.startsWith(start)).map((path) => path.slice(start.length)).sort());
  }

  makeDirectory(): Promise<void> {
    return Promise.resolve();
  }

  rename(from: string, to: string): Promise<void> {
    return this.#promise(() => {
      this.#check();
      const node = this.#files.get(from);
      if (node === undefined) throw Object.assign(new Error("absent"), { code: "ENOENT" });
      this.#files.delete(from);
      this.#files.set(to, node);
    });
  }

  remove(path: string): Promise<void> {
    return this.#promise(() => {
      this.#check();
      this.#files.delete(path);
    });
  }

  syncDirectory(): Promise<void> {
    return this.#promise(() => {
      this.#check();
      this.#forcedNames = new Map(this.#files);
    });
  }

  freeBytes(): Promise<number> {
    return Promise.resolve(1e12);
  }

  bootId(): Promise<string> {
    return Promise.resolve(`00000000-${this.bootNumber}`);
  }

  #promise<T>(run: () => T): Promise<T> {
    try {
      return Promise.resolve(run());
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
