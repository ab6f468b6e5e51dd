/** What the disk does to one simulation, and when the program ends and is started again; decided from the seed. */
import { Prng } from "../../src/lib/prng.ts";

/** Kinds of trouble that a seed may enable. */
export const DISK_FAULTS = ["full", "writeError", "syncError", "renameError", "openError", "slowDisk", "quit", "kill", "power", "smallHeld", "smallFiles"] as const;

export type DiskFault = (typeof DISK_FAULTS)[number];
export type DiskTrouble = "full" | "writeError" | "syncError" | "renameError" | "openError";
export type EndKind = "quit" | "kill" | "power";

/** A time in which calls of one kind fail, all of them or a share. */
export interface TroubleTime {
  readonly kind: DiskTrouble;
  readonly fromUs: number;
  readonly toUs: number;
  readonly share: number;
}

export interface DiskPlan {
  readonly faults: readonly DiskFault[];
  readonly troubles: readonly TroubleTime[];
  /** A call takes up to this long; 0: it is over at once. */
  readonly slowUs: number;
  /** The program ends and is started again later. In order; none overlap. */
  readonly ends: readonly { readonly atUs: number; readonly untilUs: number; readonly kind: EndKind }[];
  readonly syncMs: number;
  readonly heldMax: number;
  readonly rotateBytes: number;
}

const SECOND = 1_000_000;
const TROUBLES: readonly DiskTrouble[] = ["full", "writeError", "syncError", "renameError", "openError"];
const ENDS: readonly EndKind[] = ["quit", "kill", "power"];
/** Part of the seeds whose program records. */
const RECORDING_SHARE = 0.3;

/** Null: the seed's program does not record. Nothing goes wrong from `healUs` on. */
export function diskPlanOf(seed: number, startUs: number, healUs: number): DiskPlan | null {
  const random = new Prng(seed, 15);
  if (!random.chance(RECORDING_SHARE)) return null;
  const share = random.float();
  const enabled = new Set<DiskFault>(DISK_FAULTS.filter(() => random.chance(share)));
  const kinds = TROUBLES.filter((kind) => enabled.has(kind));
  const troubles = Array.from({ length: kinds.length === 0 ? 0 : random.int(1, 4) }, (): TroubleTime => {
    const fromUs = random.int(startUs, healUs - SECOND);
    return {
      kind: kinds[random.int(0, kinds.length - 1)] ?? "full", fromUs,
      toUs: Math.min(healUs, fromUs + random.int(SECOND, 120 * SECOND)), share: random.chance(0.5) ? 1 : random.float(),
    };
  });
  const endKinds = ENDS.filter((kind) => enabled.has(kind));
  const ends: { atUs: number; untilUs: number; kind: EndKind }[] = [];
  let fromUs = startUs + SECOND;
  for (let n = endKinds.length === 0 ? 0 : random.int(1, 3); n > 0; n -= 1) {
    const atUs = random.int(fromUs, fromUs + 300 * SECOND);
    const untilUs = atUs + random.int(SECOND, 90 * SECOND);
    if (untilUs >= healUs) break;
    ends.push({ atUs, untilUs, kind: endKinds[random.int(0, endKinds.length - 1)] ?? "kill" });
    fromUs = untilUs + SECOND;
  }
  return {
    faults: [...enabled],
    troubles,
    slowUs: enabled.has("slowDisk") ? random.int(1_000, 700_000) : 0,
    ends,
    syncMs: random.int(100, 2_000),
    heldMax: enabled.has("smallHeld") ? random.int(2_000, 20_000) : 16 * 1024 * 1024,
    rotateBytes: enabled.has("smallFiles") ? random.int(2_000, 20_000) : 256 * 1024 * 1024,
  };
}
