"use client";
/** What surrounds every page? Theme and notes; the stream and the queries are put inside by the layout. */

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import styles from "#components/ui/panel.module.css";
import { theme, tokenVariables } from "#components/ui/theme.ts";

export function LookProvider({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={tokenVariables} defaultColorScheme="dark">
      <Notifications position="bottom-right" limit={4} containerWidth={340} className={styles.notes} />
      {children}
    </MantineProvider>
  );
}
