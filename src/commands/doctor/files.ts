/** The doctor on files: settings, calendar, and the folder of recordings with its space and its one writer. */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { DEFAULTS, type Settings } from "../../config/settings.ts";
import { NqError } from "../../lib/errors.ts";
import { BUILT_IN_CALENDAR } from "../../market/calendar-data.ts";
import { realDisk } from "../../recording/disk.ts";
import { lockFolder } from "../../recording/lock.ts";
import { unreadBeside } from "../config-files.ts";
import { recordingsFolder } from "../data-folder.ts";
import { defaultCalendarPath, loadCalendar } from "../load-calendar.ts";
import { loadSettings } from "../settings.ts";
import type { SettingsFlags } from "../settings-flags.ts";
import type { System } from "../system.ts";
import { lookOf } from "../text-file.ts";
import { fail, ok, reasonOf, skip, warn, type Finding } from "./finding.ts";

/** A busy day of all schemas is about a gigabyte before it is packed. */
const SPACE_LITTLE = 2e9;
const SPACE_NONE = 200e6;

/** The settings in force, or the defaults where they are wrong, and what was found. */
export async function checkSettings(system: System, flags: SettingsFlags): Promise<{ readonly settings: Settings; readonly findings: readonly Finding[] }> {
  try {
    const { settings, path, expectedPath, notes } = await loadSettings(system, flags);
    const findings = [path === null ? ok("settings", expectedPath === null ? "no file is used" : `no file at ${expectedPath}; all at their defaults`) : ok("settings", path)];
    findings.push(...notes.map((note) => warn("settings", note, "")));
    const unread = expectedPath === null ? [] : await unreadBeside(expectedPath);
    findings.push(...unread.map((file) => warn("settings", `${file} is not read`, "rename it to config.yaml, or name it with --config")));
    return { settings, findings };
  } catch (error) {
    if (!(error instanceof NqError)) throw error;
    return { settings: DEFAULTS, findings: error.sentences.map((sentence) => fail("settings", sentence, "correct it; nq-tui config init --print shows every setting")) };
  }
}

export async function checkCalendar(system: System, { calendar }: Settings): Promise<Finding> {
  const path = calendar ?? defaultCalendarPath(system.env);
  const isThere = path !== null && (calendar !== undefined || (await lookOf(path)) !== null);
  if (isThere) {
    try {
      await loadCalendar(system, path);
      return ok("calendar", `${path} over the built-in one`);
    } catch (error) {
      if (!(error instanceof NqError)) throw error;
      const advice = "correct it; the README says what an entry holds";
      return calendar === undefined ? warn("calendar", error.message, `${advice}. The built-in calendar is used`) : fail("calendar", error.message, advice);
    }
  }
  const { lastYear } = BUILT_IN_CALENDAR;
  const year = new Date(system.clock.wallMs()).getUTCFullYear();
  if (year > lastYear) return warn("calendar", `the built-in one, which ends with ${lastYear}`, "install a newer nq-tui, or name a file of your own with --calendar");
  return ok("calendar", `the built-in one, to ${lastYear}`);
}

/** The folder itself, or the nearest above it that is there. */
async function existingAbove(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    if ((await lookOf(at)) !== null || dirname(at) === at) return at;
  }
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

export async function checkDataFolder(system: System, settings: Settings, dir: string | null): Promise<readonly Finding[]> {
  let folder: string;
  try {
    folder = recordingsFolder(system, dir ?? settings.record.dir ?? null);
  } catch (error) {
    return [fail("recordings", reasonOf(error), "set HOME, or name a folder with --dir")];
  }
  const at = await existingAbove(folder);
  try {
    await access(at, constants.W_OK | constants.X_OK);
  } catch {
    return [fail("recordings", `${at} may not be written`, "change its permissions, or name another folder: record.dir in the settings, --dir")];
  }
  const free = await realDisk.freeBytes(at);
  const found = `${folder}${at === folder ? "" : " (made when needed)"}, ${gigabytes(free)} free`;
  const advice = "free some space, or name a folder on another disk: record.dir in the settings, --dir";
  const space = free < SPACE_NONE ? fail("recordings", found, advice) : free < SPACE_LITTLE ? warn("recordings", found, advice) : ok("recordings", found);
  return at === folder ? [space, await checkWriter(system, folder)] : [space];
}

/** Whether somebody records into the folder now; takes and gives back its lock. */
async function checkWriter(system: System, folder: string): Promise<Finding> {
  try {
    await (await lockFolder(folder, system.process)).release();
    return ok("recording", "nobody records into it now");
  } catch (error) {
    if (error instanceof NqError && error.code === "RECORD_LOCKED") return ok("recording", "an nq-tui records into it now; a second one could not");
    return skip("recording", `whether somebody records into it is not known: ${reasonOf(error)}`);
  }
}
