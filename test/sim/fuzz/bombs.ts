/** Small inputs that stand for much: what each claims must not be allocated, and what it expands to must not be kept. */
import { createDbnDecoder } from "../../../src/dbn/decoder.ts";
import { createZstdExpander } from "../../../src/dbn/zstd.ts";
import { parseConfig } from "../../../src/config/parse-config.ts";
import { createLsgClientSession } from "../../../src/lsg/client-session.ts";
import { createLsgServerSession } from "../../../src/lsg/server-session.ts";
import { concatBytes } from "../../helpers/dbn-bytes.ts";
import { CANARY_KEY, CHALLENGE, DATASET, metadataBlocks } from "./corpus.ts";
import { expect, outcomeOf } from "./target.ts";

const FRAME = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);
/** A block of four bytes that stands for 128 KiB of zeros. */
const RUN = Uint8Array.of(0x02, 0x00, 0x10, 0x00);
const MEBI = 1024 * 1024;
/** More than may be held. */
const FLOOD_BYTES = 100 * MEBI;

/** Expands; gives the code of the error. */
async function expanded(bytes: Uint8Array): Promise<string> {
  const expander = createZstdExpander();
  try {
    await expander.push(bytes, () => {});
    await expander.end();
    return "ok";
  } catch (error) {
    return outcomeOf(() => {
      throw error;
    });
  } finally {
    expander.close();
  }
}

/** Feeds pieces until the reader has had enough or the flood is over. */
function flooded(piece: Uint8Array, take: (piece: Uint8Array) => boolean): string {
  return outcomeOf(() => {
    for (let bytes = 0; bytes < FLOOD_BYTES; bytes += piece.length) if (!take(piece)) return;
    expect(false, "the flood was taken in to its end");
  });
}

function metadataClaims(): string {
  const [block = new Uint8Array(0)] = metadataBlocks();
  const outcomes: string[] = [];
  // Each 32-bit number of the block in turn says that very much follows.
  for (let at = 4; at + 4 <= block.length; at += 1) {
    const claim = block.slice();
    new DataView(claim.buffer).setUint32(at, 0xffff_fff0, true);
    outcomes.push(outcomeOf(() => createDbnDecoder().push(claim, () => {})));
  }
  return [...new Set(outcomes)].sort().join(" ");
}

const noEnd = (letter: string): Uint8Array => new TextEncoder().encode(letter.repeat(64 * 1024));

/** By name: what came of it. Throws FuzzFailure when it was taken in. */
export const BOMBS: Readonly<Record<string, () => Promise<string> | string>> = {
  "1 GiB in 32 KiB": () => expanded(concatBytes(FRAME, Uint8Array.of(0x00, 0x58), ...Array.from({ length: 8192 }, () => RUN))),
  "a window of 2 GiB": () => expanded(concatBytes(FRAME, Uint8Array.of(0x00, 0xa8), RUN)),
  "a single segment of 4 GiB": () => expanded(concatBytes(FRAME, Uint8Array.of(0xa0, 0xff, 0xff, 0xff, 0xff), RUN)),
  "a skippable frame of 4 GiB": () => expanded(Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 0xff, 0xff, 0xff, 0xff, 1, 2, 3)),
  "4 GiB of metadata": () => outcomeOf(() => createDbnDecoder().push(Uint8Array.of(0x44, 0x42, 0x4e, 3, 0xff, 0xff, 0xff, 0xff), () => {})),
  "counts of 4 billion in metadata": metadataClaims,
  "a greeting without end": () => {
    const session = createLsgClientSession({
      apiKey: CANARY_KEY, dataset: DATASET, tsOut: false, compression: "none", heartbeatIntervalS: 10, slowReaderBehavior: "skip", client: "x",
    });
    session.receive(new TextEncoder().encode("lsg_version="));
    return flooded(noEnd("1"), (piece) => session.receive(piece).length >= 0);
  },
  "an authentication without end": () => {
    const session = createLsgServerSession({ dataset: DATASET, keys: [CANARY_KEY], challenge: CHALLENGE, sessionId: "1", lsgVersion: "1" });
    return flooded(noEnd("a"), (piece) => !session.receive(piece).some(({ kind }) => kind === "close"));
  },
  "a subscription without end": () => {
    const session = createLsgServerSession({ dataset: DATASET, keys: [CANARY_KEY], challenge: CHALLENGE, sessionId: "1", lsgVersion: "1" });
    session.receive(new TextEncoder().encode(`auth=${CANARY_KEY.respond(CHALLENGE)}|dataset=${DATASET}\n`));
    const line = new TextEncoder().encode(`schema=trades|symbols=${"NQM5,".repeat(400)}X|is_last=0\n`);
    return flooded(line, (piece) => !session.receive(piece).some(({ kind }) => kind === "refused"));
  },
  "settings of aliases of aliases": () => {
    const line = (name: string, before: string): string => `${name}: &${name} [${Array.from({ length: 9 }, () => before).join(", ")}]\n`;
    const names = [..."abcdefghi"];
    const { kind } = parseConfig(names.map((name, n) => line(name, n === 0 ? "x" : `*${names[n - 1] ?? ""}`)).join(""));
    expect(kind === "bad", "the aliases were followed");
    return kind;
  },
  "settings nested 50,000 deep": () => parseConfig("[".repeat(50_000)).kind,
};
