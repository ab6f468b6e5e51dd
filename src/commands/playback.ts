/**
 * A recording played like a film: pause, other speeds, steps, jumps to any time. Going on, and a little ahead, is the
 * gateway's clock. Any other time is another gateway over the same files from there on; what the figures were by then is
 * folded from the tape into a new store, so that it need not all come through the socket again. Until there is a tape,
 * and where there can be none, it does come through the socket, as history.
 */
import { DBN_VERSION_MAX } from "../dbn/constants.ts";
import { encodeRecord } from "../dbn/encode.ts";
import { RecordView } from "../dbn/record-view.ts";
import { openFigureTape, type FigureTape } from "../gateway/figure-tape.ts";
import { mappingRecord, type SymbolMeaning } from "../gateway/gateway-records.ts";
import { outlineOf, type Outline } from "../gateway/recording-outline.ts";
import type { PlayableSource } from "../gateway/source.ts";
import type { ReplayCache } from "../recording/replay-cache.ts";
import type { TradeStore } from "../store/store.ts";
import { compareTime, type UnixTime } from "../lib/time.ts";
import type { ApiKey } from "../lsg/api-key.ts";
import type { Endpoint } from "../client/endpoint.ts";
import { startLocalGateway, type LocalGateway } from "./local-gateway.ts";
import type { System } from "./system.ts";

/** What the reader sees of it. Data only. */
export interface PlaybackState {
  readonly isPlaying: boolean;
  /** Market seconds per second. */
  readonly speed: number;
  readonly at: UnixTime;
  readonly from: UnixTime;
  readonly to: UnixTime;
  /** Null until the recording has been read through. */
  readonly outline: Outline | null;
}

/** Slowest to fastest; the last one is as fast as a day can be shown. */
const PLAYBACK_SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600] as const;
/** Contracts from which a trade is marked and can be jumped to. */
const LARGE_FROM = 25;
const QUOTES_LEAD_SEC = 30;
/** What comes through the socket faster than a store is made anew: so many seconds ahead. */
const NEAR_SEC = 90;

export interface PlaybackOptions {
  /** Market seconds per second, more than 0 and finite. */
  readonly speed: number;
  /** What is asked for and which contracts that is: the one shown, and the one beside it. */
  readonly shown: readonly SymbolMeaning[];
  readonly cache: ReplayCache | null;
  /** Stands still at this time; left out: plays from the source's start. */
  readonly standsAt?: UnixTime;
}

export class Playback {
  readonly #system: System;
  readonly #source: PlayableSource;
  #gateway: LocalGateway;
  #outline: Outline | null = null;
  #isPlaying = true;
  #speed: number;
  #seeking: Promise<void> = Promise.resolve();
  #tape: FigureTape | null = null;
  readonly #reading: Promise<void>;
  readonly #shown: readonly SymbolMeaning[];
  /** Where the gateway of now began; null: at the recording's start. */
  #startedAt: UnixTime | null = null;
  /** What came before that was counted beside the gateway. */
  #isPrimed = false;
  /** Called after moving: whoever is connected has to connect anew and count from nothing, or from what `prime` gives. */
  onMoved: () => void = () => {};

  private constructor(system: System, source: PlayableSource, gateway: LocalGateway, options: PlaybackOptions) {
    this.#system = system;
    this.#source = source;
    this.#gateway = gateway;
    this.#speed = options.speed;
    this.#shown = options.shown;
    this.#startedAt = options.standsAt ?? null;
    if (options.standsAt !== undefined) this.toggle();
    // Beside the playing: the picture of the whole is wanted soon, not first.
    this.#reading = this.#readThrough(options.cache).catch(() => {}); // then it is played without
  }

  /** Serves the source from its start. */
  static async start(system: System, source: PlayableSource, options: PlaybackOptions): Promise<Playback> {
    const { speed, standsAt } = options;
    const placed = standsAt === undefined ? source : withStart(source, standsAt);
    return new Playback(system, source, await startLocalGateway(system, placed, { speed }), options);
  }

  /** Resolves when the recording has been read through: from then on any time is reached at once. */
  get isRead(): Promise<void> {
    return this.#reading;
  }

  get endpoint(): Endpoint {
    return { transport: "tcp", host: "127.0.0.1", port: this.#gateway.gateway.port };
  }

  get apiKey(): ApiKey {
    return this.#gateway.apiKey;
  }

  /** From when on trades and quotes are to be asked for, nanoseconds since 1970; trades null: from the start of the clock. */
  starts(): { readonly trades: bigint | null; readonly quotes: bigint } {
    const at = this.#startedAt;
    return { trades: this.#isPrimed ? null : 0n, quotes: at === null ? 0n : BigInt(Math.max(0, at.sec - QUOTES_LEAD_SEC)) * 1_000_000_000n };
  }

  /**
   * Counts into an empty store all that the gateway of now will not send, known since `from`. False: it will send
   * everything, the store is as it was.
   */
  async prime(store: TradeStore, from: UnixTime | null): Promise<boolean> {
    const until = this.#startedAt;
    this.#isPrimed = false;
    if (until === null || this.#tape === null) return false;
    store.beginSession(from);
    for (const meaning of this.#shown) {
      store.applyRecord(new RecordView().point(encodeRecord(mappingRecord(DBN_VERSION_MAX, 0n, meaning), DBN_VERSION_MAX)));
    }
    await this.#tape.fold(until, { onRecord: store.applyRecord, onTrades: store.applyTrades });
    this.#isPrimed = true;
    return true;
  }

  state(): PlaybackState {
    // What lies before the start is a book's snapshot or definitions: nothing to be seen.
    const { startAt: firstAt, lastAt } = this.#source;
    const now = this.#gateway.gateway.market();
    const at = compareTime(now, lastAt) > 0 ? lastAt : now;
    return { isPlaying: this.#isPlaying, speed: this.#speed, at, from: firstAt, to: lastAt, outline: this.#outline };
  }

  toggle(): void {
    this.#isPlaying = !this.#isPlaying;
    this.#gateway.gateway.control.setPaused(!this.#isPlaying);
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
    this.#gateway.gateway.control.setSpeed(speed);
  }

  /** The next faster (+1) or slower (−1) speed. */
  changeSpeed(by: 1 | -1): void {
    const speeds: readonly number[] = PLAYBACK_SPEEDS;
    const next = by > 0 ? speeds.find((speed) => speed > this.#speed) : speeds.findLast((speed) => speed < this.#speed);
    if (next !== undefined) this.setSpeed(next);
  }

  /** Stops, and goes on by exactly one trade. */
  stepTrade(): void {
    this.#hold();
    const next = this.#outline?.nextTrade(this.state().at) ?? null;
    if (next !== null) this.#gateway.gateway.control.jumpTo(next);
  }

  /** Stops, and goes on by a second. */
  stepSecond(): void {
    this.#hold();
    const { sec, nanos } = this.state().at;
    this.#gateway.gateway.control.jumpTo({ sec: sec + 1, nanos });
  }

  /** To a time in the recording; a time outside it is its nearest end. Resolves when it is served from there. */
  seek(to: UnixTime): Promise<void> {
    const { startAt: firstAt, lastAt } = this.#source;
    const time = compareTime(to, firstAt) < 0 ? firstAt : compareTime(to, lastAt) > 0 ? lastAt : to;
    const { at } = this.state();
    const isNear = this.#tape === null || time.sec - at.sec <= NEAR_SEC;
    if (isNear && compareTime(time, at) >= 0) {
      this.#gateway.gateway.control.jumpTo(time);
      return this.#seeking;
    }
    this.#seeking = this.#seeking.then(() => this.#restart(time));
    return this.#seeking;
  }

  /** By so many seconds, ahead or back. */
  skip(seconds: number): Promise<void> {
    const { sec, nanos } = this.state().at;
    return this.seek({ sec: sec + seconds, nanos });
  }

  /** To just before the next large trade; false when there is none, or it is not known yet. */
  seekLarge(): boolean {
    const { at } = this.state();
    const next = this.#outline?.large.find((mark) => mark.at.sec > at.sec + 1);
    if (next === undefined) return false;
    void this.seek({ sec: next.at.sec - 1, nanos: next.at.nanos });
    return true;
  }

  async close(): Promise<void> {
    await this.#seeking;
    await this.#gateway.gateway.close();
    await this.#reading;
    await this.#tape?.close();
  }

  async #readThrough(cache: ReplayCache | null): Promise<void> {
    const source = this.#source;
    const [main] = this.#shown;
    if (main === undefined) return;
    this.#tape = cache === null ? null : await openFigureTape(source, new Set(this.#shown.map(({ instrumentId }) => instrumentId)), cache);
    const tape = this.#tape;
    const read = tape === null ? source : { schemas: ["trades"], open: () => tape.open() };
    this.#outline = await outlineOf(read, main.instrumentId, LARGE_FROM);
  }

  #hold(): void {
    if (!this.#isPlaying) return;
    this.toggle();
  }

  async #restart(startAt: UnixTime): Promise<void> {
    const before = this.#gateway;
    this.#gateway = await startLocalGateway(this.#system, withStart(this.#source, startAt), { speed: this.#speed });
    this.#startedAt = startAt;
    this.#gateway.gateway.control.setPaused(!this.#isPlaying);
    this.onMoved();
    await before.gateway.close();
  }
}

/** The same recording, whose clock starts elsewhere. */
function withStart(source: PlayableSource, startAt: UnixTime): PlayableSource {
  return Object.create(source, { startAt: { value: startAt } }) as PlayableSource;
}
