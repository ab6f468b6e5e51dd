/** The store that is on screen: now this one, now another, without the screen noticing more than other figures. */
import type { Snapshot } from "../store/snapshot.ts";
import type { TradeStore } from "../store/store.ts";

export class ShownStore {
  readonly #listeners = new Set<() => void>();
  #store: TradeStore;
  #forget: () => void;

  constructor(store: TradeStore) {
    this.#store = store;
    this.#forget = store.subscribe(() => this.#tell());
  }

  get store(): TradeStore {
    return this.#store;
  }

  /** From now on this one is shown. What the other counts stays in it. */
  show(store: TradeStore): void {
    if (store === this.#store) return;
    this.#forget();
    this.#store = store;
    this.#forget = store.subscribe(() => this.#tell());
    this.#tell();
  }

  getSnapshot(): Snapshot {
    return this.#store.getSnapshot();
  }

  commit(): boolean {
    return this.#store.commit();
  }

  subscribe(listener: () => void): () => void {
    const entry = (): void => listener();
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
