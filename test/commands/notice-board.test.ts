/** The bottom line: what passes by is in front of what holds, and never takes it away. */
import { expect, test } from "vitest";
import { createNoticeBoard } from "../../src/commands/notice-board.ts";
import type { Notice } from "../../src/ui/view-state.ts";
import { StillClock } from "../ui/fake-terminal.ts";

function board() {
  const clock = new StillClock();
  const shown: (string | null)[] = [];
  const logged: string[] = [];
  const notices = createNoticeBoard(clock, {
    show: (notice: Notice | null) => shown.push(notice?.text ?? null),
    log: (about, { text }) => logged.push(`${about}: ${text}`),
  });
  return { clock, notices, logged, now: (): string | null => shown.at(-1) ?? null };
}

const bad: Notice = { text: "config.yaml:3: no such theme", tone: "warn" };
const word: Notice = { text: "recording into NQ.dbn", tone: "accent" };

test("a word about recording goes after its time, and the mistake in the settings is there again", () => {
  const { clock, notices, now, logged } = board();
  notices.hold("settings", bad);
  notices.say("recording", word, 5000);
  expect(now()).toBe(word.text);
  clock.advance(4999);
  expect(now()).toBe(word.text);
  clock.advance(1);
  expect(now()).toBe(bad.text);
  notices.hold("settings", null);
  expect(now()).toBeNull();
  expect(logged).toEqual([`settings: ${bad.text}`, `recording: ${word.text}`]);
});

test("a mistake is shown at once, also over a word in passing, whose end then changes nothing", () => {
  const { clock, notices, now } = board();
  notices.say("recording", word, 5000);
  notices.hold("settings", bad);
  expect(now()).toBe(bad.text);
  clock.advance(6000);
  expect(now()).toBe(bad.text);
});

test("a mistake that was mended while a word is shown does not come back, and the word stays its time", () => {
  const { clock, notices, now } = board();
  notices.hold("settings", bad);
  notices.say("recording", word, 5000);
  notices.hold("settings", null);
  expect(now()).toBe(word.text);
  clock.advance(5000);
  expect(now()).toBeNull();
});

test("the second of two words has its whole time", () => {
  const { clock, notices, now } = board();
  notices.say("recording", word, 5000);
  clock.advance(4000);
  notices.say("recording", { ...word, text: "stopped" }, 5000);
  clock.advance(4000);
  expect(now()).toBe("stopped");
  notices.stop();
  clock.advance(9000);
  expect(now()).toBe("stopped");
});
