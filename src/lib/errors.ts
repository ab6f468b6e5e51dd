/** The one error type of the product, and the table that says what each code means for a person and a script. */

/** What a code implies: exit status, whether connecting again may help, and what the reader should do. */
interface ErrorMeaning {
  readonly exit: number;
  readonly retry: boolean;
  readonly advice: string;
}

const meaning = (exit: number, retry: boolean, advice: string): ErrorMeaning => ({ exit, retry, advice });

const FILE_ADVICE = "check the path, and look at it with `nq-tui inspect FILE`";
const PEER_ADVICE = "the other side does not speak the gateway protocol; check host and port";

/** Exit codes: 0 done, 1 failed, 2 usage, 3 refused by the gateway, 4 damaged input, 5 network, 70 bug. */
export const ERROR_MEANINGS = {
  USAGE: meaning(2, false, "see --help"),
  KEY_FORM: meaning(3, false, "set DATABENTO_API_KEY to the 32-character key that begins with db-"),
  DBN_BAD_MAGIC: meaning(4, false, "records without a header are read by `nq-tui inspect --fragment VERSION FILE`"),
  DBN_LEGACY: meaning(4, false, "convert it with Databento's dbn tool first"),
  DBN_VERSION: meaning(4, false, "versions 1, 2 and 3 can be read"),
  DBN_METADATA: meaning(4, false, "the header is damaged; fetch the file again"),
  DBN_RECORD: meaning(4, false, "the data is damaged from that byte on; what came before was kept"),
  DBN_ENCODE: meaning(70, false, "a record could not be written in this form"),
  ZSTD_FRAME: meaning(4, false, "the compressed data is damaged from that byte on; what came before was kept"),
  ZSTD_WINDOW: meaning(4, false, "unpack it with `zstd -d --long=31 FILE` and read the plain file"),
  ZSTD_BOMB: meaning(4, false, "the file expands beyond anything market data does; it was not read further"),
  FILE_EMPTY: meaning(4, false, FILE_ADVICE),
  FILE_TRUNCATED: meaning(4, false, "the last record is incomplete; what came before was kept"),
  FILE_KIND: meaning(4, false, FILE_ADVICE),
  FILE_OPEN: meaning(1, false, FILE_ADVICE),
  FILE_CONTENT: meaning(4, false, FILE_ADVICE),
  CONTRACT_EXPIRED: meaning(2, false, "name that one with --symbol, or leave --symbol out for the contract with the most volume"),
  CALENDAR_FILE: meaning(2, false, "correct the calendar file; the README says what an entry holds"),
  CONFIG_FILE: meaning(2, false, "correct the settings, or run once without the file: --no-config"),
  CONFIG_EXISTS: meaning(1, false, "--force writes a new one and keeps the old one beside it"),
  CONFIG_WRITE: meaning(1, false, "name another file with --config, or take the text from --print"),
  FILE_WRITE: meaning(1, false, "free some space, or write somewhere else"),
  FILE_OTHER: meaning(1, false, "choose another name with --out; the file was not touched"),
  FILE_LOCKED: meaning(1, false, "another nq-tui writes to it; stop that one, or choose another name with --out"),
  RECORD_DISK: meaning(1, true, "free some space or choose another folder with --dir; what comes is kept in memory for a while"),
  RECORD_LOCKED: meaning(1, false, "another nq-tui records into this folder; stop it or choose another one with --dir"),
  INSTRUMENT_UNKNOWN: meaning(2, false, "name the instrument with --symbol"),
  LSG_BAD_GREETING: meaning(5, true, PEER_ADVICE),
  LSG_BAD_LINE: meaning(5, true, PEER_ADVICE),
  LSG_BAD_STREAM: meaning(5, true, "the data from the gateway was damaged; connecting again"),
  LSG_LINE_TOO_LONG: meaning(5, true, PEER_ADVICE),
  LSG_STATE: meaning(70, false, "the protocol was used out of order"),
  LSG_AUTH_REFUSED: meaning(3, false, "check DATABENTO_API_KEY; keys are listed in your Databento portal"),
  LSG_KEY_DEACTIVATED: meaning(3, false, "the key is deactivated; create a new one in your Databento portal"),
  LSG_LICENCE: meaning(3, false, "the account needs a live licence for this dataset"),
  LSG_SESSION_LIMIT: meaning(3, true, "close another live session of the team; the next try waits 30 s"),
  LSG_SUBSCRIPTION: meaning(2, false, "check symbol and schema"),
  LSG_REPLAY_AGED_OUT: meaning(5, true, "the gateway no longer holds that time; connecting without it"),
  LSG_INTERNAL: meaning(5, true, "the gateway had an internal error; connecting again"),
  NET_CONNECT: meaning(5, true, "check network, host and port"),
  NET_CONNECT_TIMEOUT: meaning(5, true, "check network, host and port"),
  NET_AUTH_TIMEOUT: meaning(5, true, PEER_ADVICE),
  NET_SILENT: meaning(5, true, "no heartbeat came; connecting again"),
  NET_SLEPT: meaning(5, true, "the machine was asleep; connecting again"),
  NET_CLOSED: meaning(5, true, "the gateway closed the connection; connecting again"),
  NET_LISTEN: meaning(1, false, "choose another port with --port"),
  HIST_REFUSED: meaning(3, false, "check DATABENTO_API_KEY; keys are listed in your Databento portal"),
  HIST_PAYMENT: meaning(3, false, "settle it in your Databento portal; nothing was fetched"),
  HIST_LICENCE: meaning(3, false, "data of the last 24 hours needs a live licence; ask again later, or for an earlier time"),
  HIST_REQUEST: meaning(2, false, "check contract, schema and date"),
  HIST_RANGE: meaning(1, false, "ask for a time that is available; the last half an hour may not be there yet"),
  HIST_UNAVAILABLE: meaning(5, true, "try again later; what was fetched is kept"),
  HIST_CONTENT: meaning(4, false, "what was fetched is kept and not counted as complete; ask again"),
  HIST_STOPPED: meaning(1, true, "ask again; what was fetched is kept"),
  HIST_COST: meaning(2, false, "allow more with --max-cost, or fill less"),
  NO_DATA: meaning(1, false, "the market may be closed, or the symbol may not trade"),
} as const satisfies Record<string, ErrorMeaning>;

export type ErrorCode = keyof typeof ERROR_MEANINGS;

/** An expected failure: a code for scripts, a sentence for people (what was expected, what was found). */
export class NqError extends Error {
  override readonly name = "NqError";
  readonly code: ErrorCode;
  /** Where several things are wrong: a sentence for each, the first one being the message. */
  readonly sentences: readonly string[];

  constructor(code: ErrorCode, message: string | readonly string[], options?: ErrorOptions) {
    const sentences = typeof message === "string" ? [message] : message;
    super(sentences[0], options);
    this.code = code;
    this.sentences = sentences;
  }

  /** The same, said of one of several things, such as a file. */
  of(name: string): NqError {
    return new NqError(this.code, `${name}: ${this.message}`, { cause: this });
  }

  get exit(): number {
    return ERROR_MEANINGS[this.code].exit;
  }
  /** Whether trying the same again later may succeed. */
  get retry(): boolean {
    return ERROR_MEANINGS[this.code].retry;
  }
  /** What the reader should do. */
  get advice(): string {
    return ERROR_MEANINGS[this.code].advice;
  }
}

/** The error as an NqError; anything unknown is wrapped with `code`, keeping it as the cause. */
export function toNqError(error: unknown, code: ErrorCode): NqError {
  if (error instanceof NqError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new NqError(code, message, { cause: error });
}
