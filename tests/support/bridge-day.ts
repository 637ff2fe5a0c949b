/** What did the add-on post on the recorded day? Its lines, sent as if they were of this minute. */
import { readFileSync } from "node:fs";
import path from "node:path";

export type BridgePost = { path: string; body: string };

const FIXTURE = path.resolve(import.meta.dirname, "../fixtures/ninjatrader-day.jsonl");

/** The recorded posts with `sentMs` moved by one span, so that the newest was sent at `endMs`. */
export function recordedDay(endMs: number): BridgePost[] {
  const lines: BridgePost[] = readFileSync(FIXTURE, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const newestMs = Math.max(...lines.map(({ body }) => JSON.parse(body).sentMs));
  return lines.map((line) => {
    const body = line.body.replace(/"sentMs":(\d+)/, (_all, sent) => `"sentMs":${Number(sent) + endMs - newestMs}`);
    return { path: line.path, body };
  });
}

export type Posted = { status: number; answer: Record<string, unknown> & { seq: number; outcome: string } };

/** Posts a line to a data-service, with a key where there is one. */
export async function postLine(port: number, { path: address, body }: BridgePost, key?: string): Promise<Posted> {
  const headers = { "content-type": "application/json", ...(key === undefined ? {} : { "x-api-key": key }) };
  const response = await fetch(`http://127.0.0.1:${port}${address}`, { method: "POST", headers, body });
  return { status: response.status, answer: (await response.json()) as Posted["answer"] }; // safe: asserted by callers
}

/** Endless new posts as that many accounts would send them each second; `count` chooses one. */
export function postsOf({ accounts }: { accounts: number }): (count: number) => BridgePost {
  const row = {
    symbol: "MES 12-34",
    side: "Long",
    quantity: 2,
    avgPrice: 6000,
    unrealizedPnL: 12.5,
    markPrice: 6001.25,
  };
  const order = { orderId: "1", instrument: "MES 12-34", action: "Sell", type: "StopMarket", quantity: 2, filled: 0 };
  const kinds: readonly [path: string, fields: object][] = [
    ["/positions/update", { positions: [row] }],
    ["/bridge/orders", { orders: [{ ...order, stopPrice: 5990, state: "Accepted" }] }],
    ["/bridge/account", { cashUsd: 50_000, realizedPnlUsd: 0, unrealizedPnlUsd: 12.5 }],
    ["/bridge/heartbeat", { connection: "Connected" }],
  ];
  return (count) => {
    const [address, fields] = kinds[count % kinds.length];
    const account = `Sim${Math.floor(count / kinds.length) % accounts}`;
    const body = JSON.stringify({ account, reportId: `r${count}`, sentMs: Date.now(), ...fields });
    return { path: address, body };
  };
}
