/** Every key of the table, pressed in a pseudo-terminal, does what the help says. A key without a case fails. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { typed } from "../../src/ui/chord.ts";
import { createKeyMap } from "../../src/ui/key-map.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { recordingBytes, tradeAtEastern } from "../helpers/dbn-bytes.ts";
import { hasPty, programInPty, type PtySession } from "../helpers/pty.ts";

const { map } = createKeyMap(PANES);
const SIZE = { columns: 120, rows: 40 };
/** In the demo market there is nothing to move about in, in a replay there is. */
type On = "demo" | "replay";

interface Case {
  readonly on: On;
  /** What is pressed before, from a screen with the price in focus. */
  readonly before?: readonly string[];
  /** Presses the key and sees to it that it did what it is for. */
  readonly run: (pty: PtySession, press: () => void) => Promise<void>;
  /** In a terminal of so many rows. */
  readonly low?: number;
  /** In a session of its own, with these arguments too. */
  readonly args?: () => readonly string[];
  /** It leaves nothing behind that the next case would see, but for what `tidied` puts back. */
  readonly tidy?: true;
}

const PRICE = /\d\d,\d{3}\.(00|25|50|75)/;
let home = "";
const sessions = new Map<On, PtySession>();

const lines = async (pty: PtySession): Promise<string[]> => (await pty.screen()).split("\n");
const lineWith = async (pty: PtySession, text: string | RegExp): Promise<string> =>
  (await lines(pty)).find((line) => (typeof text === "string" ? line.includes(text) : text.test(line))) ?? "";
const titles = (screen: string): string[] => [...screen.matchAll(/[━─] (\d [A-Z][a-z]+)/g)].map(([, title = ""]) => title).toSorted();

/** In the pane of alerts, with so many rules that a key set. */
const alertsCase = (rules: number, run: Case["run"]): Case => ({
  on: "demo",
  async run(pty, press) {
    pty.type("a");
    await pty.until(/━ (?:\S )?Alerts/);
    // At a price that has a rule already the key takes that one away again.
    for (let tries = 0; tries < 60 && !(await pty.screen()).includes(`${rules} by key`); tries++) {
      pty.type("!");
      await sleep(400);
    }
    await pty.until(new RegExp(`${rules} by key`));
    await run(pty, press);
  },
});

/** In the pane of alerts of a rule that fires at every trade of ten contracts. */
const firings = (before: readonly string[]): Case => ({
  on: "demo",
  args: () => ["--config", join(home, "alerts.yaml")],
  async run(pty, press) {
    for (const key of ["a", "z"]) await pressed(pty, key);
    await pty.until(/\d{2,} fired/, 40_000);
    pty.type(" ");
    await pty.until(/FROZEN/);
    for (const key of before) await pressed(pty, key);
    const shown = async (): Promise<string> => (await lines(pty)).filter((line) => /\d\d:\d\d:\d\d every ten/.test(line)).join("\n");
    const first = await shown();
    press();
    for (let look = 0; look < 100 && (await shown()) === first; look++) await sleep(50);
    expect(await shown()).not.toBe(first);
  },
});

/** The key makes text appear. */
const shows = (wanted: RegExp, before: readonly string[] = [], on: On = "demo"): Case => ({
  on,
  before,
  async run(pty, press) {
    expect(await pty.screen()).not.toMatch(wanted);
    press();
    await pty.until(wanted);
  },
});

/** The first times of a pane's rows, as they are scrolled. */
async function firstOf(pty: PtySession, row: RegExp): Promise<string> {
  return row.exec(await pty.screen())?.[0] ?? "";
}

/** The key moves the mark to another row of a pane that stands still, or takes it away. */
const marks = (pane: string, before: readonly string[] = [], isGone = false): Case => ({
  on: "demo",
  tidy: true,
  before: [pane, "home", "enter", "space", ...before],
  async run(pty, press) {
    const marked = (screen: string): string => MARKED_ROW.exec(screen)?.[0] ?? "";
    await pty.until((screen) => screen.includes("[FROZEN]") && (before.length === 0) === (marked(screen) === ""));
    const first = marked(await pty.screen());
    press();
    await pty.until((screen) => marked(screen) !== first && (marked(screen) === "") === isGone);
  },
});

const MARKED_ROW = /^.*».*$/m;
const TRADE_ROW = /\d\d:\d\d:\d\d\.\d{3} +2[\d,.]+ +\d+ [▲▼·]/;
const WHALE_ROW = /\d\d:\d\d:\d\d\.\d{3} [▲▼] (BUY|SELL).*/;

const chartStep = async (pty: PtySession): Promise<string> => /(\d+ (?:s|min)) (?:closes|candles|cumulative)/.exec(await pty.screen())?.[1] ?? "";
const playedAt = async (pty: PtySession): Promise<number> => {
  const [, hours = "0", minutes = "0", seconds = "0"] = /[▶Ⅱ] +[\d.]+× (\d\d):(\d\d):(\d\d)/.exec(await pty.screen()) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
};

/** A replay is moved by about so many seconds. */
const plays = (least: number, most: number): Case => ({
  on: "replay",
  async run(pty, press) {
    const at = await playedAt(pty);
    press();
    await pty.until(() => true);
    for (let look = 0; look < 200; look++) {
      const by = (await playedAt(pty)) - at;
      if (by >= least && by <= most && by !== 0) return;
      await sleep(50);
    }
    expect.fail(`moved by ${(await playedAt(pty)) - at} s\n${await pty.screen()}`);
  },
});

const goes = (title: string): Case => ({
  on: "demo",
  tidy: true,
  before: title.startsWith("Price") ? ["2"] : [],
  async run(pty, press) {
    press();
    await pty.until(new RegExp(`━ (?:\\S )?${title}`));
  },
});

const CASES: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(PANES.map(({ id, title }) => [`go.${id}`, goes(title)])),
  next: { ...shows(/━ 2 Chart/), tidy: true },
  previous: { on: "demo", tidy: true, before: ["2"], run: async (pty, press) => { press(); await pty.until(/━ 1 Price/); } },
  zoom: {
    on: "demo",
    tidy: true,
    before: ["5"],
    async run(pty, press) {
      press();
      await pty.until((screen) => titles(screen).join() === "5 Tape");
      press();
      await pty.until((screen) => titles(screen).length > 4);
    },
  },
  back: { on: "demo", tidy: true, before: ["?"], run: async (pty, press) => { await pty.until(/go to Price/); press(); await pty.until((screen) => !screen.includes("go to Price")); } },
  freeze: {
    on: "demo",
    tidy: true,
    async run(pty, press) {
      press();
      await pty.until(/FROZEN at \d\d:\d\d:\d\d ET/);
      const tape = await firstOf(pty, TRADE_ROW);
      const clock = await lineWith(pty, "market time");
      await pty.until((screen) => !screen.includes(clock)); // data goes on
      expect(await firstOf(pty, TRADE_ROW)).toBe(tape);
      press();
      await pty.until((screen) => !screen.includes("FROZEN"));
    },
  },
  "layout.next": shows(/layout tape & whales/),
  "layout.before": shows(/layout price only/),
  "pane.hide": { on: "demo", before: ["5"], run: async (pty, press) => { press(); await pty.until((screen) => screen.includes("is hidden") && !screen.includes("5 Tape")); } },
  "pane.up": { on: "demo", before: ["5"], run: async (pty, press) => { const y = (await lines(pty)).findIndex((line) => line.includes("5 Tape")); press(); await pty.until((screen) => screen.split("\n").findIndex((line) => line.includes("5 Tape")) < y); } },
  "pane.down": { on: "demo", before: ["4"], run: async (pty, press) => { const y = (await lines(pty)).findIndex((line) => line.includes("4 Whale")); press(); await pty.until((screen) => screen.split("\n").findIndex((line) => line.includes("4 Whale")) > y); } },
  "layout.keep": {
    on: "demo",
    async run(pty, press) {
      press();
      await pty.until(/layout and theme kept in/);
      expect(JSON.parse(readFileSync(join(home, "state", "nq-tui", "layout.json"), "utf8"))).toMatchObject({ layout: "overview" });
      rmSync(join(home, "state", "nq-tui", "layout.json"));
    },
  },
  theme: shows(/theme light/),
  copy: {
    on: "demo",
    tidy: true,
    before: ["5", "home"],
    async run(pty, press) {
      press();
      await pty.until(/handed to the terminal's clipboard: DEMO,NQM5/);
      const [, base64 = ""] = /\u001B\]52;c;([A-Za-z0-9+/=]+)\u0007/.exec(pty.written) ?? [];
      expect(Buffer.from(base64, "base64").toString()).toMatch(/^DEMO,NQM5,2025-06-13,2025-06-13T\S+,2\d{4}(\.\d+)?,\d+,(BUY|SELL|NONE),\S+,complete since 18:00$/);
    },
  },
  export: {
    on: "demo",
    before: ["3"],
    async run(pty, press) {
      press();
      await pty.until(/exported \S*nq-tui_2025-06-13_\d{6}_hours_DEMO\.csv and \.svg/);
      const folder = join(home, "data", "nq-tui", "exports");
      expect(readdirSync(folder).map((name) => name.slice(-3)).toSorted()).toEqual(["csv", "svg"]);
      const csv = readFileSync(join(folder, readdirSync(folder).find((name) => name.endsWith(".csv")) ?? ""), "utf8");
      expect(csv.split("\n")[1]).toMatch(/^DEMO,NQM5,2025-06-13,18:00,/);
    },
  },
  log: { on: "demo", tidy: true, run: async (pty, press) => { press(); await pty.until(/Log {2}newest first[\s\S]*\d\d:\d\d:\d\d link +RUNNING/); } },
  record: {
    on: "demo",
    async run(pty, press) {
      press();
      await pty.until(/● REC/);
      press();
      await pty.until((screen) => !screen.includes("● REC"));
      expect(existsSync(join(home, "data", "nq-tui", "recordings", "demo"))).toBe(true);
    },
  },
  "play.back": { ...plays(-62, -50), before: [">"] },
  "play.ahead": plays(58, 75),
  "play.trade": { on: "replay", before: ["space"], run: async (pty, press) => { const tape = await firstOf(pty, TRADE_ROW); press(); await pty.until((screen) => (TRADE_ROW.exec(screen)?.[0] ?? "") !== tape); } },
  "play.second": { on: "replay", before: ["space"], run: async (pty, press) => { const at = await playedAt(pty); press(); await pty.until((screen) => screen.includes("Ⅱ")); for (let look = 0; look < 100 && (await playedAt(pty)) !== at + 1; look++) await sleep(50); expect(await playedAt(pty)).toBe(at + 1); } },
  "play.slower": shows(/[▶Ⅱ] +0\.5× /, [], "replay"),
  "play.faster": shows(/[▶Ⅱ] +2× /, [], "replay"),
  "play.large": { on: "replay", run: async (pty, press) => { press(); for (let look = 0; look < 200 && (await playedAt(pty)) % 600 > 10; look++) await sleep(50); expect((await playedAt(pty)) % 600).toBeLessThan(15); } },
  "play.left": { ...plays(-11, -5), before: [">"] },
  "play.right": plays(9, 20),
  "play.end": plays(3400, 3600),
  "play.go": { on: "replay", run: async (pty, press) => { press(); await sleep(150); pty.type("10:00\r"); for (let look = 0; look < 200 && Math.abs((await playedAt(pty)) - 36_000) > 8; look++) await sleep(50); expect(Math.abs((await playedAt(pty)) - 36_000), await pty.screen()).toBeLessThan(10); } },
  "alert.price": { on: "demo", run: async (pty, press) => { press(); await pty.until(/alert.*\d\d,\d{3}\.\d\d/i); } },
  "alert.snooze": shows(/snoozed|SNOOZED/),
  "alerts.down": alertsCase(2, async (pty, press) => { const chosen = await lineWith(pty, /▸ /); press(); await pty.until((screen) => !screen.includes(chosen)); }),
  "alerts.up": alertsCase(2, async (pty, press) => { const chosen = await lineWith(pty, /▸ /); press(); await pty.until((screen) => !screen.includes(chosen)); }),
  "alerts.mute": alertsCase(1, async (pty, press) => { press(); await pty.until(/▸ .* muted/); press(); await pty.until((screen) => !/▸ .* muted/.test(screen)); }),
  "alerts.remove": alertsCase(1, async (pty, press) => { press(); await pty.until((screen) => !screen.includes("1 by key")); }),
  "alerts.older": firings([]),
  "alerts.newer": firings(["pagedown", "pagedown"]),
  "alerts.newest": firings(["pagedown", "pagedown"]),
  "play.open": { on: "replay", run: async (pty, press) => { press(); for (let look = 0; look < 200 && Math.abs((await playedAt(pty)) - 34_200) > 8; look++) await sleep(50); expect(Math.abs((await playedAt(pty)) - 34_200)).toBeLessThan(10); } },
  reconnect: { on: "demo", run: async (pty, press) => { press(); await pty.until(/CONNECTING|AUTHENTICATING|SUBSCRIBED|CATCHING UP|DOWN/); await pty.until(/● RUNNING/); } },
  palette: { ...shows(/Enter runs, Esc closes/), tidy: true },
  help: { ...shows(/go to Price/), tidy: true },
  suspend: { on: "demo", run: async (pty, press) => { const { bytes } = pty; press(); await pty.until((screen) => pty.bytes > bytes + 2000 && pty.isAlternate && screen.includes("1 Price")); } },
  quit: { on: "demo", run: async (pty, press) => { press(); expect(await pty.ended).toBe(0); } },
  "price.basis": { on: "demo", run: async (pty, press) => { expect(await pty.screen()).toMatch(/% vs settle/); press(); await pty.until(/% vs (?!settle)/); } },
  "chart.mode": { on: "demo", before: ["2"], run: async (pty, press) => { press(); await pty.until(/min candles/); press(); await pty.until(/min cumulative delta/); press(); await pty.until(/min closes/); } },
  "chart.shorter": { on: "demo", before: ["2"], run: async (pty, press) => { expect(await chartStep(pty)).toBe("1 min"); press(); await pty.until(/15 s closes/); } },
  "chart.longer": { on: "demo", before: ["2"], run: async (pty, press) => { expect(await chartStep(pty)).toBe("1 min"); press(); await pty.until(/5 min closes/); } },
  "hours.down": marks("3", ["j"]),
  "hours.up": marks("3", ["j"]),
  "hours.page-down": marks("3"),
  "hours.page-up": marks("3", ["j"]),
  "hours.start": marks("3", ["pagedown"], true),
  "whales.larger": shows(/30\+ fixed/, ["4"]),
  "whales.smaller": shows(/20\+ fixed/, ["4"]),
  "whales.adaptive": { on: "demo", before: ["4", "enter"], run: async (pty, press) => { const first = await firstOf(pty, WHALE_ROW); press(); await pty.until((screen) => (WHALE_ROW.exec(screen)?.[0] ?? "") !== first || !WHALE_ROW.test(screen)); } },
  "whales.bursts": shows(/bursts within \d+ ms/, ["4"]),
  "whales.down": marks("4", ["j"]),
  "whales.up": marks("4", ["j", "j"]),
  "whales.page-down": marks("4"),
  "whales.page-up": marks("4", ["pagedown", "j"]),
  "whales.start": marks("4", ["pagedown"], true),
  "tape.down": marks("5", ["j"]),
  "tape.up": marks("5", ["j", "j"]),
  "tape.page-down": marks("5"),
  "tape.page-up": marks("5", ["pagedown", "j"]),
  "tape.start": marks("5", ["pagedown"], true),
  "levels.down": marks("7", ["j"]),
  "levels.up": marks("7", ["j", "j"]),
  "levels.page-down": marks("7"),
  "levels.page-up": marks("7", ["pagedown", "j"]),
  "levels.start": marks("7", ["pagedown"], true),
  "profile.anchor": { on: "demo", before: ["8", "enter"], run: async (pty, press) => { await pty.until(/profile RTH/); press(); await pty.until(/profile 18:00/); press(); await pty.until(/profile RTH/); } },
  "profile.down": marks("8", ["j"]),
  "profile.up": marks("8", ["j", "j"]),
  "profile.page-down": marks("8"),
  "profile.page-up": marks("8", ["j", "j", "j"]),
  "profile.start": marks("8", ["j"], true),
  "help.down": { on: "demo", tidy: true, low: 20, before: ["?"], run: async (pty, press) => { await pty.until(/^Everywhere/m); press(); await pty.until((screen) => !/^Everywhere/m.test(screen) && screen.includes("go to Price")); } },
  "help.up": { on: "demo", tidy: true, low: 20, before: ["?", "j", "j"], run: async (pty, press) => { await pty.until((screen) => !/go to Price *$/m.test(screen)); press(); await pty.until(/go to Price *$/m); } },
  "help.page-down": { on: "demo", tidy: true, low: 20, before: ["?"], run: async (pty, press) => { press(); await pty.until((screen) => !screen.includes("go to Delta")); } },
  "help.page-up": { on: "demo", tidy: true, low: 20, before: ["?", "pagedown"], run: async (pty, press) => { await pty.until((screen) => !screen.includes("go to Delta")); press(); await pty.until(/go to Delta/); } },
  "help.search": { ...shows(/Enter runs, Esc closes/, ["?"]), tidy: true },
};

/** Help and levels can be scrolled only where they do not fit. */
const LOW_COLUMNS = 90;

async function fresh(on: On, more: readonly string[] = []): Promise<PtySession> {
  const env = { HOME: home, XDG_DATA_HOME: join(home, "data"), XDG_STATE_HOME: join(home, "state") };
  const args = on === "demo" ? ["--demo", "--start-at", "10:58:31"] : ["replay", join(home, "day.dbn"), "--speed", "1"];
  args.push(...more);
  const pty = programInPty(SIZE, args, env);
  sessions.set(on, pty);
  await pty.until((screen) => PRICE.test(screen) && /━ 1 Price/.test(screen) && (on === "replay" || screen.includes("● RUNNING")));
  return pty;
}

function press(pty: PtySession, chord: string): void {
  pty.type(typed(chord) ?? "");
}

/** Sessions in which only what lies over the panes, focus, zoom, size and the frozen picture may be other than at the start. */
const clean = new WeakSet<PtySession>();

/** A session as at its start: that of the case before, put back, or one of its own. */
async function tidied({ on, args }: Case): Promise<PtySession> {
  const pty = sessions.get(on);
  if (pty === undefined || args !== undefined || !clean.has(pty)) {
    pty?.close();
    return fresh(on, args?.());
  }
  clean.delete(pty);
  pty.resize(SIZE.columns, SIZE.rows);
  await pty.until((screen) => screen.split("\n").length === SIZE.rows);
  await pressed(pty, "escape");
  await pressed(pty, "escape");
  if ((await pty.screen()).includes("FROZEN")) await pressed(pty, "space");
  await pressed(pty, "1");
  await pty.until((screen) => /━ 1 Price/.test(screen) && titles(screen).length > 4 && !screen.includes("FROZEN") && screen.split("\n").at(-1)?.includes("help") === true);
  return pty;
}

/** Two keys at once can be another key: an escape sequence. */
async function pressed(pty: PtySession, chord: string): Promise<void> {
  const { bytes } = pty;
  press(pty, chord);
  // What a key does is drawn at once; one that does nothing draws nothing.
  for (let look = 0; look < 10 && pty.bytes === bytes; look++) await sleep(50);
  await sleep(chord === "escape" ? 150 : 60);
}

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "nq-tui-keys-"));
  writeFileSync(join(home, "alerts.yaml"), "alerts:\n  - { name: every ten, when: large-trade, size: 10, cooldown_s: 0 }\n");
  // Every second from 09:20 to 10:20 a trade, every ten minutes a large one.
  const from = Date.parse("2025-06-13T09:20:00-04:00");
  const trades = Array.from({ length: 3600 }, (_, at) => {
    const time = new Date(from + at * 1000 - 4 * 3_600_000).toISOString().slice(0, 19);
    return tradeAtEastern(time, { price: BigInt(21_700_000_000_000 + (at % 40) * 250_000_000), size: at % 600 === 5 ? 120 : 1 + (at % 3), sequence: at });
  });
  writeFileSync(join(home, "day.dbn"), recordingBytes(trades));
});
afterAll(() => {
  for (const pty of sessions.values()) pty.close();
  rmSync(home, { recursive: true, force: true });
});

test("every key of the table has a case here, and every case a key", () => {
  expect(Object.keys(CASES).toSorted()).toEqual(map.map(({ name }) => name).toSorted());
});

const rows = map.flatMap(({ name, chords, label }) => chords.map((chord) => [chord, name, label] as const));

describe.skipIf(!hasPty())("in a terminal", () => {
  test.each(rows)("%s (%s): %s", async (chord, name) => {
    const one = CASES[name];
    if (one === undefined) return expect.fail(`${name} has no case`);
    const pty = await tidied(one);
    const { low } = one;
    if (low !== undefined) {
      pty.resize(LOW_COLUMNS, low);
      await pty.until((screen) => screen.split("\n").length === low && screen.split("\n").at(-1)?.includes("help") === true);
    }
    for (const key of one.before ?? []) await pressed(pty, key);
    await sleep(100);
    await one.run(pty, () => press(pty, chord));
    if (one.tidy === true) clean.add(pty);
  });
});
