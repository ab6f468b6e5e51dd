/** The options commands share, and the checks that turn their text into values. */
import { InvalidArgumentError, Option } from "commander";

/** Speeds a market can be played at; `max` is as fast as it can be read. */
const SPEEDS = ["1", "10", "60", "max"] as const;

export function parseSpeed(text: string): number {
  return text === "max" ? Number.POSITIVE_INFINITY : Number(text);
}

/** `--speed`, one of SPEEDS. */
export function speedOption(): Option {
  return new Option("--speed <times>", "how fast the market runs").choices(SPEEDS).default("1");
}

/** A check for whole numbers in a range. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** A symbol with what it is: `NQ.v.0` continuous, `NQZ6` raw, `4916` an instrument id. */
export interface RequestedSymbol {
  readonly text: string;
  readonly stypeIn: "continuous" | "raw_symbol" | "instrument_id";
}

export function parseSymbol(text: string): RequestedSymbol {
  if (/^[A-Z0-9]{1,6}\.[cvn]\.\d{1,2}$/.test(text)) return { text, stypeIn: "continuous" };
  if (/^\d{1,10}$/.test(text)) return { text, stypeIn: "instrument_id" };
  if (/^[A-Z0-9]{1,6}\.(FUT|OPT)$/.test(text)) {
    throw new InvalidArgumentError("A parent symbol names many contracts; the screen shows one. Try NQ.v.0 or NQZ6.");
  }
  if (/^[A-Z0-9][A-Z0-9:_. -]{0,60}$/.test(text)) return { text, stypeIn: "raw_symbol" };
  throw new InvalidArgumentError("Expected a contract such as NQZ6, a continuous symbol such as NQ.v.0, or an instrument id.");
}

/** Where a gateway listens. */
export type GatewayAddress =
  | { readonly transport: "tcp"; readonly host: string; readonly port: number }
  | { readonly transport: "ws"; readonly url: string; readonly host: string };

export function parseGateway(text: string): GatewayAddress {
  if (/^wss?:\/\//.test(text)) {
    if (!URL.canParse(text)) throw new InvalidArgumentError("Expected a WebSocket address such as ws://127.0.0.1:13001.");
    return { transport: "ws", url: text, host: new URL(text).hostname };
  }
  const match = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535) {
    throw new InvalidArgumentError("Expected HOST:PORT, ws://HOST:PORT or wss://HOST.");
  }
  return { transport: "tcp", host: match[1].replace(/^\[|\]$/g, ""), port };
}

/** True for an address that never leaves this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A time of day, `HH:MM` or `HH:MM:SS`, as seconds since midnight. */
export function parseTimeOfDay(text: string): number {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  const [hour, minute, second] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3] ?? 0)];
  if (match === null || hour > 23 || minute > 59 || second > 59) {
    throw new InvalidArgumentError("Expected an Eastern time of day such as 09:29:30.");
  }
  return hour * 3600 + minute * 60 + second;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** A span of whole seconds such as `1s`, `30s`, `5m` or `1h`; without a unit seconds are meant. */
export function parseInterval(text: string): number {
  const match = /^(\d{1,5})(s|m|h)?$/.exec(text);
  const seconds = Number(match?.[1]) * (UNITS[match?.[2] ?? "s"] ?? 1);
  if (match === null || seconds < 1 || seconds > 86_400) {
    throw new InvalidArgumentError("Expected an interval from 1s to 24h, such as 1s, 30s or 5m.");
  }
  return seconds;
}

const SIZE_UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** An amount of data, e.g. `500MB`, in bytes. */
export function parseSize(text: string): number {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?)\s*([KMGT]?B)$/i.exec(text) ?? [];
  const factor = SIZE_UNITS[unit?.toUpperCase() ?? ""];
  if (amount === undefined || factor === undefined) throw new InvalidArgumentError("Expected an amount such as 500MB or 20GB.");
  return Number(amount) * factor;
}
