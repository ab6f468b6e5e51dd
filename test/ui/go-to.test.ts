/** A typed time: which place in the recording it is, or the sentence that says why it is none. */
import { afterEach, expect, test } from "vitest";
import { builtInCalendar } from "../../src/market/trading-day.ts";
import { placeOf } from "../../src/ui/go-to.ts";
import type { PlayAction, PlayingNow } from "../../src/ui/tape-deck.ts";
import { sampleSnapshot } from "./sample-snapshot.ts";
import { mountRig, type ScreenRig } from "./screen-rig.ts";

const unix = (iso: string): number => Date.parse(iso) / 1000;
const at = (iso: string, nanos = 0): { readonly sec: number; readonly nanos: number } => ({ sec: unix(iso), nanos });
/** Two sessions: Thursday and Friday. */
const playing: PlayingNow = {
  isPlaying: false, speed: 1, at: at("2025-06-13T10:15:30-04:00", 7), from: at("2025-06-11T18:00:00-04:00", 5), to: at("2025-06-13T16:59:59-04:00"),
  minutes: [], firstMinuteSec: 0, marks: [], behind: null,
};
const place = (text: string, change: Partial<PlayingNow> = {}): string => {
  const found = placeOf(text, { ...playing, ...change }, builtInCalendar);
  return "sentence" in found ? found.sentence : `${new Date(found.at.sec * 1000).toISOString()} ${found.at.nanos}`;
};

test.each([
  ["09:30", "2025-06-13T13:30:00.000Z 0"],
  ["9:30", "2025-06-13T13:30:00.000Z 0"],
  [" 9:30:15 ", "2025-06-13T13:30:15.000Z 0"],
  ["18:00", "2025-06-12T22:00:00.000Z 0"],
  ["23:59:59", "2025-06-13T03:59:59.000Z 0"],
  ["0:00", "2025-06-13T04:00:00.000Z 0"],
  ["+5m", "2025-06-13T14:20:30.000Z 7"],
  ["-30s", "2025-06-13T14:15:00.000Z 7"],
  ["+1h30m", "2025-06-13T15:45:30.000Z 7"],
  ["- 2h", "2025-06-13T12:15:30.000Z 7"],
  ["-99h", "2025-06-11T22:00:00.000Z 5"],
  ["+99h", "2025-06-13T20:59:59.000Z 0"],
  ["2025-06-12", "2025-06-11T22:00:00.000Z 5"],
  ["2025-06-13", "2025-06-12T22:00:00.000Z 0"],
  ["2025-06-12 09:30", "2025-06-12T13:30:00.000Z 0"],
  ["2025-06-12T15:59:59", "2025-06-12T19:59:59.000Z 0"],
  ["2025-06-13 20:00", "2025-06-13T00:00:00.000Z 0"],
])("%s is %s", (text, expected) => expect(place(text)).toBe(expected));

test.each(["", "now", "25:00", "9:60", "9:30:75", "930", "+5", "+m", "5m", "09:30 10:30", "2025-13-40", "13.06.2025", "2025-06-13 nine"])("'%s' is no time, and what would be one is said", (text) => {
  expect(place(text)).toMatch(/^(expected a time such as 09:30, 9:30:15, \+5m, -30s, 2025-06-13, 2025-06-13 09:30 \(Eastern\)|there is no session of trade date 2025-13-40)$/);
});

test("a time outside the recording says what the recording holds", () => {
  const short = { from: at("2025-06-13T10:00:00-04:00"), to: at("2025-06-13T11:00:00-04:00") };
  expect(place("09:30", short)).toBe("09:30 is not in the recording, which goes from 10:00:00 of 2025-06-13 to 11:00:00 of 2025-06-13");
  expect(place("2025-06-10 09:30")).toBe("2025-06-10 09:30 is not in the recording, which goes from 18:00:00 of 2025-06-12 to 16:59:59 of 2025-06-13");
  expect(place("2025-06-14")).toBe("there is no session of trade date 2025-06-14");
});

let rig: ScreenRig | null = null;
afterEach(() => {
  rig?.screen.unmount();
  rig = null;
});

async function type(text: string): Promise<void> {
  for (const letter of text) {
    rig?.keyboard.press(letter);
    await rig?.shows(letter);
  }
}

test("g, a time, Enter: asked for; a bad one stays, with the reason, until it is mended or left with Escape", async () => {
  const asked: PlayAction[] = [];
  rig = mountRig({ ...sampleSnapshot(), mode: "REPLAY" }, { columns: 130, rows: 40 }, { playing: () => playing, onPlay: (action) => asked.push(action) });
  rig.keyboard.press("g");
  await rig.shows("go to:");
  await rig.shows("+5m"); // how times are typed
  await type("9:65");
  rig.keyboard.press("enter");
  await rig.shows("expected a time such as");
  expect(asked).toEqual([]);
  rig.keyboard.press("backspace");
  await rig.shows("go to: 9:6 ");
  rig.keyboard.press("backspace");
  await rig.shows("go to: 9: ");
  await type("30");
  rig.keyboard.press("enter");
  await rig.hides("go to:");
  expect(asked).toEqual([{ seek: at("2025-06-13T09:30:00-04:00") }]);
  rig.keyboard.press("g");
  await rig.shows("go to:");
  rig.keyboard.press("escape");
  await rig.hides("go to:");
  expect(asked).toHaveLength(1);
});

test("in a market that is not played, the key says so", async () => {
  rig = mountRig(sampleSnapshot(), { columns: 130, rows: 40 });
  rig.keyboard.press("g");
  await rig.shows("in a replay only");
});
