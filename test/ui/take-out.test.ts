/** What is taken out of the screen: y, e, L, the row of costs, and why a key does nothing. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { saveExport } from "../../src/commands/save-export.ts";
import { DEFAULTS } from "../../src/config/settings.ts";
import { paneAsFiles, rowAsCsv } from "../../src/ui/pane-export.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import type { ScreenInput } from "../../src/ui/screen.ts";
import { clipboardSequence } from "../../src/ui/terminal-codes.ts";
import { initialView } from "../../src/ui/view-state.ts";
import { sampleAlerts } from "./sample-alerts.ts";
import { emptySnapshot, SAMPLE_WALL_MS, sampleInstrument, sampleLink, sampleSnapshot } from "./sample-snapshot.ts";
import { mounted } from "./screen-rig.ts";

const SIZE = { columns: 120, rows: 40 };
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nq-tui-export-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function input(pane: string, change: Partial<Parameters<typeof sampleSnapshot>[0]> = {}, snapshot = sampleSnapshot(change)): ScreenInput {
  const focus = PANES.findIndex(({ id }) => id === pane);
  return { shown: snapshot, latest: snapshot, view: { ...initialView(PANES, SIZE), focus }, frozenAt: null, now: { wallMs: SAMPLE_WALL_MS, flash: null, alerts: sampleAlerts } };
}

/** What OSC 52 sequences put into the clipboard. */
function clipboards(written: string): string[] {
  return [...written.matchAll(/\u001B\]52;c;([A-Za-z0-9+/=]*)\u0007/g)].map(([, base64 = ""]) => Buffer.from(base64, "base64").toString());
}

const system = (env: Record<string, string> = {}): Parameters<typeof saveExport>[0] => ({ env }) as unknown as Parameters<typeof saveExport>[0];

describe("a pane as CSV", () => {
  test.each(PANES.map(({ id }) => id))("%s: every row has the same columns, and says mode, contract, trade date, time and coverage", (id) => {
    for (const mode of ["DEMO", "REPLAY", "LIVE"] as const) {
      const files = paneAsFiles(input(id, { mode }));
      expect(files?.name).toMatch(new RegExp(`^nq-tui_2025-06-13_105830_${id}_${mode}$`));
      const [head = "", ...rows] = (files?.csv ?? "").trimEnd().split("\n");
      expect(head).toMatch(/^mode,contract,trade_date,.*,as_of,coverage$/);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) {
        expect(row.split(",")).toHaveLength(head.split(",").length);
        expect(row).toMatch(new RegExp(`^${mode},NQM5,2025-06-13,.*,2025-06-13T10:58:30-04:00,complete since 18:00$`));
      }
    }
  });

  test("the values are the screen's: tape, price, profile, levels", () => {
    const [, newest = ""] = (paneAsFiles(input("tape"))?.csv ?? "").split("\n");
    expect(newest).toContain(",2025-06-13T14:58:30.999");
    expect(newest).toContain(",21742.5,1,BUY,");
    const price = (paneAsFiles(input("price"))?.csv ?? "").split("\n");
    const value = (name: string): string | undefined => price[1]?.split(",")[price[0]?.split(",").indexOf(name) ?? -1];
    expect([value("last"), value("bid"), value("bid_size"), value("ask"), value("open"), value("high"), value("low")]).toEqual(
      ["21742.5", "21742.25", "3", "21742.75", "21900", "21905.25", "21498.75"]);
    const profile = (paneAsFiles(input("profile"))?.csv ?? "").trimEnd().split("\n").slice(1).map((row) => row.split(","));
    const marked = (mark: string): string | undefined => profile.find((row) => row.includes(mark))?.[4];
    expect([marked("POC"), marked("VAH"), marked("VAL")]).toEqual(["21699.75", "21728.5", "21672.25"]);
    expect(profile.map((row) => Number(row[4]))).toEqual(profile.map((row) => Number(row[4])).toSorted((a, b) => b - a));
  });

  test("alerts: every rule, then every firing with its price and the ticks since; the selected rule is the row", () => {
    const rows = (paneAsFiles(input("alerts"))?.csv ?? "").trimEnd().split("\n").map((row) => row.split(",").slice(3, -2).join(","));
    expect(rows).toHaveLength(1 + sampleAlerts.rules.length + sampleAlerts.log.length);
    expect(rows[0]).toBe("kind,time,rule,when,what,price,ticks_away,ticks_since,state,fired");
    expect(rows[1]).toBe("rule,,above the high,price-above,price up to 21763.25,21763.25,83,,armed,1");
    expect(rows).toContain("fired,2025-06-13T14:43:30.000000000Z,whale,large-trade,137 contracts bought by one aggressor,21751,,-34,failed: webhook hooks.example.com: no answer within 5 s; 3 times,");
    expect(rowAsCsv(input("alerts"))).toContain(",rule,,back at VWAP,level-touch,touch of VWAP,");
    const none = { ...sampleAlerts, rules: [], log: [] };
    const empty = input("alerts");
    expect(paneAsFiles({ ...empty, now: { ...empty.now, alerts: none } })).toBeNull();
  });

  test("text from outside can neither begin a formula nor break a row", () => {
    const instrument = { ...sampleInstrument, rawSymbol: "=HYPER,LINK(\"x\")\u001B]52;c;eA==\u0007\n" };
    const row = rowAsCsv(input("tape", { instrument })) ?? "";
    expect(row).not.toMatch(/[\u0000-\u001F\u007F]/);
    expect(row.split(",")[1]).toMatch(/^"?'=/);
    expect(row.split(",").length).toBe((rowAsCsv(input("tape")) ?? "").split(",").length);
  });

  test("without data there is nothing to take", () => {
    expect(paneAsFiles(input("tape", {}, emptySnapshot()))).toBeNull();
    expect(rowAsCsv(input("price", {}, emptySnapshot()))).toBeNull();
  });
});

describe("a pane as a picture", () => {
  test.each(PANES.map(({ id, title }) => [id, title] as const))("%s: frame, banner, and where it comes from", (id, title) => {
    for (const [mode, words] of [["DEMO", "simulated prices"], ["REPLAY", "from a recording"], ["LIVE", "the live market"]] as const) {
      const svg = paneAsFiles(input(id, { mode }))?.svg ?? "";
      const text = svg.replace(/<[^>]*>/g, " ").replaceAll("&amp;", "&").replace(/\s+/g, " ");
      expect(text).toContain(`[${mode}`);
      expect(text).toContain(title);
      for (const part of ["NQM5", "2025-06-13", "10:58:30 ET", "complete since 18:00", words]) expect(text).toContain(part);
    }
  });
});

describe("files", () => {
  const files = { name: "nq-tui_2025-06-13_105830_tape_DEMO", csv: "a\n", svg: "<svg/>\n" };

  test("never written over: a name that is taken gets a number", async () => {
    for (let time = 1; time <= 3; time++) await saveExport(system(), folder, { ...files, csv: `${time}\n` });
    expect(readdirSync(folder).toSorted()).toEqual([
      "nq-tui_2025-06-13_105830_tape_DEMO-2.csv", "nq-tui_2025-06-13_105830_tape_DEMO-2.svg", "nq-tui_2025-06-13_105830_tape_DEMO-3.csv",
      "nq-tui_2025-06-13_105830_tape_DEMO-3.svg", "nq-tui_2025-06-13_105830_tape_DEMO.csv", "nq-tui_2025-06-13_105830_tape_DEMO.svg",
    ]);
    expect(readFileSync(join(folder, `${files.name}.csv`), "utf8")).toBe("1\n");
    expect(statSync(join(folder, `${files.name}.csv`)).mode & 0o777).toBe(0o600);
  });

  test("both have one name, and no link is followed", async () => {
    writeFileSync(join(folder, `${files.name}.svg`), "mine");
    const target = join(folder, "target");
    symlinkSync(target, join(folder, `${files.name}-2.csv`));
    const said = await saveExport(system(), folder, files);
    expect(said).toBe(`${join(folder, files.name)}-3.csv and .svg`);
    expect(readFileSync(join(folder, `${files.name}.svg`), "utf8")).toBe("mine");
    expect(readdirSync(folder)).not.toContain("target");
    expect(readdirSync(folder)).not.toContain(`${files.name}.csv`);
  });

  test("a folder that cannot be is a sentence with the folder and what to do", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(saveExport(system(), join(folder, "file", "below"), files)).rejects.toThrow(/file\/below: .*\(ENOTDIR\); set export_dir/);
    await expect(saveExport(system(), undefined, files)).rejects.toThrow(/export_dir/);
  });

  test("without a setting they go below the data folder, whose path is told from the home", async () => {
    const said = await saveExport(system({ HOME: folder }), undefined, files);
    expect(said).toBe(`~/.local/share/nq-tui/exports/${files.name}.csv and .svg`);
    expect(homedir()).not.toBe(folder);
  });
});

describe("keys", () => {
  test("y hands the marked row to the terminal's clipboard, and shows it; without a mark the one that matters most", async () => {
    const rig = mounted(sampleSnapshot(), SIZE);
    await rig.shows("1 Price");
    rig.keyboard.press("5");
    rig.keyboard.press("y");
    await rig.shows("handed to the terminal's clipboard: DEMO,NQM5");
    rig.keyboard.write("jj");
    await rig.shows("stands still");
    rig.keyboard.press("y");
    await rig.shows("T14:58:30.902");
    const [first = "", second = ""] = clipboards(rig.terminal.written);
    expect(first).toMatch(/^DEMO,NQM5,2025-06-13,2025-06-13T14:58:30\.999.*,21742\.5,1,BUY,2025-06-13T10:58:30-04:00,complete since 18:00$/);
    expect(second).not.toBe(first);
  });

  test("inside tmux the sequence goes once as it is and once wrapped", () => {
    const plain = clipboardSequence("a", false);
    expect(plain).toBe("\u001B]52;c;YQ==\u0007");
    expect(clipboardSequence("a", true)).toBe(`${plain}\u001BPtmux;\u001B${plain}\u001B\\`);
  });

  test("e hands over both files and tells where they are, or why not", async () => {
    const names: string[] = [];
    const rig = mounted(sampleSnapshot({ mode: "LIVE" }), SIZE, {
      onExport: async ({ name }) => {
        names.push(name);
        return names.length === 1 ? Promise.resolve(`~/exports/${name}.csv and .svg`) : Promise.reject(new Error("/x: permission denied (EACCES); set export_dir to a folder that can be written"));
      },
    });
    await rig.shows("1 Price");
    rig.keyboard.press("e");
    await rig.shows("exported ~/exports/nq-tui_2025-06-13_105830_price_LIVE.csv and .svg");
    rig.keyboard.press("e");
    await rig.shows("not exported: /x: permission denied (EACCES)");
    rig.keyboard.press("L");
    await rig.shows("newest first, your time");
    await rig.shows("not exported: /x");
    await rig.shows("exported ~/exports");
  });

  test("the log has what the connection did with its times, grows while it is looked at, scrolls, and Esc closes it", async () => {
    const rig = mounted(sampleSnapshot(), { columns: 100, rows: 12 }, { localOffsetSec: () => 3600 });
    await rig.shows("[DEMO");
    rig.keyboard.press("L");
    await rig.shows("Log");
    await rig.shows("shows NQM5");
    await rig.shows("link      RUNNING");
    await rig.hides("LIVE"); // only the market itself is called that
    const down = { ...sampleLink, phase: "DOWN" as const, reason: "no byte for 15 s", sinceMs: SAMPLE_WALL_MS, messages: [...sampleLink.messages, { atMs: SAMPLE_WALL_MS, from: "link" as const, level: "warn" as const, text: "lost: no byte" }] };
    rig.publish(sampleSnapshot({ link: down }));
    await rig.shows("15:58:30 link      DOWN: no byte for 15 s");
    await rig.shows("15:58:30 link      lost: no byte");
    for (let at = 0; at < 30; at++) rig.screen.log({ about: "alert", text: `number ${at}`, tone: "warn" });
    await rig.shows("number 29");
    await rig.hides("lost: no byte");
    for (let page = 0; page < 3; page++) rig.keyboard.press("pagedown");
    await rig.shows("lost: no byte");
    rig.keyboard.press("escape");
    await rig.hides("newest first");
  });

  test("the help and the log stand in for each other", async () => {
    const rig = mounted(sampleSnapshot(), SIZE);
    await rig.shows("1 Price");
    rig.keyboard.press("?");
    await rig.shows("go to Price");
    rig.keyboard.press("L");
    await rig.shows("newest first");
    rig.keyboard.press("?");
    await rig.shows("go to Price");
    rig.keyboard.press("?");
    await rig.hides("go to Price");
  });

  test("a key that does nothing says why: whose it is, what stands against it, or that it is nobody's", async () => {
    const rig = mounted(sampleSnapshot(), SIZE);
    await rig.shows("1 Price");
    rig.keyboard.press("[");
    await rig.shows("[, shorter steps, is a key of Chart: 2 goes there");
    rig.keyboard.press("<");
    await rig.shows("<, replay: a minute back: in a replay only");
    rig.keyboard.press("~");
    await rig.shows("~ does nothing here; ? shows the keys");
    rig.keyboard.press("z");
    await rig.hides("does nothing here");
    rig.keyboard.press("{");
    await rig.shows("move the pane up: not while a pane is zoomed");
  });
});

describe("the row of costs", () => {
  const runtime = () => ({ heapBytes: 34_000_000, rssBytes: 98_000_000, loopDelayMs: 1.25 });

  test("is beneath everything when asked for, moves every second, and goes with the setting", async () => {
    const settings = { ...DEFAULTS, debug_overlay: true };
    const rig = mounted(sampleSnapshot(), SIZE, { settings, runtime });
    await rig.shows("measuring…");
    rig.clock.advance(2100);
    await rig.shows("heap 34.0 MB  RSS 98.0 MB");
    const lines = (await rig.terminal.text()).split("\n");
    expect(lines.at(-1)).toMatch(/^frame \d+\.\d ms, p99 \d+\.\d {2}frames\/s \d+ {2}terminal [\d.]+ k?B\/s {2}loop p99 1\.3 ms/);
    expect(lines.at(-2)).toContain("? help");
    rig.screen.configure(DEFAULTS, 10);
    await rig.hides("heap 34.0 MB");
  });

  test("has no place on a screen of a few rows", async () => {
    const rig = mounted(sampleSnapshot(), { columns: 80, rows: 7 }, { settings: { ...DEFAULTS, debug_overlay: true }, runtime });
    await rig.shows("[DEMO");
    expect(await rig.terminal.text()).not.toContain("measuring");
  });
});
