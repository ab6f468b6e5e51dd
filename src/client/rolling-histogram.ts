/** Quantiles of what came in the last while: counts in buckets of a few per cent, in slots of time that are used again. */

/** Buckets for each doubling: a quantile is right to about 9 %. */
const PER_OCTAVE = 8;
const OCTAVES = 36;
const BUCKETS = PER_OCTAVE * OCTAVES;
const SLOTS = 15;

/** Values are whole microseconds from 1 to about 19 hours; smaller and larger ones count as those. */
export class RollingHistogram {
  readonly #slotMs: number;
  readonly #counts = new Uint32Array(BUCKETS * SLOTS);
  readonly #slotTotals = new Uint32Array(SLOTS);
  /** Number of the slot of time that is being filled; -1 before the first value. */
  #slot = -1;

  /** `windowMs`: how far back it looks, at most; a fifteenth of it at a time is forgotten. */
  constructor(windowMs: number) {
    this.#slotMs = windowMs / SLOTS;
  }

  /** `nowMs` never goes back. */
  add(us: number, nowMs: number): void {
    this.#turn(nowMs);
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, us)) * PER_OCTAVE)));
    const slot = this.#slot % SLOTS;
    this.#counts[slot * BUCKETS + bucket]! += 1; // inside by the two lines above
    this.#slotTotals[slot]! += 1; // one of the slots
  }

  /** Values in the window. */
  count(nowMs: number): number {
    this.#turn(nowMs);
    return this.#slotTotals.reduce((sum, total) => sum + total, 0);
  }

  /** The value below which the share `q` lies, in microseconds; null when there is none. */
  quantile(q: number, nowMs: number): number | null {
    const total = this.count(nowMs);
    if (total === 0) return null;
    let left = Math.max(1, Math.ceil(q * total));
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      for (let slot = 0; slot < SLOTS; slot += 1) left -= this.#counts[slot * BUCKETS + bucket] ?? 0;
      if (left <= 0) return 2 ** ((bucket + 0.5) / PER_OCTAVE);
    }
    return null;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#slotTotals.fill(0);
  }

  #turn(nowMs: number): void {
    const slot = Math.floor(nowMs / this.#slotMs);
    if (slot <= this.#slot) return;
    const passed = this.#slot < 0 ? SLOTS : Math.min(SLOTS, slot - this.#slot);
    for (let n = 0; n < passed; n += 1) {
      const old = (slot - n) % SLOTS;
      this.#counts.fill(0, old * BUCKETS, (old + 1) * BUCKETS);
      this.#slotTotals[old] = 0;
    }
    this.#slot = slot;
  }
}
