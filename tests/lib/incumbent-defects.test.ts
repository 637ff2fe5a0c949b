/** Has each of the incumbent's 55 defects a test of the right behaviour, or a stated reason why not here? */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

/**
 * Defect ids as numbered in the study of the incumbent. "tested": somewhere a test's name begins with the id. Anything
 * else says "not applicable: why": it touches no analysis, and whose it is.
 */
const DEFECTS: Readonly<Record<number, string>> = {
  1: "tested", // Indicators used the forming bar.
  2: "tested", // Two ATRs and two RSIs.
  3: "tested", // The adaptive EMA was an EMA-20 in disguise.
  4: "tested", // Breakout branches could not be reached.
  5: "tested", // Stops were tightened in high volatility.
  6: "tested", // The higher timeframe was the same one.
  7: "tested", // Quality mixed contexts and rewarded quiet.
  8: "tested", // HMM states were named by ATR alone.
  9: "tested", // Each fit reset persistence.
  10: "tested", // Days began at midnight.
  11: "tested", // Delta was guessed from the bar's shape.
  12: "tested", // Costs were a clamped share of the price.
  13: "tested", // Order blocks were tested by their own impulse.
  14: "tested", // Sweeps never expired; opening gaps were FVGs.
  15: "tested", // Bars of one price lost their volume.
  16: "tested", // "Consecutive" was not.
  17: "tested", // A tie was bearish.
  18: "tested", // NATR and RVOL were compared with other bar sizes.
  19: "tested", // Events never reached the score.
  20: "tested", // The nearest expiry was taken for the front.
  21: "tested", // Prices were cut to two decimals.
  22: "tested", // The size was one contract at least.
  23: "not applicable: no analysis; the risk gate enforces stops, floors and lockouts",
  24: "not applicable: no analysis; backtest, with point value, margin and whole contracts",
  25: "not applicable: no analysis; backtest, flat at the window's end and reset by session",
  26: "not applicable: no analysis; strategies judge exits before filters",
  27: "not applicable: no analysis; trade statistics with n and intervals",
  28: "not applicable: no analysis; walk-forward with an untouched holdout",
  29: "not applicable: no analysis; walk-forward verdicts",
  30: "tested", // The volatility multiplier was applied twice.
  31: "tested", // "5-minute" values were hourly.
  32: "tested", // Requests had a fixed zone offset.
  33: "tested", // Expiries were mixed into one series.
  34: "tested", // The stream never reached charts and scanner.
  35: "not applicable: no switch promises quotes; channels are named as the vendor names them",
  36: "tested", // Second bars were taken for minute bars.
  37: "tested", // Regime, ICT, CVD and confluence were always null in the API.
  38: "tested", // A refresh wiped positions and optimisations.
  39: "not applicable: no analysis; history of optimisations and alerts",
  40: "not applicable: no analysis; journal, unique by account and date",
  41: "not applicable: no analysis; jobs that begin when asked and show progress",
  42: "not applicable: no analysis; trades, with 404 and 409",
  43: "not applicable: no analysis; journal statistics by account",
  44: "tested", // A health check reset the settings.
  45: "not applicable: no analysis; briefings on the server's clock; prices are pushed to the page since the first version",
  46: "tested", // The page computed with other inputs.
  47: "tested", // The clock stood still, said EST, and was open at weekends.
  48: "not applicable: no analysis; the bridge, with contract tests for path and payload",
  49: "not applicable: no analysis; positions marked by their own instrument",
  50: "not applicable: no analysis; the bridge's heartbeat",
  51: "not applicable: no analysis; round trips with signed R",
  52: "not applicable: no analysis; alerts, deduplicated in the engine",
  53: "not applicable: no analysis; briefings with back-off and a cost cap",
  54: "not applicable: no analysis; briefings whose levels are checked",
  55: "not applicable: no analysis; trade entry that refuses unknown sides",
};

const COUNT = 55;
const STAND_IN = /^not applicable: \S.{8,}$/;

/** What is wrong with a list of defects, given the texts of all tests. */
function faults(defects: Readonly<Record<number, string>>, texts: readonly string[]): string[] {
  const found: string[] = [];
  for (let id = 1; id <= COUNT; id += 1) {
    const says = defects[id];
    const name = new RegExp(`\\btest\\(\\s*["'\`]I-${id} \\S`);
    const isTested = texts.some((text) => name.test(text));
    if (says === undefined) found.push(`I-${id} is not in the list`);
    else if (says === "tested" && !isTested) found.push(`I-${id}: no test's name begins with "I-${id} "`);
    else if (says !== "tested" && isTested) found.push(`I-${id} has a test, but the list says: ${says}`);
    else if (says !== "tested" && !STAND_IN.test(says)) found.push(`I-${id}: "${says}" is no reason`);
  }
  return found;
}

const TESTS = path.resolve(import.meta.dirname, "..");

function testTexts(): string[] {
  return readdirSync(TESTS, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.test\.tsx?$/.test(name) && !name.endsWith(path.basename(import.meta.filename)))
    .map((name) => readFileSync(path.join(TESTS, name), "utf8"));
}

test("each of the 55 defects has its test or its reason", () => {
  const texts = testTexts();
  assert.ok(texts.length > 100, `only ${texts.length} tests were seen`);
  assert.deepEqual(faults(DEFECTS, texts), []);
});

test("a missing test, a missing id, an empty reason and an outdated one are found", () => {
  const all = Object.fromEntries(
    Array.from({ length: COUNT }, (_, index) => [index + 1, "not applicable: another part"]),
  );
  assert.deepEqual(faults(all, []), []);
  assert.deepEqual(faults({ ...all, 17: "tested" }, ['test("I-17 a tie is neutral", () => {']), []);
  assert.match(faults({ ...all, 17: "tested" }, ['test("I-170 of another", () => {'])[0], /I-17: no test/);
  assert.match(faults({ ...all, 17: "tested" }, ['const text = "I-17 a tie is neutral";'])[0], /I-17: no test/);
  assert.match(faults({ ...all, 17: "not applicable:" }, [])[0], /is no reason/);
  assert.match(faults(all, ["test(`I-17 a tie is neutral`, () => {"])[0], /has a test, but the list says/);
  const { 17: _, ...without } = all;
  assert.deepEqual(faults(without, []), ["I-17 is not in the list"]);
});
