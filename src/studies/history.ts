/** Immutable objects for the newest entries of a ring, made once per entry however often they are looked at. */

/** Entries are counted from the first ever made; the ring keeps the newest `capacity`. */
export interface History<T> {
  readonly capacity: number;
  /** Objects of the entries `end - items.length` to `end - 1`. */
  items: T[];
  end: number;
  /** The newest entry may change again, so its object is made anew next time. */
  open: boolean;
}

export function emptyHistory<T>(capacity: number): History<T> {
  return { capacity, items: [], end: 0, open: false };
}

/** How many entries the ring has now, and whether the newest one is still changing. */
export interface HistoryState {
  readonly end: number;
  readonly open: boolean;
}

/**
 * The newest entries, oldest first, as a new array. Only entries that are new, or were still changing, are made;
 * the rest is one copy of references.
 */
export function readHistory<T>(history: History<T>, now: HistoryState, make: (entry: number) => T): readonly T[] {
  const oldest = Math.max(0, now.end - history.capacity);
  const settled = history.open ? history.end - 1 : history.end;
  const first = history.end - history.items.length;
  const items = settled > oldest ? history.items.slice(Math.max(0, oldest - first), settled - first) : [];
  for (let entry = Math.max(settled, oldest); entry < now.end; entry += 1) items.push(make(entry));
  history.items = items;
  history.end = now.end;
  history.open = now.open;
  return items;
}
