/** The state of the link as it is told. */
import { describe, expect, it } from "vitest";
import { createLinkReporter } from "../../src/client/link-reporter.ts";
import { createPassThroughLedger } from "../../src/client/ledger.ts";
import { databentoEndpoint, endpointLabel } from "../../src/client/endpoint.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import type { LinkState } from "../../src/lsg/link-state.ts";
import { HandClock } from "./hand-clock.ts";

function report() {
  const clock = new HandClock();
  const links: LinkState[] = [];
  const options = { clock, gateway: "g:1", transport: "tcp", dataset: "D", onLink: (link: LinkState) => links.push(link) } as const;
  return { clock, links, reporter: createLinkReporter(options) };
}

describe("link reporter", () => {
  it("tells a phase at once and counts at most once a second", () => {
    const { clock, links, reporter } = report();
    reporter.setPhase("CONNECTING", { attempt: 1 });
    reporter.setPhase("LIVE");
    expect(links.map(({ phase }) => phase)).toEqual(["CONNECTING", "LIVE"]);
    for (let n = 0; n < 100; n += 1) {
      reporter.stats.records += 1;
      reporter.touch();
      clock.advance(100);
    }
    expect(links.length).toBe(2 + 9 + 1);
    expect(links.at(-1)?.stats.records).toBe(100);
    clock.advance(10_000);
    expect(links.length).toBe(12);
    reporter.touch();
    expect(links.length).toBe(13);
  });

  it("tells states that never change afterwards", () => {
    const { links, reporter } = report();
    reporter.setPhase("LIVE");
    const before = structuredClone(links[0]);
    reporter.stats.bytes = 5;
    reporter.message("info", "x");
    reporter.setPhase("QUIET");
    expect(links[0]).toEqual(before);
    expect(links[1]?.stats.bytes).toBe(5);
  });

  it("keeps when the phase began, and forgets reason and next try with it", () => {
    const { clock, links, reporter } = report();
    reporter.setPhase("DOWN", { reason: "r\u001b[31m", advice: "a", nextTryAtMs: 7, attempt: 2 });
    const since = clock.wallMs();
    clock.advance(500);
    reporter.setPhase("DOWN", { reason: "other", attempt: 2 });
    expect(links[0]).toMatchObject({ reason: "r", advice: "a", nextTryAtMs: 7, sinceMs: since });
    expect(links[1]).toMatchObject({ reason: "other", sinceMs: since, nextTryAtMs: null });
    reporter.setPhase("LIVE");
    expect(links[2]).toMatchObject({ reason: "", advice: "", nextTryAtMs: null, attempt: 2, sinceMs: since + 500 });
  });

  it("keeps the latest fifty messages, sanitised", () => {
    const { links, reporter } = report();
    for (let n = 0; n < 60; n += 1) reporter.message("warn", `m${n}\u001b[2J`);
    reporter.setPhase("LIVE");
    const texts = links.at(-1)?.messages.map(({ text }) => text);
    expect(texts?.length).toBe(50);
    expect([texts?.[0], texts?.[49]]).toEqual(["m10", "m59"]);
  });

  it("leaves no timer behind", () => {
    const { clock, links, reporter } = report();
    reporter.setPhase("LIVE");
    reporter.touch();
    reporter.close();
    reporter.touch();
    reporter.setPhase("DOWN");
    expect(clock.pending).toBe(0);
    expect(links.length).toBe(1);
  });
});

describe("pass-through ledger", () => {
  it("admits everything and counts", () => {
    const ledger = createPassThroughLedger();
    ledger.beginSession(null);
    ledger.replayCompleted("trades");
    expect([ledger.admit(new RecordView()), ledger.admit(new RecordView())]).toEqual([true, true]);
    expect([ledger.sessions, ledger.admitted]).toEqual([1, 2]);
  });
});

describe("endpoints", () => {
  it("of Databento are named after the dataset", () => {
    expect(databentoEndpoint("GLBX.MDP3")).toEqual({ transport: "tcp", host: "glbx-mdp3.lsg.databento.com", port: 13_000 });
  });

  it("are shown without what is secret or steers a terminal", () => {
    expect(endpointLabel({ transport: "ws", url: "wss://a:b@h:8/p?q=1" })).toBe("wss://h:8/p");
    expect(endpointLabel({ transport: "ws", url: "nonsense" })).toBe("an unreadable URL");
    expect(endpointLabel({ transport: "tcp", host: "h\u001b[31m", port: 5 })).toBe("h:5");
  });
});
