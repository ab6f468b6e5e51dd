/** Who may wait before authenticating: crowds of strangers, guessers, floods, half-open requests. */
import { connect, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { addressOf, Door } from "../../src/gateway/door.ts";
import { HandClock } from "../client/hand-clock.ts";
import { onCleanup, rig } from "./gateway-rig.ts";
import { memorySource, tradeAt } from "./memory-source.ts";
import { KEY_TEXT } from "./raw-client.ts";

const WRONG_KEY = "db-unittestapikey1234567890GGGGG";

function bare(port: number): Socket {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  onCleanup(() => void socket.destroy());
  return socket;
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => (socket.destroyed ? resolve() : void socket.resume().once("close", () => resolve())));

describe("over sockets", () => {
  test("the 33rd stranger of an address takes the place of the one that waited longest", async () => {
    const gateway = await rig();
    const strangers = Array.from({ length: 32 }, () => gateway.client());
    await Promise.all(strangers.map((one) => one.challenge()));
    expect(strangers.some((one) => one.isEnded)).toBe(false);
    const late = gateway.client();
    expect(await late.challenge()).toHaveLength(32);
    await expect.poll(() => strangers.filter((one) => one.isEnded).length).toBe(1);
    expect(await late.authenticate()).toMatch(/^success=1/);
  });

  test("a flood of connections that never answer keeps nobody from his data, and lets others in", async () => {
    const clock = new HandClock();
    const trades = Array.from({ length: 500 }, (_, index) => tradeAt(index, { sequence: index }));
    const gateway = await rig({ source: memorySource({ records: trades }), clock, speed: 1, endOfSource: "stay" });
    const client = await gateway.session(["schema=trades|symbols=NQU5", "start_session"]);
    await client.records((found) => found.length > 1);
    const flood: Socket[] = [];
    for (let ms = 0; ms < 600; ms += 10) {
      for (let n = 0; n < 10; n += 1) flood.push(bare(gateway.port));
      clock.advance(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.records((found) => found.filter(({ kind }) => kind === "trade").length === 500);
    // All but the places of strangers were closed.
    await expect.poll(() => {
      for (const socket of flood) socket.resume();
      return flood.filter((socket) => socket.closed).length;
    }, { timeout: 20_000 }).toBeGreaterThanOrEqual(flood.length - 32);
    clock.advance(1_000);
    expect(await gateway.client().authenticate()).toMatch(/^success=1/);
  });

  test("ten wrong answers, and for a minute no answer from there is looked at", async () => {
    const clock = new HandClock();
    const gateway = await rig({ clock });
    for (let n = 0; n < 10; n += 1) expect(await gateway.client().authenticate("", WRONG_KEY)).toBe("success=0|error=Authentication failed.");
    const refusal = "success=0|error=Authentication failed. Too many wrong answers from this address, wait a minute";
    expect(await gateway.client().authenticate("", WRONG_KEY)).toBe(refusal);
    expect(await gateway.client().authenticate("", KEY_TEXT)).toBe(refusal);
    clock.advance(60_000);
    expect(await gateway.client().authenticate("", KEY_TEXT)).toMatch(/^success=1/);
  });

  test("an answer is good for its own challenge only", async () => {
    const gateway = await rig();
    const [one, two] = [gateway.client(), gateway.client()];
    await Promise.all([one.challenge(), two.challenge()]);
    await one.authenticate();
    const { createHash } = await import("node:crypto");
    const hex = createHash("sha256").update(`${await one.challenge()}|${KEY_TEXT}`).digest("hex");
    two.send(`auth=${hex}-${KEY_TEXT.slice(-5)}|dataset=GLBX.MDP3|encoding=dbn`);
    await two.toEnd();
    expect(two.text).toContain("success=0|error=Authentication failed.");
  });

  test("a WebSocket request that never comes has a stranger's place, and only for a while", async () => {
    const gateway = await rig({ wsPort: 0 });
    const sockets = Array.from({ length: 33 }, () => bare(gateway.wsPort ?? 0));
    await Promise.race(sockets.map(closed)); // one of 33 was one too many
    const slow = bare(gateway.wsPort ?? 0);
    slow.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
    let answer = "";
    slow.on("data", (bytes: Buffer) => (answer += bytes.toString()));
    await closed(slow);
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
  }, 20_000);
});

describe("the count", () => {
  const enterMany = (door: Door, address: string, count: number, cut: () => void = () => {}): void => {
    for (let n = 0; n < count; n += 1) door.enter(address, cut);
  };

  test("the most crowded address gives way, not the quiet one", () => {
    const door = new Door(new HandClock());
    const cuts = { quiet: 0, loud: 0, louder: 0 };
    enterMany(door, "10.0.0.1", 2, () => (cuts.quiet += 1));
    enterMany(door, "10.0.0.2", 30, () => (cuts.loud += 1));
    enterMany(door, "10.0.0.3", 32, () => (cuts.louder += 1));
    enterMany(door, "10.0.0.4", 5);
    expect(cuts).toEqual({ quiet: 0, loud: 2, louder: 3 });
  });

  test("beyond a hundred at once, twenty a second may come from an address; others are not held up", () => {
    const clock = new HandClock();
    const door = new Door(clock);
    const arrive = (address: string, count: number): number => {
      let letIn = 0;
      for (let n = 0; n < count; n += 1) {
        const guest = door.enter(address, () => {});
        if (guest !== null) letIn += 1;
        guest?.leave();
      }
      return letIn;
    };
    expect(arrive("10.0.0.1", 150)).toBe(100);
    expect(arrive("10.0.0.2", 50)).toBe(50);
    clock.advance(1_000);
    expect(arrive("10.0.0.1", 150)).toBe(20);
    clock.advance(3_600_000);
    expect(arrive("10.0.0.1", 150)).toBe(100);
  });

  test("a place is given back once, whoever says so how often", () => {
    const door = new Door(new HandClock());
    let cuts = 0;
    const first = door.enter("10.0.0.1", () => {});
    first?.leave();
    first?.leave();
    enterMany(door, "10.0.0.1", 32, () => (cuts += 1));
    expect(cuts).toBe(0);
    enterMany(door, "10.0.0.1", 1);
    expect(cuts).toBe(1);
  });

  test("an IPv6 neighbourhood is one address, and IPv4 is the same however written", () => {
    expect(addressOf("::ffff:10.0.0.1")).toBe("10.0.0.1");
    expect(addressOf("2001:db8:1:2:3:4:5:6")).toBe(addressOf("2001:db8:1:2::1"));
    expect(addressOf("2001:db8:1:2::1")).not.toBe(addressOf("2001:db8:1:3::1"));
    expect(addressOf("fe80::1%eth0")).toBe(addressOf("fe80::2%eth0"));
    expect(addressOf("::1")).toBe("0:0:0:0");
  });
});
