/** How are the round trips of very many fills made while the market goes on? This file is that thread. */
import { parentPort, workerData } from "node:worker_threads";
import type { ToldTrades } from "#server/store/queries/told-trades.ts";
import { tradeViews } from "./trade-views.ts";

const told = workerData as ToldTrades; // safe: trade-book.ts starts it
parentPort?.postMessage(tradeViews(told));
