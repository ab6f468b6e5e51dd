/** The past in a real terminal: an arrow goes there, the keys of a replay work in it, End is now again, with all that came. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { hasPty, programInPty, type PtySession } from "../helpers/pty.ts";

const folder = mkdtempSync(join(tmpdir(), "nq-tui-past-"));
afterAll(() => rmSync(folder, { recursive: true }));
let session: PtySession | null = null;
afterEach(() => {
  session?.close();
  session = null;
});

const LEFT = "\u001B[D";
const END = "\u001B[F";
/** Market time of day on the screen, seconds. */
function clockOf(screen: string): number {
  const [, hours, minutes, seconds] = /(\d\d):(\d\d):(\d\d) ET/.exec(screen) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}
const volumeOf = (screen: string): number => Number(/total ([\d,]+)/.exec(screen)?.[1]?.replaceAll(",", "") ?? Number.NaN);

describe.skipIf(!hasPty())("the past", () => {
  test("← goes there while the market goes on, g to any time of it, End back to now", async () => {
    session = programInPty({ columns: 140, rows: 50 }, ["--demo", "--start-at", "09:31:00"], { HOME: folder, XDG_CACHE_HOME: join(folder, "cache") });
    const before = await session.until((screen) => clockOf(screen) > 9 * 3600 + 31 * 60 && volumeOf(screen) > 69_546); // the night is whole
    session.type(LEFT);
    const past = await session.until((screen) => /\[DEMO REWIND \d+s behind now\]/.test(screen) && screen.includes("End now"));
    expect(clockOf(past)).toBeLessThan(clockOf(before));
    expect(volumeOf(past)).toBeLessThan(volumeOf(before));
    session.type("g");
    await session.until(/go to:/);
    session.type("09:29:00");
    await session.until(/go to: 09:29:00/);
    session.type("\r");
    const early = await session.until((screen) => /\[DEMO REWIND 2m \d\ds behind now\]/.test(screen) && /09:28:5\d ET/.test(screen));
    expect(volumeOf(early)).toBeLessThan(volumeOf(past));
    session.type(" "); // it plays from there
    await session.until((screen) => /09:29:0[2-9] ET/.test(screen));
    session.type(END);
    const now = await session.until((screen) => screen.includes("[DEMO simulated prices]"));
    expect(clockOf(now)).toBeGreaterThan(clockOf(before));
    expect(volumeOf(now)).toBeGreaterThan(volumeOf(before));
    session.type(END); // where it means nothing, it says so
    await session.until(/in a replay only, or in the past/);
    session.type("q");
    expect(await session.ended).toBe(0);
  }, 60_000);
});
