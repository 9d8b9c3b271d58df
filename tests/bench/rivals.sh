#!/bin/sh
# Installs the image servers that darkroom is measured beside, at fixed versions, into the folder given;
# once. One that cannot be installed is named and left out. oximg compiles C code, which takes minutes.
set -u
folder=$1
mkdir -p "$folder"

missing() { echo "$1 could not be installed and is left out: see $folder/$1.log" >&2; }
installing() { echo "installing a server to measure beside: $1"; }

if [ ! -x "$folder/bin/oximg" ]; then
    installing oximg
    cargo install oximg --version 0.18.1 --locked --root "$folder" --target-dir "$folder/build" \
        > "$folder/oximg.log" 2>&1 && rm -rf "$folder/build" || missing oximg
fi

if [ ! -x "$folder/node_modules/.bin/ipx" ]; then
    installing ipx
    npm install --prefix "$folder" --no-audit --no-fund --silent ipx@3.1.1 > "$folder/ipx.log" 2>&1 || missing ipx
fi

if [ ! -x "$folder/venv/bin/thumbor" ]; then
    installing thumbor
    { python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install --quiet thumbor==7.8.0; } \
        > "$folder/thumbor.log" 2>&1 || missing thumbor
fi
exit 0
