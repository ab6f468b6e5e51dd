/** DBN bytes made by hand, without the product's writer: what the codec is checked against. */

/** A trade record of 48 bytes, fields at the offsets of the format's description. */
export function tradeBytes(fields: {
  tsEvent?: bigint; price?: bigint; size?: number; side?: string; instrumentId?: number; sequence?: number; tsRecv?: bigint;
}): Uint8Array {
  const bytes = new Uint8Array(48);
  const dv = new DataView(bytes.buffer);
  dv.setUint8(0, 12);
  dv.setUint8(1, 0);
  dv.setUint16(2, 1, true);
  dv.setUint32(4, fields.instrumentId ?? 42, true);
  dv.setBigUint64(8, fields.tsEvent ?? 1_750_000_000_000_000_001n, true);
  dv.setBigInt64(16, fields.price ?? 21_742_500_000_000n, true);
  dv.setUint32(24, fields.size ?? 3, true);
  dv.setUint8(28, "T".charCodeAt(0));
  dv.setUint8(29, (fields.side ?? "B").charCodeAt(0));
  dv.setBigUint64(32, fields.tsRecv ?? 1_750_000_000_000_100_001n, true);
  dv.setInt32(40, 12_345, true);
  dv.setUint32(44, fields.sequence ?? 7, true);
  return bytes;
}

/** A symbol mapping of version 3, 176 bytes: in a live recording it names the instrument. */
function mappingBytes(instrumentId: number, stypeInSymbol: string, rawSymbol: string): Uint8Array {
  const bytes = new Uint8Array(176);
  const dv = new DataView(bytes.buffer);
  bytes[0] = 44;
  bytes[1] = 0x16;
  dv.setUint32(4, instrumentId, true);
  dv.setBigUint64(8, 1_749_765_600_000_000_000n, true);
  bytes.set(new TextEncoder().encode(stypeInSymbol), 17);
  bytes.set(new TextEncoder().encode(rawSymbol), 89);
  return bytes;
}

type TradeFields = Parameters<typeof tradeBytes>[0];

/** One contract of NQU5 at an Eastern summer time such as `2025-06-13T09:30:00.5`, at 21,700. */
export function tradeAtEastern(time: string, more: TradeFields = {}): TradeFields {
  const at = BigInt(Date.parse(`${time}-04:00`)) * 1_000_000n;
  return { tsEvent: at, tsRecv: at + 1000n, price: 21_700_000_000_000n, size: 1, instrumentId: 42_005, ...more };
}

/** A live recording of trades of NQU5 (instrument 42005). */
export function recordingBytes(trades: readonly TradeFields[]): Uint8Array {
  return concatBytes(liveHeaderBytes(3), mappingBytes(42_005, "NQ.v.0", "NQU5"), ...trades.map((trade) => tradeBytes(trade)));
}

/** Metadata of a live session with empty lists: 8 + 120 bytes. */
export function liveHeaderBytes(version: 1 | 2 | 3, tsOut = false): Uint8Array {
  const bytes = new Uint8Array(128);
  const dv = new DataView(bytes.buffer);
  bytes.set([0x44, 0x42, 0x4e, version]);
  dv.setUint32(4, 120, true);
  bytes.set(new TextEncoder().encode("GLBX.MDP3"), 8);
  dv.setUint16(24, 65_535, true);
  dv.setBigUint64(26, 1_750_000_000_000_000_000n, true);
  dv.setBigUint64(34, 0xffff_ffff_ffff_ffffn, true);
  const at = version === 1 ? 58 : 50;
  if (version === 1) dv.setBigUint64(50, 0xffff_ffff_ffff_ffffn, true);
  bytes[at] = 255;
  bytes[at + 1] = 0;
  bytes[at + 2] = tsOut ? 1 : 0;
  if (version > 1) dv.setUint16(at + 3, 71, true);
  return bytes;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
