# The commands of the house; `just --list` shows them.

# Everything at once on a seeded brand.
demo:
    cargo run --release -- demo

# All tests, on a private PostgreSQL that they start themselves.
test:
    cargo test

# What CI runs.
ci:
    .ci/run

# Accept changed listings (permissions, codes) after looking at the difference.
listings:
    INSTA_UPDATE=always cargo test --test it

# Time the pure decisions.
rules:
    cargo bench --bench rules
