"use client";
/** Which of the followed instruments shall the scanner list: all, the micros, or those worth watching today? */

import { useMemo } from "react";
import { useScanner } from "#components/live/use-live.ts";
import { createPersisted, usePersisted } from "#components/ui/persisted.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";

const SHOWS = ["all", "micros", "focus"] as const;
type Show = (typeof SHOWS)[number];

const chosenShow = createPersisted<Show>({
  key: "rightseat.scanner.show",
  initial: "all",
  read: (stored) => SHOWS.find((show) => show === stored) ?? null,
});

/** Roots of the focus list as one text, best first: "NQ ES". */
function useFocusRoots(): string {
  return useScanner(({ focus }) => focus.symbols.join(" ")) ?? "";
}

export function useShown(rows: InstrumentRow[] | undefined): InstrumentRow[] | undefined {
  const show = usePersisted(chosenShow);
  const focus = useFocusRoots();
  return useMemo(() => {
    if (rows === undefined || show === "all") return rows;
    if (show === "micros") return rows.filter(({ root }) => typeof instrumentOf(root)?.mini === "string");
    const roots = focus.split(" ");
    return rows.filter(({ root }) => roots.includes(root));
  }, [rows, show, focus]);
}

export function ShowTabs() {
  const show = usePersisted(chosenShow);
  const focus = useFocusRoots();
  const words = { all: "All", micros: "Micros", focus: `Focus ${focus === "" ? 0 : focus.split(" ").length}` };
  return (
    <span className="tabs">
      {SHOWS.map((one) => (
        <button
          key={one}
          type="button"
          className="tab"
          aria-pressed={one === show}
          data-testid={`show-${one}`}
          onClick={() => chosenShow.set(one)}
        >
          {words[one]}
        </button>
      ))}
    </span>
  );
}
