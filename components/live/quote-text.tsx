"use client";
/** What is this part of the contract's quote now? A text that renders when it changes and flashes its cell once. */

import { useEffect, useRef } from "react";
import { directionOf, type QuotePart, quoteNumber, quoteText } from "#components/live/quote-parts.ts";
import { useQuoteValue } from "#components/live/use-live.ts";
import type { Quote } from "#lib/wire/stream.ts";

export type QuoteTextProps = {
  contract: string | null;
  root: string;
  part: QuotePart;
  /** Colours by sign. */
  isSigned?: boolean;
  /** Flashes the cell's background when the text changes. */
  isFlashing?: boolean;
  testId?: string;
};

const FLASH_MS = 150;
/** A cell flashes no oftener: faster is flicker, and every repaint costs the frame. */
const FLASH_REST_MS = 600;
const flashedAtMs = new WeakMap<HTMLElement, number>();

/** Tints the nearest cell once, up or down by the move, and takes the tint off again; the text is never touched. */
function flash(element: HTMLElement, direction: "up" | "down"): void {
  const cell = element.closest<HTMLElement>("[data-cell]") ?? element;
  const nowMs = performance.now();
  if (nowMs - (flashedAtMs.get(cell) ?? Number.NEGATIVE_INFINITY) < FLASH_REST_MS) return;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  flashedAtMs.set(cell, nowMs);
  // NOTE: two repaints. A background that fades repaints every frame: 45 frames a second instead of 60 at 16 rows.
  cell.dataset.flash = direction;
  setTimeout(() => delete cell.dataset.flash, FLASH_MS);
}

/** The sign that is shown: a change that is written as 0.0 has none. */
function signOf(quote: Quote, part: QuotePart, root: string): "up" | "down" | "none" {
  return /[1-9]/.test(quoteText(quote, part, root)) ? directionOf(quoteNumber(quote, part)) : "none";
}

export function QuoteText({ contract, root, part, isSigned, isFlashing, testId }: QuoteTextProps) {
  const text = useQuoteValue(contract, (quote) => quoteText(quote, part, root));
  const sign = useQuoteValue(contract, (quote) => (isSigned ? signOf(quote, part, root) : "none"));
  const element = useRef<HTMLSpanElement>(null);
  useFlash(element, { contract, part, text, isOn: isFlashing === true });
  if (text === undefined) return <span className="skeleton" style={{ width: 40 }} />;
  return (
    <span ref={element} className={`n live ${sign === "none" ? "" : (sign ?? "")}`} data-testid={testId}>
      {text}
    </span>
  );
}

type FlashInput = { contract: string | null; part: QuotePart; text: string | undefined; isOn: boolean };

function useFlash(element: React.RefObject<HTMLElement | null>, { contract, part, text, isOn }: FlashInput): void {
  const value = useQuoteValue(isOn ? contract : null, (quote) => quoteNumber(quote, part));
  const former = useRef<{ contract: string | null; value: number | null | undefined }>({ contract, value });
  // biome-ignore lint/correctness/useExhaustiveDependencies: it flashes for a change of text, not for a new element.
  useEffect(() => {
    const before = former.current;
    former.current = { contract, value };
    if (!isOn || before.contract !== contract || element.current === null) return;
    if (typeof before.value !== "number" || typeof value !== "number" || before.value === value) return;
    flash(element.current, value > before.value ? "up" : "down");
  }, [text, contract]);
}
