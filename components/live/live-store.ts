/** What was last said on each topic? Messages wait for the next animation frame and are then applied once, together. */

import { applyBarMessage, type BarWindow } from "#components/live/bar-window.ts";
import { type CardsView, type HeldLevels, hearCards, hearLevels, type LevelsView } from "#lib/wire/insight-stream.ts";
import type { InsightMessage, LevelsMessage, TopicMessage } from "#lib/wire/stream.ts";

/** Messages that wait for a frame; a hidden tab flushes at this bound instead of growing. */
export const PENDING_MESSAGES_MAX = 5_000;

/** Runs `flush` before the next paint, or soon where nothing is painted (a hidden tab). */
export type FrameScheduler = (flush: () => void) => void;

/** Measures a latency: the applied message and the wall time in the frame that applied it. */
export type FrameProbe = (message: TopicMessage, appliedMs: number) => void;

export type LiveStoreOptions = { schedule: FrameScheduler; wallMs: () => number; probe: FrameProbe };

type Listener = () => void;
type MessageListener = (messages: readonly TopicMessage[]) => void;

export class LiveStore {
  readonly #schedule: FrameScheduler;
  readonly #wallMs: () => number;
  readonly #probe: FrameProbe;
  readonly #last = new Map<string, TopicMessage>();
  readonly #bars = new Map<string, BarWindow>();
  readonly #cards = new Map<string, CardsView>();
  readonly #levels = new Map<string, HeldLevels>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #messageListeners = new Map<string, Set<MessageListener>>();
  readonly #resetListeners = new Set<Listener>();
  #pending: TopicMessage[] = [];
  #isScheduled = false;

  constructor(options: LiveStoreOptions) {
    this.#schedule = options.schedule;
    this.#wallMs = options.wallMs;
    this.#probe = options.probe;
  }

  /** The last applied message of a topic; undefined where there was none yet. */
  get(topic: string): TopicMessage | undefined {
    return this.#last.get(topic);
  }

  /** All bars of a chart topic so far, live array: read, never write. */
  barsOf(topic: string): BarWindow | null {
    return this.#bars.get(topic) ?? null;
  }

  /** What a root's analyses say, published and with the forming bars; null before the first message. */
  insightOf(topic: InsightMessage["topic"]): CardsView | null {
    return this.#cards.get(topic) ?? null;
  }

  levelsOf(topic: LevelsMessage["topic"]): LevelsView | null {
    return this.#levels.get(topic) ?? null;
  }

  /** Takes messages off the socket; they become visible in the next frame. */
  receive(messages: readonly TopicMessage[]): void {
    for (const message of messages) this.#pending.push(message);
    if (this.#pending.length >= PENDING_MESSAGES_MAX) this.flush();
    else if (this.#pending.length > 0 && !this.#isScheduled) {
      this.#isScheduled = true;
      this.#schedule(() => this.flush());
    }
  }

  /** Applies all that waits, then tells each dirty topic's listeners once. */
  flush(): void {
    this.#isScheduled = false;
    const messages = this.#pending;
    if (messages.length === 0) return;
    this.#pending = [];
    const byTopic = new Map<string, TopicMessage[]>();
    for (const message of messages) {
      this.#apply(message);
      const group = byTopic.get(message.topic);
      if (group === undefined) byTopic.set(message.topic, [message]);
      else group.push(message);
    }
    for (const [topic, group] of byTopic) this.#tell(topic, group);
    const appliedMs = this.#wallMs();
    for (const message of messages) this.#probe(message, appliedMs);
  }

  #apply(message: TopicMessage): void {
    this.#last.set(message.topic, message);
    if ("bars" in message) {
      this.#bars.set(message.topic, applyBarMessage(this.#bars.get(message.topic) ?? null, message));
    } else if (isAbout(message, "insight")) {
      const cards = hearCards(this.insightOf(message.topic), message);
      if (cards !== null) this.#cards.set(message.topic, cards);
    } else if (isAbout(message, "levels")) {
      const levels = hearLevels(this.#levels.get(message.topic) ?? null, message);
      if (levels !== null) this.#levels.set(message.topic, levels);
    }
  }

  #tell(topic: string, messages: readonly TopicMessage[]): void {
    for (const listener of this.#messageListeners.get(topic) ?? []) listener(messages);
    for (const listener of this.#listeners.get(topic) ?? []) listener();
  }

  /** Calls back once a frame in which the topic changed; returns the unsubscribe. */
  subscribe(topic: string, listener: Listener): () => void {
    return addTo(this.#listeners, topic, listener);
  }

  /** As subscribe, with every message of the frame in order: for charts, which draw deltas. */
  listen(topic: string, listener: MessageListener): () => void {
    return addTo(this.#messageListeners, topic, listener);
  }

  /** Calls back when everything was forgotten. */
  onReset(listener: Listener): () => void {
    this.#resetListeners.add(listener);
    return () => this.#resetListeners.delete(listener);
  }

  /** Forgets one topic that nobody wants any more. */
  drop(topic: string): void {
    for (const held of this.#held()) held.delete(topic);
    this.#pending = this.#pending.filter((message) => message.topic !== topic);
  }

  #held(): Map<string, unknown>[] {
    return [this.#last, this.#bars, this.#cards, this.#levels];
  }

  /** Another run or another life of the server: nothing held may be mixed with what comes. */
  reset(): void {
    this.#pending = [];
    const topics = [...this.#last.keys()];
    for (const held of this.#held()) held.clear();
    for (const listener of this.#resetListeners) listener();
    for (const topic of topics) for (const listener of this.#listeners.get(topic) ?? []) listener();
  }
}

/** Topics of analyses are "insight:ES" and "levels:ES". */
function isAbout<Name extends "insight" | "levels">(
  message: TopicMessage,
  name: Name,
): message is Extract<TopicMessage, { topic: `${Name}:${string}` }> {
  return message.topic.startsWith(`${name}:`);
}

function addTo<Value>(sets: Map<string, Set<Value>>, key: string, value: Value): () => void {
  const set = sets.get(key) ?? new Set<Value>();
  set.add(value);
  sets.set(key, set);
  return () => {
    set.delete(value);
    if (set.size === 0 && sets.get(key) === set) sets.delete(key);
  };
}
