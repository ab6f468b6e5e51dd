/** The real screen at a fixed moment of the demo day: the demo's records through the store, drawn by the real panes. */
import { RecordView } from "../../src/dbn/record-view.ts";
import { createDemoSource } from "../../src/gateway/demo/demo-source.ts";
import { demoTimeOfDay } from "../../src/gateway/demo/demo-day.ts";
import { encodeRecord } from "../../src/dbn/encode.ts";
import { toMs } from "../../src/lib/time.ts";
import { NO_STATS } from "../../src/lsg/link-state.ts";
import type { Snapshot } from "../../src/store/snapshot.ts";
import { createTradeStore } from "../../src/store/store.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import { composeScreen } from "../../src/ui/screen.ts";
import type { Row } from "../../src/ui/text.ts";
import { initialView } from "../../src/ui/view-state.ts";
import type { ViewState } from "../../src/ui/view-state.ts";

/** 10:58:31 Eastern: just after the day's high. */
const AT = demoTimeOfDay(10 * 3600 + 58 * 60 + 31);

let snapshot: Promise<Snapshot> | null = null;

/** The market at that moment. */
function demoSnapshot(): Promise<Snapshot> {
  snapshot ??= countDemo();
  return snapshot;
}

async function countDemo(): Promise<Snapshot> {
  const source = createDemoSource();
  const front = source.instruments[0];
  if (front === undefined) throw new Error("the demo has no instrument");
  const store = createTradeStore({ requested: "NQ.v.0", mode: "DEMO" });
  const view = new RecordView();
  store.beginSession(source.firstAt);
  const mapping = { kind: "symbolMapping", tsEvent: 0n, instrumentId: front.instrumentId, stypeInSymbol: "NQ.v.0", stypeOutSymbol: front.rawSymbol } as const;
  store.applyRecord(view.point(encodeRecord(mapping, 3)));
  const reader = source.open();
  let records = 0;
  let bytes = 0;
  for (let batch = await reader.read(AT); batch !== null && batch !== "end"; batch = await reader.read(AT)) {
    for (let at = 0; at < batch.bytes.length; at += view.lengthBytes) store.applyRecord(view.point(batch.bytes, at));
    records += batch.records;
    bytes += batch.bytes.length;
  }
  await reader.close();
  const wallMs = toMs(AT);
  store.applyLink({
    phase: "LIVE", gateway: "127.0.0.1:13000", transport: "tcp", dataset: source.dataset, sessionId: "1", gatewayVersion: "0.9.4 nq-tui demo",
    dbnVersion: 1, reason: "", advice: "", attempt: 0, nextTryAtMs: null, sinceMs: wallMs - 60_000,
    messages: [{ atMs: wallMs - 60_000, level: "info", text: `session 1 on ${source.dataset}` }],
    stats: { ...NO_STATS, records, bytes, sessions: 1, lastByteAtMs: wallMs, lastTradeAtMs: wallMs, connectMs: 12 },
  });
  store.commit();
  return store.getSnapshot();
}

/** The rows of the screen, at 120x40 in the first layout unless said otherwise. */
export async function demoScreen(look: Partial<Pick<ViewState, "size" | "preset" | "focus">> = {}): Promise<readonly Row[]> {
  const shown = await demoSnapshot();
  const view = { ...initialView(PANES, look.size ?? { columns: 120, rows: 40 }), ...look };
  return composeScreen({ shown, latest: shown, view, frozenAt: null, now: { wallMs: toMs(AT), flash: null } });
}
