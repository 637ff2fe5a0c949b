/** Which number do these bytes spell? Decimal numbers straight from a buffer, without making strings. */

const ZERO = 48;
const NINE = 57;
const MINUS = 45;
const PLUS = 43;
const POINT = 46;
/** Digits that a double holds exactly; more go the slow way. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/**
 * The number in bytes [from, to), equal to Number() of the same text for plain decimals; NaN for anything else,
 * also for an empty text, "Infinity", hexadecimal and exponents. "4800.25" → 4800.25, "-37.63" → −37.63.
 */
export function parseDecimal(bytes: Buffer, from: number, to: number): number {
  let at = from;
  const isNegative = bytes[at] === MINUS;
  if (isNegative || bytes[at] === PLUS) at += 1;
  let mantissa = 0;
  let digits = 0;
  let decimals = -1;
  for (; at < to; at += 1) {
    const byte = bytes[at];
    if (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + byte - ZERO;
      digits += 1;
      if (decimals >= 0) decimals += 1;
    } else if (byte === POINT && decimals < 0) {
      decimals = 0;
    } else {
      return Number.NaN;
    }
  }
  if (digits === 0) return Number.NaN;
  if (digits > EXACT_DIGITS) return Number(bytes.toString("latin1", from, to));
  const size = decimals > 0 ? mantissa / POWERS_OF_TEN[decimals] : mantissa;
  return isNegative ? -size : size;
}

/** The whole number of exactly these digits, or −1 where one is no digit. "0930" → 930. */
export function parseDigits(bytes: Buffer, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const byte = bytes[at];
    if (!(byte >= ZERO && byte <= NINE)) return -1;
    value = value * 10 + byte - ZERO;
  }
  return value;
}
