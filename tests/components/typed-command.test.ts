/** Do typed keys mean what a trader would expect? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { matchingRoots, readTyped } from "#components/shell/typed-command.ts";

const ROOTS = ["ES", "NQ", "YM", "RTY", "GC", "6E", "6J", "MES", "MNQ", "M2K"];

test("letters name an instrument, an exact one first", () => {
  assert.deepEqual(readTyped("es", ROOTS), { kind: "instrument", root: "ES" });
  assert.deepEqual(readTyped("n", ROOTS), { kind: "instrument", root: "NQ" });
  assert.deepEqual(matchingRoots("m", ROOTS), ["MES", "MNQ", "M2K"]);
  assert.deepEqual(matchingRoots("mnq", ["MNQX", "MNQ"]), ["MNQ", "MNQX"]);
  assert.deepEqual(readTyped("m2", ROOTS), { kind: "instrument", root: "M2K" });
});

test("R alone refreshes, RT is an instrument", () => {
  assert.deepEqual(readTyped("r", ROOTS), { kind: "refresh" });
  assert.deepEqual(readTyped("rt", ROOTS), { kind: "instrument", root: "RTY" });
});

test("digits are an interval, alone they are minutes", () => {
  const intervals = ["5", "15", "60", "1h", "30s", "1d", "500t", "2000v", "8r"].map((typed) => readTyped(typed, ROOTS));
  assert.deepEqual(
    intervals.map((command) => (command.kind === "interval" ? command.interval : command.kind)),
    ["5m", "15m", "1h", "1h", "30s", "1d", "500t", "2000v", "8r"],
  );
});

test("a root that begins with a digit wins over minutes", () => {
  assert.deepEqual(readTyped("6e", ROOTS), { kind: "instrument", root: "6E" });
  assert.deepEqual(readTyped("6", ROOTS), { kind: "instrument", root: "6E" });
  assert.deepEqual(readTyped("6", ["ES"]), { kind: "none" });
});

test("what is neither is neither", () => {
  for (const typed of ["", "xyz", "7m", "0t", "200000v"])
    assert.deepEqual(readTyped(typed, ROOTS), { kind: "none" }, typed);
});
