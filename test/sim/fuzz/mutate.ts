/** Damages bytes the way wires, disks and attackers do: a few edits stacked on a good input, all from one seed. */
import type { Prng } from "../../../src/lib/prng.ts";

/** Longer inputs say nothing new and make each run slower. */
const BYTES_MAX = 4_096;
/** Bytes that borders lie at: empty, one, sign, end of a line, separators, all ones. */
const SPECIAL_BYTES = [0, 1, 2, 3, 4, 10, 11, 13, 16, 0x20, 0x3d, 0x7c, 0x7f, 0x80, 0xff];
/** The same for 32-bit numbers: lengths and counts. */
const SPECIAL_WORDS = [0, 1, 4, 16, 100, 255, 256, 1020, 1024, 0xffff, 0x1_0000, 0x100_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

type Edit = (bytes: Uint8Array, random: Prng, corpus: readonly Uint8Array[]) => Uint8Array;

const place = (bytes: Uint8Array, random: Prng): number => random.int(0, Math.max(0, bytes.length - 1));

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function range(bytes: Uint8Array, random: Prng): readonly [from: number, to: number] {
  const from = place(bytes, random);
  return [from, Math.min(bytes.length, from + random.int(1, random.chance(0.5) ? 8 : 128))];
}

const EDITS: readonly Edit[] = [
  function flipBit(bytes, random) {
    if (bytes.length > 0) bytes[place(bytes, random)]! ^= 1 << random.int(0, 7);
    return bytes;
  },
  function setByte(bytes, random) {
    if (bytes.length > 0) bytes[place(bytes, random)] = random.int(0, 255);
    return bytes;
  },
  function setSpecialByte(bytes, random) {
    if (bytes.length > 0) bytes[place(bytes, random)] = SPECIAL_BYTES[random.int(0, SPECIAL_BYTES.length - 1)] ?? 0;
    return bytes;
  },
  function addToByte(bytes, random) {
    if (bytes.length > 0) bytes[place(bytes, random)]! += random.int(-4, 4);
    return bytes;
  },
  function setWord(bytes, random) {
    if (bytes.length < 4) return bytes;
    const at = random.int(0, bytes.length - 4);
    const word = SPECIAL_WORDS[random.int(0, SPECIAL_WORDS.length - 1)] ?? 0;
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, word, random.chance(0.75));
    return bytes;
  },
  function cutOff(bytes, random) {
    return bytes.slice(0, random.int(0, bytes.length));
  },
  function remove(bytes, random) {
    const [from, to] = range(bytes, random);
    return join(bytes.subarray(0, from), bytes.subarray(to));
  },
  function repeat(bytes, random) {
    const [from, to] = range(bytes, random);
    return join(bytes.subarray(0, to), bytes.subarray(from));
  },
  function insert(bytes, random) {
    const at = random.int(0, bytes.length);
    const noise = Uint8Array.from({ length: random.int(1, 16) }, () => random.int(0, 255));
    return join(bytes.subarray(0, at), noise, bytes.subarray(at));
  },
  function overwrite(bytes, random) {
    const [from, to] = range(bytes, random);
    const [source] = range(bytes, random);
    bytes.copyWithin(from, source, source + to - from);
    return bytes;
  },
  function splice(bytes, random, corpus) {
    const other = corpus[random.int(0, corpus.length - 1)];
    if (other === undefined) return bytes;
    return join(bytes.subarray(0, random.int(0, bytes.length)), other.subarray(random.int(0, other.length)));
  },
];

/** A damaged copy of one of the corpus, with one to six edits; one in sixty-four stays whole. */
export function mutate(corpus: readonly Uint8Array[], random: Prng): Uint8Array {
  let bytes: Uint8Array = (corpus[random.int(0, corpus.length - 1)] ?? new Uint8Array(0)).slice();
  if (random.chance(1 / 64)) return bytes;
  const edits = random.chance(0.5) ? 1 : random.int(2, 6);
  for (let n = 0; n < edits; n += 1) bytes = EDITS[random.int(0, EDITS.length - 1)]!(bytes, random, corpus);
  return bytes.length > BYTES_MAX ? bytes.slice(0, BYTES_MAX) : bytes;
}

/** The longest input that is handed over byte by byte, and how often that is done: it costs as much as ten others. */
const DRIP_BYTES_MAX = 600;
const DRIP_SHARE = 0.04;

/** Cuts into pieces: a few, many, whole, or byte by byte where that is not too long. */
export function piecesOf(bytes: Uint8Array, random: Prng): Uint8Array[] {
  const style = random.float();
  const isDrip = style < DRIP_SHARE;
  if (style > 0.75 || (isDrip && bytes.length > DRIP_BYTES_MAX)) return [bytes];
  const pieceMax = isDrip ? 1 : style < 0.2 ? 16 : 200;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = pieceMax === 1 ? 1 : random.int(1, pieceMax);
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}
