/** What a soak found, as a table for people. */
import { cpus } from "node:os";
import type { ReaderSample } from "./reader.ts";
import { slopeOf } from "./slope.ts";

type Samples = readonly (readonly [second: number, sample: ReaderSample])[];

export interface Soak {
  /** Of market time, and how long they took. */
  readonly hours: number;
  readonly minutes: number;
  readonly speed: number;
  /** Connections that were cut. */
  readonly cuts: number;
  readonly commit: string;
  /** Market minutes that both readers have, the trades in them, and how many minutes differ. */
  readonly compared: number;
  readonly trades: number;
  readonly different: number;
  /** How many of the last gaps ended in which way. */
  readonly gaps: string;
  readonly readers: readonly (readonly [name: string, samples: Samples])[];
}

const count = (value: number): string => Math.round(value).toLocaleString("en-US");

/** The beginning, when code is compiled and buffers are made, says nothing about growth. */
function steady(samples: Samples): Samples {
  return samples.slice(Math.floor(samples.length / 4));
}

function slope(samples: Samples, speed: number, of: (sample: ReaderSample) => number): string {
  const found = steady(samples);
  if (found.length < 3) return "too few samples";
  const { low, middle, high } = slopeOf(found.map(([second, sample]) => [(second * speed) / 3600, of(sample)]));
  return `${middle.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function range(samples: Samples, of: (sample: ReaderSample) => number, digits = 0): string {
  const all = steady(samples).map(([, sample]) => of(sample));
  const [first, last] = [all[0] ?? Number.NaN, all.at(-1) ?? Number.NaN];
  return `${first.toFixed(digits)} → ${last.toFixed(digits)}, at most ${Math.max(...all).toFixed(digits)}`;
}

export function soakTable(soak: Soak): string {
  const { readers } = soak;
  const row = (name: string, of: (samples: Samples) => string): string => `| ${[name, ...readers.map(([, samples]) => of(samples))].join(" | ")} |`;
  const last = (samples: Samples): ReaderSample | undefined => samples.at(-1)?.[1];
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim() ?? "unknown"})`;
  return [
    `| ${soak.hours.toFixed(1)} hours of market at ${soak.speed}×, ${count(soak.cuts)} cuts | ${readers.map(([name]) => `${name} reader`).join(" | ")} |`,
    `|---|${readers.map(() => "---").join("|")}|`,
    row("sessions, of them lost", (samples) => `${count(last(samples)?.sessions ?? 0)}, ${count(last(samples)?.drops ?? 0)}`),
    row("came again and were not counted twice", (samples) => count(last(samples)?.notTwice ?? 0)),
    row("heap after collection, MB", (samples) => range(samples, ({ heapMb }) => heapMb, 1)),
    row("its slope, MB per hour of market (95 %)", (samples) => slope(samples, soak.speed, ({ heapMb }) => heapMb)),
    row("resident, MB", (samples) => range(samples, ({ rssMb }) => rssMb)),
    row("its slope, MB per hour of market (95 %)", (samples) => slope(samples, soak.speed, ({ rssMb }) => rssMb)),
    row("open files", (samples) => range(samples, ({ files }) => files)),
    row("timers", (samples) => range(samples, ({ timers }) => timers)),
    row("listeners", (samples) => range(samples, ({ listeners }) => listeners)),
    "",
    `Both readers have the same ${count(soak.trades)} trades in each of ${count(soak.compared)} minutes${soak.different === 0 ? "" : `, but for ${count(soak.different)} that differ`}; ` +
      `of the last gaps ${soak.gaps}. Figures from the first quarter on; commit ${soak.commit}, ${soak.minutes.toFixed(0)} min on ${machine}, ` +
      `Node ${process.versions.node}.`,
  ].join("\n");
}
