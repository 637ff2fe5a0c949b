/** Which overlay is open, and what has been typed so far? */

import { useSyncExternalStore } from "react";

export type ShellState = { isCheatSheetOpen: boolean; typed: string };

function createShell() {
  let state: ShellState = { isCheatSheetOpen: false, typed: "" };
  const listeners = new Set<() => void>();
  return {
    get: (): ShellState => state,
    set(change: Partial<ShellState>): void {
      state = { ...state, ...change };
      for (const listener of listeners) listener();
    },
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export const shell = createShell();

const AT_FIRST = shell.get();

export function useShell(): ShellState {
  return useSyncExternalStore(shell.subscribe, shell.get, () => AT_FIRST);
}
