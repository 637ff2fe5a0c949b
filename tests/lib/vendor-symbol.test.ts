/** Is a contract read from every platform's spelling, and refused by name where it is none? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contractLongSymbol, contractSymbol } from "#lib/contract.ts";
import { lastTradeDate } from "#lib/expiry.ts";
import { INSTRUMENTS } from "#lib/instrument.ts";
import { MS_PER_DAY } from "#lib/units.ts";
import { vendorContract } from "#lib/vendor-symbol.ts";
import { checkTwice } from "../support/property-runs.ts";

const AT = Date.UTC(2026, 10, 20, 15);

const SPELLINGS = [
  ...["MES 12-26", "MES DEC26", "MES DEC 26", "MESZ6", "MESZ26", "MESZ2026", " mesz6 ", "/MESZ26", "/MES 12-26"],
  ...["CME_MINI:MESZ2026", "MESZ6.CME", "MESZ26@CME", "@MESZ26", "MES 12-26 Globex"],
];

test("every platform's spelling names the same contract", () => {
  for (const text of SPELLINGS)
    assert.deepEqual(vendorContract(text, AT), { root: "MES", year: 2026, month: 12 }, text);
  assert.deepEqual(vendorContract("6E 12-26", AT), { root: "6E", year: 2026, month: 12 });
  assert.deepEqual(vendorContract("COMEX:GCZ2026", AT), { root: "GC", year: 2026, month: 12 });
});

test("what is no contract is refused with the text as it came", () => {
  for (const text of ["AAPL", "EURUSD", "MES", "/MES", "MES ##-##", "MESZ6-MESH7", "", "CME_MINI:", "FDAX 12-26"]) {
    const answer = vendorContract(text, AT);
    assert.ok("refused" in answer, text);
    assert.ok(answer.refused.includes(`"${text}"`), answer.refused);
  }
});

test("a contract that was over, or is not listed yet, is refused", () => {
  const reason = (text: string, atMs: number): string => {
    const answer = vendorContract(text, atMs);
    return "refused" in answer ? answer.refused : "read";
  };
  assert.equal(reason("MES 12-16", AT), 'contract "MES 12-16": MES 12/2016 was over by then (2026)');
  assert.equal(reason("MES 12-16", Date.UTC(2016, 10, 20)), "read");
  assert.match(reason("MES 12-62", AT), /eleven years ahead/);
  // ESU6's last trade was on Friday 2026-09-18; its settlement may stand on the books for a week.
  assert.equal(reason("ES 09-26", Date.UTC(2026, 8, 25, 15)), "read");
  assert.match(reason("ES 09-26", Date.UTC(2026, 8, 28, 15)), /was over by then/);
});

test("every contract in its life is read back from every platform's spelling", (t) => {
  const life = fc
    .record({
      instrument: fc.constantFrom(...INSTRUMENTS),
      year: fc.integer({ min: 2013, max: 2035 }),
      pick: fc.nat(),
      daysBefore: fc.integer({ min: 0, max: 360 }),
    })
    .map(({ instrument: { root, listedMonths }, year, pick, daysBefore }) => {
      const contract = { root, year, month: listedMonths[pick % listedMonths.length] };
      return { contract, atMs: (lastTradeDate(contract) - daysBefore) * MS_PER_DAY + 12 * 3_600_000 };
    });
  const property = fc.property(life, ({ contract, atMs }) => {
    const month = String(contract.month).padStart(2, "0");
    const long = contractLongSymbol(contract);
    const spellings = [`/${long}`, `CME:${contractSymbol(contract)}`, `${long}.NYMEX`].concat(
      `${contract.root} ${month}-${String(contract.year).slice(2)}`,
    );
    for (const spelling of spellings) assert.deepEqual(vendorContract(spelling, atMs), contract, spelling);
  });
  checkTwice(property, { runs: 300, print: (line) => t.diagnostic(line) });
});
