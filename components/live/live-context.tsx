"use client";
/** Where do components find the stream? One client, store, clock and lag meter for the whole page. */

import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { FeedClock } from "#components/live/feed-clock.ts";
import { LagMeter } from "#components/live/lag-meter.ts";
import { LiveStore } from "#components/live/live-store.ts";
import { StreamClient, type StreamSocket } from "#components/live/stream-client.ts";
import type { TopicMessage } from "#lib/wire/stream.ts";

export type Live = { client: StreamClient; store: LiveStore; clock: FeedClock; lag: LagMeter };

declare global {
  /** The latency bench's sink: topic, receivedMs, wall time of the frame that applied it. */
  var __rightseatBench: ((topic: string, receivedMs: number, appliedMs: number) => void) | undefined;
}

/** Flush of a hidden tab, which gets no animation frames. */
const HIDDEN_FLUSH_MS = 500;

function scheduleFrame(flush: () => void): void {
  if (document.visibilityState === "hidden") setTimeout(flush, HIDDEN_FLUSH_MS);
  else requestAnimationFrame(flush);
}

function openSocket(): StreamSocket {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  // Safe: the handlers that a WebSocket takes are wider than ours.
  return new WebSocket(`${scheme}://${location.host}/api/stream`) as unknown as StreamSocket;
}

function after(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

function createLive(): Live {
  const lag = new LagMeter();
  const probe = (message: TopicMessage, appliedMs: number): void => {
    const { topic, kind, receivedMs } = message;
    if (!topic.startsWith("quote:") && !topic.startsWith("bar:")) return;
    // A snapshot says what came long ago: only what just came in measures the road.
    if (kind === "delta") lag.add(appliedMs - receivedMs);
    globalThis.__rightseatBench?.(topic, receivedMs, appliedMs);
  };
  const store = new LiveStore({ schedule: scheduleFrame, wallMs: () => Date.now(), probe });
  const clock = new FeedClock(() => performance.now());
  const client = new StreamClient({ open: openSocket, store, clock, after, random: Math.random });
  return { client, store, clock, lag };
}

const LiveContext = createContext<Live | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const [live] = useState(createLive);
  useEffect(() => {
    live.client.start();
    return () => live.client.close();
  }, [live]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

/** The page's stream; throws outside of LiveProvider. */
export function useLiveParts(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error("useLiveParts: was outside of LiveProvider, expected inside");
  return live;
}
