"use client";
/** Where to, or what to do? Every instrument, interval, page and action by name (Ctrl or Cmd and K). */

import { useMantineColorScheme } from "@mantine/core";
import { Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import { useInstruments } from "#components/live/use-live.ts";
import styles from "#components/shell/shell.module.css";
import { shell } from "#components/shell/shell-state.ts";
import { type Actions, useActions } from "#components/shell/use-actions.ts";
import { chooseHours, chooseInterval } from "#components/ui/linked.ts";
import { colourPair, resetLayout } from "#components/ui/look.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";
import { TIME_INTERVALS } from "#lib/wire/topic.ts";

function instrumentGroup(rows: readonly InstrumentRow[], actions: Actions): SpotlightActionGroupData {
  return {
    group: "Instruments",
    actions: rows.map((row) => ({
      id: `instrument-${row.root}`,
      label: row.label,
      description: `${row.name}, ${row.exchange}`,
      keywords: [row.root, row.contract],
      onClick: () => actions.link(row.root),
    })),
  };
}

function intervalGroup(): SpotlightActionGroupData {
  return {
    group: "Intervals",
    actions: [...TIME_INTERVALS, "500t" as const, "2000v" as const, "8r" as const].map((interval) => ({
      id: `interval-${interval}`,
      label: `${interval} bars`,
      keywords: [interval],
      onClick: () => chooseInterval(interval),
    })),
  };
}

function pageGroup(actions: Actions): SpotlightActionGroupData {
  return {
    group: "Pages",
    actions: [
      { id: "page-cockpit", label: "Cockpit", onClick: actions.openCockpit },
      { id: "page-chart", label: "Chart of the linked instrument", onClick: () => actions.openChart() },
      { id: "page-trades", label: "Trades", keywords: ["round trips"], onClick: actions.openTrades },
      { id: "page-import", label: "Import trades from a file", onClick: actions.openImport },
    ],
  };
}

function actionGroup(actions: Actions, toggleScheme: () => void): SpotlightActionGroupData {
  const togglePair = (): void => colourPair.set(colourPair.get() === "blind" ? "standard" : "blind");
  return {
    group: "Actions",
    actions: [
      { id: "refresh", label: "Refresh everything", keywords: ["reload"], onClick: actions.refresh },
      { id: "scheme", label: "Switch dark and light", keywords: ["theme"], onClick: toggleScheme },
      { id: "pair", label: "Switch up and down colours (colour-blind pair)", onClick: togglePair },
      { id: "hours-eth", label: "Whole electronic session (ETH)", onClick: () => chooseHours("eth") },
      { id: "hours-rth", label: "Regular trading hours only (RTH)", onClick: () => chooseHours("rth") },
      { id: "layout", label: "Reset the layout", onClick: resetLayout },
      { id: "keys", label: "Keyboard cheat sheet", onClick: () => shell.set({ isCheatSheetOpen: true }) },
    ],
  };
}

export function CommandPalette() {
  const actions = useActions();
  const rows = useInstruments() ?? [];
  const { toggleColorScheme } = useMantineColorScheme();
  const groups = [
    instrumentGroup(rows, actions),
    intervalGroup(),
    pageGroup(actions),
    actionGroup(actions, toggleColorScheme),
  ];
  return (
    <Spotlight
      actions={groups}
      limit={40}
      scrollable
      maxHeight={420}
      highlightQuery
      nothingFound="Nothing of that name"
      searchProps={{ placeholder: "Instrument, interval, page or action", "aria-label": "Find" }}
      shortcut={["mod + K"]}
      overlayProps={{ blur: 0, backgroundOpacity: 0.55 }}
      transitionProps={{ duration: 100 }}
      classNames={{ content: styles.palette, search: styles.paletteSearch, action: styles.paletteAction }}
    />
  );
}
