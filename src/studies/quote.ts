/** The best bid and offer as last quoted. */
import type { UnixTime } from "../lib/time.ts";
import type { Quote } from "../market/trade.ts";
import type { Study } from "./study.ts";

export interface QuoteView {
  readonly at: UnixTime;
  readonly bidTicks: number | null;
  readonly askTicks: number | null;
  readonly bidSize: number;
  readonly askSize: number;
}

interface QuoteState extends Quote {
  isDirty: boolean;
  view: QuoteView | null;
}

export const quoteStudy: Study<QuoteState, QuoteView | null> = {
  init: () => ({
    sec: 0,
    nanos: 0,
    bidTicks: null,
    askTicks: null,
    bidSize: 0,
    askSize: 0,
    isDirty: false,
    view: null,
  }),
  quote(state, quote) {
    state.sec = quote.sec;
    state.nanos = quote.nanos;
    state.bidTicks = quote.bidTicks;
    state.askTicks = quote.askTicks;
    state.bidSize = quote.bidSize;
    state.askSize = quote.askSize;
    state.isDirty = true;
  },
  view(state) {
    if (!state.isDirty) return state.view;
    state.isDirty = false;
    const { bidTicks, askTicks, bidSize, askSize } = state;
    state.view = { at: { sec: state.sec, nanos: state.nanos }, bidTicks, askTicks, bidSize, askSize };
    return state.view;
  },
};
