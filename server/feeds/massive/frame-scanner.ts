/** Can a frame be read at a glance? Trades and quotes in the vendor's usual words, straight from the bytes. */
import { MASSIVE_SCANNED_MESSAGES_MAX } from "#lib/limits.ts";
import { isCount, isTimeMs, isWhole, type QuoteMessage, type TradeMessage } from "./message.ts";

const bytesOf = (text: string): number[] => [...Buffer.from(text)];
const [QUOTE, COMMA, COLON, POINT, MINUS, ZERO, BACKSLASH] = bytesOf('",:.-0\\');
const [BRACKET_OPEN, BRACKET_CLOSE, BRACE_OPEN, BRACE_CLOSE] = bytesOf("[]{}");
const [LETTER_T, LETTER_Q, LETTER_M] = bytesOf("TQm");

/** A field's place here is its place among the values, and its bit in what was seen. */
const FIELDS = ["p", "s", "t", "q", "bp", "bs", "bt", "ap", "as", "at", "ev", "sym"] as const;
const [P, S, T, Q, BP, BS, BT, AP, AS, AT, EV, SYM] = FIELDS.keys();
/** A field by the first two bytes behind its key's quotation mark, as one number; −1: none. */
const FIELD_OF_KEY = new Int8Array(1 << 16).fill(-1);
for (const [field, name] of FIELDS.entries()) FIELD_OF_KEY[Buffer.from(`${name}"`).readUInt16LE()] = field;

const bitsOf = (...fields: readonly number[]): number => fields.reduce((bits, field) => bits | (1 << field), 0);
const TRADE_BITS = bitsOf(EV, SYM, P, S, T, Q);
const QUOTE_BITS = bitsOf(EV, SYM, T);
const BID_BITS = bitsOf(BP, BS);
const ASK_BITS = bitsOf(AP, AS);
const SIDE_BITS = BID_BITS | ASK_BITS | bitsOf(BT, AT);

/** So many digits a double holds exactly; divided by a power of ten they are rounded once, as by JSON.parse. */
const DIGITS_MAX = 15;
const POWERS_OF_TEN = Float64Array.from({ length: DIGITS_MAX + 1 }, (_, exponent) => Number(`1e${exponent}`));
/** A power of two. */
const SYMBOLS_KEPT = 256;

/**
 * Reads frames of trades and quotes as the vendor writes them: one array without blanks, plain decimals, bare or as
 * text. A frame of which anything is otherwise is left to `readFrame`, whole: there alone faults are found and worded.
 * What both can read they read alike.
 */
export class FrameScanner {
  readonly #messages: (TradeMessage | QuoteMessage)[] = [];
  readonly #trades: TradeMessage[] = [];
  readonly #quotes: QuoteMessage[] = [];
  readonly #values = new Float64Array(FIELDS.length);
  readonly #symbols: string[] = new Array(SYMBOLS_KEPT).fill("");
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #tradeCount = 0;
  #quoteCount = 0;
  #channel = 0;
  #symbol = "";

  /**
   * The frame's messages in order, or null where it is not of the usual shape. The list and its messages are filled
   * anew by the next call: copy what is kept.
   */
  scan(bytes: Uint8Array): readonly (TradeMessage | QuoteMessage)[] | null {
    this.#bytes = bytes;
    this.#at = 0;
    this.#tradeCount = 0;
    this.#quoteCount = 0;
    this.#messages.length = 0;
    if (bytes[0] !== BRACKET_OPEN) return null;
    do {
      this.#at += 1;
      if (!this.#readMessage()) return null;
    } while (bytes[this.#at] === COMMA);
    return bytes[this.#at] === BRACKET_CLOSE && this.#at === bytes.length - 1 ? this.#messages : null;
  }

  #readMessage(): boolean {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== BRACE_OPEN || this.#messages.length === MASSIVE_SCANNED_MESSAGES_MAX) return false;
    let seen = 0;
    do {
      this.#at += 1;
      const field = this.#readKey();
      if (field < 0) return false;
      seen |= 1 << field;
      const isRead = field === EV ? this.#readChannel() : field === SYM ? this.#readSymbol() : this.#readNumber(field);
      if (!isRead) return false;
    } while (bytes[this.#at] === COMMA);
    if (bytes[this.#at] !== BRACE_CLOSE) return false;
    this.#at += 1;
    return this.#channel === LETTER_T ? this.#takeTrade(seen) : this.#takeQuote(seen);
  }

  /** A key with its colon: `"bp":`. Its field, or −1. */
  #readKey(): number {
    const bytes = this.#bytes;
    const at = this.#at;
    if (bytes[at] !== QUOTE) return -1;
    const field = FIELD_OF_KEY[bytes[at + 1] | (bytes[at + 2] << 8)];
    if (field < 0) return -1;
    if (field === SYM && bytes[at + 3] !== LETTER_M) return -1;
    const end = at + 1 + (field < BP ? 1 : field < SYM ? 2 : 3);
    if (bytes[end] !== QUOTE || bytes[end + 1] !== COLON) return -1;
    this.#at = end + 2;
    return field;
  }

  #readChannel(): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    const letter = bytes[at + 1];
    if (bytes[at] !== QUOTE || bytes[at + 2] !== QUOTE || (letter !== LETTER_T && letter !== LETTER_Q)) return false;
    this.#channel = letter;
    this.#at = at + 3;
    return true;
  }

  /** A symbol that was seen before is the same string again: no text is made. */
  #readSymbol(): boolean {
    const bytes = this.#bytes;
    const from = this.#at + 1;
    if (bytes[from - 1] !== QUOTE) return false;
    let at = from;
    let hash = 0;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
      // Plain ASCII alone; also ends at the frame's end, where there is no byte.
      if (!(byte >= 0x20 && byte < 0x80) || byte === BACKSLASH) return false;
      hash = (hash * 31 + byte) | 0;
      at += 1;
    }
    if (at === from) return false;
    const place = hash & (SYMBOLS_KEPT - 1);
    if (!isText(this.#symbols[place], bytes, from, at)) {
      this.#symbols[place] = Buffer.from(bytes.subarray(from, at)).toString("latin1");
    }
    this.#symbol = this.#symbols[place];
    this.#at = at + 1;
    return true;
  }

  /** A plain decimal, bare or as text: -12, 6000.25, "6000.25"; false for exponents and too many digits. */
  #readNumber(field: number): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    const isText = bytes[at] === QUOTE;
    if (isText) at += 1;
    const isNegative = bytes[at] === MINUS;
    if (isNegative) at += 1;
    const from = at;
    let digits = 0;
    for (let digit = bytes[at] - ZERO; digit >= 0 && digit <= 9; digit = bytes[at] - ZERO) {
      digits = digits * 10 + digit;
      at += 1;
    }
    const whole = at - from;
    if (whole === 0 || (whole > 1 && bytes[from] === ZERO)) return false;
    let decimals = 0;
    if (bytes[at] === POINT) {
      at += 1;
      for (let digit = bytes[at] - ZERO; digit >= 0 && digit <= 9; digit = bytes[at] - ZERO) {
        digits = digits * 10 + digit;
        decimals += 1;
        at += 1;
      }
      if (decimals === 0) return false;
    }
    if (whole + decimals > DIGITS_MAX) return false;
    if (isText) {
      if (bytes[at] !== QUOTE) return false;
      at += 1;
    }
    const value = decimals === 0 ? digits : digits / POWERS_OF_TEN[decimals];
    this.#values[field] = isNegative ? -value : value;
    this.#at = at;
    return true;
  }

  #takeTrade(seen: number): boolean {
    const values = this.#values;
    if (seen !== TRADE_BITS || !isCount(values[S]) || !isTimeMs(values[T]) || !isWhole(values[Q])) return false;
    if (this.#tradeCount === this.#trades.length) this.#trades.push(blankTrade());
    const trade = this.#trades[this.#tradeCount++];
    trade.symbol = this.#symbol;
    trade.price = values[P];
    trade.size = values[S];
    trade.ms = values[T];
    trade.seq = values[Q];
    this.#messages.push(trade);
    return true;
  }

  #takeQuote(seen: number): boolean {
    const values = this.#values;
    if ((seen & QUOTE_BITS) !== QUOTE_BITS || (seen & ~(QUOTE_BITS | SIDE_BITS)) !== 0) return false;
    const bid = seen & BID_BITS;
    const ask = seen & ASK_BITS;
    // Half a side takes the long way.
    if ((bid !== 0 && bid !== BID_BITS) || (ask !== 0 && ask !== ASK_BITS)) return false;
    const bidSize = bid === 0 ? 0 : values[BS];
    const askSize = ask === 0 ? 0 : values[AS];
    if (!isCount(bidSize) || !isCount(askSize) || !isTimeMs(values[T])) return false;
    if (this.#quoteCount === this.#quotes.length) this.#quotes.push(blankQuote());
    const quote = this.#quotes[this.#quoteCount++];
    quote.symbol = this.#symbol;
    quote.bid = bid === 0 ? null : values[BP];
    quote.bidSize = bidSize;
    quote.ask = ask === 0 ? null : values[AP];
    quote.askSize = askSize;
    quote.ms = values[T];
    this.#messages.push(quote);
    return true;
  }
}

function blankTrade(): TradeMessage {
  return { ev: "T", symbol: "", price: 0, size: 0, ms: 0, seq: 0 };
}

function blankQuote(): QuoteMessage {
  return { ev: "Q", symbol: "", bid: null, bidSize: 0, ask: null, askSize: 0, ms: 0 };
}

function isText(text: string, bytes: Uint8Array, from: number, end: number): boolean {
  if (text.length !== end - from) return false;
  for (let at = from; at < end; at += 1) if (text.charCodeAt(at - from) !== bytes[at]) return false;
  return true;
}
