/** What does a topic say now? Re-renders only when the selected value differs from the one shown. */

import { useCallback, useEffect, useSyncExternalStore } from "react";
import { useLiveParts } from "#components/live/live-context.tsx";
import type { LiveStore } from "#components/live/live-store.ts";
import type { Connection } from "#components/live/stream-client.ts";
import type { ScannerView } from "#lib/wire/insight.ts";
import type { CardsView, LevelsView } from "#lib/wire/insight-stream.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import type { OpsReport } from "#lib/wire/ops.ts";
import type { BridgeAccountRow } from "#lib/wire/positions.ts";
import type {
  BarMessage,
  FeedsMessage,
  FeedsReport,
  InstrumentsMessage,
  OpsMessage,
  PositionsMessage,
  Quote,
  QuoteMessage,
  ScannerMessage,
  TopicMessage,
} from "#lib/wire/stream.ts";
import { insightTopic, levelsTopic } from "#lib/wire/topic.ts";

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
          : T extends "scanner"
            ? ScannerMessage
            : T extends "positions"
              ? PositionsMessage
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

const scannerIn = (message: ScannerMessage): ScannerView => message.scanner;

/**
 * A part of what the analyses of a root's front say, levels and ICT apart; undefined before the first word. The
 * selector gives a primitive or an object of the view: it renders when that changes, at most once a second.
 */
export function useInsight<Value>(root: string, select: (view: CardsView) => Value): Value | undefined {
  const topic = insightTopic(root);
  return useHeld(topic, (store) => {
    const view = store.insightOf(topic);
    return view === null ? undefined : select(view);
  });
}

/** Level board and ICT of a root's front; undefined before the first word. */
export function useLevels(root: string): LevelsView | undefined {
  const topic = levelsTopic(root);
  return useHeld(topic, (store) => store.levelsOf(topic) ?? undefined);
}

function useHeld<Value>(topic: string, read: (store: LiveStore) => Value | undefined): Value | undefined {
  const { store } = useLiveParts();
  useWanted(topic);
  const subscribe = useCallback((listener: () => void) => store.subscribe(topic, listener), [store, topic]);
  return useSyncExternalStore(
    subscribe,
    () => read(store),
    () => undefined,
  );
}

/** A text, number or object that lives in the scanner's view; renders when it changes. */
export function useScanner<Value>(select: (view: ScannerView) => Value): Value | undefined {
  return useLive("scanner" as const, (message) => select(scannerIn(message)));
}

const accountsIn = (message: PositionsMessage): BridgeAccountRow[] => message.accounts;

/** The accounts that bridges report, as of the server's last word; undefined before the first. */
export function useAccounts(): BridgeAccountRow[] | undefined {
  return useLive("positions", accountsIn);
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
