/** How does a test ask the trades of a running data-service? Small calls by name, with status and body. */

import { setTimeout as sleep } from "node:timers/promises";
import type { ImportAnswers, Imported, ImportPreview, ImportRow } from "#lib/wire/imports.ts";
import type { TradesAnswer } from "#lib/wire/trades.ts";

export type Answer<Body = Record<string, unknown>> = { status: number; body: Body };

export type TradeCaller = ReturnType<typeof tradeCaller>;

/** `port` of the data-service; it is a program of this machine that asks. */
export function tradeCaller(port: number) {
  const url = `http://127.0.0.1:${port}`;
  async function send<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const isFile = body instanceof Uint8Array;
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { "content-type": isFile ? "application/octet-stream" : "application/json" },
      body: body === undefined ? null : isFile ? Buffer.from(body) : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Body }; // safe: the caller names the answer
  }
  /** The tables hold what the log held when this was asked. */
  async function caughtUp(): Promise<void> {
    const { seq } = (await send<{ seq: number }>("GET", "/health")).body;
    for (let tries = 0; tries < 200; tries += 1) {
      const { body } = await send<{ handlers: { name: string; seq: number }[] }>("GET", "/health");
      if (body.handlers.some((handler) => handler.name === "project-postgres" && handler.seq >= seq)) return;
      // No faster: a caller may ask only so often a minute.
      await sleep(300);
    }
    throw new Error(`the tables did not reach seq ${seq}`);
  }
  return {
    send,
    caughtUp,
    trades: async (query = "") => (await send<TradesAnswer>("GET", `/trades${query}`)).body,
    preview: (text: string, fileName = "file.csv") =>
      send<ImportPreview>("POST", `/imports/preview?fileName=${fileName}`, new TextEncoder().encode(text)),
    answer: (contentHash: string, answers: Partial<ImportAnswers>) =>
      send<ImportPreview>("POST", `/imports/preview/${contentHash}`, answers),
    commit: (contentHash: string, answers: Partial<ImportAnswers>, rowErrors = 0) =>
      send<Imported>("POST", "/imports", { contentHash, answers, rowErrors }),
    imports: async () => (await send<ImportRow[]>("GET", "/imports")).body,
    undo: (id: string) => send<{ seq: number; fills: number }>("DELETE", `/imports/${id}`),
    text: async (path: string) => (await fetch(`${url}${path}`)).text(),
  };
}
