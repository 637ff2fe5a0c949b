"use client";
/** How shall it look? Dark or light, which colours mean up and down, and the layout back as designed. */

import { Menu, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { colourPair, resetLayout, useColourPairOnRoot } from "#components/ui/look.ts";
import { usePersisted } from "#components/ui/persisted.ts";

export function LookMenu() {
  useColourPairOnRoot();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("dark");
  const pair = usePersisted(colourPair);
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <Menu position="bottom-end" width={230} withinPortal>
      <Menu.Target>
        <button type="button" className="button button-plain" data-testid="look-menu">
          Look
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => setColorScheme(other)} data-testid="toggle-scheme">
          {other === "light" ? "Light" : "Dark"} colours
        </Menu.Item>
        <Menu.Item onClick={() => colourPair.set(pair === "blind" ? "standard" : "blind")} data-testid="toggle-pair">
          {pair === "blind" ? "Green and red for up and down" : "Blue and orange for up and down"}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={resetLayout}>Reset the layout</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
