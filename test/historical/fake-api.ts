/**
 * The historical HTTP API as it is documented, on this machine: basic authentication with an empty password, form bodies,
 * JSON errors in both forms, limits with Retry-After, what an account may see, DBN as zstd frames or plain, cut off on demand.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { zstdCompressSync } from "node:zlib";
import { SCHEMA_CODES, STYPE_CODES } from "../../src/dbn/constants.ts";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { encodeMetadata } from "../../src/dbn/metadata.ts";
import { RecordView } from "../../src/dbn/record-view.ts";

/** What one call of a method answers with instead. */
export type Fault =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Of a body: break off after so many bytes, with a reset, or with a clean end as if that were all. */
  | { readonly cutAfter: number; readonly how: "reset" | "end" }
  /** Of a body: end it, frame and all, after so many records. */
  | { readonly onlyRecords: number }
  /** The connection is closed without an answer. */
  | { readonly drop: true };

export interface FakeApiOptions {
  readonly keyText: string;
  readonly records: readonly PartialRecord[];
  readonly symbol?: string;
  readonly instrumentId?: number;
  /** ISO 8601. */
  readonly availableEnd?: string;
  readonly dollarsPerRecord?: number;
  /** Frames of so many records; 0: plain, whatever was asked for. */
  readonly frameRecords?: number;
  /** Sizes of writes, repeated. */
  readonly cuts?: readonly number[];
  /** What happens to the calls of a method, in their order; after the last one all is well. */
  readonly faults?: Readonly<Record<string, readonly (Fault | null)[]>>;
  /** A header sent with every body. */
  readonly warning?: string;
}

export interface FakeApi {
  readonly url: string;
  /** Method and parameters of every call that came with the right key. */
  readonly calls: { readonly method: string; readonly params: Readonly<Record<string, string>> }[];
  /** Everything that came: request lines, headers and bodies. */
  readonly heard: string[];
  close(): Promise<void>;
}

interface Refusal {
  readonly status: number;
  readonly status_code: number;
  readonly case: string;
  readonly message: string;
}

interface Indexed {
  readonly bytes: Uint8Array;
  readonly at: bigint;
}

function json(response: ServerResponse, status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { "Content-Type": "application/json", "request-id": "0123456789abcdef0123456789abcdef", ...headers });
  response.end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request as AsyncIterable<Buffer>) text += part.toString();
  return text;
}

class Api {
  readonly calls: FakeApi["calls"] = [];
  readonly heard: string[] = [];
  readonly #options: FakeApiOptions;
  readonly #records: readonly Indexed[];
  readonly #counts = new Map<string, number>();

  constructor(options: FakeApiOptions) {
    this.#options = options;
    const view = new RecordView();
    this.#records = options.records
      .map((record) => {
        const bytes = encodeRecord(record, 3);
        view.point(bytes);
        return { bytes, at: (BigInt(view.indexHi) << 32n) + BigInt(view.indexLo) };
      })
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    this.heard.push(`${request.method} ${request.url}\n${JSON.stringify(request.headers)}\n${body}`);
    const expected = `Basic ${Buffer.from(`${this.#options.keyText}:`).toString("base64")}`;
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const method = path.replace(/^\/v0\//, "");
    const params = Object.fromEntries(new URLSearchParams(request.method === "GET" ? query : body));
    if (request.headers.authorization === undefined) return json(response, 401, { detail: "Not authenticated" });
    if (request.headers.authorization !== expected) return json(response, 401, { detail: { case: "auth_authentication_failed", message: `Authentication failed for ${request.headers.authorization}` } });
    this.calls.push({ method, params });
    const count = this.#counts.get(method) ?? 0;
    this.#counts.set(method, count + 1);
    const fault = this.#options.faults?.[method]?.[count] ?? null;
    if (fault !== null && "drop" in fault) return void request.socket.destroy();
    if (fault !== null && "status" in fault) {
      response.writeHead(fault.status, { "Content-Type": "application/json", ...fault.headers });
      response.end(fault.body ?? JSON.stringify({ detail: `answer ${fault.status}` }));
      return;
    }
    if (method === "metadata.get_dataset_range") {
      const end = this.#options.availableEnd ?? "2030-01-01T00:00:00.000000000Z";
      return json(response, 200, { start: "2010-06-06T00:00:00.000000000Z", end, schema: { trades: { start: "2010-06-06T00:00:00.000000000Z", end } } });
    }
    const refusal = this.#refuse(params);
    if (refusal !== null) return json(response, refusal.status, { detail: refusal });
    const chosen = this.#choose(params);
    const size = chosen.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (method === "metadata.get_cost") return json(response, 200, chosen.length * (this.#options.dollarsPerRecord ?? 0.0001));
    if (method === "metadata.get_record_count") return json(response, 200, chosen.length);
    if (method === "metadata.get_billable_size") return json(response, 200, size);
    if (method === "timeseries.get_range") return this.#stream(response, params, chosen, fault);
    json(response, 404, { detail: "Not Found" });
  }

  #refuse(params: Readonly<Record<string, string>>): Refusal | null {
    const refusal = (status: number, name: string, message: string): Refusal => ({ status, status_code: status, case: name, message });
    if (params["dataset"] !== "GLBX.MDP3") return refusal(422, "data_unknown_dataset", `Unknown dataset ${params["dataset"]}`);
    if (!/^\d+$/.test(params["start"] ?? "")) return refusal(422, "data_invalid_start", "start is needed");
    const end = BigInt(Date.parse(this.#options.availableEnd ?? "2030-01-01T00:00:00Z")) * 1_000_000n;
    if (BigInt(params["start"] ?? 0) >= BigInt(params["end"] ?? 0)) return refusal(422, "data_time_range_start_on_or_after_end", "start is not before end");
    if (BigInt(params["start"] ?? 0) >= end) return refusal(422, "data_start_after_available_end", `The dataset is available until ${this.#options.availableEnd}`);
    if (BigInt(params["end"] ?? 0) > end) return refusal(422, "data_end_after_available_end", `The dataset is available until ${this.#options.availableEnd}`);
    if (!(params["symbols"] ?? "").split(",").includes(this.#options.symbol ?? "NQM5")) return refusal(422, "symbology_invalid_request", "None of the symbols could be resolved");
    return null;
  }

  #choose(params: Readonly<Record<string, string>>): readonly Indexed[] {
    if (params["schema"] !== "trades") return [];
    const [start, end] = [BigInt(params["start"] ?? 0), BigInt(params["end"] ?? 0)];
    return this.#records.filter(({ at }) => at >= start && at < end);
  }

  #head(params: Readonly<Record<string, string>>): Uint8Array {
    const symbol = this.#options.symbol ?? "NQM5";
    const date = Number(new Date(Number(BigInt(params["start"] ?? 0) / 1_000_000n)).toISOString().slice(0, 10).replaceAll("-", ""));
    return encodeMetadata({
      version: 3, dataset: params["dataset"] ?? "", schema: SCHEMA_CODES[params["schema"] ?? ""] ?? 0, start: BigInt(params["start"] ?? 0),
      end: BigInt(params["end"] ?? 0), limit: 0n, stypeIn: STYPE_CODES["raw_symbol"] ?? 1, stypeOut: STYPE_CODES["instrument_id"] ?? 0, tsOut: false,
      symbolCstrLen: 71, symbols: [symbol], partial: [], notFound: [],
      mappings: [{ rawSymbol: symbol, intervals: [{ startDate: date, endDate: date + 2, symbol: String(this.#options.instrumentId ?? 42) }] }],
    });
  }

  #stream(response: ServerResponse, params: Readonly<Record<string, string>>, chosen: readonly Indexed[], fault: Fault | null): void {
    const kept = fault !== null && "onlyRecords" in fault ? chosen.slice(0, fault.onlyRecords) : chosen;
    const each = this.#options.frameRecords ?? 100;
    const head = this.#head(params);
    const pieces: Uint8Array[] = [];
    if (each === 0 || params["compression"] !== "zstd") pieces.push(head, ...kept.map(({ bytes }) => bytes));
    else {
      pieces.push(zstdCompressSync(head));
      for (let at = 0; at < kept.length; at += each) pieces.push(zstdCompressSync(Buffer.concat(kept.slice(at, at + each).map(({ bytes }) => bytes))));
    }
    const whole = Buffer.concat(pieces);
    const sent = fault !== null && "cutAfter" in fault ? whole.subarray(0, fault.cutAfter) : whole;
    const warning = this.#options.warning === undefined ? {} : { "X-Warning": this.#options.warning };
    response.writeHead(200, { "Content-Type": "application/octet-stream", ...warning }); // chunked: the length is not known
    const cuts = this.#options.cuts ?? [977];
    for (let at = 0, n = 0; at < sent.length; n += 1) {
      const size = cuts[n % cuts.length] ?? 977;
      response.write(sent.subarray(at, at + size));
      at += size;
    }
    if (fault !== null && "cutAfter" in fault && fault.how === "reset") response.write("", () => setImmediate(() => response.socket?.destroy()));
    else response.end();
  }
}

export async function startFakeApi(options: FakeApiOptions): Promise<FakeApi> {
  const api = new Api(options);
  const server = createServer((request, response) => void api.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v0/`,
    calls: api.calls,
    heard: api.heard,
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  };
}
