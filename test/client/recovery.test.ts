/** After a loss: what is asked for, what is passed on, and what is said of the gap. */
import { afterEach, describe, expect, it } from "vitest";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { timeOfMicros } from "../../src/client/gap-log.ts";
import type { LiveClientOptions } from "../../src/client/live-options.ts";
import type { Resume } from "../../src/client/recovery.ts";
import type { UnixTime } from "../../src/lib/time.ts";
import { LOG_START } from "./market-log.ts";
import { acknowledged, at, heartbeat, mapped, MemoryRig, replayed, settle, systemAt, tick, ticks, type MemoryPeer } from "./memory-rig.ts";
import { TRADES } from "./client-rig.ts";
import { failure } from "./scripted-gateway.ts";

let rig = new MemoryRig();

afterEach(async () => {
  await rig.stop();
});

/** A client after a first session with a trade a second from 0 to `seconds`, then cut. */
async function lost(seconds: number, options: Partial<LiveClientOptions> = {}): Promise<MemoryPeer> {
  await rig.stop();
  rig = new MemoryRig(options);
  const first = await rig.peer();
  first.accept().send(acknowledged(0), mapped("NQ.c.0", "NQZ6"), replayed(0), ...ticks(0, seconds));
  first.reset();
  await settle();
  return rig.peer();
}

const seconds = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => (from + n) * 1000);
const time = (sec: number): UnixTime => timeOfMicros(Number(at(sec) / 1000n));

describe("the replay that is asked for", () => {
  it("begins a minute before the farthest time, at the least", async () => {
    const peer = await lost(300);
    peer.accept();
    // 150 trades are more than a minute here: the comparison is to say something.
    expect(peer.starts()).toEqual([at(150)]);
    expect(rig.contexts.map(({ resume }) => resume?.start ?? null)).toEqual([null, at(150)]);
  });

  it("begins a minute before it where many trade", async () => {
    await rig.stop();
    rig = new MemoryRig();
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), replayed(0), ...ticks(0, 100, 0.1));
    first.reset();
    const second = (await rig.peer()).accept();
    expect(second.starts()).toEqual([at(99.9) + 50_000n - 60_000_000_000n]);
  });

  it("begins four times the largest lateness before it, where trades come late", async () => {
    await rig.stop();
    rig = new MemoryRig();
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), replayed(0), ...ticks(0, 200, 0.1));
    first.send(tick(200), tick(160, { tsRecv: at(201), sequence: 9 }), ...ticks(202, 204, 0.01));
    first.reset();
    const second = (await rig.peer()).accept();
    const start = second.starts()[0];
    expect(Number(start! - LOG_START) / 1e9).toBeCloseTo(204 - 4 * 41, 0);
  });

  it("goes on with the gateway's clock while nothing trades, but not while a replay runs", async () => {
    await rig.stop();
    rig = new MemoryRig();
    const first = (await rig.peer()).accept();
    first.send(acknowledged(9_000), ...ticks(0, 400));
    first.reset();
    const second = (await rig.peer()).accept();
    expect(second.starts()).toEqual([at(250)]); // of the trades, for the acknowledgement was hours ahead
    second.send(acknowledged(9_000), ...ticks(250, 500), replayed(9_000));
    for (let sec = 9_005; sec < 9_700; sec += 5) second.send(heartbeat(sec));
    second.reset();
    const third = (await rig.peer()).accept();
    expect(third.starts()).toEqual([at(9_695 - 3_600)]);
  });

  it("stays where it was when several instruments are replayed, until all have come", async () => {
    const subscriptions: LiveClientOptions["subscriptions"] = ({ resume }) => [
      { ...TRADES, symbols: ["NQ.c.0", "NQ.c.1"], start: resume?.start ?? at(7) },
    ];
    await rig.stop();
    rig = new MemoryRig({ subscriptions });
    const first = (await rig.peer()).accept();
    first.send(acknowledged(900), mapped("NQ.c.0", "NQZ6", 42), mapped("NQ.c.1", "NQH7", 43), ...ticks(7, 800));
    first.reset();
    const second = (await rig.peer()).accept();
    expect(second.starts()).toEqual([at(7)]);
    const other = ticks(7, 800).map((bytes) => (new DataView(bytes.buffer, bytes.byteOffset).setUint32(4, 43, true), bytes));
    second.send(acknowledged(901), mapped("NQ.c.0", "NQZ6", 42), mapped("NQ.c.1", "NQH7", 43), ...ticks(7, 801), ...other, replayed(901));
    expect(rig.sequences).toEqual([...seconds(7, 801), ...seconds(7, 800)]);
  });

  it("is nothing special while nothing was counted", async () => {
    await rig.stop();
    rig = new MemoryRig();
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), replayed(0), heartbeat(5), heartbeat(10));
    first.reset();
    const second = (await rig.peer()).accept();
    second.send(acknowledged(20));
    expect([second.starts(), rig.fresh]).toEqual([[0n], [true, true]]);
    expect(rig.gaps).toEqual([]);
  });
});

describe("after a loss", () => {
  it("only new trades are passed on, and the gap is filled", async () => {
    const peer = await lost(300);
    expect(rig.gaps).toEqual([{ from: time(299.00005), to: null, state: "open", how: "the other side reset it" }]);
    peer.accept().send(acknowledged(340), mapped("NQ.c.0", "NQZ6"), ...ticks(150, 320));
    expect(rig.link.phase).toBe("CATCHING_UP");
    expect(rig.gaps[0]?.state).toBe("open");
    peer.send(...ticks(320, 341), replayed(341));
    expect(rig.link.phase).toBe("LIVE");
    peer.send(...ticks(341, 350));
    expect(rig.sequences).toEqual(seconds(0, 350));
    expect(rig.fresh).toEqual([true, false]);
    rig.clock.advance(1_000);
    expect(rig.gaps).toEqual([
      { from: time(299.00005), to: time(341), state: "filled", how: "replayed; 150 trades from before came again" },
    ]);
    expect(rig.link.stats).toMatchObject({ repeatedTrades: 150, recoveredTrades: 41, drops: 1, sessions: 2 });
    expect(rig.messages).toContain("150 trades from before came again");
  });

  it("says how far the replay has come", async () => {
    const peer = await lost(300);
    peer.accept().send(acknowledged(340), ...ticks(150, 200));
    rig.clock.advance(1_000);
    expect(rig.link.catchUp).toEqual({ trades: 50, reached: time(199.00005), target: time(340), isRepeat: false });
    peer.send(...ticks(200, 341), replayed(341));
    rig.clock.advance(1_000);
    expect(rig.link.catchUp).toBeNull();
  });

  it("a loss inside the replay is one gap, and nothing is counted twice", async () => {
    const peer = await lost(300);
    peer.accept().send(acknowledged(340), ...ticks(150, 310));
    peer.reset();
    const third = await rig.peer();
    third.accept();
    expect(third.starts()).toEqual([at(160)]);
    third.send(acknowledged(360), ...ticks(160, 361), replayed(361));
    rig.clock.advance(1_000);
    expect(rig.sequences).toEqual(seconds(0, 361));
    expect(rig.gaps).toEqual([expect.objectContaining({ from: time(299.00005), to: time(361), state: "filled" })]);
  });

  it("a second loss is a second gap", async () => {
    const peer = await lost(300);
    peer.accept().send(acknowledged(340), ...ticks(150, 341), replayed(341), ...ticks(341, 600));
    peer.end();
    const third = await rig.peer();
    third.accept().send(acknowledged(700), ...ticks(Number(third.starts()[0]! - LOG_START) / 1e9, 701), replayed(701));
    rig.clock.advance(1_000);
    expect(rig.sequences).toEqual(seconds(0, 701));
    expect(rig.gaps.map(({ state }) => state)).toEqual(["filled", "filled"]);
  });

  it("tries that fail in between change nothing", async () => {
    const peer = await lost(300);
    peer.reset();
    (await rig.peer()).accept().end(); // before any record
    const fourth = await rig.peer();
    fourth.accept();
    expect(fourth.starts()).toEqual([at(150)]);
    fourth.send(acknowledged(340), ...ticks(150, 341), replayed(341));
    rig.clock.advance(1_000);
    expect(rig.sequences).toEqual(seconds(0, 341));
    expect(rig.gaps.map(({ state }) => state)).toEqual(["filled"]);
  });

  it("a replay whose end is never told is over when it has passed the moment of joining", async () => {
    const peer = await lost(300);
    peer.accept().send(acknowledged(340), mapped("NQ.c.0", "NQZ6"), ...ticks(150, 402));
    rig.clock.advance(1_000);
    expect(rig.gaps.map(({ state }) => state)).toEqual(["filled"]);
    expect(rig.sequences).toEqual(seconds(0, 402));
  });

  it("identical fills are counted as often as they came", async () => {
    const twins = [tick(299.5), tick(299.5), tick(299.5)];
    await rig.stop();
    rig = new MemoryRig();
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), replayed(0), ...ticks(0, 300), ...twins.slice(0, 2));
    first.reset();
    const second = (await rig.peer()).accept();
    second.send(acknowledged(340), ...ticks(151, 300), ...twins, replayed(340));
    expect(rig.sequences.filter((sequence) => sequence === 299_500)).toHaveLength(3);
  });
});

it("the end of the source is no gap", async () => {
  await rig.stop();
  rig = new MemoryRig();
  const first = (await rig.peer()).accept();
  first.send(acknowledged(0), replayed(0), ...ticks(0, 300), systemAt(300, "End of recording", 255)).end();
  await settle();
  expect(rig.link.phase).toBe("ENDED");
  expect(rig.gaps).toEqual([]);
});

describe("a replay that cannot be proven whole", () => {
  it("with nothing to compare leaves the gap unverified", async () => {
    const peer = await lost(300);
    peer.accept().send(acknowledged(340), ...ticks(150, 341), replayed(341));
    for (let sec = 345; sec < 4_600; sec += 5) peer.send(heartbeat(sec));
    peer.reset();
    const third = await rig.peer();
    third.accept().send(acknowledged(4_700), tick(4_650), replayed(4_700));
    rig.clock.advance(1_000);
    expect(rig.gaps.at(-1)).toMatchObject({ state: "unverified", how: expect.stringContaining("nothing to compare") });
  });

  it("that begins after the loss is a gap that is told with its end", async () => {
    const peer = await lost(300);
    peer.accept().send(acknowledged(3_000), ...ticks(2_000, 3_000), replayed(3_000));
    rig.clock.advance(1_000);
    expect(rig.gaps).toEqual([
      { from: time(299.00005), to: time(2_000.00005), state: "not filled", how: "the gateway no longer has that time" },
      { from: time(2_000.00005), to: time(3_000), state: "unverified", how: expect.stringContaining("nothing from before") },
    ]);
    expect(rig.sequences).toEqual([...seconds(0, 300), ...seconds(2_000, 3_000)]);
    expect(rig.fresh).toEqual([true, false]);
  });

  it("that begins with a late trade is a gap up to where that trade came, not up to when it was made", async () => {
    const peer = await lost(300);
    peer.accept().send(acknowledged(3_000), tick(1_960, { tsRecv: at(2_000) }), ...ticks(2_001, 3_000), replayed(3_000));
    rig.clock.advance(1_000);
    expect(rig.gaps[0]).toMatchObject({ to: time(2_000), state: "not filled" });
  });

  it("because the gateway refuses so old a start is asked for from the earliest there is", async () => {
    const peer = await lost(300);
    peer.accept().send(failure("start is older than what is kept", 8));
    const third = await rig.peer();
    third.accept();
    expect(third.starts()).toEqual([0n]);
    third.send(acknowledged(90_000), ...ticks(3_600, 5_000), replayed(90_000));
    rig.clock.advance(1_000);
    expect(rig.gaps[0]).toMatchObject({ from: time(299.00005), to: time(3_600.00005), state: "not filled" });
    expect(rig.sequences).toEqual([...seconds(0, 300), ...seconds(3_600, 5_000)]);
  });

  it("that lost its head is asked for again from earlier on, and is then whole", async () => {
    const peer = await lost(300);
    peer.accept().send(acknowledged(340), ...ticks(200, 341), replayed(341));
    await settle();
    expect(peer.isClosed).toBe(true);
    expect(rig.link).toMatchObject({ phase: "DOWN", reason: expect.stringContaining("lacks 50 of 150 trades") });
    const third = await rig.peer();
    third.accept();
    expect(third.starts()).toEqual([at(150) - 600_000_000_000n]);
    third.send(acknowledged(350), ...ticks(20, 351), replayed(351)); // its head is lost too, but not what matters
    rig.clock.advance(1_000);
    expect(rig.sequences).toEqual(seconds(0, 351));
    expect(rig.gaps).toMatchObject([{ state: "filled", to: time(351) }]);
  });

  it("that lacks some again keeps what was counted and says so", async () => {
    const peer = await lost(300);
    const some = (from: number, to: number): Uint8Array[] => ticks(from, to).filter((_, n) => n % 10 !== 3);
    peer.accept().send(acknowledged(340), ...some(150, 300), ...ticks(300, 341), replayed(341));
    const third = await rig.peer();
    third.accept().send(acknowledged(350), ...some(0, 300), ...ticks(300, 351), replayed(351));
    rig.clock.advance(1_000);
    expect(rig.sequences).toEqual(seconds(0, 351));
    expect(rig.gaps).toMatchObject([{ state: "unverified", how: expect.stringContaining("they stay counted") }]);
    expect(rig.fresh).toEqual([true, false, false]);
  });

  it("because it lacks what a replay that was given up had brought keeps that too, and says so", async () => {
    const peer = await lost(300);
    peer.accept().send(acknowledged(340), ...ticks(200, 341), replayed(341)); // lost its head: asked for again
    const third = await rig.peer();
    third.accept().send(acknowledged(350), ...ticks(20, 320), ...ticks(330, 351), replayed(351)); // has the head, but a hole later
    rig.clock.advance(1_000);
    expect(rig.sequences).toEqual(seconds(0, 351));
    expect(rig.gaps).toMatchObject([{ state: "unverified", how: expect.stringContaining("lacks 10 trades that an earlier one brought") }]);
  });

  it("of all there is brings back what an earlier replay had left out, once the market is known to be the same", async () => {
    await rig.stop();
    rig = new MemoryRig();
    const without = (from: number, to: number): Uint8Array[] => ticks(from, to).filter((_, n) => from + n < 40 || from + n >= 50);
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), replayed(0), ...without(0, 300));
    first.reset();
    (await rig.peer()).accept().send(failure("start is older than what is kept", 8));
    (await rig.peer()).accept().send(acknowledged(340), ...ticks(0, 341), replayed(341));
    rig.clock.advance(1_000);
    expect(rig.sequences.toSorted((a, b) => a - b)).toEqual(seconds(0, 341));
    expect(rig.link.stats).toMatchObject({ repeatedTrades: 290, heldBackTrades: 0 });
  });

  it("of all there is that begins with trades not known says that they are not counted", async () => {
    await rig.stop();
    rig = new MemoryRig();
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), replayed(0), tick(0), ...ticks(9, 300));
    first.reset();
    (await rig.peer()).accept().send(failure("start is older than what is kept", 8));
    (await rig.peer()).accept().send(acknowledged(340), ...ticks(1, 9), tick(0), ...ticks(9, 341), replayed(341));
    rig.clock.advance(1_000);
    expect(rig.link.stats.heldBackTrades).toBe(8);
    expect(rig.gaps[0]).toMatchObject({ from: time(1), state: "unverified", how: "8 trades of this time came only now and are not counted" });
    expect(rig.gaps[1]).toMatchObject({ from: time(299.00005), state: "filled" });
  });

  it("that lacks most of what was counted, but has some of it, is the same market's: all of it stays counted", async () => {
    const peer = await lost(300);
    const few = (from: number, to: number): Uint8Array[] => ticks(from, to).filter((_, n) => n % 10 === 3);
    peer.accept().send(acknowledged(340), ...few(150, 300), ...ticks(300, 341), replayed(341));
    const third = await rig.peer();
    third.accept().send(acknowledged(350), ...few(0, 300), ...ticks(300, 351), replayed(351));
    rig.clock.advance(1_000);
    expect(rig.sequences).toEqual(seconds(0, 351));
    expect(rig.gaps).toMatchObject([{ from: time(299.00005), state: "unverified", how: "the replay lacks 135 of 150 trades counted before; they stay counted" }]);
    expect(rig.fresh).toEqual([true, false, false]);
  });

  it("of another market is counted afresh, and said", async () => {
    const peer = await lost(300);
    const others = (from: number, to: number): Uint8Array[] => ticks(from, to).map((_, n) => tick(from + n, { size: 77 }));
    peer.accept().send(acknowledged(340), ...others(150, 341), replayed(341));
    (await rig.peer()).accept().send(acknowledged(342), ...others(0, 343), replayed(343));
    await settle();
    const fourth = await rig.peer();
    fourth.accept();
    expect(fourth.starts()).toEqual([0n]);
    expect(rig.contexts.at(-1)?.resume).toBeNull();
    fourth.send(acknowledged(350), ...others(0, 351), replayed(351));
    rig.clock.advance(1_000);
    expect(rig.fresh).toEqual([true, false, false, true]);
    expect(rig.sequences).toEqual(seconds(0, 351));
    expect(rig.messages).toContain("another market");
    expect(rig.gaps).toEqual([]);
  });

  it("without a start is a gap that stays", async () => {
    await rig.stop();
    rig = new MemoryRig({ subscriptions: () => [TRADES] });
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), ...ticks(0, 10));
    first.reset();
    (await rig.peer()).accept().send(acknowledged(20), ...ticks(20, 30));
    rig.clock.advance(1_000);
    expect(rig.link.phase).toBe("LIVE");
    expect(rig.gaps).toMatchObject([{ state: "not filled", to: time(20) }]);
    expect(rig.sequences).toEqual([...seconds(0, 10), ...seconds(20, 30)]);
  });
});

describe("damaged data", () => {
  it("what came last is kept when the replay confirms it", async () => {
    await rig.stop();
    rig = new MemoryRig();
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), replayed(0), ...ticks(0, 300), Buffer.alloc(64));
    const second = await rig.peer();
    second.accept().send(acknowledged(340), ...ticks(150, 341), replayed(341));
    rig.clock.advance(1_000);
    expect(rig.fresh).toEqual([true, false]);
    expect(rig.gaps).toMatchObject([{ state: "filled" }]);
  });

  it("what came last and is not confirmed is taken back by counting afresh", async () => {
    await rig.stop();
    rig = new MemoryRig();
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), replayed(0), ...ticks(0, 300), tick(300, { size: 4_000_000 }), Buffer.alloc(64));
    for (let session = 0; session < 3; session += 1) {
      const peer = (await rig.peer()).accept();
      const from = Math.max(0, Number((peer.starts()[0] ?? 0n) - LOG_START) / 1e9);
      peer.send(acknowledged(340 + session), ...ticks(from, 341 + session), replayed(341 + session));
    }
    rig.clock.advance(1_000);
    expect(rig.fresh).toEqual([true, false, false, true]);
    expect(rig.sequences).toEqual(seconds(0, 343));
    expect(rig.messages).toContain("right after damaged data");
  });
});

describe("a gateway that plays its market again", () => {
  const WHOLE: Partial<LiveClientOptions> = { subscriptions: () => [{ ...TRADES, start: 0n }] };

  it("is waited for until it is where it was; nothing is counted twice, and there was no gap", async () => {
    const peer = await lost(300, WHOLE);
    peer.accept("0.9.4 nq-tui demo").send(acknowledged(100), ...ticks(0, 100), replayed(100), ...ticks(100, 250));
    rig.clock.advance(1_000);
    expect(rig.link).toMatchObject({ phase: "CATCHING_UP", catchUp: { isRepeat: true, reached: time(249.00005), target: time(299.00005) } });
    expect(rig.sequences).toEqual(seconds(0, 300));
    peer.send(...ticks(250, 310));
    rig.clock.advance(1_000);
    expect(rig.link.phase).toBe("LIVE");
    expect(rig.sequences).toEqual(seconds(0, 310));
    expect(rig.gaps).toEqual([]);
    expect(rig.fresh).toEqual([true, false]);
  });

  it("is noticed when it is another market", async () => {
    const peer = await lost(300, WHOLE);
    const others = ticks(0, 250).map((_, n) => tick(n, { size: 77 }));
    peer.accept("0.9.4 nq-tui demo").send(acknowledged(200), ...others.slice(0, 200), replayed(200));
    await settle();
    const third = await rig.peer();
    third.accept("0.9.4 nq-tui demo").send(acknowledged(210), ...others.slice(0, 210), replayed(210));
    rig.clock.advance(1_000);
    expect(rig.fresh).toEqual([true, false, true]);
    expect(rig.sequences).toEqual(seconds(0, 210));
    expect(rig.link.phase).toBe("LIVE");
    expect(rig.messages).toContain("another market");
  });

  it("is counted afresh when its time lies before all that can be compared", async () => {
    await rig.stop();
    rig = new MemoryRig(WHOLE);
    const first = (await rig.peer()).accept();
    first.send(acknowledged(90_000), ...ticks(90_000, 90_300), replayed(90_300));
    first.reset();
    const second = (await rig.peer()).accept();
    second.send(acknowledged(50), ...ticks(0, 50), replayed(50));
    await settle();
    (await rig.peer()).accept().send(acknowledged(60), ...ticks(0, 60), replayed(60));
    expect(rig.fresh).toEqual([true, false, true]);
    expect(rig.sequences).toEqual(seconds(0, 60));
  });

  it("shows no quote older than the newest before the loss", async () => {
    const quote = (sec: number): Uint8Array => encodeRecord({ kind: "mbp1", instrumentId: 42, tsEvent: at(sec), tsRecv: at(sec), action: "A", side: "B" }, 3);
    const peer = await lost(300, WHOLE);
    peer.accept("0.9.4 nq-tui demo").send(acknowledged(100), ...ticks(0, 100), quote(50), replayed(100), ...ticks(100, 299), quote(298), quote(300));
    expect(rig.records.filter(({ kind }) => kind === "mbp1").map(({ tsEvent }) => tsEvent)).toEqual([at(300)]);
  });
});

describe("a continuous symbol that stands for another contract after the loss", () => {
  const old = (from: number, to: number): Uint8Array[] => ticks(from, to);
  const next = (from: number, to: number): Uint8Array[] => ticks(from, to).map((_, n) => tick(from + n, { instrumentId: 77, size: 5 }));
  const options: Partial<LiveClientOptions> = {
    subscriptions: ({ resume }) => [
      { ...TRADES, start: resume !== null && resume.rolls.length === 0 ? resume.start : 0n },
      ...(resume?.rolls ?? []).map(({ rawSymbol }) => ({ ...TRADES, stypeIn: "raw_symbol" as const, symbols: [rawSymbol], start: resume!.start })),
    ],
  };

  it("is asked for beside the contract before, by its name; none of either is lost", async () => {
    const passed: number[] = [];
    const peer = await lost(300, { ...options, onRecord: (view) => void (view.rtype === 0 && passed.push(view.instrumentId * 1e6 + Number(view.sequence))) });
    peer.accept().send(acknowledged(340), mapped("NQ.c.0", "NQH7", 77), ...next(150, 341), replayed(341));
    await settle();
    expect(rig.link).toMatchObject({ phase: "DOWN", reason: expect.stringContaining("NQ.c.0 stood for NQZ6") });
    const third = await rig.peer();
    third.accept();
    expect(third.sent.join("")).toMatch(/stype_in=raw_symbol\|symbols=NQZ6\|start=\d+/);
    expect(third.starts()).toEqual([0n, at(150)]);
    third.send(acknowledged(345), mapped("NQ.c.0", "NQH7", 77), mapped("NQZ6", "NQZ6"), ...next(0, 346), ...old(150, 346), replayed(346));
    rig.clock.advance(1_000);
    const counted = passed.toSorted((a, b) => a - b);
    expect(counted).toEqual([...seconds(0, 346).map((s) => 42e6 + s), ...seconds(0, 346).map((s) => 77e6 + s)]);
    expect(rig.fresh).toEqual([true, false, true]); // the figures are of another contract
    expect(rig.gaps).toMatchObject([{ state: "filled" }]);
  });

  it("is counted from the session's start for its own figures, though its trades came beside the contract before", async () => {
    await rig.stop();
    const passed: number[] = [];
    rig = new MemoryRig({
      ...options,
      subscriptions: (context) => options.subscriptions!(context).map((one) => (one.stypeIn === "raw_symbol" ? one : { ...one, symbols: ["NQ.c.0", "NQ.c.1"] })),
      onRecord: (view) => void (view.rtype === 0 && passed.push(view.instrumentId * 1e6 + view.sequence)),
    });
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), mapped("NQ.c.0", "NQZ6", 42), mapped("NQ.c.1", "NQH7", 77), replayed(0), ...ticks(0, 300), ...next(250, 300));
    first.reset();
    const second = (await rig.peer()).accept();
    second.send(acknowledged(340), mapped("NQ.c.0", "NQH7", 77), mapped("NQ.c.1", "NQM7", 78), ...next(250, 341), replayed(341));
    await settle();
    passed.length = 0;
    const third = (await rig.peer()).accept();
    third.send(acknowledged(345), mapped("NQ.c.0", "NQH7", 77), mapped("NQ.c.1", "NQM7", 78), mapped("NQZ6", "NQZ6"), ...next(250, 346), ...old(150, 346), replayed(346));
    rig.clock.advance(1_000);
    expect(rig.fresh).toEqual([true, false, true]);
    expect(passed.toSorted((a, b) => a - b)).toEqual([...seconds(300, 346).map((s) => 42e6 + s), ...seconds(250, 346).map((s) => 77e6 + s)]);
  });

  /** A client that saw trades of the next contract beside the old one, lost both, and is asking for all of the next. */
  async function rolled(): Promise<MemoryPeer> {
    await rig.stop();
    rig = new MemoryRig({
      ...options,
      subscriptions: (context) => options.subscriptions!(context).map((one) => (one.stypeIn === "raw_symbol" ? one : { ...one, symbols: ["NQ.c.0", "NQ.c.1"], start: at(100) })),
    });
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), mapped("NQ.c.0", "NQZ6", 42), mapped("NQ.c.1", "NQH7", 77), replayed(0), ...ticks(0, 300), ...next(250, 300));
    first.reset();
    const second = (await rig.peer()).accept();
    second.send(acknowledged(340), mapped("NQ.c.0", "NQH7", 77), mapped("NQ.c.1", "NQM7", 78), ...next(250, 341), replayed(341));
    await settle();
    return (await rig.peer()).accept().send(acknowledged(345), mapped("NQ.c.0", "NQH7", 77), mapped("NQ.c.1", "NQM7", 78), mapped("NQZ6", "NQZ6"));
  }

  it("is doubtful from the session's start while the replay of it has broken off, and whole after the next", async () => {
    const third = await rolled();
    third.send(...next(250, 270));
    third.reset();
    await settle();
    expect(rig.gaps).toMatchObject([
      { from: time(100), to: time(299.00005), state: "unverified", how: "the replay of the contract that is traded now broke off" },
      { from: time(299.00005), to: null, state: "open" },
    ]);
    const fourth = (await rig.peer()).accept();
    fourth.send(acknowledged(350), mapped("NQ.c.0", "NQH7", 77), mapped("NQ.c.1", "NQM7", 78), mapped("NQZ6", "NQZ6"), ...next(250, 351), ...old(100, 351), replayed(351));
    rig.clock.advance(1_000);
    expect(rig.gaps).toMatchObject([{ from: time(299.00005), state: "filled" }]);
  });

  it("is unverified where its replay lacks trades that had come beside the contract before", async () => {
    const third = await rolled();
    third.send(...next(250, 346).filter((_, n) => n !== 30), ...old(100, 346), replayed(346));
    rig.clock.advance(1_000);
    const how = "the replay lacks 1 of 50 trades of the contract traded now that had come before";
    expect(rig.gaps).toMatchObject([
      { from: time(100), to: time(299.00005), state: "unverified", how },
      { from: time(299.00005), state: "unverified", how },
    ]);
  });

  it("is not asked for twice when another symbol stands for the contract before", async () => {
    await rig.stop();
    const asked: (Resume | null)[] = [];
    rig = new MemoryRig({ subscriptions: ({ resume }) => [{ ...TRADES, symbols: ["NQ.c.0", "NQ.c.1"], start: (asked.push(resume), resume?.start ?? 0n) }] });
    const first = (await rig.peer()).accept();
    first.send(acknowledged(0), mapped("NQ.c.0", "NQZ6", 42), mapped("NQ.c.1", "NQH7", 77), replayed(0), ...ticks(0, 300));
    first.reset();
    const second = (await rig.peer()).accept();
    second.send(acknowledged(340), mapped("NQ.c.0", "NQH7", 77), mapped("NQ.c.1", "NQM7", 78), ...next(299, 341), replayed(341));
    await settle();
    expect(asked.length).toBe(2);
    (await rig.peer()).accept();
    expect(asked.at(-1)?.rolls).toEqual([{ symbol: "NQ.c.0", rawSymbol: "NQZ6" }]);
  });

  it.each([
    ["a damaged name", mapped("NQ.c.0", "\u00d5\u00ca\u00d6", 42)],
    ["another name under the same id", mapped("NQ.c.0", "tkM5", 42)],
    ["a name that could be one under the same id", mapped("NQ.c.0", "NQZ7", 42)],
  ])("is not believed for %s", async (_, mapping) => {
    const peer = await lost(300, options);
    peer.accept().send(acknowledged(340), mapping, ...ticks(150, 341), replayed(341));
    rig.clock.advance(1_000);
    expect(rig.link.phase).toBe("LIVE");
    expect(rig.sequences).toEqual(seconds(0, 341));
    expect(rig.fresh).toEqual([true, false]);
  });

  it("inside a session is no reason to connect again", async () => {
    const peer = await lost(300);
    peer.accept().send(acknowledged(340), mapped("NQ.c.0", "NQZ6"), ...ticks(150, 341), replayed(341), mapped("NQ.c.0", "NQH7", 77), ...next(341, 400));
    rig.clock.advance(1_000);
    expect(peer.isClosed).toBe(false);
    peer.reset();
    const third = (await rig.peer()).accept();
    third.send(acknowledged(420), mapped("NQ.c.0", "NQH7", 77), ...next(250, 421), replayed(421));
    await settle();
    expect(third.isClosed).toBe(false);
  });
});

describe("the wait between tries", () => {
  it("starts from short again only after a whole replay and a minute of health", async () => {
    const waits: number[] = [];
    const first = await lost(300);
    const down = (): void => {
      const { phase, nextTryAtMs } = rig.link;
      if (phase === "DOWN") waits.push((nextTryAtMs ?? 0) - rig.clock.wallMs());
    };
    first.accept().send(acknowledged(340), ...ticks(150, 200)); // never catches up
    for (let n = 0; n < 7; n += 1) {
      rig.clock.advance(10_000);
      first.send(tick(200 + n));
    }
    first.reset();
    await settle();
    down();
    const second = await rig.peer();
    second.accept().send(acknowledged(540), ...ticks(56, 541), replayed(541));
    for (let n = 0; n < 7; n += 1) {
      rig.clock.advance(10_000);
      second.send(tick(541 + n));
    }
    second.reset();
    await settle();
    down();
    expect(waits).toEqual([1_000, 500]);
  });

  it("is short when the start was too old, for the next try asks for another; not when that is too old as well", async () => {
    const waits: number[] = [];
    await lost(300);
    const refuse = async (text: string, code: number): Promise<void> => {
      (await rig.peer()).accept().send(failure(text, code));
      await settle();
      waits.push((rig.link.nextTryAtMs ?? 0) - rig.clock.wallMs());
    };
    for (let n = 0; n < 5; n += 1) await refuse("Internal error", 6);
    await refuse("too old", 8);
    await refuse("too old", 8);
    expect(waits.slice(-3)).toEqual([15_000, 1_000, 15_000]);
  });

  it("is never so short that two connections come within a second", async () => {
    await rig.stop();
    rig = new MemoryRig({ random: () => 0 });
    const dialled: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      await settle();
      dialled.push(rig.clock.nowMs);
      rig.peers.at(-1)?.reset();
      await settle();
      rig.clock.advance(1_000);
    }
    await settle();
    expect(rig.peers.length).toBe(6);
    expect(dialled.map((ms, n) => ms - (dialled[n - 1] ?? ms - 1_000))).toEqual([1_000, 1_000, 1_000, 1_000, 1_000]);
    rig.peers.at(-1)?.reset();
    await settle();
    rig.clock.advance(999);
    await settle();
    expect(rig.peers.length).toBe(6);
  });
});
