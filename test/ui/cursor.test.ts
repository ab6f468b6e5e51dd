/** The marked row: seen without colour, moved by keys and mouse, staying with its row, and what is taken of it. */
import { expect, test } from "vitest";
import type { Snapshot } from "../../src/store/snapshot.ts";
import type { LargeTrade, TapeTrade } from "../../src/studies/index.ts";
import { sampleSnapshot } from "./sample-snapshot.ts";
import { mounted } from "./screen-rig.ts";
import type { ScreenRig } from "./screen-rig.ts";

const SIZE = { columns: 120, rows: 40 };
const SIGN = "»";

async function lines(rig: ScreenRig): Promise<string[]> {
  return (await rig.terminal.text()).split("\n");
}

/** The marked line of the screen, from the sign's own pane on. */
async function marked(rig: ScreenRig): Promise<string | undefined> {
  return (await lines(rig)).find((line) => line.includes(SIGN));
}

/** Clicks at the first cell of a text on screen; the wheel is button 64 up and 65 down. */
async function click(rig: ScreenRig, text: string, button = 0): Promise<void> {
  const all = await lines(rig);
  const y = all.findIndex((line) => line.includes(text));
  expect(y).toBeGreaterThan(0);
  rig.keyboard.write(`\u001B[<${button};${(all[y]?.indexOf(text) ?? 0) + 1};${y + 1}M`);
}

function copied(rig: ScreenRig): string {
  const all = [...rig.terminal.written.matchAll(/\u001B\]52;c;([A-Za-z0-9+/=]*)\u0007/g)];
  return Buffer.from(all.at(-1)?.[1] ?? "", "base64").toString();
}

/** The sample a moment later, with more trades on the tape. */
function later(base: Snapshot, count: number): Snapshot {
  const more = Array.from({ length: count }, (_, at): TapeTrade => ({ at: { sec: (base.asOf?.sec ?? 0) + 1, nanos: at }, ticks: 87_000 + at, size: 77, aggressor: 1 }));
  return { ...base, studies: { ...base.studies, tape: [...base.studies.tape, ...more].slice(-120) } };
}

test("the tape stands still at the mark while trades come, says how many, y copies just that one, and it goes on after", async () => {
  const base = sampleSnapshot();
  const rig = mounted(base, SIZE, { color: "none" });
  await rig.shows("━ 1 Price");
  rig.keyboard.press("5");
  rig.keyboard.write("jjj");
  await rig.shows("stands still while a row is marked");
  const before = await marked(rig);
  expect(before).toContain("10:58:30.805»");
  const at = (await lines(rig)).indexOf(before ?? "");
  rig.publish(later(base, 50));
  await rig.shows("50 newer above");
  expect((await lines(rig))[at]?.slice(-50)).toBe(before?.slice(-50));
  // More than the tape keeps: the marked one is gone from it, and stays on the screen.
  rig.publish(later(base, 120));
  await rig.shows("120 or more newer above");
  rig.keyboard.press("y");
  await rig.shows("handed to the terminal's clipboard");
  expect(copied(rig)).toContain(",2025-06-13T14:58:30.805");
  rig.keyboard.press("home");
  await rig.hides(SIGN);
  await rig.shows(" 77 ▲");
});

test("up from the newest one, Esc, and a second click take the mark away; a first click only goes to the pane", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.shows("━ 1 Price");
  await click(rig, "10:58:30.902");
  await rig.shows("━ 5 Tape");
  expect(await marked(rig)).toBeUndefined();
  await click(rig, "10:58:30.902");
  await rig.shows("10:58:30.902»");
  await click(rig, "10:58:30.902");
  await rig.hides(SIGN);
  rig.keyboard.write("jj");
  await rig.shows("10:58:30.902»");
  rig.keyboard.write("kk");
  await rig.hides(SIGN);
  rig.keyboard.write("j");
  await rig.shows(SIGN);
  rig.keyboard.press("escape");
  await rig.hides(SIGN);
});

test("the wheel moves the list beneath the mark, and comes back to the newest", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.shows("━ 1 Price");
  await click(rig, "10:58:30.999", 65);
  await rig.shows("3 newer above");
  const at = (await lines(rig)).findIndex((line) => line.includes(SIGN));
  await click(rig, SIGN, 65);
  await rig.shows("6 newer above");
  expect((await lines(rig)).findIndex((line) => line.includes(SIGN))).toBe(at);
  await click(rig, SIGN, 64);
  await rig.shows("3 newer above");
  await click(rig, SIGN, 64);
  await click(rig, SIGN, 64);
  await rig.hides(SIGN);
});

test("a whale that is marked is the same one when another comes", async () => {
  const base = sampleSnapshot();
  const rig = mounted(base, SIZE);
  await rig.shows("━ 1 Price");
  rig.keyboard.write("4jj");
  await rig.shows(SIGN);
  const time = /(\d\d:\d\d:\d\d\.\d{3})»/;
  const [, second = ""] = time.exec((await marked(rig)) ?? "") ?? [];
  const { large } = base.studies;
  const newest = large.events.at(-1) as LargeTrade;
  const event: LargeTrade = { ...newest, at: { sec: newest.at.sec + 2, nanos: 0 }, size: 333 };
  rig.publish({ ...base, studies: { ...base.studies, large: { ...large, events: [...large.events, event] } } });
  await rig.shows("1 newer above");
  expect(time.exec((await marked(rig)) ?? "")?.[1]).toBe(second);
  rig.keyboard.press("y");
  await rig.shows("handed to the terminal's clipboard");
  expect(copied(rig)).toContain(`,2025-06-13T${String(Number(second.slice(0, 2)) + 4).padStart(2, "0")}${second.slice(2)}`);
});

test("levels of one price are a row: it is marked, followed as the price moves, and copied with all its names", async () => {
  const base = sampleSnapshot();
  const rig = mounted(base, { columns: 120, rows: 60 });
  await rig.shows("━ 1 Price");
  rig.keyboard.press("7");
  rig.keyboard.press("z");
  await rig.shows("PDH, PD RTH high");
  await click(rig, "PDH, PD RTH high");
  await rig.shows("» PDH, PD RTH high");
  const { session } = base.studies;
  rig.publish({ ...base, studies: { ...base.studies, session: { ...session, last: session.last === null ? null : { ...session.last, ticks: 87_400 } } } });
  await rig.shows("21,850.00");
  await rig.shows("» PDH, PD RTH high");
  rig.keyboard.press("y");
  await rig.shows("handed to the terminal's clipboard");
  const rows = copied(rig).split("\n");
  expect(rows.map((row) => row.split(",").slice(3, 6).join(","))).toEqual(["PDH,prior,21993.5", "prior RTH high,prior,21993.5"]);
});

test("a row of the profile: its prices are copied, an alert is at the lowest of them", async () => {
  const asked: (number | null)[] = [];
  const rig = mounted(sampleSnapshot(), SIZE, { onAlert: (_, ticks) => `asked ${asked.push(ticks)}` });
  await rig.shows("━ 1 Price");
  rig.keyboard.write("8z");
  await rig.shows("profile RTH, rows of");
  const step = Number(/rows of ([\d.]+)/.exec(await rig.terminal.text())?.[1]);
  rig.keyboard.write("jkk");
  await rig.shows(SIGN);
  const price = Number(/»\s*([\d,.]+)/.exec((await marked(rig)) ?? "")?.[1]?.replace(",", ""));
  rig.keyboard.press("y");
  await rig.shows("handed to the terminal's clipboard");
  const prices = copied(rig).split("\n").map((row) => Number(row.split(",")[4]));
  expect(prices.at(-1)).toBe(price);
  expect(prices[0]).toBeLessThan(price + step);
  expect(prices[0]).toBeGreaterThanOrEqual(price + step - 1);
  rig.keyboard.press("!");
  await rig.shows("asked 1");
  expect(asked).toEqual([price * 4]);
  rig.keyboard.press("home");
  await rig.hides(SIGN);
});

test("! means the price of the marked row, of the pane that has the focus; without one the price itself", async () => {
  const asked: (number | null)[] = [];
  const rig = mounted(sampleSnapshot(), SIZE, { onAlert: (_, ticks) => `asked ${asked.push(ticks)}` });
  await rig.shows("━ 1 Price");
  rig.keyboard.press("!");
  await rig.shows("asked 1");
  rig.keyboard.press("5");
  rig.keyboard.write("jj");
  await rig.shows(SIGN);
  const price = Number(/»\s*([\d,.]+)/.exec((await marked(rig)) ?? "")?.[1]?.replace(",", ""));
  rig.keyboard.press("!");
  await rig.shows("asked 2");
  rig.keyboard.press("1");
  rig.keyboard.press("!");
  await rig.shows("asked 3");
  expect(asked).toEqual([null, price * 4, null]);
});

test("a mark on trades that a replay has gone back from is none", async () => {
  const base = sampleSnapshot();
  const rig = mounted(base, SIZE);
  await rig.shows("━ 1 Price");
  rig.keyboard.write("5j");
  await rig.shows(SIGN);
  rig.publish({ ...base, studies: { ...base.studies, tape: base.studies.tape.slice(0, 40) } });
  await rig.hides(SIGN);
  expect(await rig.terminal.text()).not.toContain("10:58:30.999");
});
