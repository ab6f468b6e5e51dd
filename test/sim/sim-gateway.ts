/**
 * The gateway of a simulation: the product's own server half of the protocol over the synthetic log. A session asks for
 * a start; it is sent, in the order of the log, every record from there on by ts_event, and then what comes, without a
 * seam, unless its plan says otherwise.
 */
import { zstdCompressSync } from "node:zlib";
import { RTYPE, type DbnVersion } from "../../src/dbn/constants.ts";
import { encodeRecord, type PartialRecord } from "../../src/dbn/encode.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { createZstdPacker, type ZstdPacker } from "../../src/dbn/zstd.ts";
import { acknowledgement, errorRecord, mappingRecord, SYSTEM_CODE, systemRecord } from "../../src/gateway/gateway-records.ts";
import type { Prng } from "../../src/lib/prng.ts";
import { ApiKey } from "../../src/lsg/api-key.ts";
import type { LsgRequest } from "../../src/lsg/auth-request.ts";
import { createLsgServerSession, type LsgServerSession } from "../../src/lsg/server-session.ts";
import type { Subscription } from "../../src/lsg/subscription.ts";
import type { PassedOver } from "./checker.ts";
import { BASE_NANOS, BY_NAME, CONTRACTS, MINUTE_NANOS, NQ_ID, RECORD_BYTES, ROLLED, type MarketLog } from "./market-log.ts";
import type { HostPlan, SessionPlan, SimPlan } from "./plan.ts";
import type { Timeline } from "./timeline.ts";
import type { ServerEnd } from "./wire.ts";

export const DATASET = "GLBX.MDP3";
/** A client through whose connection nothing comes is noticed after this. */
const DEAD_AFTER_US = 45_000_000;
const BAR_LATE_US = 1_000_000;
const encoder = new TextEncoder();

/** What a checker is told about the sessions. */
export interface GatewayWatch {
  /** A subscription to trades came. `nowNanos`: the gateway's time. */
  readonly onTradesStart: (connection: number, start: bigint | null, nowNanos: bigint) => void;
  /** The session has asked for trades of these contracts. */
  readonly onAsked: (connection: number, instruments: ReadonlySet<number>) => void;
  /** What was asked for of the past is on its way. */
  readonly onLive: (connection: number) => void;
  /** Records of the log, by number, go out, in this order; those of one session only. */
  readonly onRecords: (connection: number, numbers: readonly number[]) => void;
  /** A record of the log is not sent, although it was asked for: too old for this gateway, or left out. */
  readonly onPassedOver: (connection: number, number: number, why: PassedOver) => void;
}

export class SimGateway {
  readonly #sessions = new Set<Session>();
  /** Sessions that count against the limit. */
  taken = 0;
  /** Compressors at work; the simulation waits for them. */
  busy = 0;
  readonly timeline: Timeline;
  readonly log: MarketLog;
  readonly plan: SimPlan;
  readonly key: ApiKey;
  readonly watch: GatewayWatch;

  /** Text of the key. */
  readonly keyText: string;

  constructor(options: { timeline: Timeline; log: MarketLog; plan: SimPlan; keyText: string; watch: GatewayWatch }) {
    this.timeline = options.timeline;
    this.log = options.log;
    this.plan = options.plan;
    this.keyText = options.keyText;
    this.key = ApiKey.parse(options.keyText);
    this.watch = options.watch;
    for (let n = 0; n < this.log.count; n += 1) {
      const at = this.log.arrivalUs[n] ?? 0;
      if (at > this.timeline.nowUs && at !== this.log.arrivalUs[n - 1]) this.timeline.at(at, () => this.#arrived());
    }
  }

  nowNanos(): bigint {
    return BASE_NANOS + BigInt(Math.floor(this.timeline.nowUs)) * 1_000n;
  }

  accept(connection: number, end: ServerEnd, host: HostPlan, plan: SessionPlan, random: Prng): void {
    const session = new Session(this, { connection, end, host, plan, random, onGone: () => this.#sessions.delete(session) });
    this.#sessions.add(session);
  }

  /** From now on nothing goes wrong: sessions with a fault in them are closed in an orderly way. */
  heal(): void {
    for (const session of this.#sessions) session.close();
  }

  #arrived(): void {
    for (const session of this.#sessions) session.arrived();
  }
}

interface SessionOptions {
  readonly connection: number;
  readonly end: ServerEnd;
  readonly host: HostPlan;
  readonly plan: SessionPlan;
  readonly random: Prng;
  readonly onGone: () => void;
}

class Session {
  readonly #gateway: SimGateway;
  readonly #options: SessionOptions;
  readonly #protocol: LsgServerSession;
  readonly #subscriptions: Subscription[] = [];
  readonly #challenge: string;
  #request: LsgRequest | null = null;
  #packer: ZstdPacker | null = null;
  #packing: Promise<void> = Promise.resolve();
  #pending: Uint8Array[] = [];
  /** Next record of the log; records before it were sent or are not to be. */
  #next = 0;
  /** From where on this gateway has what was asked for. */
  #start: bigint | null = null;
  /** Contract → from where on its trades were asked for; null: from now on. What symbols stand for stays so for the session. */
  readonly #asked = new Map<number, bigint | null>();
  #contracts: typeof CONTRACTS = CONTRACTS;
  #omitHead = 0;
  #mode: "text" | "replay" | "live" = "text";
  #lastSentUs = 0;
  #isFlushDue = false;
  #isOver = false;
  #hasPlace = false;

  constructor(gateway: SimGateway, options: SessionOptions) {
    this.#gateway = gateway;
    this.#options = options;
    const { end, plan, random, connection, host } = options;
    this.#omitHead = plan.omitHead;
    this.#lastSentUs = gateway.timeline.nowUs;
    const challenge = Array.from({ length: 32 }, () => random.int(0, 35).toString(36)).join("");
    this.#challenge = challenge;
    this.#protocol = createLsgServerSession({
      dataset: DATASET, keys: [gateway.key], challenge, sessionId: String(1_000 + connection), lsgVersion: host.lsgVersion,
    });
    end.onData = (bytes) => this.#receive(bytes);
    end.onClose = () => this.#gone();
    this.#after(plan.greetUs, () => end.write(this.#protocol.greeting()));
    if (Number.isFinite(plan.closeAfterUs)) this.#after(plan.closeAfterUs, () => this.close());
  }

  get #version(): DbnVersion {
    return this.#options.host.version;
  }

  /** The gateway closes: what was sent still arrives. */
  close(): void {
    if (this.#isOver) return;
    this.#flush();
    if (this.#packer === null) this.#options.end.end();
    else void this.#packing.then(() => this.#options.end.end());
    this.#gone();
  }

  /** Another record reached the gateway. */
  arrived(): void {
    if (this.#mode === "live") this.#flushSoon();
  }

  #after(us: number, run: () => void): void {
    const { timeline } = this.#gateway;
    timeline.at(timeline.nowUs + us, () => {
      if (!this.#isOver) run();
    });
  }

  #gone(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#hasPlace) this.#gateway.taken -= 1;
    const packer = this.#packer;
    if (packer !== null) void this.#packing.then(() => packer.close());
    this.#options.onGone();
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const events = this.#protocol.receive(bytes);
    const request = events.find((event) => event.kind === "authenticated")?.request;
    if (request !== undefined) {
      const refusal = this.#options.plan.refuse ?? this.#takePlace();
      if (refusal !== null) return this.#refuse(refusal);
      this.#request = request;
    }
    for (const event of events) {
      if (event.kind === "send") this.#after(this.#options.plan.answerUs, () => this.#options.end.write(event.bytes));
      else if (event.kind === "close") this.#after(this.#options.plan.answerUs, () => this.close());
      else if (event.kind === "subscribed") this.#subscriptions.push(event.subscription);
      else if (event.kind === "start") this.#begin(null);
      else if (event.kind === "refused") this.#begin({ code: event.code, text: event.text });
    }
  }

  /** Null when there was a place; else the refusal. */
  #takePlace(): string | null {
    if (this.#gateway.taken >= this.#gateway.plan.maxSessions) return "User has reached their open connection limit";
    this.#gateway.taken += 1;
    this.#hasPlace = true;
    this.#watchForDeath();
    return null;
  }

  /** A connection through which nothing comes holds its place until the gateway notices. */
  #watchForDeath(): void {
    this.#after(DEAD_AFTER_US, () => (this.#options.end.isVanished ? this.#gone() : this.#watchForDeath()));
  }

  /** What a careless gateway adds to its texts. */
  #echo(): string {
    const { key, keyText } = this.#gateway;
    switch (this.#options.plan.echo) {
      case "key": return ` for ${keyText}`;
      case "piece": return ` for ${keyText.slice(0, 24)}`;
      case "answer": return ` for auth=${key.respond(this.#challenge)}`;
      case null: return "";
    }
  }

  #refuse(text: string): void {
    this.#after(this.#options.plan.answerUs, () => {
      this.#options.end.write(encoder.encode(`success=0|error=${text}${this.#echo()}\n`));
      this.close();
    });
  }

  #begin(refusal: { code: number; text: string } | null): void {
    const { plan, connection } = this.#options;
    const tsOut = this.#request?.tsOut === true;
    const start = this.#gateway.nowNanos();
    this.#pending.push(encodeMetadata(liveMetadata({ version: this.#version, dataset: DATASET, start, tsOut })));
    if (this.#request?.compression === "zstd" && plan.zstd === "stream") this.#packer = createZstdPacker();
    if (refusal !== null) return this.#fail(refusal.code, refusal.text);
    const trades = this.#subscriptions.filter(({ schema }) => schema === "trades");
    for (const { start: asked } of trades) this.#gateway.watch.onTradesStart(connection, asked, start);
    this.#contracts = this.#gateway.timeline.nowUs >= this.#gateway.plan.times.rollUs ? ROLLED : CONTRACTS;
    for (const subscription of trades) this.#ask(subscription);
    this.#gateway.watch.onAsked(connection, new Set(this.#asked.keys()));
    const asked = trades.map((one) => one.start).reduce((a, b) => (a === null ? b : b === null ? a : a < b ? a : b), null);
    for (const subscription of this.#subscriptions) this.#announce(subscription);
    this.#scheduleFaults();
    this.#beat();
    if (asked === null) return this.#goLive();
    if (!this.#reachBack(asked)) return;
    this.#mode = "replay";
    this.#replay();
  }

  #scheduleFaults(): void {
    const { error } = this.#options.plan;
    if (error === null) return;
    const isFatal = [1, 2, 3, 5, 6, 8].includes(error.code);
    const strike = (): void => (isFatal ? this.#fail(error.code, error.text) : this.#own(errorRecord(this.#version, this.#gateway.nowNanos(), error.code, error.text + this.#echo())));
    if (error.afterUs === 0 && !isFatal) strike();
    else this.#after(error.afterUs, strike);
  }

  /** False when the start is too old for this gateway, which then ends the session. */
  #reachBack(asked: bigint): boolean {
    const { reachUs, agedOut } = this.#gateway.plan;
    const oldest = this.#gateway.nowNanos() - BigInt(reachUs) * 1_000n;
    this.#start = asked;
    if (asked > this.#gateway.nowNanos()) {
      this.#fail(5, "Invalid subscription: start is in the future");
      return false;
    }
    if (asked >= oldest) return true;
    if (asked !== 0n && agedOut === "error") {
      this.#fail(8, "Replay data aged out: the start is before what is held");
      return false;
    }
    this.#start = oldest;
    return true;
  }

  /** What a subscription's symbols stand for in this session. */
  #contractOf(symbol: string, { stypeIn }: Subscription): (typeof CONTRACTS)[string] | undefined {
    return stypeIn === "raw_symbol" ? BY_NAME[symbol] : this.#contracts[symbol];
  }

  #ask(subscription: Subscription): void {
    for (const symbol of subscription.symbols) {
      const id = this.#contractOf(symbol, subscription)?.instrumentId;
      if (id === undefined) continue;
      const before = this.#asked.get(id);
      const { start } = subscription;
      this.#asked.set(id, before === undefined || before === null ? start : start === null || before < start ? before : start);
    }
  }

  /** Whether a record of the log was asked for, from its time on. */
  #wants(number: number, isReplay: boolean): boolean {
    const start = this.#asked.get(this.#gateway.log.instruments[number] ?? 0);
    if (start === undefined) return false;
    return !isReplay || (start !== null && (this.#gateway.log.tsEvent[number] ?? 0n) >= start);
  }

  #announce(subscription: Subscription): void {
    const at = this.#gateway.nowNanos();
    const { id, schema, stypeIn, symbols, start } = subscription;
    this.#own(systemRecord(this.#version, at, SYSTEM_CODE.acknowledgement, acknowledgement(id, schema)));
    for (const symbol of symbols) {
      const contract = this.#contractOf(symbol, subscription);
      if (contract !== undefined) this.#own(mappingRecord(this.#version, at, { stypeIn, symbol, ...contract }));
    }
    if (schema === "ohlcv-1m" && this.#gateway.plan.hasBars) this.#bars(start);
    if (start !== null && schema !== "trades") this.#own(systemRecord(this.#version, at, SYSTEM_CODE.replayed, `Finished ${schema} replay`));
  }

  /** The bars from `start` on, and each later one a second after its minute. */
  #bars(start: bigint | null): void {
    const now = this.#gateway.nowNanos();
    const current = Number(now / MINUTE_NANOS);
    const first = start === null ? current : Number((start + MINUTE_NANOS - 1n) / MINUTE_NANOS);
    for (const [minute, volume] of this.#gateway.log.minuteVolumes) {
      if (minute >= first && minute < current) this.#bar(minute, volume);
      if (minute < current) continue;
      const overUs = Number((BigInt(minute + 1) * MINUTE_NANOS - now) / 1_000n);
      this.#after(overUs + BAR_LATE_US, () => {
        this.#bar(minute, volume);
        this.#flush();
      });
    }
  }

  #bar(minute: number, volume: number): void {
    const price = 21_742_500_000_000n;
    this.#own({
      kind: "ohlcv", rtype: RTYPE.ohlcv1m, publisherId: 1, instrumentId: NQ_ID, tsEvent: BigInt(minute) * MINUTE_NANOS, open: price, high: price,
      low: price, close: price, volume: BigInt(volume),
    });
  }

  #replay(): void {
    const { log, timeline } = this.#gateway;
    const { plan, random } = this.#options;
    const arrived = log.arrivedBy(timeline.nowUs);
    const numbers: number[] = [];
    for (; this.#next < arrived && numbers.length < plan.replayRecords; this.#next += 1) {
      const tsEvent = log.tsEvent[this.#next] ?? 0n;
      if (!this.#wants(this.#next, true)) continue;
      const isTooOld = tsEvent < (this.#start ?? 0n);
      if (isTooOld || this.#omitHead > 0 || (plan.omitShare > 0 && random.chance(plan.omitShare))) {
        const why = isTooOld ? "old" : this.#omitHead > 0 ? "head" : "hole";
        if (why === "head") this.#omitHead -= 1;
        this.#gateway.watch.onPassedOver(this.#options.connection, this.#next, why);
        continue;
      }
      numbers.push(this.#next);
      if (plan.repeatShare > 0 && random.chance(plan.repeatShare)) numbers.push(this.#next);
    }
    this.#send(numbers);
    this.#flush();
    if (this.#next < arrived) return this.#after(plan.replayPauseUs, () => this.#replay());
    if (plan.hasCompletion || timeline.nowUs >= this.#gateway.plan.healUs) {
      this.#own(systemRecord(this.#version, this.#gateway.nowNanos(), SYSTEM_CODE.replayed, "Finished trades replay"));
    }
    this.#mode = "live";
    this.#gateway.watch.onLive(this.#options.connection);
    this.#flush();
  }

  #goLive(): void {
    this.#next = this.#gateway.log.arrivedBy(this.#gateway.timeline.nowUs);
    this.#mode = "live";
    this.#flush();
  }

  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    this.#after(this.#options.plan.flushUs, () => {
      this.#isFlushDue = false;
      this.#sendDue();
      this.#flush();
    });
  }

  /** Live: what has reached the gateway goes out before anything the gateway says itself. */
  #sendDue(): void {
    if (this.#mode !== "live") return;
    const arrived = this.#gateway.log.arrivedBy(this.#gateway.timeline.nowUs);
    const numbers = Array.from({ length: arrived - this.#next }, (_, n) => this.#next + n).filter((number) => this.#wants(number, false));
    this.#next = arrived;
    this.#send(numbers);
  }

  #beat(): void {
    const intervalUs = (this.#request?.heartbeatIntervalS ?? 30) * 1_000_000;
    const quietUs = this.#gateway.timeline.nowUs - this.#lastSentUs;
    if (quietUs >= intervalUs && this.#options.plan.hasHeartbeats) {
      this.#own(systemRecord(this.#version, this.#gateway.nowNanos(), SYSTEM_CODE.heartbeat, "Heartbeat"));
      this.#flush();
    }
    this.#after(Math.max(1, quietUs >= intervalUs ? intervalUs : intervalUs - quietUs), () => this.#beat());
  }

  #fail(code: number, text: string): void {
    this.#own(errorRecord(this.#version, this.#gateway.nowNanos(), code, text + this.#echo()));
    this.close();
  }

  #own(record: PartialRecord): void {
    this.#sendDue();
    const tsOut = this.#request?.tsOut === true ? this.#gateway.nowNanos() : undefined;
    this.#pending.push(encodeRecord(record, this.#version, tsOut));
  }

  /** Records of the log, as this host stamps them. */
  #send(numbers: readonly number[]): void {
    if (numbers.length === 0) return;
    const { log, watch } = this.#gateway;
    const { host, connection } = this.#options;
    const hasTsOut = this.#request?.tsOut === true;
    const size = RECORD_BYTES + (hasTsOut ? 8 : 0);
    const out = new Uint8Array(numbers.length * size);
    const dv = new DataView(out.buffer);
    for (const [n, number] of numbers.entries()) {
      const at = n * size;
      out.set(log.bytes.subarray(number * RECORD_BYTES, (number + 1) * RECORD_BYTES), at);
      out[at] = size / 4;
      dv.setBigUint64(at + 32, dv.getBigUint64(at + 32, true) + host.recvOffsetNanos, true);
      if (hasTsOut) dv.setBigUint64(at + RECORD_BYTES, this.#gateway.nowNanos(), true);
    }
    watch.onRecords(connection, numbers);
    this.#pending.push(out);
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const piece = this.#pending.length === 1 ? (this.#pending[0] ?? new Uint8Array(0)) : Buffer.concat(this.#pending);
    this.#pending = [];
    this.#lastSentUs = this.#gateway.timeline.nowUs;
    const { end, plan } = this.#options;
    const packer = this.#packer;
    if (this.#request?.compression !== "zstd") end.write(piece);
    else if (plan.zstd === "frames") end.write(zstdCompressSync(piece));
    else if (packer !== null) {
      this.#gateway.busy += 1;
      this.#packing = this.#packing.then(async () => {
        end.write(await packer.push(piece));
        this.#gateway.busy -= 1;
      });
    }
  }
}
