/** What did this browser choose last time? A value in localStorage that every component sees change. */

import { useSyncExternalStore } from "react";

export type Persisted<Value> = {
  get(): Value;
  set(value: Value): void;
  subscribe(listener: () => void): () => void;
  readonly initial: Value;
};

/** `read` judges what lies in storage: null sends it back to the initial value. */
export function createPersisted<Value>(options: {
  key: string;
  initial: Value;
  read: (stored: unknown) => Value | null;
}): Persisted<Value> {
  const { key, initial, read } = options;
  const listeners = new Set<() => void>();
  let held: { value: Value } | null = null;
  return {
    initial,
    get() {
      held ??= { value: stored(key, read) ?? initial };
      return held.value;
    },
    set(value) {
      held = { value };
      store(key, value);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function stored<Value>(key: string, read: (stored: unknown) => Value | null): Value | null {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : read(JSON.parse(text));
  } catch {
    // Storage is switched off, or holds what is no JSON: as if nothing were stored.
    return null;
  }
}

function store(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is off or full: the choice lasts as long as the page.
  }
}

export function usePersisted<Value>(persisted: Persisted<Value>): Value {
  return useSyncExternalStore(persisted.subscribe, persisted.get, () => persisted.initial);
}
