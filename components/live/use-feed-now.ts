/** Which time by the feed's clock is shown? A component renders when its own text changes, not when the clock ticks. */

import { useCallback, useSyncExternalStore } from "react";
import { useLiveParts } from "#components/live/live-context.tsx";

/** Look at the clock so often; a text that has not changed renders nothing. */
const LOOK_MS = 200;

/** One timer for all clocks of the page, while there is one. */
function createTicker(): (listener: () => void) => () => void {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  return (listener) => {
    listeners.add(listener);
    timer ??= setInterval(() => {
      for (const one of listeners) one();
    }, LOOK_MS);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
}

const onTick = createTicker();

/** Feed time floored to whole steps, epoch ms; null before the server's first word (and on the server). */
export function useFeedNowMs(stepMs = 1_000): number | null {
  const { clock } = useLiveParts();
  const read = useCallback(() => {
    const nowMs = clock.nowMs();
    return nowMs === null ? null : Math.floor(nowMs / stepMs) * stepMs;
  }, [clock, stepMs]);
  return useSyncExternalStore(onTick, read, () => null);
}

/** A text made of the feed's clock; renders when the text changes. Null before the server's first word. */
export function useFeedClockText(write: (nowMs: number) => string): string | null {
  const { clock } = useLiveParts();
  const read = (): string | null => {
    const nowMs = clock.nowMs();
    return nowMs === null ? null : write(nowMs);
  };
  return useSyncExternalStore(onTick, read, () => null);
}

/** A text looked up five times a second: for figures that are no topic (latency). Null on the server. */
export function useTickedText(write: () => string): string | null {
  return useSyncExternalStore(onTick, write, () => null);
}
