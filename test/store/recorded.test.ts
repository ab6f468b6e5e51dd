/** Recorded trades of a real contract give the totals that are known of them. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createDbnDecoder } from "../../src/dbn/decoder.ts";
import { quarantinedTotal } from "../../src/store/tally.ts";
import { expandAll } from "../helpers/decode-all.ts";
import { describeWithFixtures, fixture } from "../helpers/fixtures.ts";
import { newStore } from "./market-records.ts";

async function storeOf(name: string, focus: { instrumentId: number; rawSymbol: string }): Promise<ReturnType<typeof newStore>> {
  const store = newStore({ requested: focus.rawSymbol, focus });
  const bytes = await expandAll(readFileSync(fixture(`real/${name}`)));
  createDbnDecoder().push(bytes, store.applyRecord);
  store.commit();
  return store;
}

describeWithFixtures("recorded trades", () => {
  const ES = { instrumentId: 118, rawSymbol: "ESU4" };

  test("120 trades, 253 contracts, over the border from 19 to 20 o'clock Eastern", async () => {
    const store = await storeOf("futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst", ES);
    const { counters, studies, day, instrument } = store.getSnapshot();
    expect(counters).toMatchObject({ trades: 120, quotes: 0, otherInstrument: 0, noAggressor: 0 });
    expect(quarantinedTotal(counters)).toBe(0);
    expect(studies.session.volume).toBe(253);
    expect(day?.tradeDate).toBe("2024-07-02");
    const busy = studies.hours.hours.filter(({ trades }) => trades > 0);
    expect(busy.map(({ hour }) => hour)).toEqual([19, 20]);
    expect(busy.reduce((sum, { volume }) => sum + volume, 0)).toBe(253);
    expect(instrument).toMatchObject({ root: "ES", pointValue: 50 });
  });

  test("the same market as mbp-1 gives quotes and no trade", async () => {
    const store = await storeOf("futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02.dbn.zst", ES);
    const { counters, studies } = store.getSnapshot();
    expect([counters.trades, counters.quotes, studies.session.volume]).toEqual([0, 2288, 0]);
    expect(studies.quote?.askTicks).toBeGreaterThan(studies.quote?.bidTicks ?? Number.POSITIVE_INFINITY);
  });

  test("a recorded definition says tick and point value", async () => {
    const store = await storeOf("definition-glbx-es-fut.dbn.zst", { instrumentId: 95_414, rawSymbol: "ESM3" });
    expect(store.getSnapshot().instrument).toEqual({
      instrumentId: 95_414, rawSymbol: "ESM3", root: "ES", tickUnits: 250_000_000, pointValue: 50, decimals: 2, source: "definition",
    });
  });
});
