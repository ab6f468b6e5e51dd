/** The registry of panes: one line each; number keys, focus order, help and the README's key table follow from it. */
import type { Pane } from "../pane.ts";
import { alerts } from "./alerts.ts";
import { chart } from "./chart.ts";
import { discovery } from "./discovery.ts";
import { hours } from "./hours.ts";
import { levels } from "./levels.ts";
import { link } from "./link.ts";
import { price } from "./price.ts";
import { profile } from "./profile.ts";
import { tape } from "./tape.ts";
import { whales } from "./whales.ts";

/** In the order of their number keys; the tenth has a letter of its own. */
export const PANES: readonly Pane[] = [price, chart, hours, whales, tape, link, levels, profile, discovery, alerts];
