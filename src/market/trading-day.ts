/** The CME equity-index trading day: 18:00 Eastern of the day before to 17:00 Eastern. */

export interface TradingDay {
  /** `2025-06-13`. */
  readonly tradeDate: string;
  /** Unix seconds: 18:00 ET of the evening before. */
  readonly openSec: number;
  /** Unix seconds: 17:00 ET. */
  readonly closeSec: number;
  /** Unix seconds: 09:30 and 16:00 ET, regular trading hours. */
  readonly rthOpenSec: number;
  readonly rthCloseSec: number;
  /** Unix seconds of the next 18:00 ET that starts a trading day; times from here belong to a later day. */
  readonly endSec: number;
  /** Seconds to add to UTC for Eastern wall time on this day, e.g. -14400. */
  readonly easternOffsetSec: number;
}
