/** How does a test begin a Massive feed of one contract? Server, rig, and the vendor's messages in short. */
import type { TestContext } from "node:test";
import { contractRow, sessionRow } from "./massive-hour.ts";
import { KEY, type MassiveRig, massiveRig } from "./massive-rig.ts";
import { MassiveServer, type ServerOptions } from "./massive-server.ts";
import type { RestData, RestRow } from "./massive-server-rest.ts";

/** A Tuesday, half past ten in New York: the market is open. */
export const START_MS = Date.parse("2026-11-17T15:30:00Z");
export const TICKER = "ESZ6";

export function data(over: Partial<RestData> = {}): RestData {
  const aggs = { [TICKER]: { "1session": [sessionRow(TICKER, "2026-11-16", 1_000_000, 6_000)] } };
  return { contracts: [contractRow(TICKER, "2026-12-18")], aggs, trades: {}, ...over };
}

type Began = { server: MassiveServer; rig: MassiveRig };

/** A server and a feed that is connected to it and has loaded its history; both end with the test. */
export async function begin(
  t: TestContext,
  options: Partial<ServerOptions> = {},
  feed: Partial<Parameters<typeof massiveRig>[1]> = {},
): Promise<Began> {
  const server = await MassiveServer.start({ key: KEY, data: data(), ...options });
  const rig = massiveRig(server, { startMs: START_MS, ...feed });
  t.after(async () => {
    await rig.feed[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  await rig.connect();
  return { server, rig };
}

export const isConnected = (rig: MassiveRig) => rig.states().at(-1) === "connected";
/** The newest words of the feed about itself. */
export const lastWords = ({ events }: MassiveRig): string =>
  events.findLast((event) => event.type === "FeedStatusChanged")?.message ?? "";

let seq = 100;
export function trade(price: number | string, ms: number, over: Record<string, unknown> = {}) {
  return { ev: "T", sym: TICKER, p: price, s: 1, t: ms, q: seq++, ...over };
}

export function bar(ev: "A" | "AM", openMs: number, close: number, volume = 5) {
  const prices = { o: `${close}`, h: `${close}`, l: `${close}`, c: `${close}`, dv: `${close * volume}` };
  return { ev, sym: TICKER, v: volume, ...prices, n: 2, s: openMs, e: openMs + (ev === "A" ? 1_000 : 60_000) };
}

export function pastTrade(price: number, ms: number, number: number): RestRow {
  return { ticker: TICKER, price, size: 2, timestamp: ms * 1e6, sequence_number: number };
}
