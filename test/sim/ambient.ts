/**
 * While a simulation runs, nothing may ask the machine for time or chance: whoever does so is a bug, because the run could
 * not be repeated. The functions are replaced and put back afterwards.
 */
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

const holders: readonly (readonly [holder: object, names: readonly string[]])[] = [
  [Date, ["now"]],
  [Math, ["random"]],
  [performance, ["now"]],
  [process, ["hrtime"]],
  [globalThis, ["setTimeout", "setInterval"]],
  [crypto, ["randomBytes", "randomUUID", "randomInt"]],
];

/** The real one, for whoever drives the simulation. */
const realImmediate = setImmediate;

/** Lets everything happen that promises still have to do. */
export function settled(): Promise<void> {
  return new Promise((resolve) => realImmediate(resolve));
}

function refuse(name: string): never {
  throw new Error(`${name} was called inside a simulation; time and chance must be handed in`);
}

/** Forbids the ambient clock, timers and chance; the result allows them again. */
export function forbidAmbient(): () => void {
  const restore: (() => unknown)[] = [];
  const replace = (holder: object, name: string, value: unknown): void => {
    // Some are inherited: those are covered, and uncovered again.
    const before = Object.getOwnPropertyDescriptor(holder, name);
    Object.defineProperty(holder, name, { configurable: true, writable: true, enumerable: before?.enumerable === true, value });
    restore.push(() => (before === undefined ? Reflect.deleteProperty(holder, name) : Object.defineProperty(holder, name, before)));
  };
  for (const [holder, names] of holders) for (const name of names) replace(holder, name, () => refuse(name));
  const now: ProxyHandler<DateConstructor> = {
    construct: (target, parts: unknown[]) => (parts.length === 0 ? refuse("new Date") : Reflect.construct(target, parts) as object),
  };
  replace(globalThis, "Date", new Proxy(Date, now));
  syncBuiltinESMExports();
  return () => {
    for (const put of restore.toReversed()) put();
    syncBuiltinESMExports();
  };
}
