/** Which instruments of one schema a session gets, and from what time on; overlapping subscriptions are one. */

/** What a subscription adds. Times in nanoseconds since 1970; null: not by this time. */
export interface SelectionGrant {
  readonly instrumentIds: readonly number[];
  readonly isAll: boolean;
  /** Records whose ts_event is not before it. */
  readonly fromEvent: bigint | null;
  /** Records whose index time is not before it. */
  readonly fromIndex: bigint | null;
}

/** Halves of u64 times; Infinity as the high half is never reached. */
class Rule {
  #eventHi = Number.POSITIVE_INFINITY;
  #eventLo = 0;
  #indexHi = Number.POSITIVE_INFINITY;
  #indexLo = 0;
  /** Everything from here on passes: the stream comes in order of index time. */
  isOpen = false;

  grant(fromEvent: bigint | null, fromIndex: bigint | null): void {
    if (fromEvent === 0n || fromIndex === 0n) this.isOpen = true;
    if (fromEvent !== null) {
      const [hi, lo] = halves(fromEvent);
      if (isBefore(hi, lo, this.#eventHi, this.#eventLo)) [this.#eventHi, this.#eventLo] = [hi, lo];
    }
    if (fromIndex !== null) {
      const [hi, lo] = halves(fromIndex);
      if (isBefore(hi, lo, this.#indexHi, this.#indexLo)) [this.#indexHi, this.#indexLo] = [hi, lo];
    }
  }

  admits(eventHi: number, eventLo: number, indexHi: number, indexLo: number): boolean {
    if (this.isOpen) return true;
    if (!isBefore(indexHi, indexLo, this.#indexHi, this.#indexLo)) {
      this.isOpen = true;
      return true;
    }
    return !isBefore(eventHi, eventLo, this.#eventHi, this.#eventLo);
  }
}

function halves(nanos: bigint): [number, number] {
  return [Number(nanos >> 32n), Number(nanos & 0xffff_ffffn)];
}

function isBefore(hi: number, lo: number, otherHi: number, otherLo: number): boolean {
  return hi < otherHi || (hi === otherHi && lo < otherLo);
}

/** Times of the record in question, as 32-bit halves; a RecordView is one. */
export interface RecordTimes {
  readonly tsEventHi: number;
  readonly tsEventLo: number;
  readonly indexHi: number;
  readonly indexLo: number;
}

export class Selection {
  readonly #rules = new Map<number, Rule>();
  #all: Rule | null = null;
  /** The rule of the instrument asked for last; neighbours in a stream are mostly of one instrument. */
  #lastId = -1;
  #lastRule: Rule | null = null;

  grant(grant: SelectionGrant): void {
    if (grant.isAll) {
      this.#all ??= new Rule();
      this.#all.grant(grant.fromEvent, grant.fromIndex);
    }
    for (const id of grant.instrumentIds) {
      let rule = this.#rules.get(id);
      if (rule === undefined) this.#rules.set(id, (rule = new Rule()));
      rule.grant(grant.fromEvent, grant.fromIndex);
    }
    this.#lastId = -1;
  }

  /** Whether any time of this instrument was asked for. */
  covers(instrumentId: number): boolean {
    return this.#all !== null || this.#rules.has(instrumentId);
  }

  admits(instrumentId: number, times: RecordTimes): boolean {
    if (instrumentId !== this.#lastId) {
      this.#lastRule = this.#rules.get(instrumentId) ?? null;
      this.#lastId = instrumentId;
    }
    const all = this.#all;
    const rule = this.#lastRule;
    if (rule?.isOpen === true || all?.isOpen === true) return true;
    if (rule === null && all === null) return false;
    const { tsEventHi, tsEventLo, indexHi, indexLo } = times;
    return (
      (rule?.admits(tsEventHi, tsEventLo, indexHi, indexLo) ?? false) ||
      (all?.admits(tsEventHi, tsEventLo, indexHi, indexLo) ?? false)
    );
  }
}
