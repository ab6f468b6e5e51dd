/** The whole screen on a terminal emulator: keys do what their labels say, and the terminal comes back as it was. */
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import type { Snapshot } from "../../src/store/snapshot.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { composeScreen } from "../../src/ui/screen.ts";
import { restoreSequence } from "../../src/ui/mount.tsx";
import { definePane } from "../../src/ui/pane.ts";
import type { Pane } from "../../src/ui/pane.ts";
import { line, rowText } from "../../src/ui/text.ts";
import { initialView } from "../../src/ui/view-state.ts";
import type { ViewState } from "../../src/ui/view-state.ts";
import { FakeTerminal, until } from "./fake-terminal.ts";
import { SAMPLE_WALL_MS, sampleSnapshot } from "./sample-snapshot.ts";
import { mounted, mountRig } from "./screen-rig.ts";

const SIZE = { columns: 120, rows: 40 };

/** The sample with another last price, in ticks. */
function priced(ticks: number, base: Snapshot = sampleSnapshot()): Snapshot {
  const { session } = base.studies;
  const last = session.last === null ? null : { ...session.last, ticks };
  return { ...base, studies: { ...base.studies, session: { ...session, last } } };
}

function expected(snapshot: Snapshot, size = SIZE, change: Partial<ViewState> = {}, laterMs = 0): string {
  const view = { ...initialView(PANES, size), ...change };
  const now = { wallMs: SAMPLE_WALL_MS + laterMs, flash: null };
  const rows = composeScreen({ shown: snapshot, latest: snapshot, view, frozenAt: null, now });
  return rows.map((row) => rowText(row).trimEnd()).join("\n");
}

test("what the terminal shows is what the rows say, on the alternate screen with the cursor hidden", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  expect(await rig.terminal.text()).toBe(expected(sampleSnapshot()));
  expect(rig.terminal.isAlternate).toBe(true);
  expect(rig.terminal.written).toContain("\u001B[?25l");
  expect(rig.keyboard.isRaw).toBe(true);
});

test("new data is painted without Ink, and only what changed", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.terminal.settled();
  const before = rig.screen.stats();
  rig.publish(priced(86_971));
  const first = await rig.terminal.text();
  expect(first).toContain("21,742.75");
  rig.clock.advance(200);
  expect(await rig.terminal.text()).toBe(expected(priced(86_971)));
  const after = rig.screen.stats();
  expect(after.frames).toBe(before.frames + 2);
  expect(after.bytes - before.bytes).toBeLessThan(1500);
  rig.clock.advance(900);
  const quiet = rig.terminal.writes;
  rig.screen.requestFrame();
  rig.clock.advance(100);
  expect(rig.terminal.writes - quiet).toBeLessThanOrEqual(1);
});

test("the status row, frames and footer are never drawn again for data", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.terminal.settled();
  rig.terminal.written = "";
  for (let tick = 0; tick < 20; tick++) rig.publish(priced(86_970 + tick));
  expect(rig.terminal.written).not.toContain("Whale alerts");
  expect(rig.terminal.written).not.toContain("freeze");
});

test("sums and charts follow at most four times a second, and with the last data; the price and the tape at every frame", async () => {
  const calm = PANES.filter((pane) => pane.calm).map(({ id }) => id);
  expect(calm).not.toContain("price");
  expect(calm).not.toContain("tape");
  expect(calm).not.toContain("whales");
  const drawn: Record<string, number> = { fast: 0, slow: 0 };
  const counting = (id: string, isCalm: boolean): Pane => definePane({
    id, title: id, minSize: { columns: 10, rows: 1 }, fullRows: 1, priority: 1, place: { two: isCalm ? 0 : 1, three: isCalm ? 0 : 1 },
    calm: isCalm, initial: 0, keys: [], select: { studies: ({ studies }) => studies },
    view: ({ studies }) => {
      drawn[id] = (drawn[id] ?? 0) + 1;
      return [line(`${id} ${studies.session.last?.ticks}`)];
    },
  });
  const rig = mounted(sampleSnapshot(), SIZE, { panes: [counting("fast", false), counting("slow", true)] });
  for (let n = 0; n < 20; n += 1) rig.publish(priced(80_000 + n));
  expect(drawn["fast"]).toBeGreaterThanOrEqual(20);
  expect(drawn["slow"]).toBeGreaterThanOrEqual(7);
  expect(drawn["slow"]).toBeLessThanOrEqual(9);
  rig.clock.advance(250);
  for (const id of ["fast", "slow"]) expect(await rig.terminal.text()).toContain(`${id} 80019`);
  rig.publish(priced(80_020));
  rig.publish(priced(80_021));
  rig.keyboard.press("?");
  await rig.shows("go to fast");
  rig.keyboard.press("escape");
  await rig.hides("go to fast"); // a key: all is of one moment
  for (const id of ["fast", "slow"]) expect(await rig.terminal.text()).toContain(`${id} 80021`);
  const earlier = { sec: (sampleSnapshot().asOf?.sec ?? 0) - 60, nanos: 0 };
  rig.publish({ ...priced(80_022), asOf: earlier }); // a market that goes back is of one moment too
  for (const id of ["fast", "slow"]) expect(await rig.terminal.text()).toContain(`${id} 80022`);
});

test("at most ten data frames a second, the first at once", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.clock.advance(1000);
  const before = rig.screen.stats().frames;
  for (let ms = 0; ms < 1000; ms++) {
    rig.store.apply(priced(86_000 + ms));
    rig.screen.requestFrame();
    rig.clock.advance(1);
  }
  const frames = rig.screen.stats().frames - before;
  expect(frames).toBeGreaterThanOrEqual(9);
  expect(frames).toBeLessThanOrEqual(11);
});

test("the numbers focus panes, Tab goes round", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.shows("━ 1 Price");
  for (const [index, pane] of PANES.entries()) {
    const key = pane.letter === "" ? String(index + 1) : pane.letter;
    rig.keyboard.press(key);
    await rig.shows(`━ ${key} ${pane.title}`);
    expect(await rig.terminal.text()).toBe(expected(sampleSnapshot(), SIZE, { focus: index }));
  }
  rig.keyboard.press("tab");
  await rig.shows("━ 1 Price");
  rig.keyboard.press("shift+tab");
  await rig.shows("━ a Alerts");
});

test("at 80x24 a number shows a pane that had no room, beside price and chart", async () => {
  const rig = mounted(sampleSnapshot(), { columns: 80, rows: 24 });
  await rig.shows("more: 5 8 9");
  for (const [chord, title] of [["8", "8 Delta & profile"], ["9", "9 Price discovery"], ["5", "5 Tape"]] as const) {
    rig.keyboard.press(chord);
    await rig.shows(`━ ${title}`);
    for (const kept of ["1 Price", "2 Chart"]) expect(await rig.terminal.text()).toContain(kept);
  }
});

test("titles say at once when figures stop being complete, and when they are again; only then is the shell drawn", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.shows("complete since 18:00");
  const from = { sec: (sampleSnapshot().day?.openSec ?? 0) + 60_000, nanos: 0 };
  const coverage = { ...sampleSnapshot().coverage, from, complete: false, text: "partial: from 10:40" };
  rig.publish(sampleSnapshot({ coverage }));
  await rig.shows("3 Volume by hour ~ partial: from 10:40");
  await rig.hides("complete since");
  expect(await rig.terminal.text()).not.toMatch(/Tape ~|Chart ~|Connection ~/);
  rig.terminal.written = "";
  for (let tick = 0; tick < 5; tick++) rig.publish(priced(86_970 + tick, sampleSnapshot({ coverage })));
  expect(rig.terminal.written).not.toContain("Volume by hour");
  rig.publish(sampleSnapshot());
  await rig.hides("~");
});

test("where another pane has the whole screen, the status line has the price, and it moves", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.keyboard.press("5");
  await rig.shows("━ 5 Tape");
  expect((await rig.terminal.text()).split("\n")[0]).not.toContain("21,742.50");
  rig.keyboard.press("z");
  await rig.hides("2 Chart");
  expect((await rig.terminal.text()).split("\n")[0]).toContain("21,742.50 ▲");
  rig.publish(priced(86_975));
  await until(async () => (await rig.terminal.text()).split("\n")[0]?.includes("21,743.75") === true, "the price moved");
});

test("b changes the basis whichever pane has the focus", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.keyboard.press("5");
  await rig.shows("━ 5 Tape");
  rig.keyboard.press("b");
  await rig.shows("−184.25  −0.84% vs prior close Thu");
  expect(await rig.terminal.text()).toContain("━ 5 Tape");
});

test("zoom shows one pane, and back", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.keyboard.press("5");
  await rig.shows("━ 5 Tape");
  rig.keyboard.press("enter");
  await rig.hides("2 Chart");
  expect(await rig.terminal.text()).toBe(expected(sampleSnapshot(), SIZE, { focus: 4, zoomed: true }));
  rig.keyboard.press("escape");
  await rig.shows("2 Chart");
  expect(await rig.terminal.text()).toBe(expected(sampleSnapshot(), SIZE, { focus: 4 }));
});

test("help names every key, stays while data comes, and goes", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.keyboard.press("?");
  await rig.shows("go to Price");
  rig.publish(priced(87_000));
  expect(await rig.terminal.text()).toBe(expected(priced(87_000), SIZE, { help: true }));
  let read = "";
  for (let page = 0; page < 20 && !read.includes("only [LIVE] is the market"); page++) {
    read += await rig.terminal.text();
    rig.keyboard.press("pagedown");
    await until(async () => !read.endsWith(await rig.terminal.text()) || read.includes("is the market"), "the next page");
  }
  for (const { keys } of PANES) for (const { label } of keys) expect(read).toContain(label);
  rig.keyboard.press("escape");
  await rig.shows("2 Chart");
  expect(await rig.terminal.text()).toBe(expected(priced(87_000)));
});

test("help scrolls where it does not fit", async () => {
  const rig = mounted(sampleSnapshot(), { columns: 80, rows: 24 });
  rig.keyboard.press("?");
  await rig.shows("go to Price");
  rig.keyboard.press("pagedown");
  await rig.hides("go to Price");
  rig.keyboard.press("k");
  rig.keyboard.press("pageup");
  await rig.shows("go to Price");
});

test("the whale threshold moves by five, not below its floor", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.keyboard.press("4");
  await rig.shows("25+ fixed");
  rig.keyboard.press("+");
  await rig.shows("30+ fixed");
  for (let press = 0; press < 9; press++) rig.keyboard.press("-");
  await rig.shows("10+ fixed");
});

test("chart steps, scrolling, and several letters in one burst", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.keyboard.press("2");
  await rig.shows("1 min closes");
  rig.keyboard.press("m");
  await rig.shows("1 min candles");
  rig.keyboard.press("[");
  await rig.shows("15 s candles");
  rig.keyboard.press("[");
  await rig.shows("5 s candles");
  rig.keyboard.press("m");
  await rig.shows("5 s cumulative delta");
  rig.keyboard.press("m");
  await rig.shows("5 s closes");
  rig.keyboard.press("]");
  await rig.shows("15 s closes");
  rig.keyboard.press("5");
  await rig.shows("━ 5 Tape");
  rig.keyboard.write("jjj");
  await rig.shows("stands still");
  rig.keyboard.press("home");
  await rig.hides("stands still");
});

test("Space freezes the picture while data goes on, and the status row stays true", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.keyboard.press("space");
  await rig.shows("[FROZEN at 10:58:30 ET]");
  const frozen = (await rig.terminal.text()).split("\n").slice(2, -1);
  const later = priced(80_000);
  rig.publish({ ...later, asOf: { sec: (later.asOf?.sec ?? 0) + 5, nanos: 0 } });
  await rig.shows("10:58:35 ET");
  expect((await rig.terminal.text()).split("\n").slice(2, -1)).toEqual(frozen);
  rig.keyboard.press("space");
  await rig.hides("FROZEN");
  expect(await rig.terminal.text()).toBe(expected(rig.store.getSnapshot()));
});

test("R reconnects, q and Ctrl-C ask to leave", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.keyboard.press("R");
  await until(() => rig.reconnects() === 1, "R reached its owner");
  rig.keyboard.press("q");
  await until(() => rig.quits() === 1, "q reached its owner");
  rig.keyboard.press("ctrl+c");
  await until(() => rig.quits() === 2, "Ctrl-C reached its owner");
});

test("unmounting gives the terminal back: main screen, cursor, wrapping, line mode, no timers", async () => {
  const rig = mountRig(sampleSnapshot(), SIZE, { title: "nq-tui" });
  await rig.shows("1 Price");
  rig.screen.unmount();
  rig.screen.unmount();
  await rig.screen.waitUntilExit();
  await until(() => !rig.keyboard.isRaw, "raw mode is off");
  await rig.terminal.settled();
  expect(rig.terminal.isAlternate).toBe(false);
  expect((await rig.terminal.text()).trim()).toBe("");
  expect(rig.terminal.written.endsWith(restoreSequence)).toBe(true);
  expect(restoreSequence).toContain("\u001B[?25h");
  expect(restoreSequence).toContain("\u001B[?7h");
  expect(rig.clock.pending).toBe(0);
  const { writes } = rig.terminal;
  rig.screen.requestFrame();
  rig.clock.advance(5000);
  rig.terminal.emit("resize");
  expect(rig.terminal.writes).toBe(writes);
});

test("a new size is drawn whole, larger and smaller", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  for (const [columns, rows] of [[80, 24], [200, 60], [40, 10], [9, 2], [120, 40]] as const) {
    const size = { columns, rows };
    rig.terminal.resizeTo(size);
    expect(await rig.terminal.text()).toBe(expected(sampleSnapshot(), size));
  }
});

test("a clear is never inside a synchronized update, and every update is closed", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.terminal.resizeTo({ columns: 100, rows: 30 });
  rig.publish(priced(87_001));
  await rig.terminal.settled();
  const updates = rig.terminal.written.split("\u001B[?2026h").slice(1);
  expect(updates.length).toBeGreaterThan(2);
  for (const update of updates) {
    const inside = update.split("\u001B[?2026l");
    expect(inside.length).toBeGreaterThan(1);
    expect(inside[0]).not.toMatch(/\u001B\[[0-3]?[JK]/);
  }
});

test("a terminal that does not read gets no frames, and the newest picture when it reads again", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  await rig.shows("1 Price");
  rig.terminal.hold();
  rig.publish(priced(86_971));
  const { writes } = rig.terminal;
  for (let tick = 0; tick < 50; tick++) rig.publish(priced(86_972 + tick));
  rig.keyboard.press("2");
  await until(() => rig.screen.stats().skipped > 1, "frames are left out");
  expect(rig.terminal.writes).toBe(writes);
  rig.terminal.release();
  rig.clock.advance(100);
  const laterMs = rig.clock.wallMs() - SAMPLE_WALL_MS;
  expect(await rig.terminal.text()).toBe(expected(priced(87_021), SIZE, { focus: 1 }, laterMs));
});

test("a changed price flashes for 300 ms without more data", async () => {
  const rig = mounted(sampleSnapshot(), { columns: 60, rows: 15 });
  rig.publish(priced(86_971));
  await rig.terminal.settled();
  const flashing = (await rig.terminal.cells()).flat().filter(({ look }) => look.endsWith("101"));
  expect(flashing.map(({ text }) => text).join("")).toContain("75");
  rig.clock.advance(400);
  await until(async () => {
    const cells = (await rig.terminal.cells()).slice(1, 4).flat();
    return cells.every(({ look }) => !look.endsWith("101"));
  }, "the flash fades");
});

test("ages move with the wall clock though no data comes", async () => {
  const rig = mounted(sampleSnapshot({ mode: "LIVE" }), { columns: 120, rows: 40 });
  await rig.shows("last byte 0 s ago");
  rig.clock.advance(7000);
  await rig.shows("last byte 7 s ago");
});

test("a terminal that goes away is reported to the owner as leaving", async () => {
  const rig = mounted(sampleSnapshot(), SIZE);
  rig.terminal.emit("error", new Error("EPIPE"));
  expect(rig.quits()).toBe(1);
});

test.each([
  ["80x24", { columns: 80, rows: 24 }],
  ["120x40", SIZE],
  ["60x15", { columns: 60, rows: 15 }],
])("painted and drawn by Ink as text, the cells are the same at %s", async (_, size) => {
  const painted = mounted(sampleSnapshot(), size);
  const asText = mounted(sampleSnapshot(), size, { painted: false });
  // Ink draws text at most thirty times a second of real time, so its picture may come a little later.
  const same = async (): Promise<boolean> => {
    return isDeepStrictEqual(await asText.terminal.cells(), await painted.terminal.cells());
  };
  await painted.shows("Price");
  await until(same, "both show the same cells");
  for (const rig of [painted, asText]) rig.publish(priced(86_990));
  await until(same, "and while a new price flashes");
  for (const rig of [painted, asText]) rig.clock.advance(500);
  await until(same, "and after it");
  for (const key of ["4", "z"]) for (const rig of [painted, asText]) rig.keyboard.press(key);
  await painted.hides("Chart");
  await until(same, "and zoomed");
});

test("where stdout is no terminal, the last picture is written as text at the end", async () => {
  const pipe = new FakeTerminal(SIZE, false);
  const rig = mountRig(sampleSnapshot(), SIZE, { stdout: pipe, color: "none" });
  rig.screen.unmount();
  await rig.screen.waitUntilExit();
  expect(pipe.written).toContain("[DEMO simulated prices]");
  expect(pipe.written).toContain("Whale alerts");
  expect(pipe.written).not.toContain("\u001B[?1049h");
});
