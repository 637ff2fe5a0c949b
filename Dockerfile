# One image for both processes; compose says which one runs.

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The image's own Node is the right one: the package that brings it to other machines needs no install script here.
RUN npm ci --include=dev --ignore-scripts --no-fund --no-audit

FROM packages AS build
COPY . .
RUN NEXT_TELEMETRY_DISABLED=1 node node_modules/next/dist/bin/next build && rm -rf .next/cache \
 && npm prune --omit=dev --ignore-scripts --no-fund --no-audit

FROM node:24-bookworm-slim
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 LOG_FORMAT=json
# What scripts/node-memory.mjs says, for the same reasons.
ENV NODE_OPTIONS="--max-old-space-size=1024 --max-semi-space-size=8" \
    MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_TRIM_THRESHOLD_=4194304
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json /app/next.config.mjs ./
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/lib ./lib
COPY --from=build --chown=root:root /app/server ./server
COPY --from=build --chown=root:root /app/drizzle ./drizzle
COPY --from=build --chown=node:node /app/.next ./.next
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000 8000
CMD ["node", "server/main.ts"]
