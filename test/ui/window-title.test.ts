/** The window's title: price and state once a second, clean, and the one from before at the end. */
import { expect, test } from "vitest";
import { windowTitle } from "../../src/ui/window-title.ts";
import { emptySnapshot, sampleInstrument, sampleLink, sampleSnapshot } from "./sample-snapshot.ts";
import { mountRig } from "./screen-rig.ts";

const SIZE = { columns: 80, rows: 24 };

test("price, change, contract, mode and link, in this order", () => {
  expect(windowTitle(sampleSnapshot())).toBe("21,742.50 −186.50 NQM5 DEMO RUNNING nq-tui");
  expect(windowTitle(sampleSnapshot({ mode: "LIVE" }))).toBe("21,742.50 −186.50 NQM5 LIVE nq-tui");
  expect(windowTitle(sampleSnapshot({ mode: "LIVE", link: { ...sampleLink, phase: "DOWN" } }))).toContain("LIVE DOWN");
  expect(windowTitle(emptySnapshot())).toContain("NQ.v.0 DEMO");
});

test("what comes from outside cannot end the title and say something else to the terminal", () => {
  const title = windowTitle(sampleSnapshot({ instrument: { ...sampleInstrument, rawSymbol: "N\u0007Q\u001B]0;x\u009C" } }));
  expect(title).toMatch(/^[\u0020-\u007E−…]*$/);
});

test("at most once a second, only when it changed, not at all unless asked, and taken back at the end", async () => {
  const rig = mountRig(sampleSnapshot(), SIZE, { title: "nq-tui" });
  await rig.shows("1 Price");
  const count = (): number => rig.terminal.written.split("\u001B]2;").length - 1;
  expect(count()).toBe(1);
  for (let frame = 0; frame < 30; frame++) rig.publish(sampleSnapshot({ requested: `NQ${frame}` }));
  expect(count()).toBe(2);
  expect(rig.terminal.written).toContain("\u001B]2;21,742.50 −186.50 NQM5 DEMO RUNNING nq-tui\u0007");
  rig.screen.unmount();
  await rig.screen.waitUntilExit();
  expect(rig.terminal.written).toContain("\u001B[23;0t");
  const plain = mountRig(sampleSnapshot(), SIZE);
  await plain.shows("1 Price");
  plain.clock.advance(3000);
  expect(plain.terminal.written).not.toContain("\u001B]2;");
  plain.screen.unmount();
});
