/**
 * One simulated connection: a byte stream each way that keeps its order and loses nothing, until it breaks. What a plan
 * says may happen: any cutting on the way, stalls, an end or a reset at any byte, silence for ever, damaged bytes.
 */
import { NqError } from "../../src/lib/errors.ts";
import type { Prng } from "../../src/lib/prng.ts";
import type { Transport, TransportHandlers } from "../../src/client/transport.ts";
import type { Timeline } from "./timeline.ts";

/** What happens once so many bytes of one direction have passed. */
export interface WireFault {
  readonly atByte: number;
  /** `vanish`: nothing comes through any more, either way, and nobody is told. */
  readonly kind: "end" | "reset" | "vanish" | "stall" | "flip";
  /** Of a stall. */
  readonly forUs: number;
  /** Of a flip: the bits, and how many bytes in a row. */
  readonly mask: number;
  readonly bytes: number;
}

export interface WirePlan {
  /** Stalls are over by then. */
  readonly wellFromUs: number;
  readonly latencyUs: number;
  readonly jitterUs: number;
  /** How writes arrive: as they are, in random pieces, joined over a while, or the first few hundred bytes one by one. */
  readonly cutting: "whole" | "random" | "joined" | "trickle";
  readonly down: readonly WireFault[];
  readonly up: readonly WireFault[];
}

/** The gateway's end. */
export interface ServerEnd {
  write(bytes: Uint8Array): void;
  /** Closes after what was written. */
  end(): void;
  reset(): void;
  onData: (bytes: Uint8Array) => void;
  /** The client is gone, or the connection broke; never called after `vanish`. */
  onClose: () => void;
  /** Nothing comes through; a real gateway would find out by its own time-outs. */
  readonly isVanished: boolean;
}

export interface WireWatch {
  /** Just before the client is given these bytes; `sent`: as they were before they were damaged on the way. */
  readonly onDelivered: (bytes: Uint8Array, sent: Uint8Array) => void;
  /** What the client wrote. */
  readonly onSent: (bytes: Uint8Array) => void;
}

const TRICKLED_BYTES = 400;
const TRICKLE_US = 3_000;
const JOINED_US = 250_000;
/** Filled in after each call, so that whoever keeps a view of the bytes reads nonsense. */
const SCRIBBLE = 0xee;

interface Piece {
  readonly bytes: Uint8Array;
  /** The same without damage. */
  readonly sent: Uint8Array;
}

type Item = Piece | "end" | "reset";

/** One direction: cuts into pieces, delays them, keeps their order, strikes at the planned bytes. */
class Pipe {
  written = 0;
  isDamaged = false;
  #lastUs = Number.NEGATIVE_INFINITY;
  #stalledUs = 0;
  readonly #timeline: Timeline;
  readonly #random: Prng;
  readonly #plan: WirePlan;
  readonly #faults: WireFault[];
  readonly #isClients: boolean;
  readonly #deliver: (item: Item) => void;
  readonly #strike: (kind: "vanish" | "end" | "reset") => void;

  constructor(options: {
    timeline: Timeline; random: Prng; plan: WirePlan; faults: readonly WireFault[]; isClients: boolean;
    deliver: (item: Item) => void; strike: (kind: "vanish" | "end" | "reset") => void;
  }) {
    this.#timeline = options.timeline;
    this.#random = options.random;
    this.#plan = options.plan;
    this.#faults = [...options.faults].sort((a, b) => a.atByte - b.atByte);
    this.#isClients = options.isClients;
    this.#deliver = options.deliver;
    this.#strike = options.strike;
  }

  write(bytes: Uint8Array): void {
    const own = new Uint8Array(bytes); // a copy, also of a Buffer
    const sent = new Uint8Array(bytes);
    for (let at = 0; at < own.length; ) {
      const fault = this.#faults[0];
      const left = fault === undefined ? Number.POSITIVE_INFINITY : fault.atByte - this.written;
      if (fault !== undefined && left <= 0) {
        this.#faults.shift();
        if (fault.kind === "flip") {
          this.isDamaged = true;
          for (let n = at; n < Math.min(own.length, at + fault.bytes); n += 1) own[n]! ^= fault.mask;
        } else if (fault.kind === "stall") this.#stalledUs += fault.forUs;
        else return this.#strike(fault.kind);
        continue;
      }
      const size = Math.min(left, own.length - at, this.#pieceBytes());
      this.#schedule({ bytes: own.subarray(at, at + size), sent: sent.subarray(at, at + size) });
      this.written += size;
      at += size;
    }
  }

  heal(): void {
    this.#faults.length = 0;
  }

  finish(item: "end" | "reset"): void {
    this.#schedule(item);
  }

  #pieceBytes(): number {
    if (this.#plan.cutting === "random") return this.#random.int(1, 200);
    return this.#plan.cutting === "trickle" && this.written < TRICKLED_BYTES ? 1 : Number.POSITIVE_INFINITY;
  }

  #schedule(item: Item): void {
    const { latencyUs, jitterUs, cutting, wellFromUs } = this.#plan;
    const unstalled = this.#timeline.nowUs + latencyUs + (jitterUs === 0 ? 0 : this.#random.int(0, jitterUs));
    let at = Math.min(unstalled + this.#stalledUs, Math.max(unstalled, wellFromUs));
    if (cutting === "joined") at = Math.ceil(at / JOINED_US) * JOINED_US;
    const gap = cutting === "trickle" && this.written < TRICKLED_BYTES ? TRICKLE_US : 0;
    this.#lastUs = Math.max(at, this.#lastUs + gap);
    this.#timeline.at(this.#lastUs, () => this.#deliver(item), this.#isClients);
  }
}

export class Wire {
  readonly client: Transport;
  readonly server: ServerEnd;
  /** The client has not closed it and has not been told of an end. */
  isClientOpen = true;
  /** Nothing comes through any more, and neither side knows. */
  isVanished = false;
  /** Some bytes, of either direction, were damaged on the way. */
  get isDamaged(): boolean {
    return this.#down.isDamaged || this.#up.isDamaged;
  }
  /** What the client sent was. */
  get isAskDamaged(): boolean {
    return this.#up.isDamaged;
  }
  isClientPaused = false;
  readonly #timeline: Timeline;
  readonly #handlers: TransportHandlers;
  readonly #watch: WireWatch;
  readonly #latencyUs: number;
  readonly #down: Pipe;
  readonly #up: Pipe;
  readonly #waiting: Item[] = [];
  #isServerOpen = true;
  #isConnected = false;

  constructor(options: {
    timeline: Timeline; random: Prng; plan: WirePlan; handlers: TransportHandlers; watch: WireWatch;
  }) {
    const { timeline, random, plan, handlers, watch } = options;
    this.#timeline = timeline;
    this.#handlers = handlers;
    this.#watch = watch;
    this.#latencyUs = plan.latencyUs;
    const common = { timeline, random, plan };
    this.#down = new Pipe({
      ...common, faults: plan.down, isClients: true, deliver: (item) => this.#toClient(item), strike: (kind) => this.#break(kind),
    });
    this.#up = new Pipe({
      ...common, faults: plan.up, isClients: false, deliver: (item) => this.#toServer(item), strike: (kind) => this.#break(kind),
    });
    this.client = {
      write: (bytes) => {
        if (!this.isClientOpen) return;
        watch.onSent(bytes);
        if (this.#isServerOpen && !this.isVanished) this.#up.write(bytes);
      },
      pause: () => void (this.isClientPaused = true),
      resume: () => {
        this.isClientPaused = false;
        timeline.at(timeline.nowUs, () => this.#drain(), true);
      },
      close: () => {
        if (!this.isClientOpen) return;
        this.isClientOpen = false;
        this.#loseServer();
      },
    };
    const isVanished = (): boolean => this.isVanished;
    this.server = {
      get isVanished() {
        return isVanished();
      },
      write: (bytes) => {
        if (this.#isServerOpen && !this.isVanished) this.#down.write(bytes);
      },
      end: () => this.#closeServer("end"),
      reset: () => this.#closeServer("reset"),
      onData: () => {},
      onClose: () => {},
    };
  }

  /** The connection is made. */
  open(): void {
    this.#isConnected = true;
    if (this.isClientOpen) this.#handlers.onOpen();
  }

  /** The client's machine is without power: nobody is told. */
  losePower(): void {
    this.isClientOpen = false;
    this.isVanished = true;
  }

  /** No fault strikes from now on. */
  heal(): void {
    this.#down.heal();
    this.#up.heal();
  }

  /** Nobody answers. */
  refuse(error: NqError): void {
    if (!this.isClientOpen) return;
    this.isClientOpen = false;
    this.#handlers.onError(error);
  }

  #closeServer(kind: "end" | "reset"): void {
    if (!this.#isServerOpen) return;
    this.#isServerOpen = false;
    if (!this.isVanished) this.#down.finish(kind);
  }

  /** Tells the gateway that the client is gone, unless nothing comes through. */
  #loseServer(): void {
    if (!this.#isServerOpen || this.isVanished || !this.#isConnected) return;
    this.#timeline.at(this.#timeline.nowUs + this.#latencyUs, () => {
      if (!this.#isServerOpen) return;
      this.#isServerOpen = false;
      this.server.onClose();
    });
  }

  #break(kind: "vanish" | "end" | "reset"): void {
    if (kind === "vanish") {
      this.isVanished = true;
      return;
    }
    if (this.isVanished) return;
    this.#loseServer();
    this.#down.finish(kind);
  }

  #toServer(item: Item): void {
    if (this.#isServerOpen && typeof item !== "string") this.server.onData(item.bytes);
  }

  #toClient(item: Item): void {
    if (!this.isClientOpen) return;
    this.#waiting.push(item);
    // A reset overtakes what was not read yet.
    if (item === "reset") this.#waiting.splice(0, this.#waiting.length, item);
    this.#drain();
  }

  #drain(): void {
    while (this.isClientOpen && !this.isClientPaused) {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      if (typeof item === "string") {
        this.isClientOpen = false;
        if (item === "end") this.#handlers.onEnd();
        else this.#handlers.onError(new NqError("NET_CLOSED", "the connection to the simulated gateway broke: the other side reset it"));
        return;
      }
      this.#watch.onDelivered(item.bytes, item.sent);
      this.#handlers.onBytes(item.bytes);
      item.bytes.fill(SCRIBBLE);
    }
  }
}
