/** Are our indicators as fast as a loop by hand, and how far ahead of npm's? Values first, then time and allocation. */
import { execFileSync } from "node:child_process";
import path from "node:path";
import { INDICATORS } from "#lib/indicators/registry.ts";
import { benchBars } from "./indicator-bars.ts";
import {
  BENCHED,
  type Benched,
  batchesOf,
  HAND,
  MODES,
  type Mode,
  namesOf,
  OURS,
  outputsOf,
  streamsOf,
} from "./indicator-contenders.ts";
import { median, packageVersion, report } from "./measure.ts";

const PROCESSES = 5;
const CHECKED_BARS = 20_000;
/** Seeds have worn off behind these. */
const SETTLED_BARS = 5_000;
const TOLERANCE = 1e-9;
/** technicalindicators rounds its RSI to two decimals. */
const ROUNDED: Readonly<Record<string, number>> = { "technicalindicators rsi": 0.005 };
const LOOP_RATIO_MAX = 2;
const BYTES_PER_BAR_MAX = 1;
/** The middle compiler would take a stream's loop into the measuring one and keep it: the last one is measured. */
const TIMING_FLAGS = ["--no-maglev"];
/** So large a new space (MB) that no collection falls into a run: what was allocated is still there behind it. */
const NEW_SPACE_MB = 512;

const leadMin = (mode: Mode, indicator: Benched): number => (indicator === "ema" ? 1.5 : mode === "stream" ? 3 : 2);

/** Runs a file of this folder in a process of its own and reads the number that it prints. */
function measured(file: string, args: readonly string[], flags: readonly string[] = []): number {
  const script = path.join(import.meta.dirname, file);
  return Number(execFileSync(process.execPath, [...flags, script, ...args], { encoding: "utf8" }));
}

/** The values of each contender by name: columns of a batch, or a stream's sum of outputs bar by bar. */
function valuesOf(mode: Mode, indicator: Benched): [name: string, columns: ArrayLike<number>[]][] {
  const bars = benchBars(CHECKED_BARS);
  if (mode === "batch") {
    return [...batchesOf(indicator)].map(([name, batch]) => {
      const out = Array.from({ length: outputsOf(indicator) }, () => new Float64Array(CHECKED_BARS));
      return [name, batch(bars, out) ?? out];
    });
  }
  return [...streamsOf(indicator)].map(([name, stream]) => {
    const take = stream(bars);
    return [name, [Float64Array.from({ length: CHECKED_BARS }, (_, i) => take(i, i + 1))]];
  });
}

/** Throws where a contender's values are not ours, to 1e-9 of their size. */
function checkValues(mode: Mode, indicator: Benched): void {
  const [[, ours], ...others] = valuesOf(mode, indicator);
  for (const [name, columns] of others) {
    const rounding = ROUNDED[`${name} ${indicator}`] ?? 0;
    for (const [at, column] of columns.entries()) {
      for (let back = 1; back <= CHECKED_BARS - SETTLED_BARS; back++) {
        const [expected, actual] = [ours[at][CHECKED_BARS - back], column[column.length - back]];
        const isEqual = Math.abs(actual - expected) <= Math.max(TOLERANCE * Math.max(1, Math.abs(expected)), rounding);
        if (!isEqual)
          throw new Error(`${mode} ${indicator} ${name}: ${actual}, ours ${expected}, ${back} from the end`);
      }
    }
  }
}

/** Median of the processes' medians, in ns a bar; the contenders take turns, so that a busy minute hits all. */
function measureAll(mode: Mode, indicator: Benched): Map<string, { median: number; spread: string }> {
  const names = namesOf(mode, indicator);
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < PROCESSES; round++) {
    for (const name of names)
      times.get(name)?.push(measured("indicator-case.ts", [mode, indicator, name], TIMING_FLAGS));
  }
  const shown = (value: number) => value.toPrecision(3);
  return new Map(
    [...times].map(([name, values]) => [
      name,
      { median: median(values), spread: `${shown(Math.min(...values))}–${shown(Math.max(...values))}` },
    ]),
  );
}

function bench(mode: Mode, indicator: Benched): void {
  checkValues(mode, indicator);
  const results = measureAll(mode, indicator);
  const of = (name: string) => results.get(name) ?? { median: Number.NaN, spread: "" };
  const peers = [...results.keys()].filter((name) => name !== OURS && name !== HAND);
  const best = peers.reduce((a, b) => (of(b).median < of(a).median ? b : a));
  const [ours, hand, peer] = [of(OURS).median, of(HAND).median, of(best).median];
  const lead = leadMin(mode, indicator);
  report({
    name: `indicator-${mode}-${indicator}`,
    unit: "ns/bar",
    ours,
    peer,
    peerName: `best of npm: ${best}`,
    peerVersion: packageVersion(best),
    goal: `<= ${LOOP_RATIO_MAX}x the loop by hand, >= ${lead}x faster than npm`,
    isMet: ours <= LOOP_RATIO_MAX * hand && peer >= lead * ours,
    notes:
      `values equal to 1e-9; loop by hand ${hand.toPrecision(3)} ns, ${(ours / hand).toFixed(2)}x; ` +
      `${(peer / ours).toFixed(1)}x faster than npm; ${PROCESSES} processes each: ` +
      [...results].map(([name, { spread }]) => `${name} ${spread}`).join(", "),
  });
}

function benchAllocation(): void {
  const flags = ["--expose-gc", `--max-semi-space-size=${NEW_SPACE_MB}`, `--min-semi-space-size=${NEW_SPACE_MB}`];
  const bytes = INDICATORS.map(({ name }) => ({ name, bytes: measured("indicator-allocation.ts", [name], flags) }));
  const most = bytes.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  report({
    name: "indicator-allocation",
    unit: "bytes/bar",
    ours: most.bytes,
    peer: measured("indicator-allocation.ts", ["peer"], flags),
    peerName: "EMA of trading-signals",
    peerVersion: packageVersion("trading-signals"),
    goal: `<= ${BYTES_PER_BAR_MAX} bytes/bar on the heap`,
    isMet: most.bytes <= BYTES_PER_BAR_MAX,
    notes: `all ${bytes.length} indicators over 1 M bars, the most: ${most.name}`,
  });
}

const [onlyMode, onlyIndicator] = process.argv.slice(2);
for (const mode of MODES) {
  if (onlyMode !== undefined && onlyMode !== mode) continue;
  for (const indicator of BENCHED)
    if (onlyIndicator === undefined || onlyIndicator === indicator) bench(mode, indicator);
}
if (onlyMode === undefined || onlyMode === "allocation") benchAllocation();
