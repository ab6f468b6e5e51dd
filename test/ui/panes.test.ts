/** Every pane: picks and never builds, fits any size from its least one, says why it is empty, survives odd data. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { LinkPhase } from "../../src/lsg/link-state.ts";
import type { Snapshot } from "../../src/store/snapshot.ts";
import type { HourVolumesView, LargeTradesView, SessionView } from "../../src/studies/index.ts";
import { BEYOND } from "../../src/ui/charset.ts";
import type { Moment, Pane } from "../../src/ui/pane.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { classOf } from "../../src/ui/whale-rows.ts";
import { rowText, rowWidth } from "../../src/ui/text.ts";
import type { Row, Size } from "../../src/ui/text.ts";
import { emptySnapshot, SAMPLE_WALL_MS, sampleLink, sampleSnapshot } from "./sample-snapshot.ts";

const NOW = { wallMs: SAMPLE_WALL_MS, flash: null };
const draw = (pane: Pane, snapshot: Snapshot, size: Size, presses: readonly number[] = []): readonly Row[] =>
  presses.reduce((open, index) => open.press(index, snapshot, size), pane.open()).draw(snapshot, size, NOW);
const textOf = (rows: readonly Row[]): string => rows.map(rowText).join("\n");
const paneOf = (id: string): Pane => {
  const pane = PANES.find((one) => one.id === id);
  if (pane === undefined) throw new Error(`no pane ${id}`);
  return pane;
};
const press = (pane: Pane, chord: string): number => pane.keys.findIndex(({ chords }) => chords.includes(chord));

/** One cell wide in every terminal, and with something in ASCII to stand in for it: the signs of the table. */
const ONE_CELL = new RegExp(`^[\\u0020-\\u007E${BEYOND}]*$`, "u");

test.each(PANES)("$id selects the same object while nothing it shows has changed", (pane) => {
  const open = pane.open();
  const snapshot = sampleSnapshot();
  const first = open.select(snapshot);
  expect(open.select(snapshot)).toBe(first);
  expect(open.select({ ...snapshot, version: snapshot.version + 1 })).toBe(first);
  for (const value of Object.values(first)) {
    const { studies, link } = snapshot;
    const held = [...Object.values(snapshot), ...Object.values(studies), studies.session.last, link?.phase, link?.messages];
    expect(held).toContain(value);
  }
  expect(open.select(emptySnapshot())).not.toBe(first);
});

test("a new quote, a new pace, a new roll: only the panes that show them have anything to draw", () => {
  const base = sampleSnapshot();
  const changed = (studies: Partial<Snapshot["studies"]>, more: Partial<Snapshot> = {}): Snapshot => ({ ...base, ...more, studies: { ...base.studies, ...studies } });
  const drawnFor = (snapshot: Snapshot): string[] =>
    PANES.filter((pane) => {
      const open = pane.open();
      return open.select(base) !== open.select(snapshot);
    }).map(({ id }) => id);
  const { quote, pace, tape } = base.studies;
  expect(drawnFor(changed({ quote: quote === null ? null : { ...quote, bidSize: 99 } }))).toEqual(["price"]);
  expect(drawnFor(changed({ pace: { ...pace } }))).toEqual(["price"]);
  expect(drawnFor(changed({ tape: [...tape] }))).toEqual(["tape"]);
  expect(drawnFor(changed({}, { roll: null, version: 1 }))).toEqual([]);
  expect(drawnFor(changed({ profile: { ...base.studies.profile } })).toSorted()).toEqual(["chart", "levels", "profile"]);
});

test.each(PANES)("$id never draws wider or higher than it was told, whatever the size and the keys", (pane) => {
  const { columns, rows } = pane.minSize;
  const wide = fc.integer({ min: columns, max: 320 });
  const size = fc.record({ columns: wide, rows: fc.integer({ min: rows, max: 100 }) });
  const keys = fc.array(fc.integer({ min: 0, max: Math.max(0, pane.keys.length - 1) }), { maxLength: 30 });
  const snapshots = { full: sampleSnapshot(), empty: emptySnapshot(), dayless: sampleSnapshot({ day: null, mode: "LIVE" }) };
  fc.assert(
    fc.property(size, keys, fc.constantFrom("full", "empty", "dayless"), (into, presses, which) => {
      const drawn = draw(pane, snapshots[which], into, presses);
      for (const row of drawn.slice(0, into.rows)) {
        expect(rowWidth(row)).toBeLessThanOrEqual(into.columns);
        expect(rowText(row)).toMatch(ONE_CELL);
      }
    }),
    { numRuns: 300 },
  );
});

test.each(PANES)("$id says in words that it has nothing yet", (pane) => {
  const text = textOf(draw(pane, emptySnapshot(), { columns: 60, rows: 8 }));
  expect(text).toMatch(/waiting for|no connection yet/);
});

test("the price names its basis, or says that there is none", () => {
  const size = { columns: 80, rows: 4 };
  expect(textOf(draw(paneOf("price"), sampleSnapshot(), size))).toContain("−186.50  −0.85% vs settle Thu 21,929.00");
  const base = sampleSnapshot();
  const session = { ...base.studies.session, basis: null, basisTicks: null, changeTicks: null, bases: [] };
  const without = { ...base, studies: { ...base.studies, session } };
  expect(textOf(draw(paneOf("price"), without, size))).toContain("change n/a");
});

/** The sample with another session. */
function withSession(change: Partial<SessionView>): Snapshot {
  const base = sampleSnapshot();
  return { ...base, studies: { ...base.studies, session: { ...base.studies.session, ...change } } };
}

test("b goes round all known bases, each named and with its own change; one that is gone gives way to the first", () => {
  const pane = paneOf("price");
  const size = { columns: 90, rows: 6 };
  const b = press(pane, "b");
  const text = (times: number, snapshot = sampleSnapshot()): string => textOf(draw(pane, snapshot, size, Array.from({ length: times }, () => b)));
  expect(text(0)).toContain("−186.50  −0.85% vs settle Thu");
  expect(text(1)).toContain("−184.25  −0.84% vs prior close Thu");
  expect(text(2)).toContain("−188.75  −0.86% vs prior RTH close");
  expect(text(3)).toContain("+61.75  +0.28% vs RTH open 21,680.75");
  expect(text(4)).toContain("−157.50  −0.72% vs 18:00 open 21,900.00");
  expect(text(5)).toBe(text(0));
  const chosen = Array.from({ length: 3 }, () => b).reduce((open, key) => open.press(key, sampleSnapshot(), size), pane.open());
  const gone = withSession({ bases: sampleSnapshot().studies.session.bases.filter(({ kind }) => kind !== "RTH open") });
  expect(textOf(chosen.draw(gone, size, NOW))).toContain("vs settle Thu");
  expect(text(7, withSession({ bases: [] }))).toContain("change n/a: neither settlement nor open is known");
});

test("without a settlement the next best basis is named, and why; a preliminary one is marked", () => {
  const size = { columns: 130, rows: 6 };
  const open = { kind: "session open", ticks: 87_600, date: null } as const;
  const text = (bases: SessionView["bases"]): string => textOf(draw(paneOf("price"), withSession({ bases }), size));
  expect(text([open])).toContain("−157.50  −0.72% vs 18:00 open 21,900.00 (no settlement yet)");
  const narrow = textOf(draw(paneOf("price"), withSession({ bases: [open] }), { columns: 80, rows: 4 }));
  expect(narrow).toContain("−157.50  −0.72% vs 18:00 open (no settle)");
  const early = { kind: "preliminary settlement", ticks: 87_716, date: "2025-06-12" } as const;
  expect(text([early, open])).toContain("vs settle p Thu 2025-06-12 21,929.00");
  expect(text([early, open])).not.toContain("no settlement");
});

test("today's settlement stands beside the change once it is published, and does not replace its basis", () => {
  const size = { columns: 100, rows: 6 };
  const text = textOf(draw(paneOf("price"), withSession({ settleToday: { ticks: 86_900, quality: "preliminary" } }), size));
  expect(text).toContain("settle today p 21,725.00 (+17.50)");
  expect(text).toContain("−186.50  −0.85% vs settle Thu");
  expect(textOf(draw(paneOf("price"), withSession({ settleToday: { ticks: 86_900, quality: "final" } }), size))).toContain("settle today 21,725.00");
  expect(textOf(draw(paneOf("price"), sampleSnapshot(), size))).not.toContain("settle today");
});

test("a gap later in the day does not make the open unknown, but high and low", () => {
  const base = sampleSnapshot();
  const from = { sec: (base.day?.openSec ?? 0) + 3600, nanos: 0 };
  const gap = { from, to: { sec: from.sec + 60, nanos: 0 }, state: "not filled", text: "gap 19:00:00–19:01:00 not filled" } as const;
  const text = textOf(draw(paneOf("price"), sampleSnapshot({ coverage: { ...base.coverage, complete: false, gaps: [gap] } }), { columns: 100, rows: 6 }));
  expect(text).toMatch(/O 21,900\.00 ~H 21,905\.25 ~L 21,498\.75/);
  // Regular hours began after it: their figures hold.
  expect(text).toMatch(/ VWAP RTH/);
});

test.each<LinkPhase>(["STALE", "DOWN", "REFUSED"])("a price behind a link that is %s is called old", (phase) => {
  const old = sampleSnapshot({ link: { ...sampleLink, phase } });
  for (const size of [{ columns: 80, rows: 4 }, { columns: 120, rows: 6 }, { columns: 60, rows: 4 }]) {
    expect(textOf(draw(paneOf("price"), old, size))).toContain(`old price: link ${phase}`);
    expect(textOf(draw(paneOf("price"), sampleSnapshot(), size))).not.toContain("old price");
  }
});

test("while the earlier day is replayed the price is not taken for the present one", () => {
  const behind = sampleSnapshot({ mode: "LIVE", link: { ...sampleLink, phase: "CATCHING_UP" } });
  for (const size of [{ columns: 80, rows: 4 }, { columns: 120, rows: 6 }, { columns: 60, rows: 4 }]) {
    expect(textOf(draw(paneOf("price"), behind, size))).toContain("catching up: price of 10:58:30");
  }
});

test("the arrow keeps the way of the last different price: dim while the price stands, reversed while it is fresh", () => {
  const base = sampleSnapshot();
  const arrowTone = (direction: 1 | -1, unchanged: boolean, flash: Moment["flash"] = null): string | undefined => {
    const { session } = base.studies;
    const last = session.last === null ? null : { ...session.last, direction, unchanged };
    const snapshot = { ...base, studies: { ...base.studies, session: { ...session, last } } };
    const rows = paneOf("price").open().draw(snapshot, { columns: 80, rows: 4 }, { ...NOW, flash });
    return rows.slice(0, 3).flat().find(({ text }) => text === (direction === 1 ? "▲" : "▼"))?.tone;
  };
  expect(arrowTone(1, false)).toBe("upStrong");
  expect(arrowTone(1, true)).toBe("upDim");
  expect(arrowTone(-1, false)).toBe("downStrong");
  expect(arrowTone(-1, true)).toBe("downDim");
  expect(arrowTone(-1, false, { fromTicks: 86_971, direction: -1, untilMs: 9e9 })).toBe("downFlash");
});

test("only the digits that changed flash, in the colour of the tick, whatever the day's change is", () => {
  const flash = { fromTicks: 86_969, direction: 1, untilMs: 9e9 } as const;
  const [row] = paneOf("price").open().draw(sampleSnapshot(), { columns: 60, rows: 3 }, { ...NOW, flash });
  const tones = (row ?? []).filter(({ text }) => /\d/.test(text)).slice(0, 2);
  expect(tones).toEqual([{ text: "21,742.", tone: "strong" }, { text: "50", tone: "upFlash" }]);
  const change = (row ?? []).find(({ text }) => text.startsWith("−186.50"));
  expect(change?.tone).toBe("downStrong");
});

test("whales are filtered by the threshold and classed by size", () => {
  const pane = paneOf("whales");
  const size = { columns: 80, rows: 100 };
  const count = (presses: readonly number[]): number => draw(pane, sampleSnapshot(), size, presses).length - 1;
  const { events } = sampleSnapshot().studies.large;
  expect(count([])).toBe(events.filter((event) => event.size >= 25).length);
  const plus = press(pane, "+");
  expect(count([plus, plus, plus, plus, plus])).toBe(events.filter((event) => event.size >= 50).length);
  expect([9, 24, 25, 49, 50, 99, 100, 2000].map(classOf)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  const marked = textOf(draw(pane, sampleSnapshot(), size));
  expect(marked).toMatch(/BUY {4}140 .*████ +\$60\.\dM/);
});

/** The sample with other large trades, newest last. */
function withLarge(change: Partial<LargeTradesView>): Snapshot {
  const base = sampleSnapshot();
  return { ...base, studies: { ...base.studies, large: { ...base.studies.large, ...change } } };
}

test("whales show the fixed threshold and the adaptive one, which counts when the reader says so and it is warm", () => {
  const pane = paneOf("whales");
  const size = { columns: 120, rows: 100 };
  const w = press(pane, "w");
  const text = (snapshot: Snapshot, presses: readonly number[]): string => textOf(draw(pane, snapshot, size, presses));
  expect(text(sampleSnapshot(), [])).toContain("25+ fixed │ adaptive RTH 62+, 6 an hour");
  const { events, adaptive } = sampleSnapshot().studies.large;
  expect(draw(pane, sampleSnapshot(), size, [w]).length - 1).toBe(events.filter((event) => event.size >= 62).length);
  expect(draw(pane, sampleSnapshot(), size, [w, press(pane, "+")]).length - 1).toBe(events.filter((event) => event.size >= 30).length);
  const cold = withLarge({ adaptive: { ...adaptive, rth: { ...adaptive.rth, threshold: null, events: 212 } } });
  expect(text(cold, [w])).toContain("25+ fixed │ adaptive RTH warming up 212/500");
  expect(draw(pane, cold, size, [w]).length - 1).toBe(events.filter((event) => event.size >= 25).length);
  expect(text(withLarge({ adaptive: { ...adaptive, active: "eth" } }), [])).toContain("adaptive ETH 28+");
});

test("a whale says size, average, class, dollars, levels, slippage, its part of the minute and the running delta", () => {
  const [event] = sampleSnapshot().studies.large.events;
  if (event === undefined) throw new Error("the sample has no large trade");
  const at = { sec: (sampleSnapshot().asOf?.sec ?? 0) - 60, nanos: 5_000_000 };
  const one = {
    ...event, at, aggressor: -1 as const, size: 120, levels: 3, slippageTicks: -2, averageTicks: 86_000, ticksTimesSize: 86_000 * 120, minuteVolume: 480,
  };
  const large = { events: [{ ...one, at: { ...at, sec: at.sec - 100 }, aggressor: 1 as const, closed: true }, { ...one, closed: false }], buyVolume: 500, sellVolume: 300 };
  const rows = draw(paneOf("whales"), withLarge(large), { columns: 120, rows: 5 }).map(rowText);
  expect(rows[1]).toMatch(/^10:57:30\.005 ▼ SELL {3}120\+ 21,500\.00 ████ +\$51\.6M {2}3 lv slip −2 t {2}25% of min net {4}\+200$/);
  expect(rows[2]).toMatch(/▲ BUY {4}120 {2}21,500\.00 .* net {4}\+320$/);
});

test("bursts are put together only on request, and are called so", () => {
  const pane = paneOf("whales");
  const [event] = sampleSnapshot().studies.large.events;
  if (event === undefined) throw new Error("the sample has no large trade");
  const fill = (millis: number, size: number, aggressor: 1 | -1): typeof event =>
    ({ ...event, at: { sec: event.at.sec, nanos: millis * 1_000_000 }, size, aggressor, ticksTimesSize: size * event.averageTicks, closed: true });
  const large = withLarge({ events: [fill(0, 15, 1), fill(200, 15, 1), fill(210, 30, -1), fill(700, 40, -1)] });
  const text = (presses: readonly number[]): string[] => draw(pane, large, { columns: 100, rows: 9 }, presses).map(rowText);
  expect(text([]).slice(1).join("\n")).not.toContain("burst");
  expect(text([]).slice(1)).toHaveLength(2);
  const merged = text([press(pane, "m")]);
  expect(merged[0]).toContain("bursts within 250 ms");
  expect(merged.slice(1)).toHaveLength(3);
  expect(merged[3]).toMatch(/BUY {5}30 .*burst of 2/);
  expect(merged[1]).not.toContain("burst");
});

test("hours show every hour where they fit, else the latest, and add up", () => {
  const pane = paneOf("hours");
  const all = textOf(draw(pane, sampleSnapshot(), { columns: 60, rows: 24 }));
  for (const hour of ["18", "23", "00", "09", "10", "15"]) expect(all).toMatch(new RegExp(`^.${hour}:00 [│┃]`, "m"));
  expect(all).toContain("▸10:00 ┃");
  expect(all).toContain("total 177,877");
  const few = textOf(draw(pane, sampleSnapshot(), { columns: 60, rows: 5 }));
  expect(few).toMatch(/^ 08:00[\s\S]*^ 09:00[\s\S]*^ 09:30[\s\S]*^▸10:00/m);
  const up = Array.from({ length: 5 }, () => press(pane, "up"));
  const earlier = textOf(draw(pane, sampleSnapshot(), { columns: 60, rows: 5 }, up));
  expect(earlier).toMatch(/^»07:00/m);
  expect(earlier).not.toContain("10:00");
  expect(textOf(draw(pane, sampleSnapshot(), { columns: 60, rows: 5 }, [press(pane, "down")]))).toContain("▸10:00»");
});

test("the hour in which regular trading opens is two rows, and the halves and the whole agree", () => {
  const text = textOf(draw(paneOf("hours"), sampleSnapshot(), { columns: 80, rows: 26 }));
  expect(text).toMatch(/^ 08:00 │ {2,}10,008/m);
  expect(text).toMatch(/^ 09:00 │ {3,}7,199/m);
  expect(text).toMatch(/^ 09:30 ┃ {2,}47,111/m);
  expect(text).toMatch(/^▸10:00 ┃/m);
  expect(text).toMatch(/^ 16:00 │/m);
  expect(text).not.toMatch(/^▸(?!10:00)/m);
});

/** The sample at another market time with these hours. */
function atHours(minutes: number, change: (hours: HourVolumesView["hours"]) => HourVolumesView["hours"] = (hours) => hours): Snapshot {
  const base = sampleSnapshot();
  const { session, hours } = base.studies;
  const at = { sec: (base.day?.openSec ?? 0) + minutes * 60, nanos: 0 };
  const last = session.last === null ? null : { ...session.last, at };
  const changed = { ...hours, hours: change(hours.hours) };
  return { ...base, asOf: at, studies: { ...base.studies, session: { ...session, last }, hours: changed } };
}

test("the running hour shows what it comes to at its pace; not in its first minutes, and each half for itself", () => {
  const text = (snapshot: Snapshot): string => textOf(draw(paneOf("hours"), snapshot, { columns: 80, rows: 26 }));
  const projected = (amount: number | null) => (hours: HourVolumesView["hours"]): HourVolumesView["hours"] =>
    hours.map((hour) => (hour.current ? { ...hour, projected: amount } : hour));
  expect(text(atHours(16 * 60 + 30, projected(122_440)))).toContain("> 122,440 at this pace");
  expect(text(atHours(16 * 60 + 30, projected(122_440)))).toMatch(/^▸10:00 ┃.*[█▒▏▎▍▌▋▊▉] +>$/m);
  expect(text(atHours(16 * 60 + 2, projected(null)))).not.toContain("at this pace");
  // 09:45: half of the half that began at 09:30.
  const nine = (hours: HourVolumesView["hours"]): HourVolumesView["hours"] => hours.map((hour) => ({ ...hour, current: hour.hour === 9, projected: null }));
  expect(text(atHours(15 * 60 + 45, nine))).toContain("> 94,222 at this pace");
  expect(text(atHours(15 * 60 + 45, nine))).toMatch(/^▸09:30 ┃/m);
  expect(text(atHours(15 * 60 + 15, nine))).toMatch(/^▸09:00 │/m);
  expect(text(atHours(15 * 60 + 33, nine))).not.toContain("at this pace");
});

test("hours before trades were seen have no number, one that was seen in part has a sign, hours to come a dot", () => {
  const base = sampleSnapshot();
  const from = { sec: (base.day?.openSec ?? 0) + 15.75 * 3600, nanos: 0 };
  const late = atHours(16 * 60 + 58, (hours) => hours.map((hour) => (hour.startSec + 3600 <= from.sec ? { ...hour, volume: 0, buyVolume: 0, sellVolume: 0, trades: 0 } : hour)));
  const coverage = { from, complete: false, text: "partial: from 09:45", gaps: [] };
  const text = textOf(draw(paneOf("hours"), { ...late, coverage }, { columns: 80, rows: 26 }));
  expect(text).toMatch(/^ 08:00 │ not seen *$/m);
  expect(text).toMatch(/^ 09:00 │ not seen *$/m);
  expect(text).toMatch(/^ 09:30 ┃ {2}~47,111/m);
  expect(text).toMatch(/^▸10:00 ┃ {3}61,220/m);
  expect(text).toMatch(/^ 11:00 ┃ {8}·/m);
  const gap = { from: { sec: from.sec + 3600, nanos: 0 }, to: { sec: from.sec + 3660, nanos: 0 }, state: "not filled", text: "gap" } as const;
  const holed = { ...base.coverage, complete: false, gaps: [gap] };
  const after = textOf(draw(paneOf("hours"), { ...late, coverage: holed }, { columns: 80, rows: 26 }));
  expect(after).toMatch(/^▸10:00 ┃ {2}~61,220/m);
  expect(after).toMatch(/^ 09:30 ┃ {3}47,111/m);
});

test("an average of recorded days is a mark on the bar, and is explained", () => {
  const averaged = atHours(16 * 60 + 58, (hours) => hours.map((hour) => ({ ...hour, average: 30_000 })));
  const text = textOf(draw(paneOf("hours"), averaged, { columns: 100, rows: 26 }));
  expect(text).toMatch(/^ 20:00 │.*┊/m);
  expect(text).toContain("┊ average of 0 recorded days");
  const { studies } = averaged;
  const ofOne = { ...averaged, studies: { ...studies, hours: { ...studies.hours, averageDays: 1 } } };
  expect(textOf(draw(paneOf("hours"), ofOne, { columns: 100, rows: 26 }))).toContain("┊ recorded day before");
  expect(textOf(draw(paneOf("hours"), sampleSnapshot(), { columns: 100, rows: 26 }))).not.toContain("┊");
});

test("the connection pane explains a refusal before anything else", () => {
  const phase = "REFUSED" as const;
  const link = { ...sampleLink, phase, reason: "the key is deactivated", advice: "create a new one" };
  const rows = draw(paneOf("link"), sampleSnapshot({ link }), { columns: 60, rows: 4 });
  expect(textOf(rows.slice(0, 3))).toMatch(/REFUSED[\s\S]*the key is deactivated[\s\S]*→ create a new one/);
});

test("text from outside cannot leave its cells", () => {
  const evil = "\u001B[2J\u001B]0;x\u0007本‮bad\u200B";
  const link = { ...sampleLink, reason: evil, advice: evil, gateway: evil, dataset: evil, sessionId: evil };
  const messages = [{ atMs: SAMPLE_WALL_MS, level: "error" as const, text: evil }];
  const coverage = { from: null, complete: false, text: evil, gaps: [] };
  const base = sampleSnapshot({ requested: evil, link: { ...link, messages }, coverage });
  const instrument = base.instrument === null ? null : { ...base.instrument, rawSymbol: evil };
  const status = { at: { sec: 0, nanos: 0 }, text: evil, isTrading: false };
  const snapshot = { ...base, instrument, studies: { ...base.studies, status } };
  for (const pane of PANES) {
    for (const row of draw(pane, snapshot, { columns: 90, rows: 20 })) expect(rowText(row)).toMatch(ONE_CELL);
  }
});

test("price: a first trade that is not the open is not called so, and an unknown symbol is said", () => {
  const size = { columns: 100, rows: 4 };
  const late = { sec: (sampleSnapshot().day?.openSec ?? 0) + 7_200, nanos: 0 };
  const text = (snapshot: Snapshot): string => textOf(draw(paneOf("price"), snapshot, size));
  expect(text(sampleSnapshot())).toMatch(/O 21,/);
  expect(text(sampleSnapshot({ coverage: { from: late, complete: false, text: "partial: from 20:00", gaps: [] } }))).toMatch(/first 21,/);
  const messages = [{ atMs: 0, level: "warn", text: "Failed to resolve symbol ZZZ9" }] as const;
  expect(text({ ...emptySnapshot(), link: { ...sampleLink, messages } })).toContain("Failed to resolve symbol ZZZ9");
});
