/** Which contract does this text mean, and how is a contract written? */

import { civilParts } from "#lib/civil.ts";
import { lastTradeDate } from "#lib/expiry.ts";
import { INSTRUMENTS, type Instrument, instrumentOf } from "#lib/instrument.ts";
import { tradeDateAt } from "#lib/session.ts";

/** One expiry of a product: year in full, month 1–12 of delivery. */
export type Contract = { readonly root: string; readonly year: number; readonly month: number };

/** Month codes of the futures trade, January to December. */
const MONTH_CODES = "FGHJKMNQUVXZ";
const MONTH_NAMES = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const ROOTS = INSTRUMENTS.map((entry) => entry.root);

/** What may stand behind a root, right or wrong: nothing, a blank, a digit, a month's letter; so ESTX50 is not ES. */
const ENDS_THE_ROOT = /^(?:$|[ \d]|[FGHJKMNQUVXZ](?:$|[^A-Z]))/;

/** The short spelling with one digit of the year: ES Dec 2026 → "ESZ6". */
export function contractSymbol(contract: Contract): string {
  return `${contract.root}${monthCode(contract.month)}${contract.year % 10}`;
}

/** The spelling with two digits, unique within a century: ES Dec 2026 → "ESZ26". */
export function contractLongSymbol(contract: Contract): string {
  return `${contract.root}${monthCode(contract.month)}${String(contract.year % 100).padStart(2, "0")}`;
}

/** The spelling for people: ES Dec 2026 → "ES Z6". */
export function contractLabel(contract: Contract): string {
  return `${contract.root} ${monthCode(contract.month)}${contract.year % 10}`;
}

/** The letter of a month: 12 → "Z". */
function monthCode(month: number): string {
  return MONTH_CODES.charAt(month - 1);
}

/** Negative where a expires before b, by delivery month; roots do not matter. */
export function expiryOrder(a: Contract, b: Contract): number {
  return (a.year - b.year) * 12 + (a.month - b.month);
}

export function isSameContract(a: Contract, b: Contract): boolean {
  return a.root === b.root && a.year === b.year && a.month === b.month;
}

/**
 * The contract that a text names, at a time that settles a one-digit year: the first expiry (last trade date) at or
 * after it. Two digits are 2000–2099. Understands ES201312, ESH15, ESH4, "ES 03-24", "ES MAR24", "MES DEC26", 6EZ6.
 * Refuses unknown roots, months that do not exist or that the product does not list, each by name.
 * "GCZ3" at 2013-10-07 → {GC, 2013, 12}.
 */
export function parseContract(text: string, atMs: number): Contract | { readonly refused: string } {
  const spelling = text.trim().toUpperCase();
  const instrument = rootIn(spelling);
  if (instrument === null) return { refused: `contract "${text}": root is none that we list (${rootList()})` };
  const expiry = expiryIn(spelling.slice(instrument.root.length).trim());
  if (expiry === null) {
    return { refused: `contract "${text}": expected a month behind ${instrument.root}, as in ${instrument.root}Z6` };
  }
  if (!instrument.listedMonths.includes(expiry.month)) {
    return { refused: `contract "${text}": ${instrument.root} lists no expiry in month ${expiry.month}` };
  }
  const { root } = instrument;
  if (expiry.yearDigits === 4) return { root, year: expiry.year, month: expiry.month };
  if (expiry.yearDigits === 2) return { root, year: 2000 + expiry.year, month: expiry.month };
  return firstExpiryWithDigit(instrument, expiry, atMs);
}

type Expiry = { readonly month: number; readonly year: number; readonly yearDigits: 1 | 2 | 4 };

function firstExpiryWithDigit(instrument: Instrument, expiry: Expiry, atMs: number): Contract {
  const { root } = instrument;
  const today = tradeDateAt(instrument.calendar, atMs);
  const thisYear = civilParts(today).year;
  // No contract trades past its delivery month, so a year that has gone cannot be meant.
  let year = thisYear + ((expiry.year - (thisYear % 10) + 10) % 10);
  if (lastTradeDate({ root, year, month: expiry.month }) < today) year += 10;
  return { root, year, month: expiry.month };
}

/** No root is the beginning of another plus a month, so the first that leaves one behind it is the right one. */
function rootIn(spelling: string): Instrument | null {
  for (const root of ROOTS) {
    if (spelling.startsWith(root) && expiryIn(spelling.slice(root.length).trim()) !== null) return instrumentOf(root);
  }
  for (const root of ROOTS) {
    if (spelling.startsWith(root) && ENDS_THE_ROOT.test(spelling.slice(root.length))) return instrumentOf(root);
  }
  return null;
}

function rootList(): string {
  return ROOTS.join(" ");
}

/** Month and year behind the root: "201312", "H15", "H4", "03-24", "MAR24", "MAR 24". */
function expiryIn(rest: string): Expiry | null {
  const numeric = /^(\d{4})(\d{2})$/.exec(rest);
  if (numeric !== null) return expiryOf(Number(numeric[2]), numeric[1]);
  const dashed = /^(\d{2})-(\d{2}|\d{4})$/.exec(rest);
  if (dashed !== null) return expiryOf(Number(dashed[1]), dashed[2]);
  const named = /^([A-Z]{3}) ?(\d{2}|\d{4})$/.exec(rest);
  if (named !== null) return expiryOf(MONTH_NAMES.indexOf(named[1]) + 1, named[2]);
  const coded = /^([FGHJKMNQUVXZ])(\d{4}|\d{2}|\d)$/.exec(rest);
  if (coded !== null) return expiryOf(MONTH_CODES.indexOf(coded[1]) + 1, coded[2]);
  return null;
}

function expiryOf(month: number, yearText: string): Expiry | null {
  if (month < 1 || month > 12) return null;
  const yearDigits = yearText.length === 4 ? 4 : yearText.length === 2 ? 2 : 1;
  return { month, year: Number(yearText), yearDigits };
}
