# One image for every part; docker-compose.yml says which part a container is.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS engine
WORKDIR /src
COPY engine engine
RUN bash engine/build.sh

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.json ./
RUN npm ci
COPY src src
COPY workers workers
COPY tools tools
RUN npm run build && npm prune --omit=dev

FROM mcr.microsoft.com/dotnet/runtime:10.0-noble
# The last two are for directories that are reached with Kerberos.
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    openssh-client libldap2 krb5-user libsasl2-modules-gssapi-mit \
  && rm -rf /var/lib/apt/lists/*
COPY --from=build /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# The Windows build beside it is only for the laboratory.
COPY --from=engine /src/engine/dist/linux-x64 engine/dist/linux-x64
COPY package.json ./
COPY bin bin
COPY runbooks runbooks
COPY examples examples
# A user for each part; docker-compose.yml says which a container is. A named volume takes its owner and mode from the image. Files that
# are mounted and must be 0600 belong to the number of their part.
RUN useradd --uid 10001 --no-create-home fixpoint-api \
  && useradd --uid 10002 --no-create-home fixpoint-authority \
  && useradd --uid 10003 --no-create-home fixpoint-relay \
  && useradd --uid 10004 --no-create-home fixpoint-worker \
  && install -d -m 0755 /data /public \
  && install -d -m 0700 -o 10002 -g 10002 /data/authority \
  && install -d -m 0700 -o 10004 -g 10004 /data/worker \
  && chown 10002:10002 /public
# The one without any folder, for a container that names no user.
USER 10001
ENV FIXPOINT_MODE=production
ENTRYPOINT ["node"]
