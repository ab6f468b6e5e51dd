/** Which layout a record type has in which version: the one table that views, codec, upgrade and tests are made from. */
import { RTYPE, type DbnVersion } from "./constants.ts";
import type { FieldsOf, Layout } from "./layout.ts";
import { layoutBytes } from "./layout.ts";
import { DEFINITION_V1, DEFINITION_V2, DEFINITION_V3 } from "./layouts-definition.ts";
import { ERROR_V1, ERROR_V2, MAPPING_V1, MAPPING_V2, SYSTEM_V1, SYSTEM_V2 } from "./layouts-gateway.ts";
import {
  BBO, CBBO, CMBP1, IMBALANCE, MBO, MBP1, MBP10, OHLCV, STATISTICS_V1, STATISTICS_V3, STATUS, TRADE,
} from "./layouts-market.ts";

/** The owned form of every kind of record, in the newest version. */
export interface KindFields {
  trade: FieldsOf<typeof TRADE>;
  mbp1: FieldsOf<typeof MBP1>;
  mbp10: FieldsOf<typeof MBP10>;
  mbo: FieldsOf<typeof MBO>;
  bbo: FieldsOf<typeof BBO>;
  cmbp1: FieldsOf<typeof CMBP1>;
  cbbo: FieldsOf<typeof CBBO>;
  ohlcv: FieldsOf<typeof OHLCV>;
  status: FieldsOf<typeof STATUS>;
  imbalance: FieldsOf<typeof IMBALANCE>;
  statistics: FieldsOf<typeof STATISTICS_V3>;
  definition: FieldsOf<typeof DEFINITION_V3>;
  error: FieldsOf<typeof ERROR_V2>;
  symbolMapping: FieldsOf<typeof MAPPING_V2>;
  system: FieldsOf<typeof SYSTEM_V2>;
}

export type RecordKind = keyof KindFields;

/** Layouts by version (index 0 is version 1) and the record types that use them; the first is the default. */
const KINDS: Readonly<Record<RecordKind, { rtypes: readonly number[]; layouts: readonly [Layout, Layout, Layout] }>> = {
  trade: { rtypes: [RTYPE.trade], layouts: [TRADE, TRADE, TRADE] },
  mbp1: { rtypes: [RTYPE.mbp1], layouts: [MBP1, MBP1, MBP1] },
  mbp10: { rtypes: [RTYPE.mbp10], layouts: [MBP10, MBP10, MBP10] },
  mbo: { rtypes: [RTYPE.mbo], layouts: [MBO, MBO, MBO] },
  bbo: { rtypes: [RTYPE.bbo1s, RTYPE.bbo1m], layouts: [BBO, BBO, BBO] },
  cmbp1: { rtypes: [RTYPE.cmbp1, RTYPE.tcbbo], layouts: [CMBP1, CMBP1, CMBP1] },
  cbbo: { rtypes: [RTYPE.cbbo1s, RTYPE.cbbo1m], layouts: [CBBO, CBBO, CBBO] },
  ohlcv: {
    rtypes: [RTYPE.ohlcv1s, RTYPE.ohlcv1m, RTYPE.ohlcv1h, RTYPE.ohlcv1d, RTYPE.ohlcvEod, RTYPE.ohlcvDeprecated],
    layouts: [OHLCV, OHLCV, OHLCV],
  },
  status: { rtypes: [RTYPE.status], layouts: [STATUS, STATUS, STATUS] },
  imbalance: { rtypes: [RTYPE.imbalance], layouts: [IMBALANCE, IMBALANCE, IMBALANCE] },
  statistics: { rtypes: [RTYPE.statistics], layouts: [STATISTICS_V1, STATISTICS_V1, STATISTICS_V3] },
  definition: { rtypes: [RTYPE.definition], layouts: [DEFINITION_V1, DEFINITION_V2, DEFINITION_V3] },
  error: { rtypes: [RTYPE.error], layouts: [ERROR_V1, ERROR_V2, ERROR_V2] },
  symbolMapping: { rtypes: [RTYPE.symbolMapping], layouts: [MAPPING_V1, MAPPING_V2, MAPPING_V2] },
  system: { rtypes: [RTYPE.system], layouts: [SYSTEM_V1, SYSTEM_V2, SYSTEM_V2] },
};

/** Every kind of record. */
export const RECORD_KINDS: readonly RecordKind[] = Object.keys(KINDS) as RecordKind[]; // the keys are the type

const KIND_OF_RTYPE: readonly (RecordKind | null)[] = Array.from(
  { length: 256 },
  (_, rtype) => RECORD_KINDS.find((kind) => KINDS[kind].rtypes.includes(rtype)) ?? null,
);

/** The kind of a record type; null for one this program does not know. */
export function kindOfRtype(rtype: number): RecordKind | null {
  return KIND_OF_RTYPE[rtype] ?? null;
}

/** The record types of a kind; the first is written when none is given. */
export function rtypesOf(kind: RecordKind): readonly number[] {
  return KINDS[kind].rtypes;
}

export function layoutOf(kind: RecordKind, version: DbnVersion): Layout {
  return KINDS[kind].layouts[version - 1] ?? KINDS[kind].layouts[2];
}

/** Smallest valid length in bytes by rtype for a version; 16 for unknown types. */
export function minimumLengths(version: DbnVersion): Uint16Array {
  const lengths = new Uint16Array(256).fill(16);
  for (const kind of RECORD_KINDS) {
    for (const rtype of KINDS[kind].rtypes) lengths[rtype] = layoutBytes(layoutOf(kind, version));
  }
  return lengths;
}

/** Whether a kind's layout in `version` differs from the newest one. */
export function differsFromNewest(kind: RecordKind, version: DbnVersion): boolean {
  return layoutOf(kind, version) !== layoutOf(kind, 3);
}
