/** Counts checks and prints one line for each; the last line is the tally. */

/** One line on standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export class Tally {
  #passed = 0;
  #failed = 0;
  #skipped = 0;

  get failed(): number {
    return this.#failed;
  }

  pass(name: string): void {
    this.#passed += 1;
    say(`ok ${name}`);
  }

  fail(name: string, why: string): void {
    this.#failed += 1;
    say(`FAILED ${name}: ${why.replace(/\s+/g, " ").slice(0, 400)}`);
  }

  skip(why: string): void {
    this.#skipped += 1;
    say(`skipped: ${why.replace(/\s+/g, " ").slice(0, 400)}`);
  }

  /** Runs one check; a failed one does not stop the others. */
  async check<T>(name: string, run: () => T | Promise<T>): Promise<T | null> {
    try {
      const result = await run();
      this.pass(name);
      return result;
    } catch (error) {
      this.fail(name, error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  /** Takes over a line of another process in the same form; false when it is none. */
  adopt(line: string): boolean {
    const failed = /^FAILED (.*?): (.*)$/.exec(line);
    if (failed !== null) this.fail(failed[1] ?? "", failed[2] ?? "");
    else if (line.startsWith("ok ")) this.pass(line.slice(3));
    else return false;
    return true;
  }

  close(): void {
    say(`${this.#passed} passed, ${this.#failed} failed, ${this.#skipped} skipped`);
  }
}

/** Throws unless both are the same. */
export function expectSame(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what}: expected ${String(expected)}, found ${String(found)}`);
}
