/** Simulated time: a queue of events in order of their times, and the clock that the program under test is handed. */
import type { Clock } from "../../src/lib/clock.ts";

interface Event {
  atUs: number;
  /** Events of one moment happen in the order in which they were made. */
  readonly order: number;
  readonly isClients: boolean;
  readonly run: () => void;
  isCancelled: boolean;
}

const isBefore = (a: Event, b: Event): boolean => a.atUs < b.atUs || (a.atUs === b.atUs && a.order < b.order);

/** Time since the start in whole microseconds. */
export class Timeline {
  nowUs: number;
  /** Events that ran. */
  events = 0;
  /** Timers of the client that wait. */
  clientTimers = 0;
  readonly #heap: Event[] = [];
  #order = 0;
  /** Until then the client's machine sleeps: whatever was to reach it happens when it wakes. */
  #asleepUntilUs = Number.NEGATIVE_INFINITY;

  constructor(startUs = 0) {
    this.nowUs = startUs;
  }

  /** Runs at the given time, or now if that is past. The result cancels it. */
  at(atUs: number, run: () => void, isClients = false): () => void {
    const event: Event = { atUs: Math.max(this.nowUs, Math.ceil(atUs)), order: (this.#order += 1), isClients, run, isCancelled: false };
    this.#push(event);
    return () => {
      event.isCancelled = true;
    };
  }

  /** The client's machine stops until then; the rest of the world goes on. */
  sleepClient(untilUs: number): void {
    this.#asleepUntilUs = Math.max(this.#asleepUntilUs, untilUs);
  }

  /** Runs the next event, if it is due by `untilUs`; false when there is none, and the time is then `untilUs`. */
  step(untilUs: number): boolean {
    for (;;) {
      const event = this.#heap[0];
      if (event === undefined || event.atUs > untilUs) {
        this.nowUs = Math.max(this.nowUs, untilUs);
        return false;
      }
      this.#pop();
      if (event.isCancelled) continue;
      if (event.isClients && event.atUs < this.#asleepUntilUs) {
        event.atUs = this.#asleepUntilUs;
        this.#push(event);
        continue;
      }
      this.nowUs = event.atUs;
      this.events += 1;
      event.run();
      return true;
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isBefore(above, event)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (isBefore(last, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

/** One run of the program; what it waits for does not happen once it has ended. */
export interface Life {
  isAlive: boolean;
}

/** The client's clock on a timeline; its wall clock may be off by `skewMs`. `lateMs` says how late a timer fires. */
export function clientClock(timeline: Timeline, startMs: number, skewMs: number, lateMs: () => number, life: Life): Clock {
  return {
    wallMs: () => Math.floor(startMs + skewMs + timeline.nowUs / 1_000),
    monotonicMs: () => timeline.nowUs / 1_000,
    after(delayMs, run) {
      let isOver = false;
      timeline.clientTimers += 1;
      const end = (): void => {
        if (!isOver) timeline.clientTimers -= 1;
        isOver = true;
      };
      const cancel = timeline.at(timeline.nowUs + Math.max(0, delayMs + lateMs()) * 1_000, () => {
        end();
        if (life.isAlive) run();
      }, true);
      return () => {
        end();
        cancel();
      };
    },
  };
}
