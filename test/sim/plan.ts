/**
 * What goes wrong in one simulation, all of it decided from the seed before it starts. Swarm testing: each seed enables a
 * random part of the faults, so that some runs have one kind only and some have nearly all.
 */
import type { DbnVersion } from "../../src/dbn/constants.ts";
import { Prng } from "../../src/lib/prng.ts";
import { diskPlanOf, type DiskPlan } from "./disk-plan.ts";
import type { MarketPlan } from "./market-log.ts";
import { sessionTimesOf, type SessionTimes } from "./session-plan.ts";
import type { WireFault, WirePlan } from "./wire.ts";

/** Kinds of faults that a seed may enable. */
export const FAULTS = [
  // the network
  "end", "reset", "vanish", "stall", "flip", "cutUp", "refused", "unreachable", "trickle", "jitter", "otherHost", "sleep", "lateTimers",
  // the gateway
  "slowAuth", "authRefused", "sessionLimit", "noHeartbeats", "errorRecords", "scheduledClose", "omitHead", "omitSome", "repeatSome",
  "agedOut", "noCompletion", "slowReplay", "echo",
  // the disk: see disk-plan.ts
  // the market
  "bars", "jitteredEvents", "latePrints", "secondPublisher", "identicalFills", "others", "unusable", "bursts",
] as const;

export type Fault = (typeof FAULTS)[number];

/** One of the gateway's machines. */
export interface HostPlan {
  readonly version: DbnVersion;
  /** Added to every ts_recv. */
  readonly recvOffsetNanos: bigint;
  /** Real nanoseconds by which its own clock is off. */
  readonly lsgVersion: string;
}

/** What the gateway does to one session. */
export interface SessionPlan {
  readonly greetUs: number;
  readonly answerUs: number;
  /** Refuses the authentication with this text. */
  readonly refuse: string | null;
  readonly hasHeartbeats: boolean;
  /** Records due within this time go out together. */
  readonly flushUs: number;
  readonly replayRecords: number;
  readonly replayPauseUs: number;
  /** The replay leaves out its first records, some of them, or sends some twice. */
  readonly omitHead: number;
  readonly omitShare: number;
  readonly repeatShare: number;
  readonly hasCompletion: boolean;
  /** Closes in an orderly way after this time; Infinity: never. */
  readonly closeAfterUs: number;
  readonly error: { readonly code: number; readonly text: string; readonly afterUs: number } | null;
  /** Its refusals and errors repeat the key, a piece of it, or the answer made from it. */
  readonly echo: "key" | "piece" | "answer" | null;
  /** Each flush a frame of its own, or one frame for the session. */
  readonly zstd: "frames" | "stream";
}

export interface DialPlan {
  readonly answer: "open" | "refused" | "unreachable";
  readonly host: number;
  readonly wire: WirePlan;
  readonly session: SessionPlan;
}

export interface SimPlan {
  readonly seed: number;
  readonly times: SessionTimes;
  /** When the client is started. */
  readonly clientStartUs: number;
  readonly faults: readonly Fault[];
  readonly market: MarketPlan;
  readonly hosts: readonly HostPlan[];
  readonly compression: "none" | "zstd";
  readonly tsOut: boolean;
  /** The gateway has one-minute bars, and they are right. */
  readonly hasBars: boolean;
  readonly skewMs: number;
  /** From then on nothing goes wrong any more. */
  readonly healUs: number;
  readonly endUs: number;
  /** How far back a replay reaches, and what an older start gives. */
  readonly reachUs: number;
  readonly agedOut: "error" | "skip";
  readonly maxSessions: number;
  /** Whether timers of the client fire late, by up to this much. */
  readonly lateTimerMs: number;
  /** Null: the program does not record. */
  readonly disk: DiskPlan | null;
  readonly sleeps: readonly { readonly atUs: number; readonly untilUs: number }[];
  /** The plan of the n-th connection, which begins at `nowUs`. */
  readonly dial: (connection: number, nowUs: number) => DialPlan;
}

const SECOND = 1_000_000;
const CLIENT_START_US = 30 * SECOND;

const TRANSIENT_ERRORS: readonly { code: number; text: string }[] = [
  { code: 6, text: "Internal error" },
  { code: 3, text: "User has reached their open connection limit" },
  { code: 4, text: "Failed to resolve symbol XXZ9" },
  { code: 7, text: "Slow client detected for mbp-1. Skipped records" },
  { code: 255, text: "Something that has no number" },
];

function wireFault(random: Prng, has: (fault: Fault) => boolean, scaleBytes: number): WireFault | null {
  const kinds = (["end", "reset", "vanish", "stall", "flip"] as const).filter((kind) => has(kind));
  const kind = kinds[random.int(0, Math.max(0, kinds.length - 1))];
  if (kind === undefined || random.chance(0.15)) return null;
  // A burst of damage never hits the times of two records that follow one another: those agree with each other then.
  // Half of the breaks come early: in the text, the metadata, the head of the replay.
  const atByte = random.chance(0.4) ? random.int(0, 700) : random.int(0, scaleBytes);
  return { atByte, kind, forUs: random.int(1, 40) * SECOND, mask: random.int(1, 255), bytes: random.chance(0.8) ? 1 : random.int(2, 20) };
}

const HEALTHY_WIRE: WirePlan = { wellFromUs: 0, latencyUs: 15_000, jitterUs: 0, cutting: "whole", down: [], up: [] };
const HEALTHY_SESSION: SessionPlan = {
  greetUs: 1_000, answerUs: 1_000, refuse: null, hasHeartbeats: true, flushUs: 1_000, replayRecords: 500, replayPauseUs: 1_000, omitHead: 0,
  omitShare: 0, repeatShare: 0, hasCompletion: true, closeAfterUs: Number.POSITIVE_INFINITY, error: null, zstd: "frames",
  echo: null,
};

function wirePlan(random: Prng, has: (fault: Fault) => boolean, records: number, wellFromUs: number): WirePlan {
  const down: WireFault[] = [];
  for (let n = random.int(0, 2); n > 0; n -= 1) {
    const fault = wireFault(random, has, records * 48 + 2_000);
    if (fault !== null) down.push(fault);
  }
  const up: WireFault[] = [];
  const cutUp = has("cutUp") && random.chance(0.2) ? wireFault(random, has, 1_200) : null;
  if (cutUp !== null) up.push(cutUp);
  const cuttings = (["whole", "random", "joined", "trickle"] as const).filter((way) => way !== "trickle" || has("trickle"));
  return {
    wellFromUs,
    latencyUs: random.int(200, 90_000),
    jitterUs: has("jitter") ? random.int(0, 2 * SECOND) : 0,
    cutting: cuttings[random.int(0, cuttings.length - 1)] ?? "whole",
    down,
    up,
  };
}

function sessionPlan(random: Prng, has: (fault: Fault) => boolean): SessionPlan {
  const sometimes = (fault: Fault, probability: number): boolean => has(fault) && random.chance(probability);
  const error = sometimes("errorRecords", 0.4) ? TRANSIENT_ERRORS[random.int(0, TRANSIENT_ERRORS.length - 1)] : undefined;
  return {
    ...HEALTHY_SESSION,
    greetUs: sometimes("slowAuth", 0.3) ? random.int(1, 40) * SECOND : random.int(100, 50_000),
    answerUs: sometimes("slowAuth", 0.3) ? random.int(1, 40) * SECOND : random.int(100, 50_000),
    refuse: sometimes("authRefused", 0.2) ? "Internal error, try again" : null,
    hasHeartbeats: !sometimes("noHeartbeats", 0.5),
    flushUs: random.int(1, 300) * 1_000,
    replayRecords: sometimes("slowReplay", 0.6) ? random.int(1, 20) : random.int(20, 400),
    replayPauseUs: sometimes("slowReplay", 0.6) ? random.int(1, 900) * 1_000 : random.int(1, 20) * 1_000,
    omitHead: sometimes("omitHead", 0.5) ? random.int(1, 80) : 0,
    omitShare: sometimes("omitSome", 0.5) ? random.float() * 0.2 : 0,
    repeatShare: sometimes("repeatSome", 0.5) ? random.float() * 0.1 : 0,
    hasCompletion: !sometimes("noCompletion", 0.3),
    closeAfterUs: sometimes("scheduledClose", 0.5) ? random.int(1, 240) * SECOND : Number.POSITIVE_INFINITY,
    error: error === undefined ? null : { ...error, afterUs: random.chance(0.5) ? 0 : random.int(1, 120) * SECOND },
    zstd: random.chance(0.7) ? "frames" : "stream",
    echo: sometimes("echo", 0.5) ? ((["key", "piece", "answer"] as const)[random.int(0, 2)] ?? "key") : null,
  };
}

/** Everything about the seed's run. */
export function planOf(seed: number): SimPlan {
  const random = new Prng(seed, 1);
  // From nothing at all to nearly everything.
  const share = random.float();
  const enabled = new Set<Fault>(FAULTS.filter(() => random.chance(share)));
  const has = (fault: Fault): boolean => enabled.has(fault);
  const times = sessionTimesOf(seed, random.int(120, 900) * SECOND);
  const { startUs, healUs } = times;
  const clientStartUs = startUs + CLIENT_START_US;
  const endUs = healUs + 240 * SECOND;
  const records = random.int(30, 400);
  const market: MarketPlan = {
    records,
    fromUs: startUs - random.int(0, 600) * SECOND,
    toUs: endUs - 30 * SECOND,
    burst: has("bursts") ? random.int(2, 30) : 1,
    jitterUs: has("jitteredEvents") ? random.int(1, 3_000) * 1_000 : 0,
    lateUs: has("latePrints") ? random.int(1, 45) * SECOND : 0,
    secondUs: has("secondPublisher") ? random.int(1, 5) * SECOND : 0,
    hasOthers: has("others") || Number.isFinite(times.rollUs),
    isRolling: Number.isFinite(times.rollUs),
    hasBreak: times.hasBoundary,
    hasUnusable: has("unusable"),
    hasIdenticalFills: has("identicalFills"),
  };
  const versions: readonly DbnVersion[] = [1, 2, 3];
  const hosts: HostPlan[] = Array.from({ length: 3 }, (_, n) => ({
    version: has("otherHost") ? (versions[random.int(0, 2)] ?? 1) : (versions[seed % 3] ?? 1),
    recvOffsetNanos: n === 0 ? 0n : BigInt(random.int(-2_000_000, 2_000_000)),
    lsgVersion: ["0.7.2", "0.8.0", "0.9.4"][n] ?? "0.9.4",
  }));
  const sleeps = has("sleep")
    ? Array.from({ length: random.int(1, 2) }, () => {
        const atUs = startUs + random.int(40, (healUs - startUs) / SECOND) * SECOND;
        return { atUs, untilUs: Math.min(healUs, atUs + random.int(5, 300) * SECOND) };
      })
    : [];
  return {
    seed,
    times,
    clientStartUs,
    faults: [...enabled],
    market,
    hosts,
    compression: random.chance(0.04) ? "zstd" : "none",
    tsOut: random.chance(0.3),
    // Bars go out when their minute is over: later trades would make them wrong.
    hasBars: has("bars") && market.jitterUs + market.lateUs + market.secondUs === 0 && !market.isRolling,
    skewMs: random.chance(0.3) ? random.int(-600, 600) * 1_000 : random.int(-50, 50),
    healUs,
    endUs,
    reachUs: has("agedOut") ? random.int(60, 400) * SECOND : 24 * 3_600 * SECOND,
    agedOut: random.chance(0.5) ? "error" : "skip",
    maxSessions: has("sessionLimit") ? 1 : 10,
    lateTimerMs: has("lateTimers") ? random.int(1, 900) : 0,
    disk: diskPlanOf(seed, clientStartUs, healUs),
    sleeps,
    dial(connection, nowUs) {
      const own = new Prng(seed, 2, connection);
      const host = has("otherHost") ? own.int(0, hosts.length - 1) : 0;
      if (nowUs >= healUs) return { answer: "open", host, wire: HEALTHY_WIRE, session: HEALTHY_SESSION };
      const answer = has("refused") && own.chance(0.15) ? "refused" : has("unreachable") && own.chance(0.08) ? "unreachable" : "open";
      return { answer, host, wire: wirePlan(own, has, records, healUs), session: sessionPlan(own, has) };
    },
  };
}
