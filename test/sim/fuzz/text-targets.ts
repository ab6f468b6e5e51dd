/** Fuzz targets of the text protocol, both sides, and of the cleaning of texts from outside. */
import { parseConfig } from "../../../src/config/parse-config.ts";
import { sanitiseText } from "../../../src/lib/sanitise.ts";
import { createLsgClientSession } from "../../../src/lsg/client-session.ts";
import { createLsgServerSession } from "../../../src/lsg/server-session.ts";
import { CANARY_KEY, CHALLENGE, clientLines as clientCorpus, DATASET, gatewayLines, settingsFiles, texts } from "./corpus.ts";
import { piecesOf } from "./mutate.ts";
import { expect, leaks, outcomeOf, target, type FuzzTarget } from "./target.ts";

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const ANSWER = CANARY_KEY.respond(CHALLENGE);

/** The client's half, fed with what a gateway might say. */
export const clientLines: FuzzTarget = target(gatewayLines, (input, random) => {
  const session = createLsgClientSession({
    apiKey: CANARY_KEY, dataset: DATASET, tsOut: false, compression: "none", heartbeatIntervalS: 10, slowReaderBehavior: "skip",
    client: "fuzz/1",
  });
  let events = 0;
  let streamed = 0;
  return outcomeOf(() => {
    for (const piece of piecesOf(input, random)) {
      for (const event of session.receive(piece)) {
        events += 1;
        expect(events <= input.length, "more events than bytes");
        if (event.kind === "stream") streamed += event.bytes.length;
        else if (event.kind === "send") expect(!leaks(textOf(event.bytes)), "the key is sent");
        else {
          expect(!leaks(event.gatewayVersion + event.sessionId), "the key is in an event");
          session.start([{ schema: "trades", stypeIn: "continuous", symbols: ["NQ.c.0"], start: 0n, snapshot: false, id: 1 }]);
        }
      }
    }
    expect(streamed <= input.length, "more stream bytes than came");
  });
});

/** The gateway's half, fed with what a client might say. */
export const serverLines: FuzzTarget = target(clientCorpus, (input, random) => {
  const session = createLsgServerSession({
    dataset: DATASET, keys: [CANARY_KEY], challenge: CHALLENGE, sessionId: "1", lsgVersion: "0.9.4",
  });
  let last = "waiting";
  let isOver = false;
  for (const piece of piecesOf(input, random)) {
    for (const event of session.receive(piece)) {
      expect(!isOver, `an event after the end: ${event.kind}`);
      isOver = event.kind === "close" || event.kind === "refused";
      if (event.kind !== "send") last = event.kind;
      if (event.kind === "authenticated") {
        const line = textOf(input).split("\n")[0] ?? "";
        expect(line.includes(`auth=${ANSWER}`), "somebody was let in without the right answer");
      }
      const said = event.kind === "send" ? textOf(event.bytes) : event.kind === "refused" ? event.text : "";
      expect(!leaks(said) && !said.includes(ANSWER.slice(0, 64)), "the key or its answer is repeated to a client");
      expect(said.length < 1_000, "an answer of more than 1,000 characters");
    }
  }
  return last;
});

/** The settings: understood, or mistakes that name a line of the file, each a sentence fit for a terminal. */
export const config: FuzzTarget = target(settingsFiles, (input) => {
  const text = textOf(input);
  const parsed = parseConfig(text);
  const sentences = parsed.kind === "good" ? parsed.notes : parsed.mistakes.map(({ sentence }) => sentence);
  for (const sentence of sentences) {
    expect(sentence.length < 1_000 && !STEERING.test(sentence), `a sentence that is not fit to be shown: ${JSON.stringify(sentence)}`);
    expect(!leaks(sentence), "a key in the file is repeated");
  }
  if (parsed.kind === "good") return "ok";
  expect(parsed.mistakes.length > 0 && parsed.mistakes.length <= 20, `${parsed.mistakes.length} mistakes`);
  const lines = text.split(/\r\n|\r|\n/).length;
  for (const { line } of parsed.mistakes) expect(line >= 0 && line <= lines + 1, `line ${line} of ${lines}`);
  return "refused";
});

/** C0, C1, escape, bidirectional, zero-width: nothing of this may be left. */
const STEERING = /[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/;

export const sanitise: FuzzTarget = target(texts, (input, random) => {
  // As a peer's text is read: UTF-8, or one character for each byte.
  const text = random.chance(0.5) ? textOf(input) : Buffer.from(input).toString("latin1");
  const max = random.int(0, 80);
  return outcomeOf(() => {
    const clean = sanitiseText(text, max);
    expect(!STEERING.test(clean), "a character that steers terminals is left");
    expect([...clean].length <= max, "longer than asked for");
    expect(sanitiseText(clean, max) === clean, "cleaning what is clean changes it");
  });
});
