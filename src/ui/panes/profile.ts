/** Who was in charge and at which prices: cumulative delta with its extremes, volume profile with its value area. */
import type { Instrument } from "../../market/instrument.ts";
import type { TradingDay } from "../../market/trading-day.ts";
import type { Anchor, AnchoredDelta, BarsView, DeltaView, LastTrade, ProfileView, VolumeProfile } from "../../studies/index.ts";
import { ANCHOR_WORDS, inForce } from "../anchors.ts";
import { barText, named, notice, sparkRows } from "../blocks.ts";
import { deltaSeries } from "../delta-series.ts";
import { countText, priceText, signedText } from "../format.ts";
import { signTone } from "../market-words.ts";
import { cursorKeys, keyedBy, markedRow } from "../cursor.ts";
import type { Cursor, ListSpec } from "../cursor.ts";
import { definePane } from "../pane.ts";
import { bucketsOf } from "../profile-buckets.ts";
import type { Bucket, Buckets } from "../profile-buckets.ts";
import { profileTable } from "../tables/level-tables.ts";
import { fitting, flow, line, span } from "../text.ts";
import type { Row, Size } from "../text.ts";
import type { Tone } from "../theme.ts";

/** What the pane shows. */
export interface ProfileSlice {
  readonly delta: DeltaView;
  readonly profile: ProfileView;
  readonly minutes: BarsView;
  readonly last: LastTrade | null;
  readonly instrument: Instrument | null;
  readonly day: TradingDay | null;
}

/** What its keys and the mouse change. */
export interface ProfileLocal {
  /** Of the profile; null: the one in force. */
  readonly anchor: Anchor | null;
  readonly cursor: Cursor | null;
}

/** Names a marked row: its lowest price, and how many ticks it was high when it was marked. */
interface RowKey {
  readonly lowTicks: number;
  readonly step: number;
}

const VOLUME_WIDTH = 9;
const MARK_WIDTH = 4;
/** From this width the head of the profile has its name before it. */
const WITH_WORD = 44;
/** From this width the contracts of each row are written out. */
const WITH_VOLUME = 40;
/** From these heights a line of the cumulative delta is drawn, one row high, then two. */
const SPARK_ROWS = 12;
const TALL_SPARK_ROWS = 20;
/** Outside the value area the bars are lighter. */
const OUTSIDE = "▒";
/** Stands at the longest row where the single price with most volume lies in another. */
const MOST = "max";

function deltaRow(delta: AnchoredDelta | null, anchor: Anchor, width: number): Row {
  const name = ANCHOR_WORDS[anchor].padEnd(5);
  if (delta === null) return line(`delta ${name} no trade yet`, "dim");
  const amount = span(signedText(delta.delta).padStart(8), signTone(delta.delta));
  const extremes = [...named("  high", signedText(delta.high)), ...named("  low", signedText(delta.low))];
  const none = delta.noneVolume === 0 ? [] : named("  no side", countText(delta.noneVolume), "dim");
  const long: Row = [span(`delta ${name}`, "dim"), amount, ...extremes];
  return fitting([[...long, ...none], long, [span(name, "dim"), amount, ...extremes], [span(name, "dim"), amount]], width);
}

function stepText(sec: number): string {
  return sec % 3600 === 0 ? `${sec / 3600} h` : `${sec / 60} min`;
}

/** The cumulative delta since the anchor as a line, and what one column of it is. */
function sparkline(slice: ProfileSlice, delta: AnchoredDelta | null, size: Size, rows: number): Row[] {
  if (delta === null || rows === 0) return [];
  const { bars, intervalSec } = slice.minutes;
  const label = (step: string): string => ` ${ANCHOR_WORDS[delta.anchor]}, ${step} each`;
  const room = size.columns - label("999 min").length;
  const series = deltaSeries(bars, intervalSec, delta.fromSec, delta.delta, room);
  if (series === null) return [];
  const text = label(stepText(series.stepSec));
  return sparkRows(series.values, rows).map((cells, at): Row => [
    span(cells, "chart"),
    span(at === rows - 1 ? text : "", "dim"),
  ]);
}

function headRow(profile: VolumeProfile, buckets: Buckets, instrument: Instrument, width: number): Row {
  const { step } = buckets;
  const price = (ticks: number): string => priceText(ticks, instrument);
  return flow(
    [
      [span(`${width < WITH_WORD ? "" : "profile "}${ANCHOR_WORDS[profile.anchor]}`, "accent"), span(`, rows of ${price(step)}`, "dim")],
      named("POC", price(profile.pocTicks), "strong"),
      named("VAH", price(profile.valueAreaHighTicks)),
      named("VAL", price(profile.valueAreaLowTicks)),
      line(`${Math.round(profile.share * 100)}%`, "dim"),
      buckets.rows.some((bucket) => markOf(profile, bucket, buckets) === MOST) ? line(`${MOST}: the longest row`, "dim") : [],
      profile.beyond === 0 ? [] : line(`${countText(profile.beyond)} too far away`, "warn"),
    ],
    width,
  );
}

/**
 * Which of the marked prices lie in a row. POC is the one price with most volume: where a row is several prices, the
 * longest row can be another one, and says so.
 */
function markOf(profile: VolumeProfile, { lowTicks, volume }: Bucket, { step, max }: Buckets): string {
  const holds = (ticks: number): boolean => ticks >= lowTicks && ticks < lowTicks + step;
  if (holds(profile.pocTicks)) return "POC";
  if (holds(profile.valueAreaHighTicks)) return "VAH";
  return holds(profile.valueAreaLowTicks) ? "VAL" : volume === max && step > 1 ? MOST : "";
}

function bucketRow(bucket: Bucket, buckets: Buckets, profile: VolumeProfile, { instrument, last }: Drawing, width: number): Row {
  const { lowTicks, volume } = bucket;
  const { step, max } = buckets;
  const isPrice = last !== null && last.ticks >= lowTicks && last.ticks < lowTicks + step;
  const inArea = lowTicks + step > profile.valueAreaLowTicks && lowTicks <= profile.valueAreaHighTicks;
  const mark = markOf(profile, bucket, buckets);
  const price = priceText(lowTicks, instrument).padStart(10);
  const amount = width >= WITH_VOLUME ? `${countText(volume).padStart(VOLUME_WIDTH - 1)} ` : "";
  const room = Math.max(1, width - price.length - 2 - MARK_WIDTH - amount.length);
  const cells = barText(max === 0 ? 0 : volume / max, room);
  const tone: Tone = mark === "POC" ? "warn" : inArea ? "chart" : "dim";
  return [
    span(`${isPrice ? "►" : " "}${price}`, isPrice ? "mark" : "dim"),
    span(" "),
    span(amount, "dim"),
    span((inArea ? cells : OUTSIDE.repeat(cells.length)).padEnd(room), tone),
    span(mark.padStart(MARK_WIDTH), "strong"),
  ];
}

interface Drawing {
  readonly instrument: Instrument;
  readonly last: LastTrade | null;
}

/** The row that a marked one is now: its prices lie in another where rows have become higher or lower. */
function indexIn({ rows, step }: Buckets, cursor: Cursor | null): number {
  const { lowTicks } = (cursor?.key ?? { lowTicks: Number.NaN }) as RowKey;
  return rows.findIndex((bucket) => lowTicks >= bucket.lowTicks && lowTicks < bucket.lowTicks + step);
}

function profileRows(profile: VolumeProfile, drawing: Drawing, size: Size, cursor: Cursor | null): readonly Row[] {
  const buckets = bucketsOf(profile, size.rows - 1);
  const marked = indexIn(buckets, cursor);
  const rows = buckets.rows.map((bucket, at): Row => {
    const row = bucketRow(bucket, buckets, profile, drawing, size.columns);
    return at === marked ? markedRow(row, size.columns) : row;
  });
  return [headRow(profile, buckets, drawing.instrument, size.columns), ...rows];
}

/** The profile of the anchor that was chosen, or of the one in force; null when it has none yet. */
function profileOf({ profile: both, day, last }: ProfileSlice, { anchor }: ProfileLocal): VolumeProfile | null {
  if (last === null) return null;
  return anchor === null ? inForce(both, day, last.at.sec) : anchor === "RTH" ? both.rth : both.session;
}

/** What stands above the profile. */
function deltaRows(slice: ProfileSlice, size: Size): readonly Row[] {
  const { delta, day, last } = slice;
  const high = size.rows >= TALL_SPARK_ROWS ? 2 : size.rows >= SPARK_ROWS ? 1 : 0;
  return [
    deltaRow(delta.session, "session", size.columns),
    deltaRow(delta.rth, "RTH", size.columns),
    ...sparkline(slice, inForce(delta, day, last?.at.sec ?? 0), size, high),
  ];
}

const list: ListSpec<ProfileSlice, ProfileLocal> = {
  // All rows are in sight: they are made as high as the pane needs.
  shape: (slice, local, size) => {
    const above = deltaRows(slice, size).length + 1;
    const shown = profileOf(slice, local);
    if (shown === null) return { ...keyedBy([]), room: 1, above, top: 0, home: 0 };
    const buckets = bucketsOf(shown, size.rows - above);
    const { rows, step } = buckets;
    return {
      count: rows.length,
      keyAt: (index): RowKey => ({ lowTicks: rows[index]?.lowTicks ?? 0, step }),
      indexOf: (key) => indexIn(buckets, { key, row: 0 }),
      room: rows.length,
      above,
      top: 0,
      home: Math.max(0, indexIn(buckets, { key: { lowTicks: shown.pocTicks, step }, row: 0 })),
    };
  },
  cursor: ({ cursor }) => cursor,
  put: (local, cursor) => ({ ...local, cursor }),
  ticks: (_, { cursor }) => (cursor === null ? null : (cursor.key as RowKey).lowTicks),
};

/** The pane of delta and profile. */
export const profile = definePane({
  id: "profile",
  title: "Delta & profile",
  minSize: { columns: 34, rows: 5 },
  goodRows: 10,
  fullRows: Number.POSITIVE_INFINITY,
  priority: 45,
  place: { two: 1, three: 2, four: 2 },
  cumulative: true,
  calm: true,
  initial: { anchor: null, cursor: null },
  keys: [
    {
      name: "anchor",
      chords: ["s"],
      label: "profile of RTH or since 18:00",
      run: ({ anchor, ...local }: ProfileLocal, slice: ProfileSlice): ProfileLocal => {
        const shown = anchor ?? inForce(slice.profile, slice.day, slice.last?.at.sec ?? 0)?.anchor ?? "session";
        return { ...local, anchor: shown === "RTH" ? "session" : "RTH" };
      },
    },
    ...cursorKeys(list, { on: "lower prices", back: "higher prices", start: "no price marked" }),
  ],
  list,
  select: {
    delta: (snapshot) => snapshot.studies.delta,
    profile: (snapshot) => snapshot.studies.profile,
    minutes: (snapshot) => snapshot.studies.bars1m,
    last: (snapshot) => snapshot.studies.session.last,
    instrument: (snapshot) => snapshot.instrument,
    day: (snapshot) => snapshot.day,
  },
  table: (slice: ProfileSlice, local: ProfileLocal) => {
    const shown = profileOf(slice, local);
    return slice.instrument === null || shown === null ? null : profileTable(shown, slice.instrument, local.cursor === null ? null : (local.cursor.key as RowKey));
  },
  view: (slice: ProfileSlice, local: ProfileLocal, size) => {
    const { instrument, last } = slice;
    if (instrument === null || last === null) return notice("waiting for the first trade…", size);
    const shown = profileOf(slice, local);
    const rows = deltaRows(slice, size);
    if (shown === null) return [...rows, line(`no ${local.anchor === "RTH" ? "regular hours" : "profile"} yet`, "dim")];
    return [...rows, ...profileRows(shown, { instrument, last }, { columns: size.columns, rows: size.rows - rows.length }, local.cursor)];
  },
});
