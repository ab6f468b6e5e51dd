/** What both volume analyses have in common: that of recorded files and that of a running market. */
import type { SourceInstrument } from "../gateway/source.ts";
import type { TradingCalendar } from "../market/calendar.ts";
import type { Mode } from "../store/snapshot.ts";
import { createTradeStore, type TradeStore } from "../store/store.ts";
import type { TimeWindow } from "./time-window.ts";
import type { VolumeFormat } from "./volume-output.ts";

export interface VolumeOptions {
  readonly window: TimeWindow;
  /** Contracts from which on a trade is listed as large. */
  readonly largeFrom: number;
  readonly format: VolumeFormat;
  readonly calendar: TradingCalendar;
}

/** Large trades listed of one session: more than a session of the busiest contract has trades. Room, not memory. */
const LARGE_KEPT = 1_048_576;

/** The store of an analysis; it is the screen's but for the large trades kept. */
export function volumeStore(requested: string, mode: Mode, options: VolumeOptions, instrument?: SourceInstrument): TradeStore {
  return createTradeStore({
    requested, mode, calendar: options.calendar, studies: { large: { floor: options.largeFrom, capacity: LARGE_KEPT } },
    ...(instrument === undefined ? {} : { focus: instrument }),
  });
}
