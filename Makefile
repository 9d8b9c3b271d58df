# The front door: every command that people and CI run is a target here. `make` prints them.

PORT ?= 8080
TARGET := $(or $(CARGO_TARGET_DIR),target)

# rustup's cargo goes before a distribution's older one, also in a shell that has not been reopened
# since rustup was installed.
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

# What `make toolchain` found, as NAME=VALUE lines for the builds after it.
TOOLCHAIN := target/toolchain.env
CARGO = set -a; . ./$(TOOLCHAIN); set +a; cargo
DARKROOM := $(TARGET)/release/darkroom

KEY := .darkroom/dev.key
SAMPLES := tests/pictures

.DEFAULT_GOAL := help
.PHONY: help toolchain build serve test lint fmt bench deny clean packages-build packages-test

help: ## Print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

toolchain: packages-build ## Install what a build needs and is missing here; says what it did
	@mkdir -p target
	@host/guest/toolchain.sh
	@touch $(TOOLCHAIN)

# Once is enough, until `make clean`.
$(TOOLCHAIN):
	@$(MAKE) --no-print-directory toolchain

build: $(TOOLCHAIN) ## Build the server (target/release/darkroom)
	@$(CARGO) build --locked --release -p host --bin darkroom

serve: build $(KEY) ## Serve the sample pictures and print URLs to click (PORT=8080)
	@.ci/sample-urls $(DARKROOM) $(KEY) http://127.0.0.1:$(PORT)
	@exec $(DARKROOM) serve --listen 127.0.0.1:$(PORT) --mount $(SAMPLES) \
		--url-signature-key-file $(KEY) --cache-dir .darkroom/cache

$(KEY):
	@mkdir -p $(@D)
	@umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > $@
	@echo "made a key for development: $@"

test: packages-test $(TOOLCHAIN) ## Run every test
	@$(CARGO) build --locked --workspace --bins
	@$(CARGO) test --locked --workspace

lint: $(TOOLCHAIN) ## Check format and lints, warnings denied
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

fmt: $(TOOLCHAIN) ## Format the code
	@$(CARGO) fmt --all

bench: packages-test build ## Measure against sharp, and write the README's tables
	@$(CARGO) run --locked --release -p bench

deny: ## Check licences, advisories and sources of dependencies (needs cargo-deny)
	cargo deny --all-features check

clean: ## Remove what was built, the development key and its cache
	rm -rf target $(TARGET) .darkroom

# COMMAND:DEBIAN-PACKAGE, installed where the command is missing.
packages-build:
	@.ci/packages cc:gcc curl:curl

packages-test: packages-build
	@.ci/packages djpeg:libjpeg-turbo-progs cwebp:webp
