/** Which files are known by their header? A new one is a file in formats/ and a line here. */

import { ninjatraderExecutions } from "#lib/imports/formats/ninjatrader-executions.ts";
import { ninjatraderOrders } from "#lib/imports/formats/ninjatrader-orders.ts";
import { ninjatraderTrades } from "#lib/imports/formats/ninjatrader-trades.ts";
import { quantowerTrades } from "#lib/imports/formats/quantower-trades.ts";
import { rithmicOrders } from "#lib/imports/formats/rithmic-orders.ts";
import { topstepxTrades } from "#lib/imports/formats/topstepx-trades.ts";
import { tradovateFills } from "#lib/imports/formats/tradovate-fills.ts";
import { tradovateOrders } from "#lib/imports/formats/tradovate-orders.ts";
import { tradovatePerformance } from "#lib/imports/formats/tradovate-performance.ts";
import { tradovatePositions } from "#lib/imports/formats/tradovate-positions.ts";
import type { ImportFormat } from "#lib/imports/import-format.ts";

export const IMPORT_FORMATS: readonly ImportFormat[] = [
  ninjatraderExecutions,
  ninjatraderOrders,
  ninjatraderTrades,
  tradovateFills,
  tradovateOrders,
  tradovatePerformance,
  tradovatePositions,
  rithmicOrders,
  topstepxTrades,
  quantowerTrades,
];
