/** One simulation: the product's client and store in a world made from a seed, with everything checked at every step. */
import { LAYOUTS } from "../../src/config/settings.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { NqError } from "../../src/lib/errors.ts";
import { Prng } from "../../src/lib/prng.ts";
import type { UnixTime } from "../../src/lib/time.ts";
import type { TradeStore } from "../../src/store/store.ts";
import type { LinkGap, LinkState } from "../../src/lsg/link-state.ts";
import { settled } from "./ambient.ts";
import { Checker, type Excuse } from "./checker.ts";
import { compressing } from "./compressors.ts";
import type { EndKind } from "./disk-plan.ts";
import { BASE_MS, BASE_NANOS, MarketLog } from "./market-log.ts";
import { outputsOf, screenText } from "./outputs.ts";
import { planOf, type SimPlan } from "./plan.ts";
import { startProduct, type Product } from "./product.ts";
import { RecordingChecker } from "./recording-checker.ts";
import { SimDisk } from "./sim-disk.ts";
import { SimGateway } from "./sim-gateway.ts";
import { clientClock, Timeline, type Life } from "./timeline.ts";
import { Trace } from "./trace.ts";
import { Violation } from "./violation.ts";
import { Wire } from "./wire.ts";
import type { TransportHandlers, Transport } from "../../src/client/transport.ts";
import { SimulatedDisk } from "../recording/simulated-disk.ts";

/** What a run was, for sums over many. */
export interface SimResult {
  readonly seed: number;
  readonly hash: string;
  readonly connections: number;
  readonly sessions: number;
  readonly records: number;
  readonly events: number;
  readonly simulatedSeconds: number;
  /** The client was refused for good, because of damage on the way. */
  readonly isRefused: boolean;
  /** Records of the market that the figures lack in the end, by why they may. */
  readonly excuses: ReadonlyMap<Excuse, number>;
  readonly lines: readonly string[];
}

/** A run whose promises were not kept, with what happened before. */
export class SimFailure extends Error {
  override readonly name = "SimFailure";
  readonly lines: readonly string[];

  constructor(seed: number, cause: unknown, lines: readonly string[]) {
    const what = cause instanceof Error ? cause.message : String(cause);
    super(`seed ${seed}: ${what}\nreplay: npm run sim -- --seed ${seed} --trace`, { cause });
    this.lines = lines;
  }
}

/**
 * Within this time of health all must be well again: an authentication that hung is given up after 30 s, the wait after it is
 * at most as long, and a replay may be asked for twice; after a wait that had been told before it, within the second.
 */
const CONVERGE_US = 70_000_000;
const AFTER_WAIT_US = 20_000_000;
/** Every so many seeds all layouts of the screen are searched for the key, not the talkative one alone. */
const ALL_LAYOUTS_EVERY = 10;
/** Calls of a disk that the beginning of a program takes. */
const CALLS_AT_START = 100;
/** In this time a recording is closed. */
const CLOSE_US = 60_000_000;
/** Calls of a disk that closing many small files takes, beside that time. */
const CALLS_AT_CLOSE = 700;
/** Rounds of the event loop after which a run that is still not at rest hangs. */
const ROUNDS_MAX = 200_000;

class Simulation {
  readonly plan: SimPlan;
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly log: MarketLog;
  readonly checker: Checker;
  readonly gateway: SimGateway;
  readonly canary: string;
  connections = 0;
  product: Product | null = null;
  link: LinkState | null = null;
  /** The client was refused for good, because of damage on the way. */
  isRefused = false;
  /** Runs of the program. */
  lives = 0;
  readonly device = new SimulatedDisk();
  readonly recording = new RecordingChecker(this.device);
  #wire: Wire | null = null;
  readonly #wires = new Map<number, Wire>();
  readonly #looks: Prng;
  #life: Life = { isAlive: false };
  #disk: SimDisk | null = null;
  #violation: unknown = null;
  readonly #clientRandom: Prng;
  readonly #lateRandom: Prng;
  readonly #commits: Prng;

  constructor(seed: number, keepsTrace: boolean) {
    const random = new Prng(seed, 3);
    this.#looks = new Prng(seed, 10);
    this.plan = planOf(seed);
    this.timeline = new Timeline(this.plan.times.startUs);
    this.trace = new Trace(keepsTrace);
    this.log = new MarketLog(this.plan.market, new Prng(seed, 4));
    this.canary = `db-${Array.from({ length: 29 }, () => random.int(0, 35).toString(36)).join("")}`;
    this.checker = new Checker({ log: this.log, canary: this.canary, isCompressed: this.plan.compression === "zstd", hasBars: this.plan.hasBars, times: this.plan.times });
    this.gateway = new SimGateway({
      timeline: this.timeline, log: this.log, plan: this.plan, keyText: this.canary,
      watch: {
        onTradesStart: (connection, start, now) => {
          this.say(`gateway ${connection} asked for trades from ${start === null ? "now" : shown(start)}`);
          this.checker.asked(connection, start, now);
        },
        onAsked: (connection, instruments) => this.checker.askedFor(connection, instruments, this.timeline.nowUs, this.#wires.get(connection)?.isAskDamaged === true),
        onLive: (connection) => this.checker.live(connection),
        onRecords: (connection, numbers) => this.checker.sent(connection, numbers),
        onPassedOver: (connection, number, why) => this.checker.passedOver(connection, number, why),
      },
    });
    this.#lateRandom = new Prng(seed, 5);
    this.#clientRandom = new Prng(seed, 6);
    this.#commits = new Prng(seed, 7);
    this.timeline.at(this.plan.clientStartUs, () => this.#begin(), true);
    for (const { atUs, untilUs, kind } of this.plan.disk?.ends ?? []) {
      this.timeline.at(atUs, () => this.#end(kind));
      this.timeline.at(untilUs, () => this.#begin(), true);
    }
    for (const { atUs, untilUs } of this.plan.sleeps) {
      this.timeline.at(atUs, () => {
        this.say(`the client's machine sleeps for ${((untilUs - atUs) / 1e6).toFixed(0)} s`);
        this.timeline.sleepClient(untilUs);
      });
    }
    this.timeline.at(this.plan.healUs, () => {
      this.say("everything is well from here on");
      this.gateway.heal();
      this.#wire?.heal();
      this.#expectConvergence();
    });
  }

  get #clock(): Clock {
    const { lateTimerMs, skewMs } = this.plan;
    return clientClock(this.timeline, BASE_MS, skewMs, () => (lateTimerMs === 0 ? 0 : this.#lateRandom.int(0, lateTimerMs)), this.#life);
  }

  /** The program is started: the first time, or again after it ended. */
  #begin(): void {
    const { plan, timeline } = this;
    // It may still be closing its files.
    if (this.product !== null && !this.product.isOver && this.#life.isAlive) this.#end("kill");
    if (this.lives > 0) {
      this.checker.ended();
      this.recording.ended();
    }
    this.lives += 1;
    const life: Life = { isAlive: true };
    this.#life = life;
    this.link = null;
    this.#disk = plan.disk === null ? null : new SimDisk({ device: this.device, timeline, random: new Prng(plan.seed, 12, this.lives), plan: plan.disk });
    if (this.lives > 1) this.say(`the program begins for the ${this.lives}. time`);
    this.product = startProduct({
      clock: this.#clock, random: () => this.#clientRandom.float(), apiKeyText: this.canary, plan, disk: this.#disk,
      dial: (handlers) => this.#dial(handlers),
      onRecord: (view) => this.checker.count(view),
      onFresh: (from) => {
        this.say(`gaps: figures begin anew, ${this.checker.total} trades were counted`);
        this.checker.fresh(from);
      },
      onRoll: (from) => {
        this.say("gaps: figures of another contract begin");
        this.checker.rolled(from);
      },
      onChange: (store) => {
        if (this.#commits.chance(0.04)) store.commit();
      },
      onLink: (link) => this.#told(link),
      onWarm: () => {
        this.say("what was recorded is counted");
        this.checker.warm(this.recording.recorded());
      },
      onRecording: (state) => {
        try {
          this.recording.told(state);
        } catch (error) {
          this.#violation ??= error; // the recorder would take it for a fault of the disk
        }
        this.say(`recording ${state.phase} ${state.reason} ${state.files.map(({ schema, records, safeRecords }) => `${schema} ${safeRecords} of ${records}`).join(", ")} ${state.holes.length} holes`);
      },
    });
  }

  /** The program ends: in an orderly way, at once with the system going on, or with the power. */
  #end(kind: EndKind): void {
    this.say(`the program ends: ${kind}`);
    if (kind === "quit") return this.product?.stop();
    this.#life.isAlive = false;
    if (this.#disk !== null) this.#disk.isAlive = false;
    if (kind === "kill") {
      this.device.kill();
      this.#wire?.client.close();
    } else {
      const random = new Prng(this.plan.seed, 13, this.lives);
      const share = random.float();
      this.device.crash(() => random.chance(share));
      this.#wire?.losePower();
    }
  }

  /** Liveness: within a minute of health, or soon after a wait that was told before it, everything is made good. */
  #expectConvergence(): void {
    const { link, timeline } = this;
    const waitUs = link?.phase === "DOWN" && link.nextTryAtMs !== null ? (link.nextTryAtMs - this.#clock.wallMs()) * 1_000 : 0;
    // A program that has just begun first reads what is recorded.
    const readUs = (this.plan.disk?.slowUs ?? 0) * CALLS_AT_START;
    timeline.at(timeline.nowUs + readUs + Math.max(CONVERGE_US, waitUs + AFTER_WAIT_US), () => {
      if (this.product !== null && this.product.end === null && this.link !== null) this.checker.converged(this.link, timeline.nowUs);
    });
  }

  say(text: string): void {
    this.trace.add(this.timeline.nowUs, text);
  }

  #told(link: LinkState): void {
    const before = this.link;
    this.link = link;
    this.checker.link(link);
    this.#look(link.phase !== before?.phase);
    const isLost = link.phase === "DOWN" && before?.phase !== "DOWN" && link.gaps?.at(-1)?.state === "open";
    if (isLost && this.product !== null && this.checker.total > 0) this.#judgeClaims(this.product.store, link);
    if (link.gaps !== undefined && link.gaps !== before?.gaps) this.say(`gaps ${link.gaps.map(shownGap).join(", ")}`);
    if (link.phase !== before?.phase) this.say(`link ${link.phase}${link.reason === "" ? "" : `: ${link.reason}`}`);
  }

  /** The client would take what is thrown here for its own failure. */
  #judgeClaims(store: TradeStore, link: LinkState): void {
    try {
      this.checker.claims(store, link);
    } catch (error) {
      this.#violation ??= error;
    }
  }

  /** Looks at the screen now and then while the link changes: drawing it each time would be most of the time. */
  #look(isNews: boolean): void {
    if (!isNews || this.product === null || !this.#looks.chance(0.02)) return;
    const { store } = this.product;
    store.commit();
    this.checker.shown("the screen", screenText(store.getSnapshot(), BASE_MS, "connection"));
  }

  #dial(handlers: TransportHandlers): Transport {
    this.connections += 1;
    const connection = this.connections;
    const { answer, host, wire: wirePlan, session } = this.plan.dial(connection, this.timeline.nowUs);
    this.say(`connection ${connection}: ${answer}, host ${host}, ${JSON.stringify({ wirePlan, session })}`);
    if (this.#wire?.isClientOpen === true) throw new Violation("two connections at the same time");
    this.checker.open(connection);
    const wire: Wire = new Wire({
      timeline: this.timeline, random: new Prng(this.plan.seed, 8, connection), plan: wirePlan, handlers,
      watch: {
        onDelivered: (bytes, sent) => {
          this.say(`connection ${connection} delivers ${bytes.length} bytes`);
          this.checker.delivered(connection, bytes, sent, this.timeline.nowUs);
        },
        onSent: (bytes) => this.checker.text("what is sent", Buffer.from(bytes).toString("latin1")),
      },
    });
    this.#wire = wire;
    this.#wires.set(connection, wire);
    const afterUs = this.timeline.nowUs + wirePlan.latencyUs * 2;
    const hostPlan = this.plan.hosts[host];
    if (answer === "refused") {
      this.timeline.at(afterUs, () => wire.refuse(new NqError("NET_CONNECT", "expected a gateway, found nobody listening there")), true);
    } else if (answer === "open" && hostPlan !== undefined) {
      this.timeline.at(afterUs, () => {
        if (!wire.isClientOpen) return;
        this.gateway.accept(connection, wire.server, hostPlan, session, new Prng(this.plan.seed, 9, connection));
        wire.open();
      }, true);
    }
    return wire.client;
  }

  /** Lets promises, and compressors, do what is to be done at this moment. */
  async #rest(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      await settled();
      const isPaused = this.#wire?.isClientOpen === true && this.#wire.isClientPaused;
      if (!isPaused && this.gateway.busy === 0 && compressing() === 0) return;
    }
    throw new Violation("the client, or a compressor, does not come to rest");
  }

  async run(): Promise<void> {
    await this.#until(this.plan.endUs);
    const { product, link } = this;
    if (product === null || link === null) throw new Violation("the client was not started");
    if (product.end !== null) this.#judgeEnd(product.end);
    else this.checker.final(product.store, link, this.timeline.nowUs);
    const layouts = this.plan.seed % ALL_LAYOUTS_EVERY === 0 ? LAYOUTS : (["connection"] as const);
    for (const [name, text] of outputsOf(product.store.getSnapshot(), BASE_MS, layouts)) this.checker.shown(name, text);
    for (const line of this.trace.lines) this.checker.text("the trace", line);
    product.stop();
    await this.#until(this.timeline.nowUs + (this.#disk === null ? 1 : CLOSE_US + (this.plan.disk?.slowUs ?? 0) * CALLS_AT_CLOSE));
    if (this.#disk !== null) this.#judgeRecording(product);
    if (this.timeline.clientTimers > 0) throw new Violation(`${this.timeline.clientTimers} timers are left after the client was stopped`);
  }

  /** The disk has been well for long, and the program has closed its files. */
  #judgeRecording(product: Product): void {
    if (!product.isOver) throw new Violation("the program does not come to its end");
    const { checker, recording } = this;
    const name = (key: string): string => checker.name(key);
    recording.keepsWhatItSaid(name);
    if (this.plan.compression === "none") recording.hasNothingTwice((key) => checker.mostEver(key), name);
    // A client that was refused ends while the disk may still be in trouble.
    if (product.recording === null || this.isRefused) return;
    if (product.recordingFailure !== null) throw new Violation(`the recording cannot be closed: ${product.recordingFailure.message}`);
    recording.tellsHoles(checker.counted, (key) => checker.arrivals(key), name);
  }

  /** A client gives up only where the gateway refuses for good; here that can only come of damage on the way. */
  #judgeEnd(error: unknown): void {
    const isRefusal = error instanceof NqError && !error.retry && this.link?.phase === "REFUSED";
    if (!isRefusal || this.#wire?.isDamaged !== true) throw new Violation(`the client ended: ${String(error)}`, { cause: error });
    this.checker.text("the error", `${error.message} ${error.stack ?? ""}`);
    this.isRefused = true;
  }

  async #until(us: number): Promise<void> {
    while (this.timeline.step(us)) {
      await this.#rest();
      if (this.#violation !== null) throw this.#violation;
      this.checker.atRest();
    }
    await this.#rest();
  }
}

function shownGap({ from, to, state, how }: LinkGap): string {
  const seconds = (time: UnixTime): string => (time.sec - BASE_MS / 1_000 + time.nanos / 1e9).toFixed(3);
  return `${seconds(from)}–${to === null ? "" : seconds(to)} ${state} (${how})`;
}

function shown(nanos: bigint): string {
  return nanos === 0n ? "the beginning" : `${(Number(nanos - BASE_NANOS) / 1e9).toFixed(6)} s`;
}

/** Runs one seed. Throws SimFailure. Whoever calls it has forbidden the ambient clock and chance. */
export async function simulate(seed: number, options: { readonly trace?: boolean } = {}): Promise<SimResult> {
  const simulation = new Simulation(seed, options.trace === true);
  try {
    await simulation.run();
  } catch (error) {
    throw new SimFailure(seed, error, simulation.trace.lines);
  }
  return {
    seed,
    hash: simulation.trace.hash,
    connections: simulation.connections,
    sessions: simulation.link?.stats.sessions ?? 0,
    records: simulation.checker.handedOn,
    events: simulation.timeline.events,
    simulatedSeconds: (simulation.timeline.nowUs - simulation.plan.times.startUs) / 1e6,
    isRefused: simulation.isRefused,
    excuses: simulation.checker.excuses,
    lines: simulation.trace.lines,
  };
}
