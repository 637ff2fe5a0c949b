/** How is the cockpit built? Pages only: `/api` is piped by `server/web.ts`, never rewritten here. */

import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // NOTE: `npm run check` type-checks the whole tree; doing it here again would fail a start on a test's type.
  typescript: { ignoreBuildErrors: true },
  experimental: { optimizePackageImports: ["@mantine/core", "@mantine/hooks"] },
};

export default config;
