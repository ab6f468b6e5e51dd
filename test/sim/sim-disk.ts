/**
 * The disk of a simulation, as one run of the program sees it: calls take their time on the timeline, fail when the plan
 * says so, and nothing is ever answered to a program that has ended. What is on the device outlasts the program.
 */
import type { Disk, DiskFile, OpenHow } from "../../src/recording/disk.ts";
import type { Prng } from "../../src/lib/prng.ts";
import type { SimulatedDisk } from "../recording/simulated-disk.ts";
import type { DiskPlan, DiskTrouble } from "./disk-plan.ts";
import type { Timeline } from "./timeline.ts";

const CODES: Readonly<Record<DiskTrouble, string>> = { full: "ENOSPC", writeError: "EIO", syncError: "EIO", renameError: "EIO", openError: "EIO" };

function failure(kind: DiskTrouble): Error {
  return Object.assign(new Error(`simulated ${kind}`), { code: CODES[kind] });
}

export class SimDisk implements Disk {
  /** False from the moment on at which the program ends. */
  isAlive = true;
  readonly #device: SimulatedDisk;
  readonly #timeline: Timeline;
  readonly #random: Prng;
  readonly #plan: DiskPlan;

  constructor(options: { device: SimulatedDisk; timeline: Timeline; random: Prng; plan: DiskPlan }) {
    this.#device = options.device;
    this.#timeline = options.timeline;
    this.#random = options.random;
    this.#plan = options.plan;
  }

  async open(path: string, how: OpenHow): Promise<DiskFile> {
    return this.#file(await this.#call(() => {
      if (how !== "read") this.#strike("openError", "full");
      return this.#device.open(path, how);
    }));
  }

  #file(file: DiskFile): DiskFile {
    return {
      write: (bytes, position) => this.#call(async () => {
        const kind = this.#trouble("full", "writeError");
        if (kind === null) return file.write(bytes, position);
        // Some of it is taken first, and not whole records.
        const part = Math.floor(bytes.length * this.#random.float());
        if (part > 0) await file.write(bytes.subarray(0, part), position);
        if (kind === "writeError" || part === 0) throw failure(kind);
        return part;
      }),
      read: (into, position) => this.#call(() => file.read(into, position)),
      sync: () => this.#call(() => {
        const kind = this.#trouble("syncError");
        if (kind === null) return file.sync();
        this.#device.failSync(file);
        throw failure(kind);
      }),
      truncate: (length) => this.#call(() => file.truncate(length)),
      close: () => this.#call(() => file.close()),
    };
  }

  facts: Disk["facts"] = (path) => this.#call(() => this.#device.facts(path));
  list: Disk["list"] = (directory) => this.#call(() => this.#device.list(directory));
  makeDirectory: Disk["makeDirectory"] = () => this.#call(() => this.#device.makeDirectory());
  remove: Disk["remove"] = (path) => this.#call(() => this.#device.remove(path));
  freeBytes: Disk["freeBytes"] = () => this.#call(() => this.#device.freeBytes());
  bootId: Disk["bootId"] = () => this.#call(() => this.#device.bootId());

  rename(from: string, to: string): Promise<void> {
    return this.#call(() => {
      this.#strike("renameError");
      return this.#device.rename(from, to);
    });
  }

  syncDirectory(): Promise<void> {
    return this.#call(() => {
      this.#strike("syncError");
      return this.#device.syncDirectory();
    });
  }

  #strike(...kinds: readonly DiskTrouble[]): void {
    const kind = this.#trouble(...kinds);
    if (kind !== null) throw failure(kind);
  }

  #trouble(...kinds: readonly DiskTrouble[]): DiskTrouble | null {
    const { nowUs } = this.#timeline;
    const found = this.#plan.troubles.find(({ kind, fromUs, toUs }) => kinds.includes(kind) && nowUs >= fromUs && nowUs < toUs);
    return found !== undefined && this.#random.chance(found.share) ? found.kind : null;
  }

  async #call<T>(run: () => Promise<T>): Promise<T> {
    const { slowUs } = this.#plan;
    if (slowUs > 0) {
      const atUs = this.#timeline.nowUs + this.#random.int(0, slowUs);
      await new Promise<void>((resolve) => void this.#timeline.at(atUs, resolve, true));
    }
    if (this.isAlive) return await run();
    return await new Promise<never>(() => {}); // the program is gone: nobody is answered
  }
}
