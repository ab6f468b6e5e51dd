/** Keeps the object of the view before where nothing in it has changed, so that panes see what did. */

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const left = Object.entries(a);
  const right: Readonly<Record<string, unknown>> = { ...b };
  return left.length === Object.keys(right).length && left.every(([key, value]) => isSame(value, right[key]));
}

/** `before` if it says the same as `now`, else `now`, with those of its parts that say the same as before. */
export function kept<View extends object>(before: View, now: View): View {
  if (isSame(before, now)) return before;
  const merged: View = { ...now };
  for (const key of Object.keys(now) as (keyof View)[]) if (isSame(before[key], now[key])) merged[key] = before[key];
  return merged;
}
