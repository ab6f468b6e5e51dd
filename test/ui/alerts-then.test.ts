/** Alerts in a picture of the past: only what had fired by then, rules as they stood then, and that there is more. */
import { expect, test } from "vitest";
import type { AlertsNow } from "../../src/ui/alerts-now.ts";
import { alertsThen } from "../../src/ui/alerts-then.ts";
import type { PlayingNow } from "../../src/ui/tape-deck.ts";
import { sampleAlerts } from "./sample-alerts.ts";
import { SAMPLE_WALL_MS, sampleLink, sampleSnapshot } from "./sample-snapshot.ts";
import { mounted } from "./screen-rig.ts";

const SIZE = { columns: 120, rows: 40 };
const NOW_SEC = Math.floor(SAMPLE_WALL_MS / 1000);
const ago = (sec: number) => ({ sec: NOW_SEC - sec, nanos: 0 });

test("each rule is as it stood: counted, cooling, done or armed", () => {
  const now: AlertsNow = { ...sampleAlerts, rules: sampleAlerts.rules.map((rule, at) => (at === 0 ? { ...rule, once: true } : rule)), state: (at) => (at === 0 ? "done" : sampleAlerts.state(at)) };
  expect(alertsThen(now, ago(0))).toBe(now);
  const between = alertsThen(now, ago(290));
  expect([between.later, between.count, between.log.length]).toEqual([1, 4, 4]);
  expect([between.fired(0), between.state(0), between.fired(1), between.state(1)]).toEqual([1, "done", 1, "armed"]);
  const cooling = alertsThen(now, ago(1790));
  expect([cooling.later, cooling.state(0), cooling.fired(0), cooling.state(1)]).toEqual([3, "armed", 0, "cooling"]);
  // What keeps a rule quiet for good does so in every picture; what was caught up with uses up no `once`.
  expect([2, 3, 4, 5].map(cooling.state)).toEqual(["muted", "waiting", "armed", "wrong"]);
});

test("a frozen picture shows what had fired by then, while the alerts go on; unfrozen it shows all", async () => {
  let alerts: AlertsNow = { ...sampleAlerts, log: sampleAlerts.log.slice(0, 4), count: 4 };
  const at = (sec: number) => sampleSnapshot({ asOf: { sec: NOW_SEC + sec, nanos: 0 } });
  const rig = mounted(at(-10), SIZE, { alerts: () => alerts });
  await rig.shows("━ 1 Price");
  rig.keyboard.press("a");
  await rig.shows("4 fired");
  rig.keyboard.press("space");
  await rig.shows("FROZEN");
  alerts = sampleAlerts;
  rig.publish(at(0));
  await rig.shows("1 fired later than this picture");
  expect(await rig.terminal.text()).not.toContain("10:58:26");
  rig.keyboard.press("space");
  await rig.hides("later than this picture");
  await rig.shows("10:58:26");
});

test("so does the past of a running market, at each place it is moved to", async () => {
  const playing = (sec: number): PlayingNow => ({
    isPlaying: false, speed: 1, at: ago(sec), from: ago(4000), to: ago(0), minutes: [], firstMinuteSec: 0, marks: [],
    behind: { sec, link: sampleLink, mode: "LIVE" },
  });
  let sec = 200;
  const rig = mounted(sampleSnapshot({ asOf: ago(sec), mode: "REPLAY" }), SIZE, { alerts: () => sampleAlerts, playing: () => playing(sec) });
  await rig.shows("━ 1 Price");
  rig.keyboard.press("a");
  await rig.shows("1 fired later than this picture");
  await rig.shows("10:53:30");
  sec = 1000;
  rig.publish(sampleSnapshot({ asOf: ago(sec), mode: "REPLAY" }));
  await rig.shows("3 fired later than this picture");
  await rig.hides("10:53:30");
  await rig.shows("10:28:30");
});
