/** Silence, noticed in time and not too early. */
import { describe, expect, it } from "vitest";
import { createWatchdog } from "../../src/client/watchdog.ts";
import { HandClock } from "./hand-clock.ts";

function watch() {
  const clock = new HandClock();
  const told: string[] = [];
  const begun = clock.nowMs;
  const watchdog = createWatchdog({
    clock,
    intervalMs: 15_000,
    overdueMs: 1_000,
    marginMs: 10_000,
    quietMs: 10_000,
    onPulse: (pulse) => told.push(`${pulse} ${clock.nowMs - begun}`),
    onSilent: (silentMs) => told.push(`silent ${silentMs}`),
  });
  return { clock, told, watchdog };
}

describe("watchdog", () => {
  it("says overdue a second after the interval, and silent ten after it", () => {
    const { clock, told } = watch();
    clock.advance(15_999);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual(["overdue 16000"]);
    clock.advance(8_999);
    expect(told.length).toBe(1);
    clock.advance(1);
    expect(told).toEqual(["overdue 16000", "silent 25000"]);
    clock.advance(1_000_000);
    expect(told.length).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it("counts from the last byte, and takes overdue back", () => {
    const { clock, told, watchdog } = watch();
    clock.advance(10_000);
    watchdog.bytes();
    clock.advance(15_999);
    expect(told).toEqual([]);
    clock.advance(2_000);
    watchdog.bytes();
    expect(told).toEqual(["overdue 26000", "fresh 27999"]);
    clock.advance(24_999);
    expect(told.at(-1)).toBe("overdue 43999");
    clock.advance(1);
    expect(told.at(-1)).toBe("silent 25000");
  });

  it("notices silence whatever the fraction of a millisecond at which the last byte came", () => {
    for (let n = 0; n < 1_000; n += 1) {
      const clock = new HandClock();
      clock.nowMs = 511_000 + n * 0.889_781;
      let silentMs = 0;
      createWatchdog({
        clock, intervalMs: 10_000, overdueMs: 1_000, marginMs: 10_000, quietMs: 10_000,
        onPulse: () => {}, onSilent: (ms) => (silentMs = ms),
      });
      clock.advance(20_002);
      expect(Math.round(silentMs / 10)).toBe(2_000);
      expect(clock.pending).toBe(0);
    }
  });

  it("says quiet when only signs of life came for ten seconds, until data comes", () => {
    const { clock, told, watchdog } = watch();
    const sign = (afterMs: number): void => {
      clock.advance(afterMs);
      watchdog.bytes();
      watchdog.sign();
    };
    sign(5_000);
    clock.advance(4_999);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual(["quiet 10000"]);
    sign(5_000);
    clock.advance(1_000);
    watchdog.bytes();
    watchdog.data();
    expect(told).toEqual(["quiet 10000", "fresh 16000"]);
    sign(12_000);
    expect(told.at(-1)).toBe("quiet 28000");
  });

  it("is not quiet while nothing at all comes, for that may be a dead link", () => {
    const { clock, told, watchdog } = watch();
    watchdog.bytes();
    watchdog.data();
    clock.advance(15_500);
    expect(told).toEqual([]);
  });

  it("gives unread bytes a chance after the program was stopped", () => {
    const { clock, told, watchdog } = watch();
    clock.jump(60_000);
    expect(told).toEqual([]);
    watchdog.bytes();
    clock.advance(15_999);
    expect(told).toEqual([]);
    const other = watch();
    other.clock.jump(60_000);
    other.clock.advance(250);
    expect(other.told).toEqual(["silent 60250"]);
  });

  it("leaves nothing behind", () => {
    const { clock, told, watchdog } = watch();
    watchdog.stop();
    expect(clock.pending).toBe(0);
    clock.advance(100_000);
    expect(told).toEqual([]);
  });
});
