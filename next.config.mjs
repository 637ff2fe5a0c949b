/** How is the cockpit built? Pages only: `/api` is piped by `server/web.ts`, never rewritten here. */

/**
 * Not in TypeScript: for that Next would load its compiler, 24 MB, also into the web process of a built cockpit.
 * @type {import("next").NextConfig}
 */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // NOTE: `npm run check` type-checks the whole tree; doing it here again would fail a start on a test's type.
  typescript: { ignoreBuildErrors: true },
  experimental: { optimizePackageImports: ["@mantine/core", "@mantine/hooks"] },
};

export default config;
