/** Jobs one behind the other, a few at once, no more waiting than a burst may leave behind; what comes on top is counted. */

export type Job = () => Promise<void>;

export class Lane {
  readonly #atOnce: number;
  readonly #most: number;
  readonly #waiting: Job[] = [];
  #running = 0;
  #onIdle: (() => void) | null = null;
  /** Jobs for which there was no room. */
  dropped = 0;

  constructor(atOnce: number, most: number) {
    this.#atOnce = atOnce;
    this.#most = most;
  }

  get waiting(): number {
    return this.#waiting.length + this.#running;
  }

  add(job: Job): void {
    if (this.#waiting.length >= this.#most) {
      this.dropped += 1;
      return;
    }
    this.#waiting.push(job);
    this.#next();
  }

  /** Nothing that waits is begun any more; resolves when what runs is over. */
  close(): Promise<void> {
    this.#waiting.length = 0;
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => void (this.#onIdle = resolve));
  }

  #next(): void {
    while (this.#running < this.#atOnce) {
      const job = this.#waiting.shift();
      if (job === undefined) break;
      this.#running += 1;
      void job().finally(() => {
        this.#running -= 1;
        this.#next();
        if (this.#running === 0) this.#onIdle?.();
      });
    }
  }
}
