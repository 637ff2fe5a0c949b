/** Does the stream ever pause? A client that keeps the longest silence between two frames, and the newest seq. */
import { once } from "node:events";
import { WebSocket } from "ws";
import type { OpsReport } from "#lib/wire/ops.ts";
import type { ServerFrame } from "#lib/wire/stream.ts";

export type FrameWatch = {
  frames(): number;
  /** Also the silence that lasts now. */
  longestSilenceMs(): number;
  /** Newest seq that the stream said; never smaller than one before it, else `stepsBack` counts. */
  seq(): number;
  stepsBack(): number;
  ops(): OpsReport | null;
  close(): void;
};

/** Follows quotes of the symbols and the reports of feeds and house, from the first frame on. */
export async function watchFrames(port: number, symbols: readonly string[]): Promise<FrameWatch> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/stream`);
  let [frames, longestMs, atMs, seq, stepsBack] = [0, 0, Number.NaN, 0, 0];
  let ops: OpsReport | null = null;
  socket.on("message", (data) => {
    const frame = JSON.parse(String(data)) as ServerFrame; // Safe: our own server.
    if (!Array.isArray(frame)) return;
    const nowMs = performance.now();
    if (frames > 0) longestMs = Math.max(longestMs, nowMs - atMs);
    [frames, atMs] = [frames + 1, nowMs];
    for (const message of frame) {
      if (message.topic === "ops") ops = message.ops;
      if (!message.topic.startsWith("quote:")) continue;
      if (message.seq < seq) stepsBack += 1;
      seq = Math.max(seq, message.seq);
    }
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ subscribe: [...symbols.map((symbol) => `quote:${symbol}`), "feeds", "ops"] }));
  await once(socket, "message");
  return {
    frames: () => frames,
    longestSilenceMs: () => (frames === 0 ? 0 : Math.max(longestMs, performance.now() - atMs)),
    seq: () => seq,
    stepsBack: () => stepsBack,
    ops: () => ops,
    close: () => socket.close(),
  };
}
