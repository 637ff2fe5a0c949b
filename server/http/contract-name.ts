/** Which contract does a caller's spelling mean? One digit of the year is the run's, two or more must agree with it. */

import { civilParts } from "#lib/civil.ts";
import { contractLongSymbol, contractSymbol, parseContract } from "#lib/contract.ts";
import { type CivilDay, civilDay, MS_PER_DAY } from "#lib/units.ts";
import { CodedError } from "#server/errors.ts";

/**
 * The short symbol of any spelling: at 2026-11-20 "esz6", "ESZ26" and "ES 12-26" → "ESZ6". Null for a year of another
 * decade ("ESZ16"): "ESZ6" would answer with the wrong contract. Throws BAD_SHAPE where the text names no contract.
 */
export function shortSymbolOf(text: string, nowMs: number): string | null {
  const contract = contractIn(text, nowMs);
  if (/[A-Z]\d$/i.test(text.trim())) return contractSymbol(contract);
  const yearsAhead = contract.year - civilParts(dayOf(nowMs)).year;
  return yearsAhead > -5 && yearsAhead <= 5 ? contractSymbol(contract) : null;
}

/** The long symbol of any spelling; one digit is the next expiry: at 2026-11-20 "esz6" → "ESZ26". Throws BAD_SHAPE. */
export function longSymbolOf(text: string, nowMs: number): string {
  return contractLongSymbol(contractIn(text, nowMs));
}

function contractIn(text: string, nowMs: number) {
  const contract = parseContract(text, nowMs);
  if (!("refused" in contract)) return contract;
  const received = JSON.stringify(text.slice(0, 100));
  throw new CodedError("BAD_SHAPE", {
    message: contract.refused.slice(0, 300),
    field: "contract",
    expected: "a contract such as ESZ6 or ESZ26",
    received,
  });
}

function dayOf(ms: number): CivilDay {
  return civilDay(Math.floor(ms / MS_PER_DAY));
}
