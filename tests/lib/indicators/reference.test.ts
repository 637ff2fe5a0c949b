/** Are our values those of the references? Every file of Skender and Tulip is compared, or named with its reason. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import type { IndicatorBar } from "#lib/indicators/indicator.ts";
import type { AnyIndicator } from "#lib/indicators/registry.ts";
import {
  SKENDER_ROWS,
  type SkenderRow,
  TULIP_ROWS,
  type TulipRow,
  UNUSED,
} from "#tests/lib/indicators/reference-table.ts";
import { printedTolerance, readTulipCases, TULIP_FILES, type TulipCase } from "#tests/lib/indicators/tulip-cases.ts";
import { needsSharedData, readSharedCsv, readSharedText, sharedData } from "#tests/support/shared-data.ts";

const RELATIVE_TOLERANCE = 1e-6;
/** Where the expected value is next to 0. */
const ABSOLUTE_TOLERANCE = 1e-9;

const guard = needsSharedData("indicators/skender", "indicators/tulip");

/** Each field of the state after each bar; NaN before the warm-up of an output. */
function valuesOf(indicator: AnyIndicator, params: unknown, bars: readonly IndicatorBar[]): Record<string, number>[] {
  const state = indicator.create(params);
  return bars.map((bar) => {
    indicator.add(state, indicator.input === "value" ? bar.close : bar);
    return { ...(state as unknown as Record<string, number>) }; // safe: outputs are numbers of the state
  });
}

function readSkenderBars(): IndicatorBar[] {
  return readSharedCsv("indicators/skender/quotes/default.csv").map((row) => ({
    open: Number(row.open),
    high: Number(row.high),
    low: Number(row.low),
    close: Number(row.close),
    volume: Number(row.volume),
  }));
}

/** Their rows by column; null where they have no value. */
function readSkenderRows(file: string): Record<string, unknown>[] {
  const path = `indicators/skender/results/${file}`;
  if (file.endsWith(".json")) return JSON.parse(readSharedText(path)) as Record<string, unknown>[]; // safe: an array
  return readSharedCsv(path).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell === "" ? null : Number(cell)])),
  );
}

/** Compares a row and returns how many values agreed. */
function compareSkender(row: SkenderRow, bars: readonly IndicatorBar[]): number {
  const isAlike = row.from === undefined && row.lag === undefined && row.except === undefined;
  assert.equal(isAlike, row.why === undefined, "a difference has its reason");
  const ours = valuesOf(row.indicator, row.params, bars);
  const theirs = readSkenderRows(row.file);
  assert.equal(theirs.length, bars.length, "rows");
  let compared = 0;
  for (const [column, field] of Object.entries(row.fields)) {
    const before = compared;
    for (let i = row.from ?? 0; i < theirs.length; i++) {
      const expected = theirs[i][column];
      const actual = ours[i - (row.lag ?? 0)]?.[field] ?? Number.NaN;
      if (typeof expected !== "number" || Number.isNaN(actual) || row.except?.includes(i)) continue;
      const tolerance = Math.max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * Math.abs(expected));
      const isEqual = Math.abs(actual - expected) <= tolerance;
      assert.ok(isEqual, `${row.file} ${column}, row ${i}: ${actual}, expected ${expected}`);
      compared++;
    }
    assert.ok(compared > before, `${row.file} ${column}: nothing to compare`);
  }
  return compared;
}

function tulipBars(row: TulipRow, tulip: TulipCase): IndicatorBar[] {
  const names = row.inputs.split(" ");
  const columns = new Map(names.map((name, at) => [name, tulip.columns[at].map(Number)]));
  const close = columns.get("close") ?? columns.get("high") ?? [];
  return close.map((value, i) => ({
    open: columns.get("open")?.[i] ?? value,
    high: columns.get("high")?.[i] ?? value,
    low: columns.get("low")?.[i] ?? value,
    close: value,
    volume: columns.get("volume")?.[i] ?? 1,
  }));
}

/** Compares a case to the digits that it prints and returns how many values agreed. */
function compareTulip(row: TulipRow, tulip: TulipCase): number {
  assert.equal(row.units === undefined, row.why === undefined, "a difference has its reason");
  const ours = valuesOf(row.indicator, row.params, tulipBars(row, tulip));
  const expected = tulip.columns.slice(row.inputs.split(" ").length);
  assert.equal(expected.length, row.outputs.length, `${row.cases}: output columns`);
  let compared = 0;
  for (const [at, field] of row.outputs.entries()) {
    const column = expected[at];
    for (const [i, cell] of column.entries()) {
      const actual = ours[ours.length - column.length + i][field] * (row.scale ?? 1);
      if (Number.isNaN(actual)) continue;
      const tolerance = printedTolerance(column, cell) * (row.units ?? 1) * (1 + 1e-6);
      const isEqual = Math.abs(actual - Number(cell)) <= tolerance;
      assert.ok(isEqual, `${tulip.file} ${row.cases} ${field}, value ${i}: ${actual}, expected ${cell}`);
      compared++;
    }
  }
  return compared;
}

/** The names of a list of reasons; a name that stands twice is an error. */
function namesOf(reasons: Record<string, string>): Set<string> {
  const names = Object.values(reasons).flatMap((text) => text.split(" "));
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  assert.deepEqual(twice, [], "named twice");
  return new Set(names);
}

/** Every found one is used or named as unused, and nothing is named that is used or not there. */
function checkListed(found: readonly string[], used: ReadonlySet<string>, unused: ReadonlySet<string>): void {
  assert.deepEqual(
    found.filter((name) => !used.has(name) && !unused.has(name)),
    [],
    "neither used nor named as unused",
  );
  assert.deepEqual(
    [...unused].filter((name) => used.has(name)),
    [],
    "used, yet named as unused",
  );
  assert.deepEqual(
    [...used, ...unused].filter((name) => !found.includes(name)),
    [],
    "listed, but not there",
  );
}

for (const row of SKENDER_ROWS) {
  const columns = Object.keys(row.fields).join(", ");
  test(`${row.indicator.name} ${JSON.stringify(row.params)} is Skender's ${row.file} (${columns})`, guard, (t) => {
    t.diagnostic(`${compareSkender(row, readSkenderBars())} values agree${row.why ? `; ${row.why}` : ""}`);
  });
}

for (const row of TULIP_ROWS) {
  test(`${row.indicator.name} ${JSON.stringify(row.params)} is Tulip's ${row.cases}`, guard, (t) => {
    const cases = TULIP_FILES.flatMap(readTulipCases).filter((it) => `${it.name} ${it.options}`.trim() === row.cases);
    assert.ok(cases.length > 0, "no such case");
    const counts = cases.map((it) => `${compareTulip(row, it)} values of ${it.file}`);
    assert.ok(
      counts.some((text) => !text.startsWith("0 ")),
      `${row.cases}: nothing to compare`,
    );
    t.diagnostic(`${counts.join(", ")} agree${row.why ? `; ${row.why}` : ""}`);
  });
}

test("every file and case of the references is used, or named with its reason", guard, (t) => {
  const folder = (path: string) =>
    readdirSync(sharedData(`indicators/${path}`) ?? "").filter((name) => name !== "LICENSE");
  const fullName = (name: string) => (name.includes(".") ? name : `${name}.standard.json`);
  const usedFiles = new Set(SKENDER_ROWS.map(({ file }) => file));
  const unusedFiles = new Set([...namesOf(UNUSED.skender)].map(fullName));
  checkListed(folder("skender/results"), usedFiles, unusedFiles);
  checkListed(folder("skender/quotes"), new Set(["default.csv"]), namesOf(UNUSED.quotes));
  assert.deepEqual(folder("tulip").sort(), TULIP_FILES, "Tulip's files");

  const cases = TULIP_FILES.flatMap(readTulipCases).filter(({ columns }) => columns.length > 0);
  const usedNames = new Set(TULIP_ROWS.map((row) => row.cases.split(" ")[0]));
  checkListed([...new Set(cases.map(({ name }) => name))], usedNames, namesOf(UNUSED.tulip));
  const usedCases = new Set(TULIP_ROWS.map((row) => row.cases));
  const left = cases.filter((it) => usedNames.has(it.name) && !usedCases.has(`${it.name} ${it.options}`.trim()));
  assert.deepEqual(
    left.map((it) => `${it.file} ${it.name} ${it.options}`),
    [],
    "a used name has a row for each case",
  );

  t.diagnostic(`Skender used: ${[...usedFiles].join(" ")}`);
  t.diagnostic(`Tulip used: ${[...usedCases].join(", ")}`);
  for (const [list, reasons] of Object.entries(UNUSED)) {
    for (const [reason, names] of Object.entries(reasons)) t.diagnostic(`${list} unused, ${reason}: ${names}`);
  }
});
