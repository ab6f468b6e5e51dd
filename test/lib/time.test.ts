/** Nanoseconds as two numbers: exact for every u64. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { compareTime, fromMs, fromNanos, NanosSplitter, toMs, toNanos } from "../../src/lib/time.ts";

const instants = fc.bigInt(0n, 2n ** 64n - 1n);

test("nanoseconds survive the way there and back", () => {
  fc.assert(fc.property(instants, (ns) => {
    expect(toNanos(fromNanos(ns))).toBe(ns);
  }));
});

test("the splitter agrees with bigint for any sequence of times, near and far", () => {
  const wholeSeconds = fc.tuple(fc.bigInt(-3_000_000n, 3_000_000n), fc.bigInt(-1n, 1n)).map(([sec, more]) => sec * 1_000_000_000n + more);
  const near = fc.tuple(instants, fc.array(fc.oneof(fc.bigInt(-3_000_000_000n, 3_000_000_000n), fc.bigInt(-(2n ** 53n), 2n ** 53n), wholeSeconds), { maxLength: 20 }));
  fc.assert(fc.property(near, ([start, steps]) => {
    const splitter = new NanosSplitter();
    let at = start;
    for (const step of steps) {
      at = BigInt.asUintN(64, at + step);
      splitter.split(Number(at >> 32n), Number(at & 0xffff_ffffn));
      expect({ sec: splitter.sec, nanos: splitter.nanos }).toEqual(fromNanos(at));
    }
  }));
});

test("borders of seconds and of the high half", () => {
  const splitter = new NanosSplitter();
  for (const at of [0n, 999_999_999n, 1_000_000_000n, 4_294_967_295n, 4_294_967_296n, 1_749_821_399_999_999_999n, 1_749_821_400_000_000_000n]) {
    splitter.split(Number(at >> 32n), Number(at & 0xffff_ffffn));
    expect(toNanos(splitter)).toBe(at);
  }
});

test("milliseconds and order", () => {
  expect(toMs(fromMs(1_749_821_400_123))).toBe(1_749_821_400_123);
  expect(fromMs(1500)).toEqual({ sec: 1, nanos: 500_000_000 });
  expect(fromMs(1999.999_999_9)).toEqual({ sec: 1, nanos: 999_999_999 }); // no second has a billionth nanosecond
  expect(Math.sign(compareTime({ sec: 1, nanos: 5 }, { sec: 1, nanos: 6 }))).toBe(-1);
  expect(Math.sign(compareTime({ sec: 2, nanos: 0 }, { sec: 1, nanos: 6 }))).toBe(1);
});
