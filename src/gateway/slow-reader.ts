/** What happens to a client that does not keep pace with the market: quotes are left out for it, and it is told so. */
import type { DbnVersion } from "../dbn/constants.ts";
import { RecordView } from "../dbn/record-view.ts";
import { NanosSplitter } from "../lib/time.ts";
import { ERROR_CODE, errorRecord, SYSTEM_CODE, systemRecord } from "./gateway-records.ts";
import type { MarketClock } from "./market-clock.ts";
import type { Outbox } from "./outbox.ts";
import { QUOTE_SCHEMAS } from "./serving.ts";
import type { Sifter } from "./sifter.ts";
import type { WireBuffer } from "./wire-buffer.ts";

/** Market is this many real milliseconds ahead of the client, ... */
const BEHIND_MS = 1000;
/** ... and the client, not the source, caused it: it let the gateway wait this long. */
const WAITED_MS = 500;
/** Below this many real milliseconds a client is with the market again. */
const WITH_MS = 200;

/** True when what is `lagMs` real milliseconds old may count as now. */
export function isWithMarket(lagMs: number): boolean {
  return lagMs < WITH_MS;
}

export interface SlowReaderParts {
  readonly version: DbnVersion;
  readonly behavior: "skip" | "warn";
  readonly market: MarketClock;
  readonly wire: WireBuffer;
  readonly outbox: Outbox;
  readonly sifter: Sifter;
  /** The client fell behind. */
  readonly onSlow: () => void;
}

/** Trades, orders and bars are never left out; the client is only warned, and back-pressure does the rest. */
export class SlowReader {
  readonly #parts: SlowReaderParts;
  readonly #view = new RecordView();
  readonly #splitter = new NanosSplitter();
  #isBehind = false;
  /** Schemas the client was told about since it fell behind. */
  readonly #told = new Set<string>();

  constructor(parts: SlowReaderParts) {
    this.#parts = parts;
  }

  /** Before a live batch: is its first record much older than the market, because the client made us wait? */
  judge(bytes: Uint8Array): void {
    const { market } = this.#parts;
    if (market.isEndless) return; // everything is due at once, nobody can be late
    this.#view.point(bytes, 0);
    this.#splitter.split(this.#view.indexHi, this.#view.indexLo);
    const lagMs = -market.realMsUntil(this.#splitter);
    if (isWithMarket(lagMs)) return this.caughtUp();
    if (this.#isBehind || lagMs <= BEHIND_MS || this.#parts.outbox.waitedMs <= WAITED_MS) return;
    this.#isBehind = true;
    this.#warn();
  }

  /** The client has everything that was due. */
  caughtUp(): void {
    this.#parts.outbox.forgetWaiting();
    this.#isBehind = false;
    this.#told.clear();
    this.#parts.sifter.isSkippingQuotes = false;
  }

  /** After a batch: tells once per schema that records of it were left out. */
  tellSkipped(): void {
    const { sifter, wire, version, market } = this.#parts;
    if (sifter.skipped.size === 0) return;
    for (const schema of sifter.skipped) {
      if (this.#told.has(schema)) continue;
      this.#told.add(schema);
      const text = `Slow client detected for ${schema}. Skipped records`;
      wire.own(errorRecord(version, market.nowNanos(), ERROR_CODE.skippedRecords, text));
    }
    sifter.skipped.clear();
  }

  #warn(): void {
    const { sifter, wire, version, market, behavior, onSlow } = this.#parts;
    onSlow();
    sifter.isSkippingQuotes = behavior === "skip";
    for (const schema of sifter.schemas) {
      if (behavior === "skip" && QUOTE_SCHEMAS.has(schema)) continue;
      const text = `Warning: slow reading, not keeping pace with ${schema} data`;
      wire.own(systemRecord(version, market.nowNanos(), SYSTEM_CODE.slowReading, text));
    }
  }
}
