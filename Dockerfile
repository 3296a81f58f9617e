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
# A named volume takes its owner from the image. Files that are mounted and must be 0600 belong to this number too.
RUN useradd --uid 10001 --home-dir /data --create-home fixpoint && mkdir /public && chown fixpoint /public
USER fixpoint
ENV FIXPOINT_HOME=/data FIXPOINT_MODE=production
ENTRYPOINT ["node"]
