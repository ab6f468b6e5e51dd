/** The forms in which a volume analysis is printed: a report for people, JSON, or one of its tables as CSV. */
import { csvRow, withoutCommas } from "../ui/csv.ts";
import { largeTradeFigures, partsOfHour, sideName, volumeFigures, type VolumeSource } from "../ui/volume-figures.ts";
import { isoEastern, isoNanos } from "../ui/eastern.ts";
import { pointsOf } from "../market/price.ts";
import { volumeReport } from "../ui/volume-report.ts";
import { outside } from "../ui/text.ts";
import { pageText, pageWidth } from "./page.ts";
import { createLinePrinter, type LinePrinter } from "./print-lines.ts";
import type { System } from "./system.ts";

export type VolumeTable = "hours" | "large" | "profile";
export type VolumeFormat = { readonly kind: "report" } | { readonly kind: "json" } | { readonly kind: "csv"; readonly table: VolumeTable };

export interface VolumePrinter {
  print(sources: readonly VolumeSource[]): Promise<void>;
  /** @throws NqError FILE_WRITE */
  close(): Promise<void>;
  /** Sessions printed so far. */
  readonly sessions: number;
}

/** Rows handed to the output at once. */
const PIECE = 1000;

const COLUMNS: Readonly<Record<VolumeTable, readonly string[]>> = {
  hours: ["trade_date", "symbol", "start", "session", "volume", "trades", "buy_volume", "sell_volume", "none_volume", "delta", "mode", "coverage"],
  large: ["trade_date", "symbol", "ts_event", "side", "size", "fills", "levels", "average_price", "first_price", "last_price", "slippage", "minute_volume", "mode", "coverage"],
  profile: ["trade_date", "symbol", "price", "volume", "mode", "coverage"],
};

type Fields = (string | number | null)[];

function* tableRows(source: VolumeSource, table: VolumeTable): Generator<Fields> {
  const { snapshot, day, coverage } = source;
  const { instrument, studies, mode } = snapshot;
  if (instrument === null) return;
  const head = [day.tradeDate, outside(instrument.rawSymbol, 70)];
  const tail = [mode, withoutCommas(coverage)];
  if (table === "hours") {
    for (const part of studies.hours.hours.flatMap((hour) => partsOfHour(hour, day))) {
      const { startSec, session, volume, trades, buyVolume, sellVolume } = part;
      const none = volume - buyVolume - sellVolume;
      yield [...head, isoEastern(startSec, day), session, volume, trades, buyVolume, sellVolume, none, buyVolume - sellVolume, ...tail];
    }
  } else if (table === "large") {
    for (const { at, aggressor, size, fills, levels, firstTicks, lastTicks, averageTicks, slippageTicks, minuteVolume } of studies.large.events) {
      const points = (ticks: number): number => pointsOf(ticks, instrument);
      yield [...head, isoNanos(at), sideName(aggressor), size, fills, levels, points(averageTicks), points(firstTicks), points(lastTicks), points(slippageTicks), minuteVolume, ...tail];
    }
  } else {
    const profile = studies.profile.session;
    for (const [index, volume] of (profile?.volumes ?? []).entries()) {
      if (volume > 0) yield [...head, pointsOf((profile?.lowTicks ?? 0) + index, instrument), volume, ...tail];
    }
  }
}

/** One object a session, on one line. The large trades come last and in pieces: there may be hundreds of thousands. */
async function printJson(printer: LinePrinter, source: VolumeSource): Promise<void> {
  const { events } = source.snapshot.studies.large;
  const tickUnits = source.snapshot.instrument?.tickUnits ?? 0;
  printer.write(`${JSON.stringify(volumeFigures(source)).slice(0, -1)},"largeTrades":[`);
  for (let at = 0; at < events.length; at += PIECE) {
    const piece = events.slice(at, at + PIECE).map((event) => JSON.stringify(largeTradeFigures(event, tickUnits)));
    printer.write((at === 0 ? "" : ",") + piece.join(","));
    await printer.flush();
  }
  printer.write("]}\n");
  await printer.flush();
}

async function printTable(printer: LinePrinter, source: VolumeSource, table: VolumeTable): Promise<void> {
  let piece: string[] = [];
  for (const fields of tableRows(source, table)) {
    piece.push(csvRow(fields));
    if (piece.length < PIECE) continue;
    printer.print(piece.join("\n"));
    piece = [];
    await printer.flush();
  }
  if (piece.length > 0) printer.print(piece.join("\n"));
  await printer.flush();
}

class Printer implements VolumePrinter {
  readonly #system: System;
  readonly #format: VolumeFormat;
  readonly #printer: LinePrinter;
  sessions = 0;

  constructor(system: System, format: VolumeFormat, onGone: () => void) {
    this.#system = system;
    this.#format = format;
    this.#printer = createLinePrinter(system, onGone);
  }

  async print(sources: readonly VolumeSource[]): Promise<void> {
    const format = this.#format;
    const printer = this.#printer;
    for (const source of sources) {
      const isFirst = this.sessions === 0;
      this.sessions += 1;
      if (format.kind === "json") await printJson(printer, source);
      else if (format.kind === "csv") {
        if (isFirst) printer.print(csvRow(COLUMNS[format.table]));
        await printTable(printer, source, format.table);
      } else {
        const rows = volumeReport(source, pageWidth(this.#system));
        printer.write((isFirst ? "" : "\n\n") + pageText(this.#system, rows));
        await printer.flush();
      }
    }
  }

  close(): Promise<void> {
    return this.#printer.flush();
  }
}

/** `onGone` is called once when nothing can be written any more. */
export function createVolumePrinter(system: System, format: VolumeFormat, onGone: () => void): VolumePrinter {
  return new Printer(system, format, onGone);
}
