# syntax=docker/dockerfile:1
# libpq and OpenSSL are built from source by cargo and linked in, so the image holds the binary and its settings.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev make npm perl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock build.rs ./
COPY benches benches
COPY config config
COPY graphql graphql
COPY migrations migrations
COPY src src
RUN cargo build --release --locked --bin coffret

FROM gcr.io/distroless/cc-debian12:nonroot
LABEL org.opencontainers.image.title="Coffret" \
      org.opencontainers.image.description="Stock, orders, catalog and access rights of a beauty brand with many stores" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /src/target/release/coffret /usr/local/bin/coffret
COPY config/production.toml /etc/coffret/production.toml
ENV COFFRET_CONFIG=/etc/coffret/production.toml
USER 65532:65532
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --start-period=10s CMD ["/usr/local/bin/coffret", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/coffret"]
CMD ["serve"]
