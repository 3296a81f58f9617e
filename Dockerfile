# One image for every part; docker-compose.yml says which part a container is.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS engine
WORKDIR /src
COPY engine engine
RUN bash engine/build.sh

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json tsconfig.build.json ./
RUN npm ci
COPY src src
COPY workers workers
COPY lab lab
RUN npm run build && cp -r src/adapters/postgres/migrations dist/src/adapters/postgres/ && npm prune --omit=dev

FROM mcr.microsoft.com/dotnet/runtime:10.0
RUN apt-get update \
  && apt-get install -y --no-install-recommends openssh-client libldap-2.5-0 \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=engine /src/engine/dist engine/dist
COPY package.json ./
COPY bin bin
COPY runbooks runbooks
RUN useradd --system --home-dir /data --create-home fixpoint
USER fixpoint
ENV FIXPOINT_HOME=/data FIXPOINT_MODE=production
ENTRYPOINT ["node"]
