"use client";
/** How does a reader make a panel wider or taller? A line to drag, or to move with the arrow keys. */

import type { KeyboardEvent, PointerEvent } from "react";
import { type Layout, layout } from "#components/ui/look.ts";
import styles from "#components/ui/splitter.module.css";

export type SplitterProps = {
  /** Which size it sets. */
  side: keyof Layout;
  /** x: a vertical line that sets a width; y: a horizontal one that sets a height. */
  axis: "x" | "y";
  /** Does the panel grow when the line moves right (or down)? */
  grows: 1 | -1;
  label: string;
};

const STEP_PX = 16;
const SIZE_MIN_PX = 200;
const SIZE_MAX_PX = 1_200;

export function Splitter({ side, axis, grows, label }: SplitterProps) {
  const resize = (line: HTMLElement, deltaPx: number, fromPx: number): void => {
    const sizePx = Math.round(Math.min(SIZE_MAX_PX, Math.max(SIZE_MIN_PX, fromPx + deltaPx * grows)));
    line.setAttribute("aria-valuenow", String(sizePx));
    layout.set({ ...layout.get(), [side]: sizePx });
  };
  const onPointerDown = (down: PointerEvent<HTMLElement>): void => {
    const line = down.currentTarget;
    const startPx = axis === "x" ? down.clientX : down.clientY;
    const fromPx = panelSizePx(line, axis, grows);
    line.setPointerCapture(down.pointerId);
    line.onpointermove = (move) => resize(line, (axis === "x" ? move.clientX : move.clientY) - startPx, fromPx);
    line.onpointerup = () => {
      line.onpointermove = null;
      line.onpointerup = null;
    };
    down.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const forward = axis === "x" ? "ArrowRight" : "ArrowDown";
    const back = axis === "x" ? "ArrowLeft" : "ArrowUp";
    if (event.key !== forward && event.key !== back) return;
    event.preventDefault();
    event.stopPropagation();
    const line = event.currentTarget;
    resize(line, event.key === forward ? STEP_PX : -STEP_PX, panelSizePx(line, axis, grows));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> takes no focus and no drag.
    <div
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={axis === "x" ? "vertical" : "horizontal"}
      aria-valuemin={SIZE_MIN_PX}
      aria-valuemax={SIZE_MAX_PX}
      aria-valuenow={layout.initial[side] ?? SIZE_MIN_PX}
      className={axis === "x" ? styles.vertical : styles.horizontal}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}

/** The panel that the line belongs to: before it where it grows with the line, behind it otherwise. */
function panelSizePx(line: HTMLElement, axis: "x" | "y", grows: 1 | -1): number {
  const panel = grows === 1 ? line.previousElementSibling : line.nextElementSibling;
  const box = panel?.getBoundingClientRect();
  return (axis === "x" ? box?.width : box?.height) ?? SIZE_MIN_PX;
}
