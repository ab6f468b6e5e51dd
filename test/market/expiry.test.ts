/** Expiry and roll dates, and which contract leads: the published table, its exceptions, the rules by date. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dateText, dayNumberOfText, weekday } from "../../src/market/civil-date.ts";
import { contractSymbol, parseContract } from "../../src/market/contract.ts";
import { contractDates, expirySecOf, nextQuarter, thirdFriday, type ContractMonth } from "../../src/market/expiry.ts";
import { leadMonth, ROLL_RULES } from "../../src/market/front-month.ts";
import { builtInCalendar } from "../../src/market/trading-day.ts";

const noon = (date: string): number => Date.parse(`${date}T12:00:00Z`) / 1000;

/** Symbol, third Friday, expiry, its 09:30 Eastern in UTC, roll Thursday, roll Monday. */
const TABLE = [
  ["NQH5", "2025-03-21", "2025-03-21", "13:30", "2025-03-13", "2025-03-17"],
  ["NQM5", "2025-06-20", "2025-06-20", "13:30", "2025-06-12", "2025-06-16"],
  ["NQU5", "2025-09-19", "2025-09-19", "13:30", "2025-09-11", "2025-09-15"],
  ["NQZ5", "2025-12-19", "2025-12-19", "14:30", "2025-12-11", "2025-12-15"],
  ["NQH6", "2026-03-20", "2026-03-20", "13:30", "2026-03-12", "2026-03-16"],
  ["NQM6", "2026-06-19", "2026-06-18", "13:30", "2026-06-11", "2026-06-15"],
  ["NQU6", "2026-09-18", "2026-09-18", "13:30", "2026-09-10", "2026-09-14"],
  ["NQZ6", "2026-12-18", "2026-12-18", "14:30", "2026-12-10", "2026-12-14"],
  ["NQH7", "2027-03-19", "2027-03-19", "13:30", "2027-03-11", "2027-03-15"],
  ["NQM7", "2027-06-18", "2027-06-17", "13:30", "2027-06-10", "2027-06-14"],
  ["NQU7", "2027-09-17", "2027-09-17", "13:30", "2027-09-09", "2027-09-13"],
  ["NQZ7", "2027-12-17", "2027-12-17", "14:30", "2027-12-09", "2027-12-13"],
  ["NQH8", "2028-03-17", "2028-03-17", "13:30", "2028-03-09", "2028-03-13"],
  ["NQM8", "2028-06-16", "2028-06-16", "13:30", "2028-06-08", "2028-06-12"],
  ["NQU8", "2028-09-15", "2028-09-15", "13:30", "2028-09-07", "2028-09-11"],
  ["NQZ8", "2028-12-15", "2028-12-15", "14:30", "2028-12-07", "2028-12-11"],
  ["NQH9", "2029-03-16", "2029-03-16", "13:30", "2029-03-08", "2029-03-12"],
  ["NQM9", "2029-06-15", "2029-06-15", "13:30", "2029-06-07", "2029-06-11"],
  ["NQU9", "2029-09-21", "2029-09-21", "13:30", "2029-09-13", "2029-09-17"],
  ["NQZ9", "2029-12-21", "2029-12-21", "14:30", "2029-12-13", "2029-12-17"],
  ["NQH0", "2030-03-15", "2030-03-15", "13:30", "2030-03-07", "2030-03-11"],
  ["NQM0", "2030-06-21", "2030-06-21", "13:30", "2030-06-13", "2030-06-17"],
  ["NQU0", "2030-09-20", "2030-09-20", "13:30", "2030-09-12", "2030-09-16"],
  ["NQZ0", "2030-12-20", "2030-12-20", "14:30", "2030-12-12", "2030-12-16"],
] as const;

test.each(TABLE)("%s: third Friday %s, expiry %s", (symbol, friday, expiry, utc, thursday, monday) => {
  const contract = parseContract(symbol, noon("2025-01-02"));
  if (contract === null) throw new Error("not a contract");
  const dates = contractDates(contract, builtInCalendar);
  expect(dateText(thirdFriday(contract.year, contract.month))).toBe(friday);
  expect([dates.expiry, dates.rollThursday, dates.rollMonday].map(dateText)).toEqual([expiry, thursday, monday]);
  expect(expirySecOf(dates.expiry, builtInCalendar)).toBe(Date.parse(`${expiry}T${utc}:00Z`) / 1000);
  expect(contractSymbol(contract)).toBe(symbol);
});

test("the table is complete", () => {
  expect(TABLE).toHaveLength(24);
  let contract: ContractMonth = { year: 2025, month: 3 };
  for (const row of TABLE.slice(1)) {
    contract = nextQuarter(contract);
    expect(contractSymbol({ root: "NQ", ...contract })).toBe(row[0]);
  }
});

test("an expired contract is told from the one ten years later by its own expiry, not the third Friday", () => {
  expect(parseContract("NQM6", noon("2026-06-19"))).toMatchObject({ year: 2026 });
  expect(parseContract("NQM6", noon("2026-06-20"))).toMatchObject({ year: 2036 });
});

describe("the lead month", () => {
  const lead = (rule: (typeof ROLL_RULES)[number], date: string): string =>
    contractSymbol({ root: "NQ", ...leadMonth(rule, dayNumberOfText(date), builtInCalendar) });

  test.each([
    // The week of the demo's day: by Monday still June, by Thursday already September.
    ["2025-06-11", "NQM5", "NQM5", "NQM5"],
    ["2025-06-12", "NQM5", "NQU5", "NQM5"],
    ["2025-06-13", "NQM5", "NQU5", "NQM5"],
    ["2025-06-16", "NQU5", "NQU5", "NQM5"],
    ["2025-06-20", "NQU5", "NQU5", "NQM5"],
    ["2025-06-23", "NQU5", "NQU5", "NQU5"],
    // June 2026 expires on a Thursday; the roll dates stay where they are.
    ["2026-06-11", "NQM6", "NQU6", "NQM6"],
    ["2026-06-15", "NQU6", "NQU6", "NQM6"],
    ["2026-06-18", "NQU6", "NQU6", "NQM6"],
    ["2026-06-22", "NQU6", "NQU6", "NQU6"],
    // The end of a year.
    ["2025-12-31", "NQH6", "NQH6", "NQH6"],
    ["2026-12-11", "NQZ6", "NQH7", "NQZ6"],
    ["2027-01-04", "NQH7", "NQH7", "NQH7"],
  ])("on %s by Monday %s, by Thursday %s, by expiry %s", (date, monday, thursday, expiry) => {
    expect([lead("monday", date), lead("thursday", date), lead("expiry", date)]).toEqual([monday, thursday, expiry]);
    expect(lead("volume", date)).toBe(monday);
  });

  test("never goes back to an older contract, and has not expired", () => {
    const first = dayNumberOfText("2023-01-01");
    fc.assert(
      fc.property(fc.constantFrom(...ROLL_RULES), fc.integer({ min: first, max: first + 8 * 365 }), fc.integer({ min: 0, max: 40 }), (rule, date, later) => {
        const at = (when: number): ContractMonth => leadMonth(rule, when, builtInCalendar);
        const order = ({ year, month }: ContractMonth): number => year * 12 + month;
        expect(order(at(date + later))).toBeGreaterThanOrEqual(order(at(date)));
        const { expiry } = contractDates(at(date), builtInCalendar);
        expect(expiry).toBeGreaterThanOrEqual(date);
        expect(expiry - date).toBeLessThanOrEqual(99 + 8);
        expect([4, 5]).toContain(weekday(expiry));
      }),
    );
  });
});
