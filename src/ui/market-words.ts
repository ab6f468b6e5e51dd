/** Words and signs that several places share: modes, link phases, aggressors, market time. */
import type { LinkPhase, LinkState } from "../lsg/link-state.ts";
import type { Aggressor } from "../market/trade.ts";
import type { TradingDay } from "../market/trading-day.ts";
import type { Mode, Snapshot } from "../store/snapshot.ts";
import { clockText, spanText } from "./format.ts";
import { span } from "./text.ts";
import type { Row } from "./text.ts";
import type { Tone } from "./theme.ts";

interface ModeWords {
  /** From the longest to the shortest. */
  readonly badges: readonly [string, string, string];
  readonly tone: Tone;
}

const MODES: Readonly<Record<Mode, ModeWords>> = {
  LIVE: { badges: ["[LIVE]", "[LIVE]", "[LIVE]"], tone: "badgeLive" },
  REPLAY: { badges: ["[REPLAY of a recording]", "[REPLAY]", "[REPLAY]"], tone: "badgeReplay" },
  DEMO: { badges: ["[DEMO simulated prices]", "[DEMO simulated]", "[DEMO]"], tone: "badgeDemo" },
};

/** The badge that says where the numbers come from, the longest first; readable without colour. */
export function modeBadges(mode: Mode): readonly Row[] {
  const { badges, tone } = MODES[mode];
  return badges.map((text) => [span(text, tone)]);
}

interface PhaseWords {
  readonly sign: string;
  readonly word: string;
  readonly tone: Tone;
  readonly meaning: string;
}

const PHASES: Readonly<Record<LinkPhase, PhaseWords>> = {
  CONNECTING: { sign: "○", word: "CONNECTING", tone: "accent", meaning: "dialling the gateway" },
  AUTHENTICATING: { sign: "○", word: "AUTHENTICATING", tone: "accent", meaning: "showing the gateway who we are" },
  SUBSCRIBED: { sign: "◌", word: "SUBSCRIBED", tone: "accent", meaning: "asked for data, waiting for the first" },
  CATCHING_UP: { sign: "»", word: "CATCHING UP", tone: "warn", meaning: "the gateway replays the earlier part" },
  LIVE: { sign: "●", word: "LIVE", tone: "badgeLive", meaning: "data flows" },
  QUIET: { sign: "◦", word: "QUIET", tone: "accent", meaning: "connected; no trades come" },
  STALE: { sign: "!", word: "STALE", tone: "warnStrong", meaning: "what should come does not; the picture may be old" },
  DOWN: { sign: "✕", word: "DOWN", tone: "alarm", meaning: "connection lost; the picture is old" },
  REFUSED: { sign: "■", word: "REFUSED", tone: "alarm", meaning: "the gateway will not serve us; not trying again" },
  ENDED: { sign: "□", word: "ENDED", tone: "warn", meaning: "the source is over; nothing more will come" },
};

const NO_LINK: PhaseWords = { sign: "○", word: "NO LINK YET", tone: "dim", meaning: "not started" };

/** Sign, word, tone and meaning of the link's phase. Simulated and recorded data is never called live. */
export function phaseWords(link: Pick<LinkState, "phase"> | null, mode: Mode): PhaseWords {
  if (link === null) return NO_LINK;
  const words = PHASES[link.phase];
  return link.phase === "LIVE" && mode !== "LIVE" ? { ...words, word: "RUNNING" } : words;
}

/** When the next try is due, in words; empty when none is planned. */
export function nextTryText(link: LinkState | null, wallMs: number): string {
  if (link?.nextTryAtMs === null || link?.nextTryAtMs === undefined) return "";
  const wait = link.nextTryAtMs - wallMs;
  return wait <= 0 ? "trying now" : `next try in ${spanText(wait + 999)}`;
}

interface SideWords {
  readonly arrow: string;
  readonly word: string;
  readonly tone: Tone;
}

/** Arrow, word and tone of a side. */
export function sideWords(aggressor: Aggressor): SideWords {
  if (aggressor === 1) return { arrow: "▲", word: "BUY", tone: "up" };
  if (aggressor === -1) return { arrow: "▼", word: "SELL", tone: "down" };
  return { arrow: "·", word: "NONE", tone: "dim" };
}

/** The tone of a number by its sign. */
export function signTone(value: number): Tone {
  return value > 0 ? "up" : value < 0 ? "down" : "plain";
}

/** Seconds to add to UTC for the clock on screen: Eastern, or none while the trading day is unknown. */
export function offsetOf(day: TradingDay | null): number {
  return day?.easternOffsetSec ?? 0;
}

/** Name of the zone that `offsetOf` leads to. */
export function zoneOf(day: TradingDay | null): string {
  return day === null ? "UTC" : "ET";
}

/** Market time as `10:58:30 ET`; a placeholder of the same width before the first record. */
export function marketTimeText(snapshot: Snapshot): string {
  const { asOf, day } = snapshot;
  return asOf === null ? "--:--:-- ET" : `${clockText(asOf.sec, offsetOf(day))} ${zoneOf(day)}`;
}
