/** What stands behind the routes of trades? Read from the tables, changed through the log. */
import { CodedError } from "#server/errors.ts";
import type { HttpDeps } from "#server/http/deps.ts";
import { ImportDesk } from "#server/imports/import-desk.ts";
import type { Stores } from "#server/store/stores.ts";
import { TradeBook } from "./trade-book.ts";
import { type Tell, TradeDesk } from "./trade-desk.ts";

export type TradeParts = Pick<HttpDeps, "tradeBook" | "tradeDesk" | "importDesk" | "projected">;

/** `recoveredSeq`: what a former process told up to there may not be in the tables yet. */
export function tradeParts(given: {
  stores: Stores;
  tell: Tell;
  recoveredSeq: () => number;
  wallMs: () => number;
}): TradeParts {
  const { stores, tell, recoveredSeq, wallMs } = given;
  const { database } = stores;
  const book = new TradeBook(database);
  const projected = (seq: number): Promise<boolean> => stores.projected(seq);
  // Nothing is decided on half of what was told.
  const caughtUp = async (seq: number): Promise<void> => {
    if (await projected(Math.max(seq, recoveredSeq()))) return;
    throw new CodedError("STORE_AWAY", { message: "The tables of trades are behind the log." });
  };
  const desk = { book, tell, caughtUp, wallMs };
  return {
    tradeBook: book,
    tradeDesk: new TradeDesk(desk),
    importDesk: new ImportDesk({ ...desk, database }),
    projected,
  };
}
