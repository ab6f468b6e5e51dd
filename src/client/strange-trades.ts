/** Trades of one session that lie where all should be known, and are not: how many, and of what time. */
export class StrangeTrades {
  trades = 0;
  /** ts_event of the earliest and the latest, microseconds. */
  fromUs = Number.POSITIVE_INFINITY;
  toUs = -1;

  note(eventUs: number): void {
    this.trades += 1;
    this.fromUs = Math.min(this.fromUs, eventUs);
    this.toUs = Math.max(this.toUs, eventUs);
  }
}
