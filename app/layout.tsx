/** What is the same on every page? Faces, tokens, theme, the stream and the query cache. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@mantine/core/styles.layer.css";
import "@mantine/notifications/styles.layer.css";
import "@mantine/spotlight/styles.layer.css";
import "#components/ui/tokens.css";
import { ColorSchemeScript, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { ConnectionMark } from "#components/live/connection-mark.tsx";
import { LiveProvider } from "#components/live/live-context.tsx";
import { QueryProvider } from "#components/queries/query-provider.tsx";
import { LookProvider } from "#components/ui/providers.tsx";

export const metadata: Metadata = { title: "Rightseat", description: "A self-hosted co-pilot for futures day traders" };

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript defaultColorScheme="dark" />
      </head>
      <body>
        <LookProvider>
          <QueryProvider>
            <LiveProvider>
              <ConnectionMark />
              {children}
            </LiveProvider>
          </QueryProvider>
        </LookProvider>
      </body>
    </html>
  );
}
