/** Reading that rests: small pieces come together, nothing is lost or late, and what is large is not held up. */
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createReadBuffer, dialTcp } from "../../src/client/dial-tcp.ts";
import { Rests } from "../../src/client/rests.ts";
import { realClock } from "./hand-clock.ts";

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server = null;
});

describe("rests", () => {
  it("come in a busy stream only, and at most ten in a row", () => {
    const rests = new Rests(10);
    expect(rests.after(100, 1_000)).toBe(0); // the first for a long time
    expect(rests.after(100, 1_050)).toBe(0);
    const delays: number[] = [];
    let now = 1_050;
    for (let n = 0; n < 24; n += 1) {
      now += 1;
      const delay = rests.after(100, now);
      expect(rests.isRested).toBe(delay > 0);
      delays.push(delay);
      now += delay;
      if (delay > 0) rests.over(now);
    }
    expect(delays.map((delay) => (delay === 10 ? "r" : "-")).join("")).toBe("rrrrrrrrrr-rrrrrrrrrr-rr");
  });

  it("end where large pieces come, and never begin without a time", () => {
    const rests = new Rests(10);
    rests.after(100, 0);
    expect(rests.after(65_535, 1)).toBe(10);
    rests.over(11);
    expect(rests.after(65_536, 12)).toBe(0);
    const never = new Rests(0);
    for (let at = 0; at < 50; at += 1) expect(never.after(10, at)).toBe(0);
  });
});

/** All that a sender of many small pieces sent, how it was read, and how it ended. */
async function readAll(pieces: number, restMs: number): Promise<{ text: string; reads: number; rested: number; ended: boolean }> {
  const opened = (server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("error", () => {});
    let n = 0;
    const next = (): void => {
      socket.write(`${n} `);
      n += 1;
      if (n < pieces) setTimeout(next, 1);
      else socket.end();
    };
    next();
  }));
  await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve));
  const { port } = opened.address() as AddressInfo; // a listening TCP server has one
  const all = { text: "", reads: 0, rested: 0, ended: false };
  return new Promise((resolve, reject) => {
    dialTcp({ host: "127.0.0.1", port }, { label: "test", buffer: createReadBuffer(), clock: realClock, restMs }, {
      onOpen: () => {},
      onBytes: (bytes, hasRested = false) => {
        all.text += Buffer.from(bytes).toString();
        all.reads += 1;
        if (hasRested) all.rested += 1;
      },
      onEnd: () => resolve({ ...all, ended: true }),
      onError: reject,
    });
  });
}

describe("a socket that rests", () => {
  const PIECES = 400;
  const whole = Array.from({ length: PIECES }, (_, n) => `${n} `).join("");

  it("reads everything in order and to the end, a fraction of the times; some pieces at once", async () => {
    const found = await readAll(PIECES, 20);
    expect(found.text).toBe(whole);
    expect(found.ended).toBe(true);
    expect(found.reads).toBeLessThan(PIECES / 4);
    expect(found.rested).toBeGreaterThan(3);
    expect(found.reads - found.rested).toBeGreaterThan(1);
  });

  it("closes in the middle of a rest for good", async () => {
    let later = 0;
    const opened = (server = createServer((socket) => {
      socket.on("error", () => {});
      const timer = setInterval(() => socket.write("x"), 1);
      socket.on("close", () => clearInterval(timer));
    }));
    await new Promise<void>((resolve) => opened.listen(0, "127.0.0.1", resolve));
    const { port } = opened.address() as AddressInfo; // a listening TCP server has one
    await new Promise<void>((resolve) => {
      let reads = 0;
      const transport = dialTcp({ host: "127.0.0.1", port }, { label: "test", buffer: createReadBuffer(), clock: realClock, restMs: 30 }, {
        onOpen: () => {},
        onBytes: () => {
          reads += 1;
          if (reads === 4) {
            transport.close();
            resolve();
          } else if (reads > 4) later += 1;
        },
        onEnd: () => void (later += 1),
        onError: () => void (later += 1),
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(later).toBe(0);
  });
});
