/** What does a topic say now? Re-renders only when the selected value differs from the one shown. */

import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useLiveParts } from "#components/live/live-context.tsx";
import type { Connection } from "#components/live/stream-client.ts";
import type { InsightView, ScannerView } from "#lib/wire/insight.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import type { OpsReport } from "#lib/wire/ops.ts";
import type {
  BarMessage,
  FeedsMessage,
  FeedsReport,
  InsightMessage,
  InstrumentsMessage,
  OpsMessage,
  Quote,
  QuoteMessage,
  ScannerMessage,
  TopicMessage,
} from "#lib/wire/stream.ts";

type MessageOf<T extends string> = T extends "feeds"
  ? FeedsMessage
  : T extends "ops"
    ? OpsMessage
    : T extends "instruments"
      ? InstrumentsMessage
      : T extends `quote:${string}`
        ? QuoteMessage
        : T extends `bar:${string}`
          ? BarMessage
          : T extends `insight:${string}`
            ? InsightMessage
            : T extends "scanner"
              ? ScannerMessage
              : TopicMessage;

const NO_UNSUBSCRIBE = (): void => undefined;

/** Holds the topics subscribed while the component is mounted; null topics are left out. */
export function useWanted(topic: string | null): void {
  const { client } = useLiveParts();
  useEffect(() => (topic === null ? undefined : client.want(topic)), [client, topic]);
}

/**
 * The selected part of the topic's last message; undefined before the first. The selector must give a primitive or
 * an object that lives in the message, so that an unchanged value is the same value. Topic null: always undefined.
 */
export function useLive<T extends string, Value>(
  topic: T | null,
  select: (message: MessageOf<T>) => Value,
): Value | undefined {
  const { store } = useLiveParts();
  useWanted(topic);
  const subscribe = useCallback(
    (listener: () => void) => (topic === null ? NO_UNSUBSCRIBE : store.subscribe(topic, listener)),
    [store, topic],
  );
  const read = (): Value | undefined => {
    const message = topic === null ? undefined : store.get(topic);
    // Safe: a topic only ever carries its own kind of message.
    return message === undefined ? undefined : select(message as MessageOf<T>);
  };
  return useSyncExternalStore(subscribe, read, () => undefined);
}

const feedsIn = (message: FeedsMessage): FeedsReport => message.feeds;
const opsIn = (message: OpsMessage): OpsReport => message.ops;
const instrumentsIn = (message: InstrumentsMessage): InstrumentRow[] => message.instruments;

/** A part of a contract's quote, or a text made of it: the component renders when that changes. */
export function useQuoteValue<Value extends string | number | boolean | null>(
  contract: string | null,
  select: (quote: Quote) => Value,
): Value | undefined {
  return useLive(contract === null ? null : (`quote:${contract}` as const), (message) => select(message.quote));
}

const insightIn = (message: InsightMessage): InsightView => message.insight;
const scannerIn = (message: ScannerMessage): ScannerView => message.scanner;

/** All analyses of a root's front; renders once a second while the forming bar moves. Undefined before the first. */
export function useInsight(root: string | null): InsightView | undefined {
  return useLive(root === null ? null : (`insight:${root}` as const), insightIn);
}

/** A text, number or object that lives in the scanner's view; renders when it changes. */
export function useScanner<Value>(select: (view: ScannerView) => Value): Value | undefined {
  return useLive("scanner" as const, (message) => select(scannerIn(message)));
}

export function useFeeds(): FeedsReport | undefined {
  return useLive("feeds", feedsIn);
}

export function useOps(): OpsReport | undefined {
  return useLive("ops", opsIn);
}

export function useInstruments(): InstrumentRow[] | undefined {
  return useLive("instruments", instrumentsIn);
}

export function useConnection(): Connection {
  const { client } = useLiveParts();
  return useSyncExternalStore(
    (listener) => client.subscribe(listener),
    () => client.connection(),
    () => CONNECTING,
  );
}

const CONNECTING: Connection = { status: "connecting" };
