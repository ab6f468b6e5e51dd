/** A client of a few lines, on a bare socket: what the gateway is held against, without the product's own client. */
import { createHash } from "node:crypto";
import { connect, type Socket } from "node:net";
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import type { DbnMetadata } from "../../src/dbn/metadata.ts";
import { decodeRecord, type DbnRecord } from "../../src/dbn/records.ts";
import { createZstdExpander } from "../../src/dbn/zstd.ts";

export const KEY_TEXT = "db-unittestapikey1234567890FFFFF";

export interface Stream {
  readonly metadata: DbnMetadata | null;
  readonly records: readonly DbnRecord[];
}

export class RawClient {
  readonly socket: Socket;
  /** Pieces as they came. */
  readonly chunks: Buffer[] = [];
  /** Bytes before this belong to the text phase. */
  textBytes = 0;
  isEnded = false;
  error: Error | null = null;
  #wake: () => void = () => {};

  constructor(port: number) {
    this.socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    this.socket.on("data", (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.#wake();
    });
    this.socket.on("end", () => {
      this.isEnded = true;
      this.#wake();
    });
    this.socket.on("error", (error) => {
      this.error = error;
    });
    this.socket.on("close", () => {
      this.isEnded = true;
      this.#wake();
    });
  }

  get received(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get text(): string {
    return this.received.toString("latin1");
  }

  /** Resolves once `holds` or the connection is over. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds() && !this.isEnded) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  send(...lines: string[]): void {
    this.socket.write(lines.map((line) => `${line}\n`).join(""));
  }

  async challenge(): Promise<string> {
    await this.until(() => /cram=.*\n/.test(this.text));
    return /cram=(.*)\n/.exec(this.text)?.[1] ?? "";
  }

  /** Answers the challenge; the result line is the value. */
  async authenticate(more = "", key = KEY_TEXT): Promise<string> {
    const challenge = await this.challenge();
    const hex = createHash("sha256").update(`${challenge}|${key}`).digest("hex");
    this.send(`auth=${hex}-${key.slice(-5)}|dataset=GLBX.MDP3|encoding=dbn${more}`);
    await this.until(() => /success=.*\n/.test(this.text));
    const at = this.text.indexOf("success=");
    this.textBytes = this.text.indexOf("\n", at) + 1;
    return this.text.slice(at, this.textBytes - 1);
  }

  async toEnd(): Promise<void> {
    await this.until(() => false);
  }

  /** What came after the text, decoded; compressed streams may be cut anywhere. */
  async stream(): Promise<Stream> {
    const bytes = this.received.subarray(this.textBytes);
    const records: DbnRecord[] = [];
    const decoder = createDbnDecoder();
    const push = (part: Uint8Array): void => {
      decoder.push(part, (view) => {
        const record = decodeRecord(view.copy(), 3);
        if (record !== null) records.push(record);
      });
    };
    if (bytes[0] === 0x28) {
      const expander = createZstdExpander();
      await expander.push(bytes, push);
      expander.close();
    } else if (bytes.length > 0) push(bytes);
    return { metadata: decoder.metadata, records };
  }

  /** Resolves once the records of the stream so far satisfy `holds`. */
  async records(holds: (records: readonly DbnRecord[]) => boolean): Promise<readonly DbnRecord[]> {
    for (;;) {
      const { records } = await this.stream();
      if (holds(records) || this.isEnded) return records;
      const before = this.chunks.length;
      await this.until(() => this.chunks.length > before);
    }
  }

  close(): void {
    this.socket.destroy();
  }
}

/** A record in a few words, for comparing orders of records. */
export function brief(record: DbnRecord): string {
  if (record.kind === "system") return record.msg;
  if (record.kind === "error") return `error ${record.code}: ${record.err}`;
  if (record.kind === "symbolMapping") return `${record.instrumentId}: ${record.stypeInSymbol} -> ${record.stypeOutSymbol}`;
  if (record.kind === "trade" || record.kind === "mbp1") return `${record.kind} ${record.sequence}`;
  return record.kind;
}
