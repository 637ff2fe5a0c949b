"use client";
/** What can be done with this bar of the chart? The menu of a right click, or of the menu key at the read-out bar. */

import { Menu } from "@mantine/core";
import { anchorName } from "#components/chart/anchors/anchor-words.ts";
import styles from "#components/chart/anchors/anchors.module.css";
import { beginRange, endRange, rangeChoice } from "#components/chart/range/range-choice.ts";
import { useInsight } from "#components/live/use-live.ts";
import { useAnchors } from "#components/queries/use-anchors.ts";
import { usePersisted } from "#components/ui/persisted.ts";
import type { Zone } from "#lib/time-zone.ts";

/** Where the menu opens, px of the chart, and the bar that it is about. */
export type MenuPlace = { x: number; y: number; openMs: number; endMs: number };

export type AnchorMenuProps = {
  root: string;
  contract: string | null;
  zone: Zone;
  place: MenuPlace | null;
  onClose: () => void;
};

function RangeItems({ contract, place }: { contract: string; place: MenuPlace }) {
  const choice = usePersisted(rangeChoice);
  const own = choice?.contract === contract ? choice : null;
  return (
    <>
      {own === null || own.toMs !== null ? null : (
        <Menu.Item data-testid="range-to" onClick={() => rangeChoice.set(endRange(own, place))}>
          Profile up to this bar
        </Menu.Item>
      )}
      <Menu.Item data-testid="range-from" onClick={() => rangeChoice.set(beginRange(contract, place))}>
        Profile from this bar …
      </Menu.Item>
      {own === null ? null : <Menu.Item onClick={() => rangeChoice.set(null)}>Remove the profile</Menu.Item>}
    </>
  );
}

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
        <Menu.Divider />
        <RangeItems contract={contract} place={place} />
      </Menu.Dropdown>
    </Menu>
  );
}
