"use client";
/** How does the keyboard drive the cockpit? Typing names an instrument or interval; arrows walk the table. */

import { useEffect } from "react";
import { useInstruments } from "#components/live/use-live.ts";
import styles from "#components/shell/shell.module.css";
import { shell, useShell } from "#components/shell/shell-state.ts";
import { matchingRoots, readTyped, TYPED_LENGTH_MAX } from "#components/shell/typed-command.ts";
import { type Actions, useActions } from "#components/shell/use-actions.ts";
import { chooseInterval, linked, linkNeighbour, shownOrder } from "#components/ui/linked.ts";

/** A word that is not gone on with is taken after this pause. */
const TYPING_PAUSE_MS = 800;

const NO_ROOTS: readonly string[] = [];

/** Keys that belong to a field, a dialog or the browser are not ours. */
function isOurs(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  const { target } = event;
  if (!(target instanceof HTMLElement)) return true;
  return (
    !target.isContentEditable && target.closest("input, textarea, select, [role='dialog'], [role='menu']") === null
  );
}

/** Does the focused element take this key itself? */
function isTakenByFocus(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" && event.key !== " ") return false;
  return event.target instanceof HTMLElement && event.target.closest("button, a, tr[tabindex]") !== null;
}

export function runTyped(typed: string, roots: readonly string[], actions: Actions): void {
  const command = readTyped(typed, roots);
  if (command.kind === "instrument") actions.link(command.root);
  if (command.kind === "interval") chooseInterval(command.interval);
  if (command.kind === "refresh") actions.refresh();
}

/** True where the key was ours to handle. */
function handleKey(event: KeyboardEvent, typed: string, actions: Actions, commit: () => void): boolean {
  switch (event.key) {
    case "?":
      shell.set({ isCheatSheetOpen: true, typed: "" });
      return true;
    case "ArrowUp":
    case "ArrowDown":
      linkNeighbour(event.key === "ArrowUp" ? -1 : 1);
      actions.link(linked.get().root);
      return true;
    case "Escape":
      shell.set({ typed: "" });
      return typed !== "";
    case "Backspace":
      shell.set({ typed: typed.slice(0, -1) });
      return typed !== "";
    case "Enter":
      if (typed === "") return false;
      commit();
      return true;
    default:
      if (!/^[a-z0-9]$/i.test(event.key)) return false;
      shell.set({ typed: (typed + event.key).slice(0, TYPED_LENGTH_MAX) });
      return true;
  }
}

export function Keyboard() {
  const actions = useActions();
  const { typed } = useShell();
  const roots = useInstruments()?.map((row) => row.root) ?? NO_ROOTS;
  const rootsKey = roots.join(" ");
  useEffect(() => {
    const known = rootsKey.split(" ").filter((root) => root !== "");
    if (shownOrder.roots.length === 0) shownOrder.roots = known;
    const commit = (): void => {
      const word = shell.get().typed;
      shell.set({ typed: "" });
      runTyped(word, known, actions);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (!isOurs(event) || (isTakenByFocus(event) && shell.get().typed === "")) return;
      if (handleKey(event, shell.get().typed, actions, commit)) event.preventDefault();
    };
    const timer = typed === "" ? undefined : setTimeout(commit, TYPING_PAUSE_MS);
    document.addEventListener("keydown", onKey);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("keydown", onKey);
    };
  }, [actions, rootsKey, typed]);
  return typed === "" ? null : <TypedBox typed={typed} roots={roots} />;
}

function TypedBox({ typed, roots }: { typed: string; roots: readonly string[] }) {
  const command = readTyped(typed, roots);
  return (
    <div className={styles.typed} role="status" data-testid="typed">
      <span className={`${styles.typedWord} n`}>{typed.toUpperCase()}</span>
      <span className="dim">{meaningOf(command, matchingRoots(typed, roots))}</span>
    </div>
  );
}

function meaningOf(command: ReturnType<typeof readTyped>, matches: readonly string[]): string {
  switch (command.kind) {
    case "instrument":
      return matches.length > 1 ? `${command.root}, also ${matches.slice(1, 5).join(" ")}` : command.root;
    case "interval":
      return `${command.interval} bars`;
    case "refresh":
      return "Refresh";
    case "none":
      return "no such instrument or interval";
  }
}
