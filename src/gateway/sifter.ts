/** Picks out of the source's stream what one session subscribed, schema by schema, into its wire buffer. */
import { RTYPE } from "../dbn/constants.ts";
import { RecordView } from "../dbn/record-view.ts";
import { NanosSplitter } from "../lib/time.ts";
import { BarMaker } from "./bars.ts";
import { BookTop } from "./book-top.ts";
import { Selection, type RecordTimes, type SelectionGrant } from "./selection.ts";
import { BAR_SECONDS, QUOTE_SCHEMAS, rtypeOfSchema, servingOf, type Serving } from "./serving.ts";
import { TradeCutter, isTrade, tradePrice, tradeSize } from "./trade-cut.ts";
import type { WireBuffer } from "./wire-buffer.ts";

/** One schema on its way to one session. */
interface Route {
  readonly schema: string;
  readonly serving: Serving;
  readonly selection: Selection;
  readonly bars: BarMaker | null;
  readonly book: BookTop | null;
}

const BBO_RTYPES: ReadonlySet<number> = new Set([RTYPE.bbo1s, RTYPE.bbo1m, RTYPE.cbbo1s, RTYPE.cbbo1m]);

/** Sampled records are chosen by the end of their interval: their ts_event is that of an older trade. */
class IndexOnly implements RecordTimes {
  tsEventHi = 0;
  tsEventLo = 0;
  indexHi = 0;
  indexLo = 0;

  of(view: RecordView): this {
    this.tsEventHi = this.indexHi = view.indexHi;
    this.tsEventLo = this.indexLo = view.indexLo;
    return this;
  }
}

export class Sifter {
  /** Schemas of which records were left out since the set was last cleared. */
  readonly skipped = new Set<string>();
  /** Leave quotes out: the client is behind, and each later one carries the full state. */
  isSkippingQuotes = false;
  /** The source was opened so late that it gives all from this market second on; 0: from its start. */
  openedAtSec = 0;
  /** Index time of the last record seen, 32-bit halves. */
  lastHi = 0;
  lastLo = 0;
  readonly #sourceSchemas: readonly string[];
  readonly #wire: WireBuffer;
  readonly #routes = new Map<string, Route>();
  #byRtype: (readonly Route[] | undefined)[] = [];
  readonly #view = new RecordView();
  readonly #sampled = new IndexOnly();
  readonly #cutter = new TradeCutter();
  readonly #splitter = new NanosSplitter();

  constructor(sourceSchemas: readonly string[], wire: WireBuffer) {
    this.#sourceSchemas = sourceSchemas;
    this.#wire = wire;
  }

  /** Adds a subscription. `seenFromSec`: the stream before this market second has already gone by; 0: nothing has. */
  subscribe(schema: string, grant: SelectionGrant, seenFromSec: number): void {
    const route = this.#routes.get(schema) ?? this.#open(schema, seenFromSec);
    route?.selection.grant(grant);
  }

  /** What comes from here on is whole from this market second on; 0: from the source's start. */
  get seenFromSec(): number {
    if (this.lastHi === 0 && this.lastLo === 0) return this.openedAtSec;
    this.#splitter.split(this.lastHi, this.lastLo);
    return this.#splitter.sec + 1;
  }

  /** Schemas with records of their own in the stream. */
  get schemas(): readonly string[] {
    return [...this.#routes.keys()];
  }

  /** Market time at which the next bar is due, nanoseconds since 1970; null when none is. */
  get barsDueNanos(): bigint | null {
    let due: bigint | null = null;
    for (const { bars } of this.#routes.values()) {
      if (bars?.dueNanos != null && (due === null || bars.dueNanos < due)) due = bars.dueNanos;
    }
    return due;
  }

  /** Puts out the bars that are over at this market time; null: all, the source is over. */
  advance(nowNanos: bigint | null): void {
    for (const { bars } of this.#routes.values()) bars?.advance(nowNanos);
  }

  /** Takes whole version 3 records back to back. */
  sift(bytes: Uint8Array): void {
    const view = this.#view.point(bytes, 0);
    const wire = this.#wire;
    let runFrom = 0;
    let runRecords = 0;
    let at = 0;
    while (at < bytes.length) {
      const lengthBytes = bytes[at]! * 4; // at < bytes.length
      if (lengthBytes === 0) break; // a source's mistake must not hang the gateway
      const routes = this.#byRtype[bytes[at + 1]!];
      view.base = at;
      if (routes !== undefined && routes.length === 1 && this.#isRun(routes[0]!, view)) {
        if (runRecords === 0) runFrom = at;
        runRecords += 1;
      } else {
        if (runRecords > 0) wire.run(bytes, runFrom, at, runRecords);
        runRecords = 0;
        if (routes !== undefined) for (const route of routes) this.#pass(route, view);
      }
      at += lengthBytes;
    }
    if (runRecords > 0) wire.run(bytes, runFrom, at, runRecords);
    if (view.base < bytes.length) {
      this.lastHi = view.indexHi;
      this.lastLo = view.indexLo;
    }
  }

  /** True when the record goes out unchanged and unasked by anybody else; such neighbours are copied together. */
  #isRun(route: Route, view: RecordView): boolean {
    if (route.serving.way !== "copy" || this.isSkippingQuotes) return false;
    const rtype = route.serving.rtype;
    if (BBO_RTYPES.has(rtype)) return false;
    return this.#wire.isPlain(rtype) && route.selection.admits(view.instrumentId, view);
  }

  #pass(route: Route, view: RecordView): void {
    const { serving, selection } = route;
    if (serving.way === "bars") return this.#count(route, view);
    if (route.book !== null) return route.book.take(view);
    if (serving.way !== "copy" && !isTrade(view)) return;
    const times = BBO_RTYPES.has(serving.rtype) ? this.#sampled.of(view) : view;
    if (!selection.admits(view.instrumentId, times) || this.#isSkipped(route.schema)) return;
    if (serving.way === "trade") this.#wire.record(this.#cutter.fromBook(view), 0);
    else if (serving.way === "trade-of-mbo") this.#wire.record(this.#cutter.fromOrder(view), 0);
    else this.#wire.record(view.bytes, view.base);
  }

  #isSkipped(schema: string): boolean {
    if (!this.isSkippingQuotes || !QUOTE_SCHEMAS.has(schema)) return false;
    this.skipped.add(schema);
    return true;
  }

  #count(route: Route, view: RecordView): void {
    if (!isTrade(view) || !route.selection.covers(view.instrumentId)) return;
    this.#splitter.split(view.tsEventHi, view.tsEventLo);
    route.bars?.take({
      instrumentId: view.instrumentId,
      publisherId: view.publisherId,
      sec: this.#splitter.sec,
      price: tradePrice(view),
      size: tradeSize(view),
    });
  }

  #open(schema: string, seenFromSec: number): Route | null {
    const serving = servingOf(schema, this.#sourceSchemas);
    if (serving === null) return null;
    const selection = new Selection();
    const send = (instrumentId: number, bytes: Uint8Array, times: RecordTimes): void => {
      if (selection.admits(instrumentId, times) && !this.#isSkipped(schema)) this.#wire.record(bytes, 0);
    };
    const seconds = BAR_SECONDS[schema] ?? 0;
    const barRtype = rtypeOfSchema(schema) ?? 0;
    const bars = serving.way === "bars" ? new BarMaker(seconds, barRtype, seenFromSec, send) : null;
    const book = serving.way === "book" ? new BookTop(seenFromSec === 0, send) : null;
    const route: Route = { schema, serving, selection, bars, book };
    this.#routes.set(schema, route);
    const table: Route[][] = [];
    for (const one of this.#routes.values()) (table[one.serving.rtype] ??= []).push(one);
    this.#byRtype = table;
    return route;
  }
}
