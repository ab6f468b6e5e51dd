/** The wiring: a feed's records go to the store, its link too; whoever shows it is told after each batch. */
import { createReconnectHandle, type LiveClientOptions, type ReconnectHandle } from "../client/live-options.ts";
import { runLiveClient } from "../client/live-client.ts";
import type { RecordView } from "../dbn/record-view.ts";
import { fromNanos, type UnixTime } from "../lib/time.ts";
import type { LinkState } from "../lsg/link-state.ts";
import type { TradeStore } from "../store/store.ts";
import type { Feed } from "./feed.ts";
import { createFlowJudge } from "./flow-judge.ts";
import type { System } from "./system.ts";
import type { WarmStart } from "./warm-start.ts";
import { VERSION } from "./version.ts";

export interface RunFeedOptions {
  readonly store: TradeStore;
  /** After each piece of the stream, and after each change of the link. */
  readonly onChange: () => void;
  /** Asked before the store sees a record; false drops it. The view is valid during the call only. */
  readonly admit?: (view: RecordView) => boolean;
  /** Told of every record, before the store; the view is valid during the call only. */
  readonly keep?: Keep;
  /** Told that what was kept before of these instruments, in this run or an earlier one, may come again. */
  readonly onAgain?: (instruments: ReadonlySet<number> | "all") => void;
  /** What an earlier run kept of this session; null: nothing, or nothing is to be taken up. */
  readonly warm?: WarmStart | null;
  /** The store has already what came before the stream begins: its first session is no new beginning. */
  readonly isPrimed?: boolean;
  /** Everything is about to be counted from nothing; from when on its trades are known. */
  readonly onFresh?: (from: UnixTime | null) => void;
  /** Each state of the link, after the store has it. */
  readonly onLink?: (link: LinkState) => void;
  readonly reconnect?: ReconnectHandle;
  /** False: the first failure ends it. Default true. */
  readonly retry?: boolean;
  /** How to connect, where that is not as usual. */
  readonly connection?: Pick<LiveClientOptions, "dial" | "compression" | "tsOut" | "timeouts" | "restMs">;
}

/** Fills of one order come together; this long after them the order is done. */
const LULL_MS = 50;

type Keep = (view: RecordView) => void;

function kept(keep: Keep, store: TradeStore): Keep {
  return (view) => {
    keep(view);
    store.applyRecord(view);
  };
}

/** The trades of a run one by one to whoever keeps them, then all of them to the store. */
function keptTrades(keep: Keep, store: TradeStore): (view: RecordView, count: number) => void {
  return (view, count) => {
    const { base, lengthBytes } = view;
    for (let n = 0; n < count; n += 1) {
      view.base = base + n * lengthBytes;
      keep(view);
    }
    view.base = base;
    store.applyTrades(view, count);
  };
}

/**
 * Runs until `signal` aborts or the source is over.
 * @throws NqError when connecting again is given up
 */
export async function runFeed(system: System, feed: Feed, options: RunFeedOptions, signal: AbortSignal): Promise<void> {
  const { store, onChange, admit, keep } = options;
  const { missing = [] } = feed;
  const warm = options.warm ?? null;
  let sentFrom: UnixTime | null = null;
  const lull: { cancel: (() => void) | null } = { cancel: null };
  let isWarming = false;
  let isFirst = true;
  const client = runLiveClient(
    {
      endpoint: feed.endpoint,
      dataset: feed.dataset,
      apiKey: feed.apiKey,
      subscriptions: feed.subscriptions,
      clientName: `nq-tui/${VERSION}`,
      clock: system.clock,
      tsOut: !feed.isHistory, // when a recording is sent says nothing about the way of its records
      random: system.random,
      // A market in this program pauses by itself; there is no other side that could fail to send.
      ...(feed.mode === "LIVE" ? { flow: createFlowJudge(feed.calendar, () => store.getSnapshot().studies.status) } : {}),
      ...options.connection,
      reconnect: options.retry ?? true,
      reconnectHandle: options.reconnect ?? createReconnectHandle(),
      onMetadata(metadata) {
        sentFrom = metadata.start === 0n ? null : fromNanos(metadata.start);
      },
      onSessionStart({ isFresh, again }) {
        const isPrimed = isFirst && options.isPrimed === true;
        isFirst = false;
        if (!isWarming && (again === "all" || again.size > 0)) options.onAgain?.(again);
        if (!isFresh || isPrimed) return;
        const from = isWarming ? (warm?.from ?? null) : (feed.coverageFrom() ?? sentFrom);
        options.onFresh?.(from);
        store.beginSession(from);
      },
      ...(warm === null ? {} : {
        async warm(take: (view: RecordView) => boolean) {
          isWarming = true;
          await warm.read((view) => {
            if (take(view)) store.applyRecord(view);
          });
          isWarming = false;
          onChange();
          return warm.gaps;
        },
      }),
      ...(admit === undefined
        ? { onRecord: keep === undefined ? store.applyRecord : kept(keep, store), onTrades: keep === undefined ? store.applyTrades : keptTrades(keep, store) }
        : {
            onRecord(view: RecordView): void {
              keep?.(view);
              if (admit(view)) store.applyRecord(view);
            },
          }),
      onBatchEnd() {
        // A large trade that nothing follows is over after a while: no further fill of it is on its way.
        lull.cancel ??= system.clock.after(LULL_MS, () => {
          lull.cancel = null;
          store.lull();
          onChange();
        });
        onChange();
      },
      onLink(link) {
        store.applyLink(missing.length === 0 ? link : { ...link, gaps: [...missing, ...(link.gaps ?? [])] });
        options.onLink?.(link);
        onChange();
      },
    },
    signal,
  );
  try {
    await client;
  } finally {
    lull.cancel?.();
  }
}
