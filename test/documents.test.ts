/** The picture and the key table in the documents are those of the program as it is. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createProgram } from "../src/commands/program.ts";
import { createSystem } from "../src/commands/system.ts";
import { svgOf } from "../src/ui/svg.ts";
import { demoScreen } from "./picture/demo-screen.ts";
import { gallery } from "./picture/gallery.ts";
import { PICTURE_TITLE, README_KEYS, readmeWithKeys, settingsDocument } from "./picture/documents.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

test("docs/screen.svg is the screen (npm run picture draws it anew)", async () => {
  expect(readFileSync(`${root}docs/screen.svg`, "utf8")).toBe(svgOf(await demoScreen(), PICTURE_TITLE));
});

test("docs/pictures has every layout and every theme, as they are, each with its banner (npm run picture)", async () => {
  const pictures = await gallery();
  expect(readdirSync(`${root}docs/pictures`).toSorted()).toEqual([...pictures.keys()].toSorted());
  for (const [name, svg] of pictures) {
    expect(readFileSync(`${root}docs/pictures/${name}`, "utf8") === svg, name).toBe(true);
    expect(svg).toMatch(/\[DEMO/);
  }
});

test("the README's key table is the program's", () => {
  const readme = readFileSync(`${root}README.md`, "utf8");
  expect(readme).toMatch(README_KEYS);
  expect(readmeWithKeys(readme)).toBe(readme);
});

test("docs/config.yaml explains the settings there are", () => {
  expect(readFileSync(`${root}docs/config.yaml`, "utf8")).toBe(settingsDocument());
});

test("the README names every command and the two commands to start with", () => {
  const readme = readFileSync(`${root}README.md`, "utf8");
  const commands = createProgram(createSystem(), () => {}).commands.map((command) => command.name());
  expect(commands.length).toBeGreaterThan(10);
  for (const command of commands) expect(readme).toContain(`| \`nq-tui ${command}`);
  expect(readme).toContain("npm ci && npm start");
  expect(readme).toContain("npm cit");
});
