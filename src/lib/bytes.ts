/** Copies of byte ranges. */

/** An owned copy; unlike `slice` also for the platform's Buffer, whose slice is a view. */
export function copyBytes(bytes: Uint8Array, from = 0, to: number = bytes.length): Uint8Array {
  return new Uint8Array(bytes.subarray(from, to));
}
