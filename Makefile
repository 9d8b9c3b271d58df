# The front door: every command that people and CI run is a target here. `make` prints them.

PORT ?= 8080
TARGET := $(or $(CARGO_TARGET_DIR),target)

# rustup's cargo goes before a distribution's older one, also in a shell that has not been reopened
# since rustup was installed. Servers such as nginx lie where only root's shell looks.
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH):/usr/sbin:/sbin

# Where rustup has no target for the component, `make toolchain` leaves here what builds it instead.
TOOLCHAIN := $(abspath $(TARGET))/toolchain.env
CARGO = if [ -f $(TOOLCHAIN) ]; then . $(TOOLCHAIN); fi; cargo
DARKROOM := $(TARGET)/release/darkroom

# Which formats the component has, by their features in transformer/Cargo.toml: `make serve FORMATS="default pdf"`.
ifdef FORMATS
export DARKROOM_GUEST_FORMATS := $(FORMATS)
endif

KEY := .darkroom/dev.key
SAMPLES := tests/pictures

# Where manifests look for components.
COMPONENTS := $(CURDIR)/target/edge

# The hosts of components that are Node programs.
HOSTS := tests/hosts/node_modules/.installed

# What the test in a real browser stands on; reinstalled when its version changes.
BROWSER := tests/browser/node_modules/.installed

# What drives the browser and the peers of the benchmarks asks for it; Debian 12 has 18, 13 has 20.
NODE_MIN := 20

# Targets say what they need in the order that it is needed in; cargo and npm use every core as it is.
.NOTPARALLEL:

.DEFAULT_GOAL := help
.PHONY: help node toolchain build serve components spin publish-component wasmtime-serve test soak corpus formats screenshot fuzz lint fmt kills bench deny clean djpeg-cases packages packages-bench s3-server k8s image image-root image-test deploy packages-k8s packages-image k8s-custom

help: ## Print this
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

toolchain: ## Install what a build needs and is missing here; says what it did
	@host/guest/toolchain.sh

build: toolchain ## Build the server (target/release/darkroom)
	@$(CARGO) build --locked --release -p host --bin darkroom

serve: build $(KEY) ## Serve the sample pictures with a page to try things on, and print URLs to click (PORT=8080)
	@.ci/sample-urls $(DARKROOM) $(KEY) http://127.0.0.1:$(PORT)
	@exec $(DARKROOM) serve --listen 127.0.0.1:$(PORT) --mount $(SAMPLES) --form --form-development \
		--url-signature-key-file $(KEY) --cache-dir .darkroom/cache

components: toolchain ## Build the components for wasi:http hosts, alone and composed (target/edge)
	@if [ -f $(TOOLCHAIN) ]; then . $(TOOLCHAIN); fi; .ci/components $(abspath $(TARGET)) $(COMPONENTS) -p guest --example component

spin: components $(KEY) ## Run them in Spin, or in wasmtime, whichever is here (PORT=8080 ORIGIN=https://images.example.com)
	@PORT=$(PORT) ORIGIN=$(ORIGIN) .ci/spin $(COMPONENTS) $(KEY) $(SAMPLES)

publish-component: components build ## Push a component to a registry: REF=host/name:tag (FILE=target/edge/darkroom-wasi.wasm)
	@[ -n "$(REF)" ] || { echo "say where to: make publish-component REF=registry.example.com/darkroom/edge:v1" >&2; exit 2; }
	@$(DARKROOM) publish --file $(or $(FILE),$(COMPONENTS)/darkroom-wasi.wasm) $(REF)

$(KEY):
	@mkdir -p $(@D)
	@umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' > $@
	@echo "made a key for development: $@"

# With all targets: dependencies then get the features that tests give them, and are built once.
test: toolchain packages $(BROWSER) $(HOSTS) k8s s3-server ## Run every test
	@$(CARGO) build --locked --workspace --all-targets
	@if [ -f $(TOOLCHAIN) ]; then . $(TOOLCHAIN); fi; .ci/components $(abspath $(TARGET)) $(COMPONENTS) --workspace --all-targets
	@$(CARGO) test --locked --workspace

$(BROWSER) $(HOSTS): %/node_modules/.installed: %/package.json | node
	@cd $* && npm install --no-package-lock --no-audit --no-fund --silent
	@touch $@

node: packages
	@node -e 'process.exit(parseInt(process.versions.node) < $(NODE_MIN) ? 1 : 0)' || { \
		echo "node is $$(node --version), and the tests need $(NODE_MIN) or later: https://nodejs.org/en/download" >&2; exit 1; }

screenshot: packages $(BROWSER) ## Take the README's picture of the page, of a server that `make serve` runs (PORT=8080)
	@node tests/browser/screenshot.mjs http://127.0.0.1:$(PORT) tests/browser/form.jpg

djpeg-cases: toolchain packages ## Compare the JPEG decoder with djpeg on DJPEG_CASES=2000 made-up files
	@DARKROOM_JPEG_CASES=$(or $(DJPEG_CASES),2000) $(CARGO) test --locked --workspace --test jpeg_differential -- --nocapture synthetic

# Apart, since its crates turn on features of others that change the bytes of what is written.
formats: toolchain ## Lint and test PDF, whose reader is too large for the default component
	@$(CARGO) clippy --locked -p transformer --features pdf --all-targets -- -D warnings
	@$(CARGO) test --locked -p transformer --features pdf --test pdf --test read_formats --test corpus

fuzz: toolchain ## Fuzz every target of tests/fuzz for FUZZ_SECONDS=60 (TARGETS="url signature")
	@FUZZ_SECONDS=$(or $(FUZZ_SECONDS),60) .ci/fuzz $(TARGETS)

soak: toolchain ## Mixed load for SOAK_SECONDS (600); memory must stay flat and every byte right
	@$(CARGO) build --locked -p host --bin darkroom
	@$(CARGO) run --locked --quiet -p tests --example soak

# In a network namespace of its own, where that may be made, so that every connection can be counted.
corpus: toolchain ## Every file of the corpus beside the checkout against its manifest (DARKROOM_CORPUS=…)
	@.ci/packages ip:iproute2 unshare:util-linux
	@$(CARGO) build --locked --workspace --bin darkroom --example corpus
	@if unshare --net --map-root-user true 2> /dev/null; then \
		DARKROOM_CORPUS_ALONE=1 unshare --net --map-root-user sh -c 'ip link set lo up && exec "$$0"' \
			$(TARGET)/debug/examples/corpus; \
	else $(TARGET)/debug/examples/corpus; fi

# Workspaces of their own. Of them only the format is checked here: they are built where they are used.
APART := host/spin/compose/Cargo.toml tests/bench/Cargo.toml tests/bench/foyer/Cargo.toml tests/fuzz/Cargo.toml

lint: toolchain ## Check format and lints, warnings denied
	@$(CARGO) fmt --all --check
	@for manifest in $(APART); do $(CARGO) fmt --check --manifest-path $$manifest || exit 1; done
	@$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

fmt: toolchain ## Format the code
	@$(CARGO) fmt --all
	@for manifest in $(APART); do $(CARGO) fmt --manifest-path $$manifest; done

kills: toolchain ## Kill a writing cache 200 times and check every entry after each
	@CACHE_KILL_ROUNDS=200 $(CARGO) test --locked -p cache --test behaviour -- --nocapture killed::after_kill_9

bench: packages-bench build components wasmtime-serve ## Measure against peers, and write the README's tables (TABLES="hit load")
	@cd tests/bench && npm install --no-package-lock --no-audit --no-fund --silent
	@$(if $(filter load,$(or $(TABLES),load)),tests/bench/rivals.sh $(abspath $(TARGET))/rivals)
	@DARKROOM_BINARY=$(abspath $(DARKROOM)) RIVALS=$(abspath $(TARGET))/rivals \
		WASMTIME_SERVE=$(abspath $(TARGET))/release/examples/wasmtime_serve \
		$(CARGO) run --release --manifest-path tests/bench/Cargo.toml --target-dir $(abspath $(TARGET)) -- $(TABLES)

# A foreign host for the edge component, built as the server is.
wasmtime-serve: toolchain
	@$(CARGO) build --locked --release -p tests --example wasmtime_serve

# The schemas of every Kubernetes version are some 140 MB: kept with what is built. They are there when all of
# them are, not when python is.
K8S_PYTHON := $(TARGET)/k8s-python/bin/python
K8S_SCHEMAS := $(TARGET)/k8s-python/.installed

k8s: packages-k8s $(K8S_SCHEMAS) ## Check the manifests: schemas, chart against base, alert rules
	@PYTHONDONTWRITEBYTECODE=1 $(K8S_PYTHON) -m unittest discover --start-directory tests/cluster/manifests

k8s-custom: packages-k8s $(K8S_SCHEMAS) ## Check objects of gateways and operators too (needs npm; not in CI)
	@.ci/packages node:nodejs npm:npm
	@npm install --prefix $(TARGET)/k8s-models --no-audit --no-fund --silent --no-save \
		@kubernetes-models/gateway-api@2.0.0 @kubernetes-models/envoy-gateway@2.0.0 \
		@kubernetes-models/prometheus-operator@6.0.0
	@PYTHONDONTWRITEBYTECODE=1 $(K8S_PYTHON) tests/cluster/manifests/crds.py | \
		node tests/cluster/manifests/crds.mjs $(abspath $(TARGET))/k8s-models/node_modules

$(K8S_SCHEMAS):
	@python3 -c 'import ensurepip' 2>/dev/null || .ci/packages venv:python3-venv
	@python3 -m venv $(TARGET)/k8s-python
	@$(K8S_PYTHON) -m pip install --quiet --disable-pip-version-check kubernetes-validate==1.37.0 PyYAML==6.0.3
	@touch $@

# One static binary. Paths of this machine and debugging symbols are no part of it, so that the same
# sources give the same bytes. ARCH=arm64 is the same with Debian's cross compiler and Rust's own linker.
ARCH ?= amd64
IMAGE_TARGET := $(if $(filter arm64,$(ARCH)),aarch64,x86_64)-unknown-linux-musl
IMAGE_FLAGS := --remap-path-prefix=$(CURDIR)=darkroom \
	--remap-path-prefix=$(or $(CARGO_HOME),$(HOME)/.cargo)=cargo -C strip=symbols
IMAGE := $(TARGET)/image

image-root: toolchain packages-image ## Put the image's files together (ARCH=arm64 for the other one)
	@rustup target add $(IMAGE_TARGET)
	@export CARGO_PROFILE_RELEASE_DEBUG=false \
		CC_x86_64_unknown_linux_musl=musl-gcc CC_aarch64_unknown_linux_musl=aarch64-linux-gnu-gcc \
		CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_LINKER=rust-lld \
		CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_RUSTFLAGS="$(IMAGE_FLAGS)" \
		CARGO_TARGET_AARCH64_UNKNOWN_LINUX_MUSL_RUSTFLAGS="$(IMAGE_FLAGS)"; \
		$(CARGO) build --locked --release -p host --bin darkroom --target $(IMAGE_TARGET)
	@.ci/image-root $(TARGET)/$(IMAGE_TARGET)/release/darkroom $(IMAGE)/root

image: image-root ## Build the image, localhost/darkroom:dev, without a daemon (target/image/darkroom.tar)
	@ARCH=$(ARCH) .ci/image $(IMAGE)/root localhost/darkroom:dev $(abspath $(IMAGE))/darkroom.tar

image-test: image ## Build the image again, to the same digest; run it in a bare, read-only root (as root)
	@cp $(IMAGE)/darkroom.tar.digest $(IMAGE)/first.digest
	@$(MAKE) --no-print-directory image
	@cmp $(IMAGE)/first.digest $(IMAGE)/darkroom.tar.digest
	@tests/cluster/image.sh $(IMAGE)/darkroom.tar

deploy: ## Apply an overlay with kubectl and print a signed URL (OVERLAY=dev)
	@.ci/deploy $(or $(OVERLAY),dev)

deny: ## Check licences, advisories and sources of dependencies (needs cargo-deny)
	cargo deny --all-features check

clean: ## Remove what was built, the development key and its cache
	rm -rf target $(TARGET) .darkroom

# COMMAND:DEBIAN-PACKAGE, of the tools that tests compare with, the languages that sign, and a browser.
packages:
	@.ci/packages djpeg:libjpeg-turbo-progs cwebp:webp node:nodejs npm:npm python3:python3 php:php-cli \
		ruby:ruby chromium:chromium nginx:nginx-light strace:strace gifsicle:gifsicle exiftool:libimage-exiftool-perl \
		djxl:libjxl-tools avifdec:libavif-bin docker-registry:docker-registry transicc:liblcms2-utils
	@python3 -c 'import PIL' 2> /dev/null || /usr/bin/python3 -c 'import PIL' 2> /dev/null || \
		.ci/packages pillow:python3-pil

# A real S3 server program for the tests of object stores, in a place of its own beside what is built.
s3-server:
	@command -v moto_server > /dev/null 2>&1 || test -x $(TARGET)/moto/bin/moto_server || { \
		echo "installing an S3 server for the tests: moto"; \
		python3 -c 'import ensurepip' 2> /dev/null || .ci/packages ensurepip:python3-venv; \
		python3 -m venv $(TARGET)/moto && $(TARGET)/moto/bin/pip install --quiet 'moto[s3,server]==5.2.1'; }

# The chart is rendered by the libraries that Helm is made of. They come without a command.
packages-k8s:
	@.ci/packages kubectl:kubernetes-client promtool:prometheus go:golang-go python3:python3
	@[ -d /usr/share/gocode/src/github.com/Masterminds/sprig -a -d /usr/share/gocode/src/sigs.k8s.io/yaml ] || \
		.ci/packages sprig:golang-github-masterminds-sprig-dev sigs-yaml:golang-k8s-sigs-yaml-dev

packages-image:
	@.ci/packages buildah:buildah musl-gcc:musl-tools curl:curl python3:python3
	@[ $(ARCH) = amd64 ] || .ci/packages aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu
	@[ -f /etc/ssl/certs/ca-certificates.crt ] || .ci/packages ca-certificates:ca-certificates

# The reference that pictures are scored against is made by Pillow.
packages-bench: node
	@.ci/packages wrk:wrk nginx:nginx-light varnishd:varnish nasm:nasm cmake:cmake
	@python3 -c 'import ensurepip' 2>/dev/null || .ci/packages venv:python3-venv
	@python3 -c 'import PIL' 2>/dev/null || python3 -m pip install --quiet pillow
