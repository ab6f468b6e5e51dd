/** A promise that was not kept; the message says which. */
export class Violation extends Error {
  override readonly name = "Violation";
}
