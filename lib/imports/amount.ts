/** Which number does a cell of a foreign file mean? Currency signs, parentheses, and either decimal mark. */

export type DecimalMark = "." | ",";
export type Amount = { readonly value: number; readonly currency: "USD" | "EUR" | "GBP" | null };

const DIGITS: Readonly<Record<DecimalMark, RegExp>> = {
  ".": /^(\d+|\d{1,3}([,']\d{3})+)?(\.\d*)?(E[+-]?\d{1,3})?$/,
  ",": /^(\d+|\d{1,3}([.']\d{3})+)?(,\d*)?(E[+-]?\d{1,3})?$/,
};
/** No amount of money or price is written longer. */
const CHARS_MAX = 40;
/** Anything between thousands: ordinary, non-breaking and narrow blanks. */
const BLANKS = /[\s\u00a0\u202f]/g;

/**
 * The number of a cell, null where it is none (also for NaN, Infinity and an empty cell). Parentheses or a minus
 * anywhere before the digits make it negative. "$(400.00)" → −400 USD; "1.234,50 €" with "," → 1234.5 EUR.
 */
export function parseAmount(text: string, mark: DecimalMark): Amount | null {
  if (text.length > CHARS_MAX) return null;
  const compact = text
    .replace(BLANKS, "")
    .replace(/\u2212/g, "-")
    .toUpperCase();
  const shape = /^([-+($€£]|USD|EUR|GBP)*([\d.,'E+-]*?)(\)|[$€£]|USD|EUR|GBP)*$/.exec(compact);
  const digits = shape?.[2] ?? "";
  if (!/\d/.test(digits) || !DIGITS[mark].test(digits)) return null;
  const opened = compact.includes("(");
  if (opened !== compact.includes(")")) return null;
  const grouping = mark === "." ? /[,']/g : /[.']/g;
  const magnitude = Number(digits.replace(grouping, "").replace(",", "."));
  if (!Number.isFinite(magnitude)) return null;
  const isNegative = opened || compact.slice(0, compact.indexOf(digits)).includes("-");
  return { value: isNegative && magnitude !== 0 ? -magnitude : magnitude, currency: currencyIn(compact) };
}

function currencyIn(text: string): Amount["currency"] {
  if (/\$|USD/.test(text)) return "USD";
  if (/€|EUR/.test(text)) return "EUR";
  return /£|GBP/.test(text) ? "GBP" : null;
}

/**
 * The decimal mark that the number cells of a file prove; null where a comma may be either ("21,450" alone). A dot is
 * a decimal mark unless the file proves the comma. ["1.234,50"] → ","; ["21,450.5"] → "."; ["3.181"] → ".".
 */
export function decimalMarkIn(cells: Iterable<string>): DecimalMark | null {
  const counts = { ".": 0, ",": 0, either: 0, none: 0 };
  for (const cell of cells) counts[evidenceOf(cell)] += 1;
  if (counts[","] > 0 && counts["."] === 0) return ",";
  return counts["."] === 0 && counts.either > 0 ? null : ".";
}

/** Which decimal mark a cell proves: the last of two kinds; not one that stands twice; a comma before 3 digits none. */
function evidenceOf(cell: string): DecimalMark | "either" | "none" {
  const commaAt = cell.lastIndexOf(",");
  const dotAt = cell.lastIndexOf(".");
  if (commaAt < 0 && dotAt < 0) return "none";
  if (commaAt >= 0 && dotAt >= 0) return commaAt > dotAt ? "," : ".";
  const [mark, other] = commaAt >= 0 ? ([",", "."] as const) : ([".", ","] as const);
  const parts = cell.split(mark);
  if (parts.length > 2) return other;
  const places = /^\d*/.exec(parts[1])?.[0].length;
  if (places !== 3) return mark;
  return mark === "," ? "either" : "none";
}
