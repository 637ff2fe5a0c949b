"use client";
/** What can be done with this bar of the chart? The menu of a right click, or of the menu key at the read-out bar. */

import { Menu } from "@mantine/core";
import { anchorName } from "#components/chart/anchors/anchor-words.ts";
import styles from "#components/chart/anchors/anchors.module.css";
import { useInsight } from "#components/live/use-live.ts";
import { useAnchors } from "#components/queries/use-anchors.ts";
import type { Zone } from "#lib/time-zone.ts";

/** Where the menu opens, px of the chart, and the bar that it is about. */
export type MenuPlace = { x: number; y: number; openMs: number };

export type AnchorMenuProps = {
  root: string;
  contract: string | null;
  zone: Zone;
  place: MenuPlace | null;
  onClose: () => void;
};

export function AnchorMenu({ root, contract, zone, place, onClose }: AnchorMenuProps) {
  const standing = useInsight(root, ({ anchors }) => anchors) ?? [];
  const anchors = useAnchors();
  if (place === null || contract === null) return null;
  const ask = (action: "set" | "remove", atMs: number | null) => () => anchors.mutate({ action, contract, atMs });
  return (
    <Menu opened onClose={onClose} position="bottom-start" withinPortal returnFocus withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <button
          type="button"
          tabIndex={-1}
          className={styles.target}
          style={{ left: place.x, top: place.y }}
          aria-label={`Menu of the bar of ${anchorName(place.openMs, zone)}`}
        />
      </Menu.Target>
      <Menu.Dropdown data-testid="chart-menu">
        <Menu.Label>{`${contract} ${anchorName(place.openMs, zone)}`}</Menu.Label>
        <Menu.Item data-testid="anchor-here" onClick={ask("set", place.openMs)}>
          Anchor VWAP and CVD here
        </Menu.Item>
        {standing.map((atMs) => (
          <Menu.Item key={atMs} onClick={ask("remove", atMs)}>
            {`Remove the anchor of ${anchorName(atMs, zone)}`}
          </Menu.Item>
        ))}
        {standing.length < 2 ? null : <Menu.Item onClick={ask("remove", null)}>Remove all anchors</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
