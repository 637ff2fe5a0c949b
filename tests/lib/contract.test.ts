/** Is a contract read from every spelling, and written in ours? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type Contract,
  contractLabel,
  contractLongSymbol,
  contractSymbol,
  expiryOrder,
  isSameContract,
  parseContract,
} from "#lib/contract.ts";
import { lastTradeDate } from "#lib/expiry.ts";
import { INSTRUMENTS } from "#lib/instrument.ts";
import { MS_PER_DAY } from "#lib/units.ts";

const AT = Date.UTC(2026, 10, 20, 15);

const READABLE: readonly [text: string, atMs: number, root: string, year: number, month: number][] = [
  ["ES201312", AT, "ES", 2013, 12],
  ["ESH15", AT, "ES", 2015, 3],
  ["ESH4", Date.UTC(2023, 11, 25), "ES", 2024, 3],
  ["ESH4", Date.UTC(2013, 11, 13), "ES", 2014, 3],
  ["ES 03-24", AT, "ES", 2024, 3],
  ["ES MAR24", AT, "ES", 2024, 3],
  ["MES DEC26", AT, "MES", 2026, 12],
  ["MESZ6", AT, "MES", 2026, 12],
  ["MESZ26", AT, "MES", 2026, 12],
  ["GCZ3", Date.UTC(2013, 9, 7), "GC", 2013, 12],
  ["6EZ6", AT, "6E", 2026, 12],
  ["6E 12-26", AT, "6E", 2026, 12],
  ["M6EH27", AT, "M6E", 2027, 3],
  ["M2KZ6", AT, "M2K", 2026, 12],
  ["SIH27", AT, "SI", 2027, 3],
  ["SILH27", AT, "SIL", 2027, 3],
  ["MBTX6", AT, "MBT", 2026, 11],
  [" esz6 ", AT, "ES", 2026, 12],
  ["CLF2027", AT, "CL", 2027, 1],
];

for (const [text, atMs, root, year, month] of READABLE) {
  test(`reads "${text}" as ${root} ${year}-${month}`, () => {
    assert.deepEqual(parseContract(text, atMs), { root, year, month });
  });
}

test("a one-digit year is the first expiry at or after the time", () => {
  const yearAt = (text: string, iso: string): number => {
    const contract = parseContract(text, Date.parse(iso));
    assert.ok("root" in contract, text);
    return contract.year;
  };
  // ESZ3 last traded on Friday 2013-12-20; its session closed at 16:15 CT, the next trade date opens on Sunday.
  assert.equal(yearAt("ESZ3", "2013-12-20T14:00:00Z"), 2013);
  assert.equal(yearAt("ESZ3", "2013-12-22T23:30:00Z"), 2023);
  // CLF7 (January 2017) last traded on 2016-12-20.
  assert.equal(yearAt("CLF7", "2016-12-20T15:00:00Z"), 2017);
  assert.equal(yearAt("CLF7", "2016-12-21T15:00:00Z"), 2027);
  assert.equal(yearAt("ESH0", "2019-12-31T15:00:00Z"), 2020);
});

test("refuses what it does not know, by name", () => {
  const reason = (text: string): string => {
    const answer = parseContract(text, AT);
    assert.ok("refused" in answer, text);
    return answer.refused;
  };
  for (const text of ["XYZ3", "6AZ6", "ETHZ6", "ESTX50Z6", "", "Z6", "12-26", "QES Z6"]) {
    assert.match(reason(text), /root is none that we list \(ES NQ .* MBT\)/, text);
  }
  for (const text of ["ES", "ESZ", "ES 13-24", "ES00-24", "ES202413", "ES FOO24", "ESZ6X"]) {
    assert.match(reason(text), /expected a month behind ES/, text);
  }
  assert.match(reason("ESF7"), /ES lists no expiry in month 1/);
  assert.match(reason("ESF7"), /"ESF7"/);
});

test("no root is the beginning of another root's symbol, read as a month", () => {
  for (const { root, listedMonths } of INSTRUMENTS) {
    const symbol = contractSymbol({ root, year: 2026, month: listedMonths[0] });
    const parsed = parseContract(symbol, AT);
    assert.ok("root" in parsed && parsed.root === root, symbol);
  }
});

test("writes symbols and labels", () => {
  const contract: Contract = { root: "ES", year: 2026, month: 12 };
  assert.equal(contractSymbol(contract), "ESZ6");
  assert.equal(contractLongSymbol(contract), "ESZ26");
  assert.equal(contractLongSymbol({ root: "6E", year: 2005, month: 3 }), "6EH05");
  assert.equal(contractLabel(contract), "ES Z6");
});

for (const [name, seed] of [["fixed", 26] as const, ["fresh", Math.floor(Math.random() * 1e9)] as const]) {
  test(`reads back every spelling of every live contract (${name} seed ${seed})`, () => {
    const anyContract = fc
      .record({
        instrument: fc.constantFrom(...INSTRUMENTS),
        year: fc.integer({ min: 2013, max: 2035 }),
        pick: fc.nat(),
      })
      .map(({ instrument, year, pick }) => {
        const { root, listedMonths } = instrument;
        return { root, year, month: listedMonths[pick % listedMonths.length] };
      });
    fc.assert(
      fc.property(anyContract, fc.integer({ min: 0, max: 3_000 }), (contract, daysBefore) => {
        const atMs = (lastTradeDate(contract) - daysBefore) * MS_PER_DAY + 12 * 3_600_000;
        const two = String(contract.month).padStart(2, "0");
        const spellings = [
          contractSymbol(contract),
          contractLongSymbol(contract),
          `${contract.root}${contract.year}${two}`,
          `${contract.root} ${two}-${String(contract.year).slice(2)}`,
        ];
        for (const spelling of spellings) assert.deepEqual(parseContract(spelling, atMs), contract, spelling);
      }),
      { seed, numRuns: 500 },
    );
  });
}

test("orders expiries by delivery month", () => {
  const march: Contract = { root: "ES", year: 2027, month: 3 };
  const december: Contract = { root: "ES", year: 2026, month: 12 };
  assert.ok(expiryOrder(december, march) < 0 && expiryOrder(march, december) > 0);
  assert.equal(expiryOrder(march, { ...march, root: "MES" }), 0);
  assert.ok(isSameContract(march, { ...march }) && !isSameContract(march, { ...march, root: "MES" }));
});
