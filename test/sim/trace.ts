/** What happened in a run, as text if it is wanted and always as a number, so that two runs can be compared. */

export class Trace {
  /** Lines, while they are kept. */
  readonly lines: string[] = [];
  entries = 0;
  readonly #keeps: boolean;
  #low = 0x811c_9dc5;
  #high = 0x1234_5678;

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  add(atUs: number, text: string): void {
    this.entries += 1;
    this.#mix(atUs);
    for (let n = 0; n < text.length; n += 1) this.#mix(text.charCodeAt(n));
    if (this.#keeps) this.lines.push(`${(atUs / 1e6).toFixed(6).padStart(12)} ${text}`);
  }

  /** Sixteen hexadecimal digits. */
  get hash(): string {
    const word = (value: number): string => (value >>> 0).toString(16).padStart(8, "0");
    return word(this.#high) + word(this.#low);
  }

  #mix(value: number): void {
    this.#low = Math.imul(this.#low ^ value, 0x0100_0193);
    this.#high = Math.imul(this.#high ^ (value * 0x9e37), 0x85eb_ca6b) ^ (this.#low >>> 15);
  }
}
