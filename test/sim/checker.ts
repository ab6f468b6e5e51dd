/**
 * What must hold, checked against the log by the plainest means: a map from a record's identity to how often it was
 * counted. Nothing here knows how the product decides.
 */
import type { RecordView } from "../../src/dbn/record-view.ts";
import { toNanos, type UnixTime } from "../../src/lib/time.ts";
import type { LinkGap, LinkState } from "../../src/lsg/link-state.ts";
import type { Coverage } from "../../src/store/snapshot.ts";
import type { TradeStore } from "../../src/store/store.ts";
import { accountedTrades } from "./counters.ts";
import { BASE_MS, BASE_NANOS, keyOf, MINUTE_NANOS, NEXT_ID, NQ_ID, type MarketLog } from "./market-log.ts";
import { NaiveStream } from "./naive-stream.ts";
import { OPEN_DATE, OPEN_US, type SessionTimes } from "./session-plan.ts";
import { Violation } from "./violation.ts";

/** One connection as the checker knows it. */
interface SeenSession {
  /** What the client was given, and the same before it was damaged on the way. */
  readonly given: NaiveStream;
  readonly undamaged: NaiveStream;
  /** How often the gateway sent each record, for streams that cannot be read here because they are compressed. */
  readonly sent: Map<string, number>;
  /** Records that the gateway did not send although they were asked for, and why. */
  readonly passedOver: Map<number, PassedOver>;
  isDamaged: boolean;
  /** What it asked for was damaged on the way to the gateway. */
  isAskDamaged: boolean;
  /** It asked for trades from the open of the session on: then figures begin with it. */
  isFromOpen: boolean;
  /** Contracts whose trades it asked for, when, and whether it was sent all that was asked for of the past. */
  instruments: ReadonlySet<number>;
  askedUs: number;
  isLive: boolean;
  /** How often each record had been counted when the session asked for its data. */
  countedBefore: ReadonlyMap<string, number>;
  start: bigint | null;
  /** A replay brings nothing new from before this time, if the sessions before it were told all. */
  knownToUs: number;
}

/** Why a record was not sent: it is older than what the gateway has, it was at the head of the replay, or anywhere in it. */
export type PassedOver = "old" | "head" | "hole";

/**
 * What a record may be lacking for. `before`: figures say that they begin later. `not asked`: no session that could have
 * had it was to. `told`: a gap says so. The last two are what nobody at this end can see: a record damaged on the way and
 * not sent again, and one that a replay left out without leaving out anything known.
 */
export type Excuse = "before" | "not asked" | "told" | "damaged" | "left out";

/** What the screen claims, and when its day opened, unix seconds. */
interface Shown {
  readonly coverage: Coverage;
  readonly daySec: number;
}

const TRADE = 0;
/** Just after an open it is asked for from a little before it, for the sake of clocks that are off. */
const AROUND_OPEN_NANOS = 1_500_000_000_000n;
/** Trades of a minute may come so late after its end. */
const BAR_GRACE_NANOS = 6_000_000_000n;
const OPEN_NANOS = BASE_NANOS + BigInt(OPEN_US) * 1_000n;
/** Hosts stamp their records with clocks that differ by up to this. */
const STAMP_US = 3_000;
/** A healthy gateway lets no longer pause between two signs of life. */
const BYTES_EVERY_US = 12_000_000;
/** A replay begins at least this long before the loss. */
const MARGIN_US = 60_000_000;

/** Microseconds of simulated time. */
const usOf = (time: UnixTime): number => (time.sec * 1_000 - BASE_MS) * 1_000 + time.nanos / 1_000;

const nameOf = ({ from, to }: Pick<LinkGap, "from" | "to">): string => `${usOf(from)} ${to === null ? "" : usOf(to)}`;

export class Checker {
  /** How often each record counts. */
  readonly counted = new Map<string, number>();
  readonly sessions = new Map<number, SeenSession>();
  /** Trade records handed on by the client: all, and those of the figures as they stand. */
  handedOn = 0;
  total = 0;
  /** Of those, what the store was given since it began its figures. */
  #shown = 0;
  readonly #log: MarketLog;
  readonly #canary: string;
  readonly #isCompressed: boolean;
  /** The most often that any session since the figures began delivered a record. */
  readonly #most = new Map<string, number>();
  /** The same since the simulation began. */
  readonly #mostEver = new Map<string, number>();
  /** What is to be counted before all is at rest again. */
  readonly #due = new Map<string, number>();
  #lastDeliveryUs = 0;
  #connection = 0;
  /** From when on trades are known since everything was counted from nothing; null: from the first on. */
  #knownFrom: UnixTime | null = null;
  /** The connection with which the figures began, and the one with which this run of the program did. */
  #freshConnection = 0;
  #firstConnection = 0;
  /** All with which figures ever began: what is recorded is of all of them. */
  #firsts = new Set<number>();
  /** The one with which the figures of the next contract did. */
  #rollConnection = Number.POSITIVE_INFINITY;
  #rollFrom: UnixTime | null = null;
  /** What was recorded before is being counted; how many trades that were. */
  #isWarming = false;
  #warmCount = 0;
  #isDamaged = false;
  /** The connection whose replay is said to have filled a gap. */
  readonly #filledBy = new Map<string, number>();
  /** The link was lost without a gap being told: then the figures must begin anew. */
  #mustBeFresh = false;

  readonly #hasBars: boolean;
  readonly #rollUs: number;
  /** The market is over: so is every minute that has a bar. */
  #hasEnded = false;
  /** How many records were missing for which reason, when that was last looked at. */
  excuses: ReadonlyMap<Excuse, number> = new Map();

  /** What the figures are of in the end: the contract, and trades from then on. */
  readonly #expected: { readonly rawSymbol: string; readonly instrumentId: number; readonly fromNanos: bigint; readonly tradeDate: string | null };

  constructor(options: { log: MarketLog; canary: string; isCompressed: boolean; hasBars: boolean; times: SessionTimes }) {
    const { hasBoundary, rollUs } = options.times;
    this.#rollUs = rollUs;
    this.#expected = {
      ...(Number.isFinite(rollUs) ? { rawSymbol: "NQU5", instrumentId: NEXT_ID } : { rawSymbol: "NQM5", instrumentId: NQ_ID }),
      fromNanos: hasBoundary ? BASE_NANOS + BigInt(OPEN_US) * 1_000n : 0n, tradeDate: hasBoundary ? OPEN_DATE : null,
    };
    this.#log = options.log;
    this.#hasBars = options.hasBars;
    this.#canary = options.canary;
    this.#isCompressed = options.isCompressed;
  }

  open(connection: number): void {
    this.#connection = connection;
    this.#isWarming = false;
    this.sessions.set(connection, {
      given: new NaiveStream((key, count, nanos) => {
        const session = this.sessions.get(connection);
        const isNews = Number(nanos - BASE_NANOS) / 1_000 >= (session?.knownToUs ?? 0);
        this.#raise(key, count, isNews && session?.isDamaged !== true);
      }),
      undamaged: new NaiveStream(),
      sent: new Map(), passedOver: new Map(), isDamaged: false, isAskDamaged: false, isFromOpen: false, instruments: new Set(), askedUs: 0, isLive: false, countedBefore: new Map(), start: null, knownToUs: Number.NEGATIVE_INFINITY,
    });
  }

  /** The client is about to be given these bytes. */
  delivered(connection: number, bytes: Uint8Array, sent: Uint8Array, nowUs: number): void {
    const session = this.sessions.get(connection);
    if (session === undefined) return;
    this.#lastDeliveryUs = nowUs;
    if (Buffer.compare(bytes, sent) !== 0) session.isDamaged = this.#isDamaged = true;
    if (this.#isCompressed) return;
    session.given.take(bytes);
    session.undamaged.take(sent);
  }

  /** The gateway sends these records of the log. */
  sent(connection: number, numbers: readonly number[]): void {
    const session = this.sessions.get(connection);
    if (session === undefined) return;
    for (const number of numbers) {
      const key = this.#log.keys[number] ?? "";
      const count = (session.sent.get(key) ?? 0) + 1;
      session.sent.set(key, count);
      if (this.#isCompressed) this.#raise(key, count, false);
    }
  }

  askedFor(connection: number, instruments: ReadonlySet<number>, nowUs: number, isAskDamaged: boolean): void {
    const session = this.sessions.get(connection);
    if (session !== undefined) Object.assign(session, { instruments, askedUs: nowUs, isAskDamaged });
  }

  live(connection: number): void {
    const session = this.sessions.get(connection);
    if (session !== undefined) session.isLive = true;
  }

  /** The figures of another contract begin; what was handed on counts as before. */
  rolled(from: UnixTime | null): void {
    this.#shown = 0;
    this.#rollFrom = from;
    this.#rollConnection = this.#connection;
    // Those of the new contract that came beside the old one come again, for its own figures.
    for (const [key, count] of this.counted) {
      const number = this.#log.keys.indexOf(key);
      if (this.#log.instruments[number] !== this.#expected.instrumentId) continue;
      this.counted.delete(key);
      this.total -= count;
    }
  }

  passedOver(connection: number, number: number, why: PassedOver): void {
    this.sessions.get(connection)?.passedOver.set(number, why);
  }

  /** I4: a session asks for trades from `start` on. */
  asked(connection: number, start: bigint | null, nowNanos: bigint): void {
    const session = this.sessions.get(connection);
    if (session === undefined) return;
    session.start = start;
    session.countedBefore = new Map(this.counted);
    session.knownToUs = start === null || this.total === 0 ? Number.NEGATIVE_INFINITY : this.#lastDeliveryUs - MARGIN_US;
    if (start === null || start === 0n) return;
    if (start > nowNanos) throw new Violation("I4: a session asks for a start in the future");
    const startUs = Number((start - BASE_NANOS) / 1_000n);
    if (startUs > this.#lastDeliveryUs - MARGIN_US + STAMP_US) {
      // The open of the session: then everything is counted from nothing, which is seen when it begins.
      session.isFromOpen = start <= OPEN_NANOS && start > OPEN_NANOS - AROUND_OPEN_NANOS;
      if (session.isFromOpen) return;
      throw new Violation(`I4: a session asks for trades from ${startUs / 1e6} s, less than a margin before the last delivery at ${this.#lastDeliveryUs / 1e6} s`);
    }
  }

  /** The program has ended, and its figures with it. */
  ended(): void {
    this.counted.clear();
    this.total = 0;
    this.handedOn = 0;
    this.#isWarming = false;
    this.#warmCount = 0;
    this.#mustBeFresh = false;
    this.#due.clear();
    this.#firstConnection = this.#connection + 1;
  }

  /** The program has begun by counting what was recorded: that often may each record be counted. */
  warm(recorded: ReadonlyMap<string, number>): void {
    this.#isWarming = true;
    for (const [key, count] of recorded) this.#most.set(key, Math.max(count, this.#most.get(key) ?? 0));
  }

  /** Everything is counted from nothing. */
  fresh(from: UnixTime | null): void {
    this.#knownFrom = from;
    this.counted.clear();
    this.total = 0;
    this.#shown = 0;
    this.#mustBeFresh = false;
    this.#due.clear();
    this.#rollConnection = Number.POSITIVE_INFINITY;
    this.#rollFrom = null;
    // What was recorded came by earlier sessions.
    if (this.#isWarming) {
      this.#freshConnection = Math.min(...this.#firsts, this.#freshConnection);
      return;
    }
    this.#firsts.add(this.#connection);
    this.#freshConnection = this.#connection;
    this.#most.clear();
    const session = this.sessions.get(this.#connection);
    const isReliable = !this.#isCompressed && session?.isDamaged === false;
    for (const [key, count] of (this.#isCompressed ? session?.sent : session?.given.occurrences) ?? []) this.#raise(key, count, isReliable);
  }

  /** The client hands a record on, to be counted. */
  count(view: RecordView): void {
    if (view.rtype !== TRADE) return;
    this.handedOn += 1;
    this.total += 1;
    this.#shown += 1;
    if (this.#isWarming) this.#warmCount += 1;
    const key = keyOf(view.bytes, view.base);
    const count = (this.counted.get(key) ?? 0) + 1;
    this.counted.set(key, count);
    if (this.#mustBeFresh) throw new Violation("I6: the link was lost, no gap was told, and yet the figures go on");
    const hasBegun = this.#isWarming || this.#connection === this.#freshConnection || this.#connection >= this.#rollConnection;
    if (!hasBegun && this.sessions.get(this.#connection)?.isFromOpen === true) throw new Violation("I4: figures go on with what is asked for from the open on");
    const most = this.#most.get(key) ?? 0;
    // What a compressed stream holds after damage cannot be known here.
    if (count > most && !(this.#isCompressed && this.#isDamaged)) throw new Violation(`I2: ${this.name(key)} was counted ${count} times, but no session delivered it more than ${most} times`);
  }

  /** Nothing is under way: what any session delivered is counted, each record as often as the one that had it most. */
  atRest(): void {
    for (const [key, count] of this.#due) {
      const counted = this.counted.get(key) ?? 0;
      if (counted < count) throw new Violation(`I1: ${this.name(key)} was delivered ${count} times by one session, but counted ${counted} times`);
    }
    this.#due.clear();
  }

  /** I9: the key, or the larger part of it, in a text. */
  text(where: string, text: string): void {
    if (text.includes(this.#canary) || text.includes(this.#canary.slice(3, 20))) throw new Violation(`I9: the key is in ${where}`);
  }

  /** I9: the same, and the answer made from the key, in a text for people. */
  shown(where: string, text: string): void {
    this.text(where, text);
    if (/[0-9a-f]{24}/i.test(text)) throw new Violation(`I9: the answer to a challenge is in ${where}`);
  }

  link(link: LinkState): void {
    this.shown("the link's reason", link.reason);
    this.shown("the link's advice", link.advice);
    this.shown("the gateway's name", `${link.gateway} ${link.gatewayVersion ?? ""} ${link.sessionId ?? ""}`);
    // A session that is given up for the sake of both contracts hands nothing on.
    if (link.phase === "DOWN" && link.reason.startsWith("the contract has changed")) this.#due.clear();
    const message = link.messages.at(-1);
    if (message !== undefined) this.shown("a message", message.text);
    if (link.messages.length > 50) throw new Violation(`I7: ${link.messages.length} messages are kept, at most 50 are allowed`);
    this.#gaps(link);
  }

  /** I6: while the link is lost there is an open gap, and the gaps are a list in order. */
  #gaps(link: LinkState): void {
    const gaps = link.gaps ?? [];
    if (gaps.length > 50) throw new Violation(`I7: ${gaps.length} gaps are kept, at most 50 are allowed`);
    const last = gaps.at(-1);
    if (last !== undefined && last.state === "filled" && !this.#filledBy.has(nameOf(last))) this.#filledBy.set(nameOf(last), this.#connection);
    let beganUs = Number.NEGATIVE_INFINITY;
    for (const [n, { from, to, state }] of gaps.entries()) {
      if (usOf(from) < beganUs - STAMP_US) throw new Violation("I6: a gap begins before the one before it does");
      if ((to === null) !== (state === "open")) throw new Violation(`I6: a gap that is ${state} ${to === null ? "has no end" : "has an end"}`);
      if (to === null && n < gaps.length - 1) throw new Violation("I6: a gap is open although there is a later one");
      if (to !== null && usOf(to) < usOf(from)) throw new Violation("I6: a gap ends before it begins");
      beganUs = usOf(from);
    }
    const isLost = link.phase === "DOWN" || link.phase === "CONNECTING" || link.phase === "AUTHENTICATING";
    if (isLost && this.total > 0 && gaps.at(-1)?.state !== "open") this.#mustBeFresh = true;
  }

  /** The link is up, and of every loss it is told what became of it. */
  converged(link: LinkState, nowUs: number): void {
    // A market that trades less than it used to is told as stale too; what matters is that bytes come.
    const isFlowing = link.phase === "LIVE" || link.phase === "QUIET" || (link.phase === "STALE" && nowUs - this.#lastDeliveryUs < BYTES_EVERY_US);
    if (!isFlowing) throw new Violation(`after all faults the link is ${link.phase}: ${link.reason}`);
    if (link.gaps?.at(-1)?.state === "open") throw new Violation("I6: after all faults a gap is still open");
  }

  /** At the end of a run that was healthy for long: what is claimed is true, and what is missing is told. */
  final(store: TradeStore, link: LinkState, nowUs: number): void {
    if (this.#mustBeFresh) throw new Violation("I6: the link was lost, no gap was told, and the figures did not begin anew");
    this.converged(link, nowUs);
    this.#hasEnded = true;
    this.claims(store, link);
    const { counters } = store.getSnapshot();
    // A damaged mapping may have aimed the store at another contract.
    if (this.#wasDamagedSince(this.#beganWith())) return;
    const accounted = accountedTrades(counters);
    // Until figures counted afresh have a trade, those before stay on screen.
    if (accounted !== this.#shown && this.#shown > 0) throw new Violation(`the counters account for ${accounted} trades of ${this.#shown}`);
    const { volume } = store.getSnapshot().studies.session;
    const expected = this.#contracts();
    const { rawSymbol, tradeDate } = this.#expected;
    const { instrument, day } = store.getSnapshot();
    if (this.total > 0 && instrument?.rawSymbol !== rawSymbol) throw new Violation(`the figures are of ${instrument?.rawSymbol ?? "no contract"} instead of ${rawSymbol}`);
    if (expected > 0 && tradeDate !== null && day?.tradeDate !== tradeDate) throw new Violation(`the figures are of trade date ${day?.tradeDate ?? "unknown"} instead of ${tradeDate}`);
    // Until the new session has a trade, the one before stays on screen.
    const isOld = tradeDate !== null && expected === 0;
    if (this.total > 0 && !isOld && volume !== expected) throw new Violation(`the figures show ${volume} contracts, counted were ${expected}`);
    if (this.#isCompressed || this.#wasDamagedSince(this.#firstConnection)) return;
    let delivered = this.#warmCount;
    for (const [connection, { given }] of this.sessions) if (connection >= this.#firstConnection) for (const count of given.occurrences.values()) delivered += count;
    const suppressed = link.stats.repeatedTrades + link.stats.heldBackTrades;
    if (this.handedOn + suppressed !== delivered) {
      throw new Violation(`${this.handedOn} trades counted and ${suppressed} suppressed are not the ${delivered} delivered`);
    }
  }

  /** Contracts of everything counted that a store of this contract is to count. */
  #contracts(): number {
    let sum = 0;
    const { instrumentId, fromNanos } = this.#expected;
    for (const [number, key] of this.#log.keys.entries()) {
      if (this.#log.isUsable[number] !== true || this.#log.keys.indexOf(key) !== number) continue;
      if (this.#log.instruments[number] !== instrumentId || (this.#log.tsEvent[number] ?? 0n) < fromNanos) continue;
      sum += (this.#log.sizes[number] ?? 0) * (this.counted.get(key) ?? 0);
    }
    return sum;
  }

  /**
   * While a gap is open, and at the end: every record of the log is counted, but for those that a gap tells of, and the few
   * that nobody at this end can know to be missing.
   */
  claims(store: TradeStore, link: LinkState): void {
    store.commit();
    const { coverage, day } = store.getSnapshot();
    const shown: Shown = { coverage, daySec: day?.openSec ?? 0 };
    const gaps = [...coverage.gaps, ...(link.gaps ?? [])];
    const excuses = new Map<Excuse, number>();
    for (const [key, numbers] of this.#numbers()) {
      const found = this.counted.get(key) ?? 0;
      let missing = numbers.length - found;
      if (missing <= 0) continue;
      const intact = this.#intact(key);
      for (const number of numbers) {
        const excuse = missing > 0 ? this.#excuseOf(number, key, shown, gaps) : null;
        const isSeen = excuse === "damaged" || excuse === "left out";
        if (excuse === null || (isSeen && found < intact)) continue;
        excuses.set(excuse, (excuses.get(excuse) ?? 0) + 1);
        missing -= 1;
      }
      if (missing > 0) throw new Violation(`I1: ${this.name(key)} is counted ${found} times instead of ${numbers.length} times, and nothing says so`);
    }
    this.excuses = excuses;
  }

  /** Records of the log by identity. */
  #numbers(): ReadonlyMap<string, readonly number[]> {
    const found = new Map<string, number[]>();
    for (const [number, key] of this.#log.keys.entries()) {
      const numbers = found.get(key);
      if (numbers === undefined) found.set(key, [number]);
      else numbers.push(number);
    }
    return found;
  }

  /** The first connection that anything counted may have come by. */
  #beganWith(): number {
    return this.#warmCount > 0 ? Math.min(...this.#firsts, this.#freshConnection) : this.#freshConnection;
  }

  #wasDamagedSince(first: number): boolean {
    return [...this.sessions].some(([connection, { isDamaged, isAskDamaged }]) => connection >= first && (isDamaged || isAskDamaged));
  }

  /** How often a session of this run of the program that was not damaged delivered it: what came whole is counted, or told. */
  #intact(key: string): number {
    let most = 0;
    for (const [connection, { isDamaged, given }] of this.sessions) {
      if (connection < Math.max(this.#freshConnection, this.#firstConnection) || isDamaged || this.#isCompressed) continue;
      most = Math.max(most, given.occurrences.get(key) ?? 0);
    }
    return most;
  }

  /** Why the figures are right to lack this record of the log; null: they are not. */
  #excuseOf(number: number, key: string, { coverage: { from: shownFrom }, daySec }: Shown, gaps: readonly Pick<LinkGap, "from" | "to" | "state">[]): Excuse | null {
    const instrument = this.#log.instruments[number] ?? 0;
    const nanos = this.#log.tsEvent[number] ?? 0n;
    if (nanos < this.#claimedFrom(instrument, shownFrom)) return "before";
    if (!this.#isAskedFor(number)) return "not asked";
    // Of a day that is over, and of the contract before, the figures said so while they were shown.
    const wasHead = this.#sessionsSince(this.#freshConnection).some(([connection, { passedOver }]) => this.#isFirst(connection, instrument) && ["old", "head"].includes(passedOver.get(number) ?? ""));
    const isOver = nanos < BigInt(daySec) * 1_000_000_000n || (this.#rollFrom !== null && instrument === NQ_ID);
    if (wasHead && isOver) return "before";
    // A gap is one of market time: told are the trades that were made in it, and those that would have come in it.
    const arrivedUs = this.#log.arrivalUs[number] ?? 0;
    const tradedUs = Number(nanos - BASE_NANOS) / 1_000;
    const around = gaps.filter(({ from, to }) =>
      [arrivedUs, tradedUs].some((at) => at >= usOf(from) - STAMP_US && (to === null || at <= usOf(to) + STAMP_US)));
    if (around.some(({ state }) => state !== "filled")) return "told";
    // What is damaged may still be counted, as another trade of as many contracts: then no bar tells it.
    if (this.#sessionsSince(this.#freshConnection).some(([, session]) => this.#isDamagedIn(session, key))) return "damaged";
    // Bars tell what is missing of a minute of the day on screen, once trades have passed it.
    const isBarred = this.#hasBars && this.#hasEnded && this.#log.isUsable[number] === true && instrument === NQ_ID;
    if (isBarred && nanos >= BigInt(daySec) * 1_000_000_000n && nanos / MINUTE_NANOS < this.#passedMinute()) return null;
    // The first replay of all has nothing to be compared with: a record that it left out from within is not missed.
    const isLeftOut = this.#sessionsSince(this.#freshConnection).some(([connection, session]) =>
      this.#isFirst(connection, instrument) && session.passedOver.get(number) === "hole" && (!this.#isDetectable(session) || this.#isDistrusted(connection)));
    if (isLeftOut) return "left out";
    // A later one that left it out, and nothing that is known to have been there, is believed.
    return around.some((gap) => {
      const filledBy = this.#filledBy.get(nameOf(gap)) ?? -1;
      return this.#sessionsSince(this.#freshConnection).some(([connection, session]) => connection <= filledBy && session.passedOver.has(number) && !this.#isDetectable(session));
    }) ? "left out" : null;
  }

  /** Minutes before this one, since 1970, have been compared with their bars. */
  #passedMinute(): bigint {
    let newest = 0n;
    for (const [number, nanos] of this.#log.tsEvent.entries()) {
      const isCounted = this.#log.isUsable[number] === true && this.#log.instruments[number] === NQ_ID && this.counted.has(this.#log.keys[number] ?? "");
      if (isCounted && nanos > newest) newest = nanos;
    }
    return (newest - BAR_GRACE_NANOS) / MINUTE_NANOS;
  }

  #sessionsSince(first: number): [number, SeenSession][] {
    return [...this.sessions].filter(([connection]) => connection >= first);
  }

  /** From when on the figures say to have all trades of a contract, in nanoseconds. */
  #claimedFrom(instrument: number, shownFrom: UnixTime | null): bigint {
    // The next contract's own figures begin with the session, or where they say so.
    if (shownFrom === null) return 1n << 64n;
    const isNext = this.#rollFrom !== null && instrument === NEXT_ID;
    const told = isNext ? this.#rollFrom : this.#knownFrom;
    const shown = toNanos(shownFrom);
    // Nothing but a damaged name of a contract may make figures begin later than was told when they began.
    return told === null || toNanos(told) > shown || this.#wasDamagedSince(this.#beganWith()) ? shown : toNanos(told);
  }

  #isDamagedIn(session: SeenSession, key: string): boolean {
    if (this.#isCompressed) return session.isDamaged && session.sent.has(key);
    return (session.undamaged.occurrences.get(key) ?? 0) > (session.given.occurrences.get(key) ?? 0);
  }

  /** Whether figures of the contract began with what this connection's replay had. */
  #isFirst(connection: number, instrument: number): boolean {
    if (connection === this.#freshConnection || (this.#warmCount > 0 && this.#firsts.has(connection))) return true;
    return connection >= this.#rollConnection && instrument === NEXT_ID;
  }

  /**
   * Whether anybody asked for it: all contracts of the last session, and one that a symbol no longer stands for up to when
   * it was asked for by its own name and all was sent.
   */
  #isAskedFor(number: number): boolean {
    const instrument = this.#log.instruments[number] ?? 0;
    const firsts = this.#warmCount > 0 ? [...this.#firsts] : [this.#freshConnection];
    // Figures that began after a roll are without the contract before; and a damaged request asks for another, or for none.
    const isWithout = firsts.some((connection) => {
      const session = this.sessions.get(connection);
      if (session === undefined || session.sent.size === 0 || session.instruments.has(instrument)) return false;
      return session.isAskDamaged || (instrument === NQ_ID && session.askedUs >= this.#rollUs);
    });
    if (isWithout) return false;
    const since = this.#sessionsSince(this.#freshConnection).map(([, session]) => session).filter(({ instruments }) => instruments.size > 0);
    const live = since.filter(({ isLive }) => isLive);
    const sessions = live.length > 0 ? live : since;
    if (sessions.at(-1)?.instruments.has(instrument) === true) return true;
    // The contract before a roll must be asked for by its own name where the figures of the next one begin, whether it was or not.
    const roll = this.#sessionsSince(this.#rollConnection).find(([, { isLive }]) => isLive)?.[1].askedUs ?? Number.NEGATIVE_INFINITY;
    const until = Math.max(roll, ...sessions.filter(({ instruments }) => instruments.has(instrument)).map(({ askedUs }) => askedUs));
    return (this.#log.arrivalUs[number] ?? 0) <= until;
  }

  /** Data before this session had been damaged: what was known of it is given up, and nothing is left to compare with. */
  #isDistrusted(connection: number): boolean {
    return [...this.sessions].some(([before, { isDamaged }]) => before < connection && isDamaged);
  }

  /** Whether a replay lacked what had been counted before, so that the client could know. */
  #isDetectable(session: SeenSession): boolean {
    for (const number of session.passedOver.keys()) {
      const key = this.#log.keys[number] ?? "";
      const came = (this.#isCompressed ? session.sent : session.given.occurrences).get(key) ?? 0;
      if ((session.countedBefore.get(key) ?? 0) > came) return true;
    }
    return false;
  }

  /** The most often that any session ever delivered the record. */
  mostEver(key: string): number {
    return this.#mostEver.get(key) ?? 0;
  }

  /** When records with this identity reached the gateway. */
  arrivals(key: string): number[] {
    return this.#log.keys.flatMap((other, number) => (other === key ? [this.#log.arrivalUs[number] ?? 0] : []));
  }

  name(key: string): string {
    const number = this.#log.keys.indexOf(key);
    if (number < 0) return "a record that is not in the log";
    const arrived = ((this.#log.arrivalUs[number] ?? 0) / 1e6).toFixed(3);
    const traded = (Number((this.#log.tsEvent[number] ?? 0n) - BASE_NANOS) / 1e9).toFixed(3);
    return `record ${number} of the log (traded ${traded} s, arrived ${arrived} s)`;
  }

  /** A session delivered a record for the `count`-th time. Not reliable: after damage, or still on the way. */
  #raise(key: string, count: number, isReliable: boolean): void {
    if (count > (this.#mostEver.get(key) ?? 0)) this.#mostEver.set(key, count);
    if (count <= (this.#most.get(key) ?? 0)) return;
    this.#most.set(key, count);
    if (isReliable) this.#due.set(key, count);
  }
}
