/** Best bid and ask out of single orders: a bounded book per instrument, and an mbp-1 record when its top changes. */
import { FLAG, RTYPE, UNDEF_PRICE } from "../dbn/constants.ts";
import type { RecordView } from "../dbn/record-view.ts";
import type { RecordTimes } from "./selection.ts";

const RECORD_BYTES = 80;
const BID = 66; // "B"
const ASK = 65; // "A"
const ADD = 65;
const CANCEL = 67;
const MODIFY = 77;
const CLEAR = 82;
const TRADE = 84;
/** A venue's whole listed book has fewer; beyond it the input is damaged and its book is given up. */
const ORDERS_MAX = 2_000_000;
const TWO_32 = 4_294_967_296;
/** Below this high half an order id is an exact double, which a Map finds faster than a bigint. */
const EXACT_HI = 2_097_152;

interface Order {
  price: number;
  size: number;
  side: number;
}

interface Level {
  size: number;
  count: number;
}

/** One side: levels by price in 1e-9 units, and the best of them. */
class Side {
  readonly #levels = new Map<number, Level>();
  readonly #sign: 1 | -1;
  /** NaN when the side is empty. */
  best = Number.NaN;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  get top(): Level | null {
    return this.#levels.get(this.best) ?? null;
  }

  change(price: number, size: number, count: number): void {
    let level = this.#levels.get(price);
    if (level === undefined) this.#levels.set(price, (level = { size: 0, count: 0 }));
    level.size += size;
    level.count += count;
    if (level.count <= 0) {
      this.#levels.delete(price);
      if (price === this.best) this.#findBest();
    } else if (Number.isNaN(this.best) || (price - this.best) * this.#sign > 0) {
      this.best = price;
    }
  }

  clear(): void {
    this.#levels.clear();
    this.best = Number.NaN;
  }

  /** Seldom, and a book has some hundred levels. */
  #findBest(): void {
    this.best = Number.NaN;
    for (const price of this.#levels.keys()) {
      if (Number.isNaN(this.best) || (price - this.best) * this.#sign > 0) this.best = price;
    }
  }
}

class Book {
  readonly orders = new Map<number | bigint, Order>();
  readonly bids = new Side(1);
  readonly asks = new Side(-1);
  /** What was last told, to find out whether the top changed. */
  told = "";

  side(side: number): Side | null {
    return side === BID ? this.bids : side === ASK ? this.asks : null;
  }

  remove(id: number | bigint, order: Order): void {
    this.orders.delete(id);
    this.side(order.side)?.change(order.price, -order.size, -1);
  }

  add(id: number | bigint, order: Order): void {
    const side = this.side(order.side);
    if (side === null || Number.isNaN(order.price)) return;
    const before = this.orders.get(id);
    if (before !== undefined) this.remove(id, before);
    this.orders.set(id, order);
    side.change(order.price, order.size, 1);
  }

  clear(): void {
    this.orders.clear();
    this.bids.clear();
    this.asks.clear();
  }

  get top(): string {
    const bid = this.bids.top;
    const ask = this.asks.top;
    return `${this.bids.best} ${bid?.size} ${bid?.count} ${this.asks.best} ${ask?.size} ${ask?.count}`;
  }
}

function orderKey(view: RecordView): number | bigint {
  const hi = view.dv.getUint32(view.base + 20, true);
  return hi < EXACT_HI ? hi * TWO_32 + view.dv.getUint32(view.base + 16, true) : view.orderId;
}

/** `bytes` are overwritten by the next call. */
export type OnQuote = (instrumentId: number, bytes: Uint8Array, times: RecordTimes) => void;

export class BookTop {
  readonly #onQuote: OnQuote;
  readonly #books = new Map<number, Book>();
  /** False: orders from before are not known, so an instrument has no book until its orders are sent anew. */
  readonly #isFromStart: boolean;
  readonly #bytes = new Uint8Array(RECORD_BYTES);
  readonly #dv = new DataView(this.#bytes.buffer);
  #orders = 0;

  constructor(isFromStart: boolean, onQuote: OnQuote) {
    this.#isFromStart = isFromStart;
    this.#onQuote = onQuote;
  }

  /** Takes one mbo record. */
  take(view: RecordView): void {
    const id = view.instrumentId;
    let book = this.#books.get(id);
    if (book === undefined) {
      if (!this.#isFromStart && view.mboAction !== CLEAR) return;
      this.#books.set(id, (book = new Book()));
    }
    if (view.mboAction === TRADE) return this.#tell(book, view); // the book as it was before the trade's effect
    this.#orders -= book.orders.size;
    this.#apply(book, view);
    this.#orders += book.orders.size;
    if (this.#orders > ORDERS_MAX) return this.#giveUp();
    if ((view.mboFlags & FLAG.last) === 0) return;
    const top = book.top;
    if (top === book.told) return;
    book.told = top;
    this.#tell(book, view);
  }

  #apply(book: Book, view: RecordView): void {
    const key = orderKey(view);
    const order = book.orders.get(key);
    switch (view.mboAction) {
      case CLEAR:
        return book.clear();
      case ADD:
      case MODIFY:
        return book.add(key, { price: view.mboPrice, size: view.mboSize, side: view.mboSide });
      case CANCEL: {
        if (order === undefined) return;
        const left = order.size - view.mboSize;
        if (left <= 0) return book.remove(key, order);
        order.size = left;
        return book.side(order.side)?.change(order.price, -view.mboSize, 0);
      }
      default:
    }
  }

  #giveUp(): void {
    this.#books.clear();
    this.#orders = 0;
  }

  #tell(book: Book, view: RecordView): void {
    const { bytes, base } = view;
    const out = this.#bytes;
    out.set(bytes.subarray(base, base + 16));
    out[0] = RECORD_BYTES / 4;
    out[1] = RTYPE.mbp1;
    out.set(bytes.subarray(base + 24, base + 36), 16); // price, size
    out[28] = view.mboAction;
    out[29] = view.mboSide;
    out[30] = view.mboFlags;
    out[31] = 0; // depth
    out.set(bytes.subarray(base + 40, base + 56), 32); // ts_recv, ts_in_delta, sequence
    this.#level(book.bids, 48, 64, 72);
    this.#level(book.asks, 56, 68, 76);
    this.#onQuote(view.instrumentId, out, view);
  }

  #level(side: Side, priceAt: number, sizeAt: number, countAt: number): void {
    const level = side.top;
    this.#dv.setBigInt64(priceAt, level === null ? UNDEF_PRICE : BigInt(side.best), true);
    this.#dv.setUint32(sizeAt, level?.size ?? 0, true);
    this.#dv.setUint32(countAt, level?.count ?? 0, true);
  }
}
