/** The values the format names for its coded fields; others are legal, kept as they are, and can be counted. */
import type { RecordView } from "./record-view.ts";
import { fieldWidth } from "./layout.ts";
import { kindOfRtype, layoutOf, RECORD_KINDS, type RecordKind } from "./layouts.ts";

const chars = (text: string): ReadonlySet<number> => new Set([...text].map((char) => char.charCodeAt(0)));
const numbers = (...values: readonly number[]): ReadonlySet<number> => new Set(values);
const upTo = (last: number, first = 0): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

const ACTION = chars("ACMRTFN");
const SIDE = chars("ABN");
const TRI_STATE = chars("~NY");

const KNOWN: Readonly<Partial<Record<RecordKind, Readonly<Record<string, ReadonlySet<number>>>>>> = {
  trade: { action: ACTION, side: SIDE },
  mbp1: { action: ACTION, side: SIDE },
  mbp10: { action: ACTION, side: SIDE },
  mbo: { action: ACTION, side: SIDE },
  cmbp1: { action: ACTION, side: SIDE },
  bbo: { side: SIDE },
  cbbo: { side: SIDE },
  status: {
    action: numbers(...upTo(15)),
    reason: numbers(...upTo(6), ...upTo(18, 10), ...upTo(33, 30), 40, 50, 60, 70, 80, 90, 100, 110, ...upTo(124, 120), 130),
    tradingEvent: numbers(...upTo(4)),
    isTrading: TRI_STATE,
    isQuoting: TRI_STATE,
    isShortSellRestricted: TRI_STATE,
  },
  statistics: { statType: numbers(...upTo(26, 1), 10_001, 10_002), updateAction: numbers(1, 2) },
  definition: {
    instrumentClass: chars("BCFIKMPSTXY\0"),
    matchAlgorithm: chars(" FKCTOSQYPVA"),
    securityUpdateAction: chars("AMD~"),
    userDefinedInstrument: chars("NY"),
  },
  system: { code: numbers(...upTo(4), 255) },
  error: { code: numbers(...upTo(8, 1), 255) },
};

interface CodedField {
  readonly offset: number;
  readonly isWide: boolean;
  readonly known: ReadonlySet<number>;
}

const FIELDS: ReadonlyMap<RecordKind, readonly CodedField[]> = new Map(
  RECORD_KINDS.map((kind) => [
    kind,
    layoutOf(kind, 3).flatMap((row) => {
      const known = KNOWN[kind]?.[row[0]];
      return known === undefined ? [] : [{ offset: row[1], isWide: fieldWidth(row) === 2, known }];
    }),
  ]),
);

/** How many coded fields of the record (version 3 layout) hold a value the format does not name. */
export function unknownEnumValues(view: RecordView): number {
  const kind = kindOfRtype(view.rtype);
  if (kind === null) return 0;
  let unknown = 0;
  for (const field of FIELDS.get(kind) ?? []) {
    const at = view.base + field.offset;
    const value = field.isWide ? view.dv.getUint16(at, true) : view.dv.getUint8(at);
    if (!field.known.has(value)) unknown += 1;
  }
  return unknown;
}
