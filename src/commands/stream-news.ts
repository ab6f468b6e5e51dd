/**
 * Which trades are news when a market is counted afresh, and all that came before comes again: those made after the newest
 * one that had come; of its second those beyond the number that had. A late trade of an earlier second counts, but is none.
 */
export class StreamNews {
  /** Second of the newest trade so far, and how many of it there were; -1 before the first. */
  #sec = -1;
  #count = 0;
  /** How many of that second have come since everything was counted afresh; null: all that comes is news. */
  #seen: number | null = null;

  /** A copy: what is news may be known only later. */
  copy(): StreamNews {
    const copy = new StreamNews();
    copy.#sec = this.#sec;
    copy.#count = this.#count;
    copy.#seen = this.#seen;
    return copy;
  }

  /** Everything is counted from nothing. */
  afresh(): void {
    if (this.#sec >= 0) this.#seen = 0;
  }

  /** From now on all that comes is news. */
  live(): void {
    this.#seen = null;
  }

  /** Call for each trade, with the second (unix) in which it was made. */
  take(sec: number): boolean {
    if (sec > this.#sec) {
      this.#sec = sec;
      this.#count = 1;
      if (this.#seen !== null) this.#seen = 1;
      return true;
    }
    if (this.#seen === null) {
      if (sec === this.#sec) this.#count += 1;
      return true;
    }
    if (sec < this.#sec) return false;
    this.#seen += 1;
    if (this.#seen <= this.#count) return false;
    this.#count = this.#seen;
    return true;
  }
}
