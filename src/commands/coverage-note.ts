/**
 * The note of what the recording of the running trade date covers. It never says more than the files hold: before records
 * are forced out it says the lesser of what it said and of what will be so, and what is so only once they are.
 */
import { compareTime, fromNanos, type UnixTime } from "../lib/time.ts";
import { boundedGaps } from "../lsg/bounded-gaps.ts";
import type { LinkGap } from "../lsg/link-state.ts";
import type { Disk } from "../recording/disk.ts";
import type { RecorderHole } from "../recording/recorder-state.ts";
import type { Snapshot } from "../store/snapshot.ts";
import { coverageFile, GAPS_MAX, writeKeptCoverage, type KeptCoverage } from "./kept-coverage.ts";

export interface CoverageNoteOptions {
  readonly disk: Disk;
  readonly directory: string;
  readonly dataset: string;
  /** Recording began in the middle of a session: what came before is not in the files. */
  readonly since: UnixTime | null;
}

interface Note extends KeptCoverage {
  readonly from: UnixTime;
  readonly path: string;
}

const DOUBT = "the figures of an earlier run lacked something of this time, or may have";

const textOf = (note: Note): string => JSON.stringify(note);
const isSameTime = (a: UnixTime, b: UnixTime): boolean => compareTime(a, b) === 0;
const isSameEnd = (a: UnixTime | null, b: UnixTime | null): boolean => a === b || (a !== null && b !== null && isSameTime(a, b));

export class CoverageNote {
  readonly #options: CoverageNoteOptions;
  #written: Note | null = null;
  #next: Note | null = null;

  constructor(options: CoverageNoteOptions) {
    this.#options = options;
  }

  /**
   * Before records are forced out.
   * @param snapshot what the figures are of that the records were kept for
   * @param holes what the disk did not take
   * @param isAll false: some of what the figures count is not among the records yet
   * @throws NqError RECORD_DISK
   */
  async before(snapshot: Snapshot, holes: readonly RecorderHole[], isAll: boolean): Promise<void> {
    const note = this.#noteOf(snapshot, holes);
    this.#next = isAll ? note : null;
    if (note === null) return;
    const claim = isAll ? note : { ...note, gaps: ordered([...note.gaps, { from: note.from, to: null, state: "open", how: "" }]) };
    await this.#write(this.#written === null ? claim : lesser(this.#written, claim));
  }

  /** The records are on the device. @throws NqError RECORD_DISK */
  async after(): Promise<void> {
    if (this.#next !== null) await this.#write(this.#next);
  }

  #noteOf({ coverage, instrument, day, link }: Snapshot, holes: readonly RecorderHole[]): Note | null {
    if (instrument === null || day === null || coverage.from === null) return null;
    const { directory, dataset, since } = this.#options;
    const path = coverageFile(directory, dataset, day.tradeDate);
    const before = this.#written;
    // What the figures themselves found wanting is so for whoever begins with them, too.
    const told = link?.gaps ?? [];
    const doubtful = coverage.gaps.filter((gap) => gap.state !== "filled" && !told.some((one) => isSameTime(one.from, gap.from) && isSameEnd(one.to, gap.to)));
    // After a roll, what was lost of the contract before is asked for until it was judged: by the next run too.
    const isOpen = link?.gaps?.at(-1)?.state === "open";
    return {
      path,
      contract: isOpen && before?.path === path ? before.contract : instrument.rawSymbol,
      from: since !== null && compareTime(since, coverage.from) > 0 ? since : coverage.from,
      gaps: ordered([...told, ...doubtful.map(({ from, to, state }) => ({ from, to, state, how: DOUBT })), ...holes.filter(({ schema }) => schema === "trades").map(gapOf)]),
    };
  }

  async #write(note: Note): Promise<void> {
    if (this.#written !== null && textOf(this.#written) === textOf(note)) return;
    await writeKeptCoverage(this.#options.disk, note.path, note);
    this.#written = note;
  }
}

/** Whoever starts from the recording lacks what the disk did not take. */
function gapOf({ from, to, records }: RecorderHole): LinkGap {
  return { from: fromNanos(from), to: to === null ? null : fromNanos(to), state: to === null ? "open" : "not filled", how: `the disk did not take ${records} trades` };
}

/** What both notes say; of two days or contracts nothing is said by both. */
function lesser(a: Note, b: Note): Note {
  if (a.path !== b.path || a.contract !== b.contract) return b;
  const still = a.gaps.filter(({ from, state }) => state !== "filled" && !b.gaps.some((gap) => isSameTime(gap.from, from) && gap.state === state));
  return { ...b, from: compareTime(a.from, b.from) > 0 ? a.from : b.from, gaps: ordered([...b.gaps, ...still]) };
}

function ordered(gaps: readonly LinkGap[]): readonly LinkGap[] {
  return boundedGaps([...gaps].sort((a, b) => compareTime(a.from, b.from)), GAPS_MAX);
}
