/**
 * When reading may rest, so that small pieces are read as one: a piece costs the same whether it holds one record or
 * twenty. Every so often one is read at once all the same, so that how old data is when it comes can be measured.
 */

/** Pieces from here on are read as fast as they come: a replay, or a burst. */
const LARGE_BYTES = 65_536;
const RESTS_IN_A_ROW = 10;

export class Rests {
  readonly #restMs: number;
  #readableSinceMs = Number.NEGATIVE_INFINITY;
  #inRow = 0;
  #isRested = false;

  /** `restMs` 0: never. */
  constructor(restMs: number) {
    this.#restMs = restMs;
  }

  /** Whether what is read next may have lain there for a moment. */
  get isRested(): boolean {
    return this.#isRested;
  }

  /** A piece was read; milliseconds to rest before the next, 0 where it may come at once. */
  after(lengthBytes: number, nowMs: number): number {
    const isBusy = nowMs - this.#readableSinceMs < this.#restMs && lengthBytes < LARGE_BYTES;
    this.#isRested = isBusy && this.#inRow < RESTS_IN_A_ROW;
    this.#inRow = this.#isRested ? this.#inRow + 1 : 0;
    this.#readableSinceMs = nowMs;
    return this.#isRested ? this.#restMs : 0;
  }

  /** Reading goes on. */
  over(nowMs: number): void {
    this.#readableSinceMs = nowMs;
  }
}
