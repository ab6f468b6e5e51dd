/** The alerts of a screen: what is said, rung and listed when rules fire, and when nothing is but listed; rules set by key. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AlertDesk, type AlertDeskSettings } from "../../src/commands/alerts/alert-desk.ts";
import type { Feed } from "../../src/commands/feed.ts";
import { createSystem } from "../../src/commands/system.ts";
import type { AlertSetting } from "../../src/config/alert-settings.ts";
import type { PartialRecord } from "../../src/dbn/encode.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import type { Mode } from "../../src/store/snapshot.ts";
import type { TradeStore } from "../../src/store/store.ts";
import { HandClock } from "../client/hand-clock.ts";
import { apply, DAY, link, mapping, newStore, trade } from "../store/market-records.ts";

const P = 86_970;
const at = (sec: number, ticks: number, more: object = {}): PartialRecord => trade({ sec: DAY.rthOpenSec + sec, ticks, ...more });

function setting(more: Partial<AlertSetting>): AlertSetting {
  return { name: "line", when: "price-above", price: P / 4, once: false, cooldown_s: 0, session: "any", muted: false, actions: [{ do: "bell" }], ...more };
}

let folder = "";
const desks: AlertDesk[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nq-tui-desk-"));
});
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Rig {
  readonly desk: AlertDesk;
  readonly store: TradeStore;
  readonly clock: HandClock;
  readonly said: string[];
  readonly written: string[];
  readonly logged: string[];
  readonly feed: (...records: readonly PartialRecord[]) => void;
  /** The price has come up to the line at a second. */
  readonly cross: (sec: number) => void;
  readonly silences: () => readonly (string | null)[];
}

async function rig(settings: Partial<AlertDeskSettings> = {}, mode: Mode = "LIVE"): Promise<Rig> {
  const clock = new HandClock();
  const [said, written, logged]: string[][] = [[], [], []] as never;
  const system = { ...createSystem(), clock, env: { XDG_STATE_HOME: folder } };
  const desk = new AlertDesk(system, { mode, calendar: builtInCalendar } as Feed, {
    settings: { alerts: [setting({})], alerts_on_replay: false, ...settings },
    terminal: (codes) => void written?.push(codes),
    say: (text) => void said?.push(text),
    log: (text) => void logged?.push(text),
    onChange: () => {},
  });
  desks.push(desk);
  const store = newStore({ mode, watcher: desk.engine });
  await desk.start(store);
  store.subscribe(() => desk.look());
  store.applyLink({ ...link("LIVE"), gatewayVersion: null });
  const feed = (...records: readonly PartialRecord[]): void => {
    apply(store, ...records);
    store.commit();
    clock.advance(1000);
  };
  feed(mapping());
  return {
    desk, store, clock, said, written, logged, feed,
    cross: (sec) => feed(at(sec, P - 1), at(sec, P)),
    silences: () => desk.now().log.map(({ silence }) => silence),
  } as Rig;
}

describe("a rule that fires", () => {
  test("is said, rung and listed with its price", async () => {
    const { desk, cross, said, written } = await rig();
    cross(0);
    expect(said).toEqual(["! ALERT NQM5 line: 21,742.50 reached from below, price 21,742.50"]);
    expect(written).toEqual(["\u0007"]);
    expect(desk.now().log.map(({ firing, silence, problems }) => [firing.ticks, silence, problems])).toEqual([[P, null, []]]);
  });

  test("is marked in a demo, and on a replay only listed unless it is asked for", async () => {
    const demo = await rig({}, "DEMO");
    demo.cross(0);
    expect(demo.said[0]).toContain("[DEMO] NQM5");
    expect(demo.written).toHaveLength(1);
    const replay = await rig({}, "REPLAY");
    replay.cross(0);
    expect([replay.said, replay.written, replay.silences(), replay.desk.now().silence]).toEqual([[], [], ["replay"], "a replay"]);
    const asked = await rig({ alerts_on_replay: true }, "REPLAY");
    asked.cross(0);
    expect([asked.written.length, asked.said[0]?.includes("[REPLAY]"), asked.desk.now().silence]).toEqual([1, true, ""]);
  });

  test("while the gateway replays the past is only listed", async () => {
    const one = await rig();
    one.store.applyLink(link("CATCHING_UP"));
    one.cross(0);
    one.store.applyLink(link("LIVE"));
    one.cross(5);
    expect([one.silences(), one.said.length, one.written.length]).toEqual([["catch-up", null], 1, 1]);
  });

  test("in quiet hours is only listed, by Eastern time", async () => {
    const one = await rig({ quiet_hours: { from: "09:30", to: "09:31" } });
    one.cross(0);
    one.cross(59);
    one.cross(60);
    expect(one.silences()).toEqual(["quiet hours", "quiet hours", null]);
    const over = await rig({ quiet_hours: { from: "22:00", to: "9:31" } });
    over.cross(0);
    over.cross(60);
    expect(over.silences()).toEqual(["quiet hours", null]);
  });

  test("in a burst is listed up to a limit, said once with a count", async () => {
    const one = await rig({ alerts: Array.from({ length: 800 }, (_, index) => setting({ name: `r${index}` })) });
    one.cross(0);
    expect(one.said).toEqual([expect.stringMatching(/^! ALERT NQM5 r799: .* \(and 799 more\)$/)]);
    expect([one.desk.now().log.length, one.written.length, one.desk.now().dropped, one.logged.length]).toEqual([500, 1, 799, 19]);
  });

  test("ten thousand times at once is counted, the newest are listed, and it goes on", async () => {
    const one = await rig({ alerts: Array.from({ length: 10_000 }, (_, index) => setting({ name: `r${index}`, actions: [{ do: "command", run: ["true"], timeout_s: 5 }] })) });
    one.cross(0);
    const { count, log, dropped } = one.desk.now();
    expect([count, log.length, log.at(-1)?.firing.rule.name]).toEqual([10_000, 500, "r9999"]);
    expect(dropped).toBeGreaterThan(9000);
    one.cross(5);
    expect(one.desk.now().count).toBe(20_000);
  });

  test("and whose action goes wrong shows why", async () => {
    const one = await rig({ alerts: [setting({ actions: [{ do: "command", run: ["/nonexistent/program"], timeout_s: 5 }] })] });
    one.cross(0);
    await expect.poll(() => one.desk.now().log[0]?.problems).toEqual(["command /nonexistent/program: there is no program /nonexistent/program"]);
    expect(one.desk.now().failed).toBe(1);
    expect(one.logged).toEqual(["line: command /nonexistent/program: there is no program /nonexistent/program"]);
  });
});

test("snoozing: five minutes, fifteen, sixty, none; it ends by itself, says so, and what fired meanwhile is listed", async () => {
  const one = await rig();
  expect([1, 2, 3, 4].map(() => one.desk.ask("snooze"))).toEqual([
    "alerts snoozed for 5 minutes: only listed", "alerts snoozed for 15 minutes: only listed", "alerts snoozed for 60 minutes: only listed", "alerts are awake again",
  ]);
  one.desk.ask("snooze");
  const until = one.desk.now().snoozedUntilMs ?? 0;
  expect(until - one.clock.wallMs()).toBe(300_000);
  one.cross(0);
  expect([one.silences(), one.written]).toEqual([["snoozed"], []]);
  one.clock.advance(300_000);
  expect(one.desk.now().snoozedUntilMs).toBeNull();
  expect(one.said).toEqual(["alerts are awake again"]);
  one.cross(5);
  expect(one.silences()).toEqual(["snoozed", null]);
});

test("muting the selected rule silences that one, in the list it stays", async () => {
  const one = await rig({ alerts: [setting({}), setting({ name: "other" })] });
  one.desk.ask("next");
  expect(one.desk.ask("mute")).toMatch(/^other: muted/);
  one.cross(0);
  expect(one.silences()).toEqual([null, "muted"]);
  expect(one.desk.now().state(1)).toBe("muted");
  expect(one.desk.ask("mute")).toBe("other: no longer muted");
});

describe("! sets an alert at the price", () => {
  const kept = (): unknown => JSON.parse(readFileSync(join(folder, "nq-tui", "alerts.json"), "utf8"));

  test("and takes it away again; in the live market it is there at the next start, for its product", async () => {
    const one = await rig({ alerts: [] });
    expect(one.desk.ask("price")).toBe("there is no price to set an alert at yet");
    one.feed(at(0, P));
    expect(one.desk.ask("price")).toBe("alert set at 21,742.50, also for the next start");
    one.feed(at(1, P + 4), at(2, P + 1), at(3, P));
    expect(one.silences()).toEqual([null]);
    await one.desk.close();
    expect(kept()).toEqual({ NQ: [21_742.5] });
    expect(statSync(join(folder, "nq-tui", "alerts.json")).mode & 0o777).toBe(0o600);
    const next = await rig({ alerts: [] });
    expect(next.desk.now().rules.map(({ name, source }) => [name, source])).toEqual([["at 21742.50", "key"]]);
    const other = await rig({ alerts: [] });
    other.feed(mapping(43, "ESM5"));
    expect(other.desk.now().rules).toEqual([]);
    next.feed(at(0, P));
    expect(next.desk.ask("price")).toBe("alert at 21742.50 removed, also for the next start");
    await next.desk.close();
    expect(kept()).toEqual({ NQ: [] });
  });

  test("at the price of a marked row where there is one, and takes that away again", async () => {
    const one = await rig({ alerts: [] });
    one.feed(at(0, P));
    expect(one.desk.ask("price", P + 8)).toBe("alert set at 21,744.50, the marked row's price, also for the next start");
    expect(one.desk.now().rules.map(({ price }) => price)).toEqual([21_744.5]);
    expect(one.desk.ask("price", P + 8)).toBe("alert at 21744.50 removed, also for the next start");
    await one.desk.close();
  });

  test("in a simulated or recorded market for this run only", async () => {
    for (const mode of ["DEMO", "REPLAY"] as const) {
      const one = await rig({ alerts: [] }, mode);
      one.feed(at(0, P));
      expect(one.desk.ask("price")).toBe("alert set at 21,742.50, for this run only: it is no live price");
      expect(one.desk.now().rules).toHaveLength(1);
      await one.desk.close();
      expect(kept).toThrow(/ENOENT/);
    }
  });

  test("a rule of the file is not taken away by key; one that a key set is", async () => {
    const one = await rig();
    one.feed(at(0, P + 8));
    expect(one.desk.ask("remove")).toBe("line stands in the settings file; m mutes it");
    one.desk.ask("price");
    expect(one.desk.now().selected).toBe(1);
    expect(one.desk.ask("remove")).toBe("alert at 21744.50 removed, also for the next start");
    expect(one.desk.now().rules.map(({ name }) => name)).toEqual(["line"]);
  });

  test("a file that holds something else is told and taken for none", async () => {
    mkdirSync(join(folder, "nq-tui"));
    for (const text of ["[]", "{", "7"]) {
      writeFileSync(join(folder, "nq-tui", "alerts.json"), text);
      const one = await rig({ alerts: [] });
      expect(one.said[0]).toContain("holds no alerts that this program kept");
    }
    writeFileSync(join(folder, "nq-tui", "alerts.json"), JSON.stringify({ NQ: ["x", -1, 1e300, 21_750, 21_750], "../x": [1], ES: 7 }));
    const one = await rig({ alerts: [] });
    expect(one.desk.now().rules.map(({ price }) => price)).toEqual([21_750]);
  });

  test("a place that cannot be written to is told", async () => {
    const one = await rig({ alerts: [] });
    writeFileSync(join(folder, "nq-tui"), "a file where the folder would be");
    one.feed(at(0, P));
    one.desk.ask("price");
    await one.desk.close();
    expect(one.said).toEqual([expect.stringMatching(/^alerts set by key are for this run only: /)]);
  });
});

test("other settings: the rules that stay go on where they were, those by key stay", async () => {
  const once = setting({ name: "once", once: true });
  const one = await rig({ alerts: [once] });
  one.cross(0);
  one.desk.ask("price");
  one.desk.configure({ alerts: [setting({ name: "new", price: P / 4 + 100 }), once], alerts_on_replay: false });
  const { rules, state } = one.desk.now();
  expect(rules.map(({ name }, index) => [name, state(index)])).toEqual([["new", "armed"], ["once", "done"], ["at 21742.50", "armed"]]);
});
