/** `--from` and `--to`: Eastern times of day, which mean every session, or instants in ISO 8601. */
import { InvalidArgumentError } from "commander";
import { NanosSplitter } from "../lib/time.ts";
import type { RecordView } from "../dbn/record-view.ts";
import type { TradingDay } from "../market/trading-day.ts";
import { isPossible } from "../store/trade-times.ts";
import { parseTimeOfDay } from "./options.ts";

/** Seconds since Eastern midnight, or unix seconds. */
export type WindowEdge = { readonly kind: "time of day"; readonly sec: number } | { readonly kind: "instant"; readonly sec: number };

const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/;

/** The option's text as an edge. */
export function parseWindowEdge(text: string): WindowEdge {
  if (!text.includes("T")) return { kind: "time of day", sec: parseTimeOfDay(text) };
  const ms = ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new InvalidArgumentError("Expected an Eastern time of day such as 09:30, or 2025-06-13T09:30:00-04:00.");
  }
  return { kind: "instant", sec: ms / 1000 };
}

const EVENING_SEC = 18 * 3600;
const DAY_SEC = 86_400;

/** Unix seconds of an edge in a session, which opens at 18:00: times from then on lie on the evening before its date. */
function edgeOn(edge: WindowEdge, day: TradingDay): number {
  if (edge.kind === "instant") return edge.sec;
  return day.openSec + ((edge.sec - EVENING_SEC + DAY_SEC) % DAY_SEC);
}

/** Part of a session, unix seconds: `fromSec` is included, `toSec` is not. */
export interface DayWindow {
  readonly fromSec: number;
  readonly toSec: number;
}

/** What of trading days was asked for. */
export class TimeWindow {
  readonly #from: WindowEdge | null;
  readonly #to: WindowEdge | null;
  readonly #dayOf: (sec: number) => TradingDay;
  readonly #splitter = new NanosSplitter();
  /** The day looked at last: times of another look it up. */
  #openSec = 0;
  #endSec = 0;
  #window: DayWindow = { fromSec: 0, toSec: 0 };

  constructor(from: WindowEdge | null, to: WindowEdge | null, dayOf: (sec: number) => TradingDay) {
    this.#from = from;
    this.#to = to;
    this.#dayOf = dayOf;
  }

  /** False when nothing was asked for: then everything is. */
  get isBounded(): boolean {
    return this.#from !== null || this.#to !== null;
  }

  /** What of a day was asked for; the whole day unless bounded. */
  on(day: TradingDay): DayWindow {
    return {
      fromSec: this.#from === null ? day.openSec : edgeOn(this.#from, day),
      toSec: this.#to === null ? day.closeSec : edgeOn(this.#to, day),
    };
  }

  /** Whether a trade lies in it by its ts_event. */
  admits(view: RecordView): boolean {
    if (!this.isBounded) return true;
    const sec = this.#secondOf(view);
    return !isPossible(sec) || (sec >= this.#window.fromSec && sec < this.#window.toSec);
  }

  #secondOf(view: RecordView): number {
    this.#splitter.split(view.tsEventHi, view.tsEventLo);
    const { sec } = this.#splitter;
    if (!isPossible(sec)) return sec; // damage: whoever counts says so
    if (sec < this.#openSec || sec >= this.#endSec) {
      const day = this.#dayOf(sec);
      this.#openSec = Math.min(day.openSec, sec);
      this.#endSec = day.endSec;
      const { fromSec, toSec } = this.on(day);
      // Where only one side was asked for, the other one is the store's business: late trades and all.
      this.#window = {
        fromSec: this.#from === null ? Number.NEGATIVE_INFINITY : fromSec,
        toSec: this.#to === null ? Number.POSITIVE_INFINITY : toSec,
      };
    }
    return sec;
  }
}
