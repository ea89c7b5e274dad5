# The hub as an image. Node runs the TypeScript sources as they are: the first stage only installs what they import. The second
# one builds the dashboard, the third one the agent that hosts fetch from the hub, and the last one has neither npm's cache nor
# development tools.

FROM node:26-alpine AS modules
WORKDIR /app
# Manifests first: the layer with the modules is kept until one of them changes.
COPY package.json package-lock.json .npmrc ./
COPY packages/core/package.json packages/core/
COPY packages/logger/package.json packages/logger/
COPY packages/client/package.json packages/client/
COPY packages/agent/package.json packages/agent/
COPY packages/hub/package.json packages/hub/
COPY packages/cli/package.json packages/cli/
COPY packages/react/package.json packages/react/
COPY packages/web/package.json packages/web/
# The optional packages of the root bring a current Node to machines whose own is older. This image has one.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:26-alpine AS dashboard
WORKDIR /app
COPY --from=modules /app/package.json /app/package-lock.json /app/.npmrc ./
COPY --from=modules /app/packages packages
# Only what the page is made of: the bundler brings its native part as an optional package.
RUN npm ci --ignore-scripts --workspace packages/web
COPY tsconfig.base.json ./
COPY scripts/build-web.ts scripts/
COPY packages/core packages/core
COPY packages/client packages/client
COPY packages/react packages/react
COPY packages/web packages/web
RUN node scripts/build-web.ts && test -f packages/web/dist/index.html

# The agent as one file for each kind of machine, whichever this image is for. The files are for hosts with glibc, so they are made on one.
FROM node:26-slim AS agent
WORKDIR /app
COPY --from=modules /app/package.json /app/package-lock.json /app/.npmrc ./
COPY --from=modules /app/packages packages
# Bun comes as an optional package of the root, one for each platform; npm installs those of one platform at a time.
RUN npm ci --omit=dev --ignore-scripts --os=linux --libc=glibc --cpu=arm64 \
  && mv node_modules/@oven/bun-linux-aarch64 /tmp/ \
  && npm ci --omit=dev --ignore-scripts --os=linux --libc=glibc --cpu=x64 \
  && mv /tmp/bun-linux-aarch64 node_modules/@oven/
COPY scripts/build-agent.ts scripts/
COPY packages/core packages/core
COPY packages/agent packages/agent
COPY packages/cli packages/cli
RUN node scripts/build-agent.ts --target linux-x64 && node scripts/build-agent.ts --target linux-arm64

FROM node:26-alpine
ENV NODE_ENV=production \
    STORE_PATH=/data/flywatch.db \
    NODE_COMPILE_CACHE=/var/cache/flywatch
WORKDIR /app
COPY --from=modules /app/ ./
COPY LICENSE ./
COPY packages/core packages/core
COPY packages/client packages/client
COPY packages/agent packages/agent
COPY packages/hub packages/hub
COPY packages/cli packages/cli
COPY --from=dashboard /app/packages/web/dist packages/web/dist
COPY --from=agent /app/packages/agent/dist packages/agent/dist
RUN mkdir -p /data /var/cache/flywatch && chown node:node /data /var/cache/flywatch
USER node
# Compiled code is kept for the next start. Filled here, by the user that will run, every start is a fast one: before a command
# --version loads all that the command needs, the threads of the store too.
RUN node packages/cli/bin/flywatch.js --version serve
VOLUME /data
EXPOSE 8080
# The hub is process 1 and gets the signal itself; it tells its readers and ends within SHUTDOWN_TIMEOUT_MS.
STOPSIGNAL SIGTERM
# Whether the process answers, not whether Fly's bus does: a restart would not bring that back.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://localhost:${process.env.PORT || 8080}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "packages/cli/bin/flywatch.js", "serve"]
