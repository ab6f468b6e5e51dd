/**
 * Recorded markets give the figures that an independent script, figures.py, computes from the same bytes. Those of the
 * recordings are kept in test/golden/recorded-figures.json (UPDATE_GOLDEN=1 writes what the script says).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { encodeMetadata, liveMetadata } from "../../src/dbn/metadata.ts";
import { RecordView } from "../../src/dbn/record-view.ts";
import { DEMO_SEED } from "../../src/gateway/demo/demo-source.ts";
import { NQM5, OPEN_SEC } from "../../src/gateway/demo/demo-day.ts";
import { openRecordingSource } from "../../src/gateway/recording-source.ts";
import type { Snapshot } from "../../src/store/snapshot.ts";
import { createTradeStore, type TradeStore } from "../../src/store/store.ts";
import { at, walkTape } from "../gateway/demo/walk-tape.ts";
import { rig } from "../gateway/gateway-rig.ts";
import { describeWithFixtures, expandedBytes, fixture } from "../helpers/fixtures.ts";
import { alike, hasPython, scriptFigures, storeFigures } from "./figures.ts";

const GOLDEN = fileURLToPath(new URL("../golden/recorded-figures.json", import.meta.url));
const FILES = [
  ["futures_trades_2024-07-01T23-58_2024-07-02T00-02", "ESU4"],
  ["futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02", "ESU4"],
  ["esh4-glbx-mdp3-20231225.mbo", "ESH4"],
] as const;
const isUpdating = process.env["UPDATE_GOLDEN"] === "1";

function pathOf(name: string): string {
  return fixture(`real/${name}.dbn.zst`);
}

function emptyStore(requested: string): TradeStore {
  return createTradeStore({ requested, mode: "REPLAY", studies: { large: { floor: 10, capacity: 100_000 } } });
}

function snapshotOf(store: TradeStore): Snapshot {
  store.commit();
  return store.getSnapshot();
}

/** The way a replay takes: file, gateway, socket, store. */
async function replayed(name: string, symbol: string): Promise<Snapshot> {
  const gateway = await rig({ source: await openRecordingSource([pathOf(name)]), dbnVersion: 3 });
  const client = await gateway.session([`schema=trades|symbols=${symbol}|start=0`, "start_session"]);
  await client.toEnd();
  const store = emptyStore(symbol);
  const view = new RecordView();
  store.beginSession({ sec: 0, nanos: 0 });
  for (const record of (await client.stream()).records) store.applyRecord(view.point(encodeRecord(record, 3)));
  return snapshotOf(store);
}

function golden(): Record<string, unknown> {
  return JSON.parse(readFileSync(GOLDEN, "utf8")) as Record<string, unknown>;
}

describeWithFixtures("recordings", () => {
  test.runIf(hasPython())("figures.py still says what was kept of it", () => {
    const figures = Object.fromEntries(FILES.map(([name]) => [name, scriptFigures(expandedBytes(pathOf(name)))]));
    if (isUpdating) writeFileSync(GOLDEN, `${JSON.stringify(figures, null, 1).replaceAll(/\[[^[\]{}]*\]/g, (list) => list.replaceAll(/\s+/g, " "))}\n`);
    expect(figures).toEqual(golden());
  });

  test.each(FILES)("the store's figures of %s", async (name, symbol) => {
    const found = storeFigures(await replayed(name, symbol));
    const wanted = golden()[name];
    expect(alike(found, wanted)).toEqual(wanted);
  });
});

test.runIf(hasPython())("figures.py and the store agree on the demo's day with its regular hours", async () => {
  const store = emptyStore(NQM5.rawSymbol);
  const head = encodeMetadata(liveMetadata({ version: 3, dataset: "GLBX.MDP3", start: 0n, tsOut: false }));
  const parts: Uint8Array[] = [head];
  store.beginSession({ sec: OPEN_SEC, nanos: 0 });
  await walkTape({ seed: DEMO_SEED, until: at("10:36:33") }, (view) => {
    store.applyRecord(view);
    if (view.rtype === 0 && view.instrumentId === NQM5.instrumentId) parts.push(view.copy());
  });
  const wanted = scriptFigures(Buffer.concat(parts));
  expect(alike(storeFigures(snapshotOf(store)), wanted)).toEqual(wanted);
});
