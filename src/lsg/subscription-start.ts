/** The `start` of a subscription: nanoseconds since 1970, or ISO 8601 text; 0 asks for the earliest. */
import { NqError } from "../lib/errors.ts";

const U64_MAX = 0xffff_ffff_ffff_ffffn;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d:?\d\d)?$/;

function bad(): NqError {
  return new NqError("LSG_SUBSCRIPTION", "expected start as nanoseconds since 1970 or as an ISO 8601 time");
}

/** Text → nanoseconds since 1970. A time without zone is UTC. Throws LSG_SUBSCRIPTION. */
export function parseStart(text: string): bigint {
  if (/^\d{1,20}$/.test(text)) {
    const nanos = BigInt(text);
    if (nanos > U64_MAX) throw bad();
    return nanos;
  }
  const parts = ISO.exec(text);
  if (parts === null) throw bad();
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  if (year === undefined || month === undefined || day === undefined) throw bad();
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) throw bad();
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(ms).getUTCDate() !== day || new Date(ms).getUTCMonth() !== month - 1) throw bad(); // 31 February
  const zone = parts[8] ?? "Z";
  const offsetMinutes = zone === "Z" ? 0 : Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  const shiftMs = (zone.startsWith("-") ? -1 : 1) * offsetMinutes * 60_000;
  const nanos = BigInt(ms - shiftMs) * 1_000_000n + BigInt((parts[7] ?? "").padEnd(9, "0"));
  if (nanos < 0n || nanos > U64_MAX) throw bad();
  return nanos;
}
