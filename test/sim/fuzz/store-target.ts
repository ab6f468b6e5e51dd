/** Damaged records into the store: every trade record is counted somewhere, and the snapshot stays whole. */
import { createDbnDecoder } from "../../../src/dbn/decoder.ts";
import type { RecordView } from "../../../src/dbn/record-view.ts";
import { RTYPE } from "../../../src/dbn/constants.ts";
import { marketDigest } from "../../../src/store/digest.ts";
import { createTradeStore } from "../../../src/store/store.ts";
import { accountedTrades } from "../counters.ts";
import { sessionRecords } from "./corpus.ts";
import { piecesOf } from "./mutate.ts";
import { expect, outcomeOf, type FuzzTarget } from "./target.ts";

/** What aims the store at another contract, so that it counts from nothing. */
const AIMING: ReadonlySet<number> = new Set([RTYPE.symbolMapping, RTYPE.definition]);

const COMMIT_EVERY = 8;

export const storeTarget: FuzzTarget = {
  corpus: sessionRecords,
  inputsPerSeed: 200,
  open(random) {
    const store = createTradeStore({ requested: "NQ.v.0", mode: "LIVE" });
    store.beginSession(null);
    // Half of the seeds keep the contract fixed: then every trade record must be accounted for, to the last one.
    const isFixed = random.chance(0.5);
    const [whole = new Uint8Array(0)] = sessionRecords();
    const aim = (view: RecordView): void => void (AIMING.has(view.rtype) && store.applyRecord(view));
    if (isFixed) createDbnDecoder({ fragment: { version: 3 } }).push(whole, aim);
    let trades = 0;
    let fed = 0;
    const apply = (view: RecordView): void => {
      if (view.rtype === RTYPE.trade) trades += 1;
      if (!isFixed || !AIMING.has(view.rtype)) store.applyRecord(view);
    };
    const applyTrades = (view: RecordView, count: number): void => {
      trades += count;
      store.applyTrades(view, count);
    };
    return (input) => {
      const decoder = createDbnDecoder({ fragment: { version: 3 } });
      const outcome = outcomeOf(() => {
        for (const piece of piecesOf(input, random)) {
          if (random.chance(0.5)) decoder.push(piece, apply);
          else decoder.push(piece, apply, applyTrades);
          if (random.chance(0.02)) store.commit();
        }
      });
      // What one input did wrong is still wrong after the next ones: publishing costs more than ten of them.
      fed += 1;
      if (fed % COMMIT_EVERY !== 0) return outcome;
      store.commit();
      const snapshot = store.getSnapshot();
      const accounted = accountedTrades(snapshot.counters);
      expect(isFixed ? accounted === trades : accounted <= trades, `${accounted} trades accounted for, ${trades} came`);
      if (random.chance(0.1)) expect(marketDigest(snapshot).length > 0, "no digest");
      return outcome;
    };
  },
};
