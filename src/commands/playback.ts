/**
 * A recording played like a film: pause, other speeds, steps, jumps to any time. Going on and jumping ahead is the
 * gateway's clock; going back is another gateway over the same files from there on, whose earlier part comes as history
 * at once, through the same path as everything else.
 */
import { outlineOf, type Outline } from "../gateway/recording-outline.ts";
import type { RecordingSource } from "../gateway/recording-source.ts";
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
const QUOTES_LEAD_SEC = 60;

export class Playback {
  readonly #system: System;
  readonly #source: RecordingSource;
  #gateway: LocalGateway;
  #outline: Outline | null = null;
  #isPlaying = true;
  #speed: number;
  #seeking: Promise<void> = Promise.resolve();
  /** Where the gateway of now began; null: at the recording's start. */
  #startedAt: UnixTime | null = null;
  /** Called after going back: whoever is connected has to connect anew and count from nothing. */
  onMoved: () => void = () => {};

  private constructor(system: System, source: RecordingSource, gateway: LocalGateway, speed: number) {
    this.#system = system;
    this.#source = source;
    this.#gateway = gateway;
    this.#speed = speed;
  }

  /** Serves the source from its start. `speed` is more than 0 and finite. */
  static async start(system: System, source: RecordingSource, instrumentId: number, speed: number): Promise<Playback> {
    const playback = new Playback(system, source, await startLocalGateway(system, source, { speed }), speed);
    // Beside the playing: the picture of the whole is wanted soon, not first.
    void outlineOf(source, instrumentId, LARGE_FROM).then((outline) => (playback.#outline = outline), () => {});
    return playback;
  }

  get endpoint(): Endpoint {
    return { transport: "tcp", host: "127.0.0.1", port: this.#gateway.gateway.port };
  }

  get apiKey(): ApiKey {
    return this.#gateway.apiKey;
  }

  /** From where quotes are to be asked for, nanoseconds since 1970: a minute before the place the clock started at. */
  quotesStart(): bigint {
    return this.#startedAt === null ? 0n : BigInt(Math.max(0, this.#startedAt.sec - QUOTES_LEAD_SEC)) * 1_000_000_000n;
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
    if (compareTime(time, this.state().at) >= 0) {
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
function withStart(source: RecordingSource, startAt: UnixTime): RecordingSource {
  return Object.create(source, { startAt: { value: startAt } }) as RecordingSource;
}
