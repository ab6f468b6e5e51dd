/** What a recording says that it covers: no more than the figures that it was made beside. */
import { expect, test } from "vitest";
import { CoverageNote } from "../../src/commands/coverage-note.ts";
import { coverageFile, readKeptCoverage } from "../../src/commands/kept-coverage.ts";
import { createTradeStore } from "../../src/store/store.ts";
import { SimulatedDisk } from "../recording/simulated-disk.ts";
import { apply, DAY, link, mapping, trade } from "../store/market-records.ts";

const OPEN = { sec: DAY.openSec, nanos: 0 };

test("what the figures lack of themselves is in the note, beside what the link told", async () => {
  const store = createTradeStore({ requested: "NQ.v.0", mode: "LIVE" });
  store.beginSession(OPEN);
  apply(store, mapping(), trade({ sec: DAY.openSec + 500 }));
  const gap = { from: { sec: DAY.openSec + 600, nanos: 0 }, to: { sec: DAY.openSec + 610, nanos: 0 }, state: "unverified" as const, how: "replayed" };
  store.applyLink({ ...link("LIVE"), gaps: [gap] });
  store.commit();
  const disk = new SimulatedDisk();
  const note = new CoverageNote({ disk, directory: "/recordings", dataset: "GLBX.MDP3", since: null });
  await note.before(store.getSnapshot(), [], true);
  await note.after();
  const kept = await readKeptCoverage(disk, coverageFile("/recordings", "GLBX.MDP3", DAY.tradeDate));
  expect(kept?.from).toEqual(OPEN);
  expect(kept?.gaps).toEqual([
    { from: OPEN, to: { sec: DAY.openSec + 500, nanos: 0 }, state: "unverified", how: "the figures of an earlier run lacked something of this time, or may have" },
    gap,
  ]);
});
