#!/bin/sh
# What a build needs beside cargo: a C compiler, and a Rust compiler for the sealed component and the one for
# wasi:http.
# Installs what is missing and says so; where nothing is missing it ends at once.
# Where rustup cannot fetch the targets, Debian's compiler builds it with std from its sources, and
# <target folder>/toolchain.env names it to the build scripts; `.` and make's `include` both read it.
set -eu
cd "$(dirname "$0")/../.."

targets="wasm32-unknown-unknown wasm32-wasip2"
environment="${CARGO_TARGET_DIR:-target}/toolchain.env"
case "$environment" in /*) ;; *) environment="./$environment" ;; esac
rust_least=$(sed -n 's/^rust-version = "\([0-9.]*\)".*/\1/p' Cargo.toml)

say() { echo "toolchain: $*"; }
fail() { say "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo "$@"
    else
        fail "only root may do this; run it yourself, then try again: $*"
    fi
}

# Debian packages, with a fresh list only where the one at hand has no such package.
install_packages() {
    command -v apt-get >/dev/null || fail "not a Debian system: install what corresponds to $*"
    say "installing $*"
    as_root apt-get install -qq -y --no-remove --no-install-recommends "$@" >/dev/null 2>&1 ||
        { as_root apt-get update -qq &&
            as_root apt-get install -qq -y --no-remove --no-install-recommends "$@" >/dev/null; } ||
        fail "apt-get cannot install $*"
}

need_rust() {
    if ! command -v cargo >/dev/null && [ -f "${CARGO_HOME:-$HOME/.cargo}/env" ]; then
        . "${CARGO_HOME:-$HOME/.cargo}/env"
    fi
    command -v cargo >/dev/null ||
        fail "there is no cargo: install rustup (https://rustup.rs), then try again"
    rust_here=$(rustc --version | cut -d' ' -f2 | cut -d- -f1)
    oldest=$(printf '%s\n%s\n' "$rust_least" "$rust_here" | sort -V | head -n 1)
    [ "$oldest" = "$rust_least" ] ||
        fail "Rust $rust_here is older than $rust_least: run \`rustup update\`, then try again"
}

# Build scripts and the TLS library are linked by it.
need_c_compiler() {
    command -v cc >/dev/null || install_packages gcc libc6-dev
}

has_targets() {
    for target in $targets; do
        [ -d "$(rustc --print target-libdir --target "$target")" ] || return 1
    done
}

has_way_out() {
    [ -f "$environment" ] || return 1
    . "$environment"
    [ -x "${DARKROOM_GUEST_CARGO:-}" ] && [ -x "${DARKROOM_GUEST_LINKER:-}" ] && [ -d /usr/lib/wasm32-wasi ]
}

take_way_out() {
    say "rustup cannot add $targets; Debian's compiler will build for them with std from its sources"
    install_packages rustc-web cargo-web rust-web-src wasi-libc
    host=$(rustc -vV | sed -n 's/^host: //p')
    linker="$(rustc --print sysroot)/lib/rustlib/$host/bin/gcc-ld/wasm-ld"
    [ -x "$linker" ] || fail "rustup's toolchain has no wasm linker at $linker"
    mkdir -p "$(dirname "$environment")"
    {
        echo "export DARKROOM_GUEST_CARGO=/usr/bin/cargo"
        echo "export DARKROOM_GUEST_LINKER=$linker"
    } >"$environment"
    say "wrote $environment"
}

need_targets() {
    if has_targets; then
        rm -f "$environment" # the usual way is open, or open again
    elif has_way_out; then
        :
    elif command -v rustup >/dev/null && rustup --quiet target add $targets; then
        say "rustup added $targets"
    else
        take_way_out
    fi
}

need_rust
need_c_compiler
need_targets
say "complete"
