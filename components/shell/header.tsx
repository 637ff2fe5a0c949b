"use client";
/** What stands above every page? Brand, finder, session clock, mode, look and keys. */

import { spotlight } from "@mantine/spotlight";
import Link from "next/link";
import { CheatSheet } from "#components/shell/cheat-sheet.tsx";
import { Keyboard } from "#components/shell/keyboard.tsx";
import { LookMenu } from "#components/shell/look-menu.tsx";
import { ModeBadge } from "#components/shell/mode-badge.tsx";
import { CommandPalette } from "#components/shell/palette.tsx";
import { SessionClock } from "#components/shell/session-clock.tsx";
import styles from "#components/shell/shell.module.css";

export function Header() {
  return (
    <header className={styles.header}>
      <Link prefetch={false} href="/" className={styles.brand} aria-label="Rightseat, the cockpit">
        <span className={styles.mark} aria-hidden="true" />
        Rightseat
      </Link>
      <button type="button" className={styles.find} onClick={() => spotlight.open()} data-testid="open-palette">
        <span>Instrument, page or action</span>
        <kbd>Ctrl K</kbd>
      </button>
      <nav className={styles.pages} aria-label="Pages">
        <Link prefetch={false} href="/trades">
          Trades
        </Link>
        <Link prefetch={false} href="/import">
          Import
        </Link>
      </nav>
      <SessionClock />
      <ModeBadge />
      <LookMenu />
      <CommandPalette />
      <CheatSheet />
      <Keyboard />
    </header>
  );
}
