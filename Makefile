# The front door: every command that people and CI run is a target here. `make` prints them.

PORT ?= 8080
TARGET := $(or $(CARGO_TARGET_DIR),target)

# rustup's cargo goes before a distribution's older one, also in a shell that has not been reopened
# since rustup was installed.
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)

# Where rustup has no target for the component, `make toolchain` leaves here what builds it instead.
TOOLCHAIN := $(abspath $(TARGET))/toolchain.env
CARGO = if [ -f $(TOOLCHAIN) ]; then . $(TOOLCHAIN); fi; cargo
DARKROOM := $(TARGET)/release/darkroom

KEY := .darkroom/dev.key
SAMPLES := tests/pictures

.DEFAULT_GOAL := help
.PHONY: help toolchain build serve test lint fmt bench deny clean packages packages-bench

help: ## Print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

toolchain: ## Install what a build needs and is missing here; says what it did
	@host/guest/toolchain.sh

build: toolchain ## Build the server (target/release/darkroom)
	@$(CARGO) build --locked --release -p host --bin darkroom

serve: build $(KEY) ## Serve the sample pictures and print URLs to click (PORT=8080)
	@.ci/sample-urls $(DARKROOM) $(KEY) http://127.0.0.1:$(PORT)
	@exec $(DARKROOM) serve --listen 127.0.0.1:$(PORT) --mount $(SAMPLES) \
		--url-signature-key-file $(KEY) --cache-dir .darkroom/cache

$(KEY):
	@mkdir -p $(@D)
	@umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > $@
	@echo "made a key for development: $@"

# With all targets: dependencies then get the features that tests give them, and are built once.
test: toolchain packages ## Run every test
	@$(CARGO) build --locked --workspace --all-targets
	@$(CARGO) test --locked --workspace

lint: toolchain ## Check format and lints, warnings denied
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

fmt: toolchain ## Format the code
	@$(CARGO) fmt --all

bench: packages-bench build ## Measure against peers, and write the README's tables (TABLES="hit load")
	@cd tests/bench && npm install --no-package-lock --no-audit --no-fund --silent
	@DARKROOM_BINARY=$(abspath $(DARKROOM)) $(CARGO) run --release --manifest-path tests/bench/Cargo.toml \
		--target-dir $(abspath $(TARGET)) -- $(TABLES)

deny: ## Check licences, advisories and sources of dependencies (needs cargo-deny)
	cargo deny --all-features check

clean: ## Remove what was built, the development key and its cache
	rm -rf target $(TARGET) .darkroom

# COMMAND:DEBIAN-PACKAGE, of the tools that tests compare with.
packages:
	@.ci/packages djpeg:libjpeg-turbo-progs cwebp:webp

# The reference that pictures are scored against is made by Pillow.
packages-bench: packages
	@.ci/packages wrk:wrk node:nodejs npm:npm python3:python3
	@python3 -c 'import PIL' 2>/dev/null || python3 -m pip install --quiet pillow
