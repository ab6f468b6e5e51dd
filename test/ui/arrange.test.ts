/** The layout: total, never larger than the screen, nothing over anything else, and honest about what it left out. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { arrange } from "../../src/ui/arrange.ts";
import type { Arrangement } from "../../src/ui/arrange.ts";
import { PANES } from "../../src/ui/panes/index.ts";
import type { Rect, Size } from "../../src/ui/text.ts";

const idsOf = (layout: Arrangement): string[] => layout.placed.map(({ index }) => PANES[index]?.id ?? "?");

function within(inner: Rect, outer: Rect): boolean {
  const right = inner.x + inner.width <= outer.x + outer.width;
  const low = inner.y + inner.height <= outer.y + outer.height;
  return inner.width >= 0 && inner.height >= 0 && inner.x >= outer.x && inner.y >= outer.y && right && low;
}

const apart = (a: Rect, b: Rect): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

function checkLayout(size: Size, focus: number, zoomed: boolean): void {
  const layout = arrange(size, PANES, { focus, zoomed });
  const screen = { x: 0, y: 0, width: Math.max(0, size.columns), height: Math.max(0, size.rows) };
  const rects = layout.placed.map(({ rect }) => rect);
  const footer = layout.footer === null ? [] : [layout.footer];
  const all = [layout.status, ...footer, ...rects].filter(({ height }) => height > 0);
  for (const rect of all) expect(within(rect, screen)).toBe(true);
  for (const { rect, inside } of layout.placed) expect(within(inside, rect)).toBe(true);
  all.forEach((rect, at) => all.slice(at + 1).forEach((other) => expect(apart(rect, other)).toBe(true)));
  const named = [...layout.placed.map(({ index }) => index), ...layout.dropped].toSorted((a, b) => a - b);
  expect(named).toEqual(PANES.map((_, index) => index));
}

test("any size gives a layout inside the screen, without overlap, that accounts for every pane", () => {
  const dimension = fc.integer({ min: -2, max: 400 });
  const focus = fc.integer({ min: 0, max: PANES.length - 1 });
  fc.assert(
    fc.property(dimension, dimension, focus, fc.boolean(), (columns, rows, index, zoomed) => {
      checkLayout({ columns, rows }, index, zoomed);
    }),
    { numRuns: 1500 },
  );
});

test("every pane that is placed next to others has at least the size it asked for", () => {
  for (let columns = 20; columns <= 300; columns += 7) {
    for (let rows = 5; rows <= 90; rows += 3) {
      const layout = arrange({ columns, rows }, PANES, { focus: 0, zoomed: false });
      if (layout.placed.length < 2) continue;
      for (const { index, inside } of layout.placed) {
        const least = PANES[index]?.minSize;
        expect(inside.width).toBeGreaterThanOrEqual(least?.columns ?? 0);
        expect(inside.height).toBeGreaterThanOrEqual(least?.rows ?? 0);
      }
    }
  }
});

test("no cell of the body is left without a pane, but for the gap between columns", () => {
  for (const [columns, rows] of [[80, 24], [120, 40], [160, 48], [200, 60]] as const) {
    const layout = arrange({ columns, rows }, PANES, { focus: 0, zoomed: false });
    const covered = layout.placed.reduce((sum, { rect }) => sum + rect.width * rect.height, 0);
    const gaps = layout.frame === "box" ? 0 : layout.body.height;
    expect(covered).toBeGreaterThanOrEqual(layout.body.width * layout.body.height - gaps);
  }
});

test("80x24 shows price, chart and connection, 120x40 all but two, 200x60 all", () => {
  const at = (columns: number, rows: number): string[] => {
    return idsOf(arrange({ columns, rows }, PANES, { focus: 0, zoomed: false }));
  };
  expect(at(80, 24)).toEqual(expect.arrayContaining(["price", "chart", "link"]));
  expect(at(120, 40).toSorted()).toEqual(PANES.map(({ id }) => id).filter((id) => id !== "profile" && id !== "alerts").toSorted());
  expect(at(200, 60).toSorted()).toEqual(PANES.map(({ id }) => id).toSorted());
  expect(at(30, 6)).toContain("price");
  expect(at(20, 5)).toEqual(["price"]);
});

test("whichever pane has the focus is shown, at 80x24 beside price and chart, in its good size", () => {
  for (const [index, pane] of PANES.entries()) {
    for (const [columns, rows] of [[20, 5], [40, 10], [60, 15], [80, 24], [120, 40], [200, 60]] as const) {
      const layout = arrange({ columns, rows }, PANES, { focus: index, zoomed: false });
      expect(idsOf(layout)).toContain(pane.id);
      if (columns >= 80) expect(idsOf(layout)).toEqual(expect.arrayContaining(["price", "chart"]));
    }
  }
});

test("panes go by priority, but the focused one stays", () => {
  const small = { columns: 40, rows: 12 };
  const tape = PANES.findIndex(({ id }) => id === "tape");
  expect(idsOf(arrange(small, PANES, { focus: 0, zoomed: false }))).not.toContain("tape");
  const withTape = idsOf(arrange(small, PANES, { focus: tape, zoomed: false }));
  expect(withTape).toEqual(expect.arrayContaining(["price", "tape"]));
});

test("zoom gives the pane the whole body", () => {
  const layout = arrange({ columns: 120, rows: 40 }, PANES, { focus: 4, zoomed: true });
  expect(layout.placed.map(({ index, rect }) => ({ index, rect }))).toEqual([{ index: 4, rect: layout.body }]);
});
