#!/bin/sh
# Unpacks the image and runs it as a cluster would: in a root that has nothing else, read-only, as user 65532,
# without capabilities. Asks it for a rendition, and tells it to stop. `image.sh ARCHIVE`, as root.
set -eu
archive=$1
work=$(mktemp -d)
root=$work/root
key=0123456789abcdef0123456789abcdef
# 40 MB, as they are sold.
bytes_max=40000000

fail() {
    echo "image: $*" >&2
    [ ! -f "$work/log" ] || cat "$work/log" >&2
    exit 1
}

end() {
    [ -z "${server:-}" ] || kill -9 "$server" 2> /dev/null || true
    rm -rf "$work"
}
trap end EXIT

[ "$(stat -c %s "$archive")" -lt "$bytes_max" ] || fail "$(stat -c %s "$archive") bytes, more than $bytes_max"

# An OCI layout: index, manifest, configuration, layers.
mkdir -p "$work/layout" "$root"
tar -xf "$archive" -C "$work/layout"
python3 - "$work/layout" "$root" << 'END'
import json, pathlib, subprocess, sys

layout, root = map(pathlib.Path, sys.argv[1:])
blob = lambda digest: layout / "blobs" / digest.replace(":", "/")
index = json.loads((layout / "index.json").read_text())
manifest = json.loads(blob(index["manifests"][0]["digest"]).read_text())
config = json.loads(blob(manifest["config"]["digest"]).read_text())
assert config["architecture"] == "amd64" and config["os"] == "linux", config
assert config["config"]["User"] == "65532:65532", config["config"]
assert config["config"]["Entrypoint"] == ["/usr/bin/darkroom"], config["config"]
for layer in manifest["layers"]:
    subprocess.run(["tar", "-xf", blob(layer["digest"]), "-C", root, "--same-owner", "-p"], check=True)
END

# Of one that is static but may lie anywhere, ldd says so, and ends well.
! ldd "$root/usr/bin/darkroom" 2> /dev/null | grep -q '=>' || fail "the binary is not static"

# Its own mounts, a read-only root, and a volume for the cache: what readOnlyRootFilesystem and emptyDir do.
unshare --mount sh -c '
    set -eu
    mount --bind "$1" "$1"
    mount -o remount,ro,bind "$1"
    mount -t tmpfs -o mode=0700,uid=65532,gid=65532 tmpfs "$1/var/cache/darkroom"
    exec setpriv --inh-caps=-all --no-new-privs \
        chroot --userspec=65532:65532 "$1" /usr/bin/darkroom serve --listen 127.0.0.1:0 \
        --cache-dir /var/cache/darkroom --compiled-dir /usr/lib/darkroom/compiled --require-cache \
        --mount /usr/share/darkroom/pictures --url-signature-key "$2"
' sh "$root" "$key" > "$work/told" 2> "$work/log" &
server=$!
tries=600
until grep -q listening "$work/told"; do
    kill -0 "$server" 2> /dev/null || fail "it did not start"
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "it does not listen"
    sleep 0.1
done
grep -q "loaded compiled component" "$work/log" || fail "the code in the image was not used"
origin=$(sed -n 's/^listening on //p' "$work/told")

signed=$("$root/usr/bin/darkroom" sign --key "$key" '/resize?width=64&file=coast.jpg')
for outcome in 'fwd=miss; stored' 'hit'; do
    status=$(curl -sS -o "$work/picture.jpg" -D "$work/head" -w '%{http_code}' "$origin$signed")
    [ "$status" = 200 ] || fail "status $status"
    grep -qi "^cache-status: .*$outcome" "$work/head" || fail "not $outcome: $(grep -i cache-status "$work/head")"
done
[ "$(od -An -tx1 -N3 "$work/picture.jpg" | tr -d ' ')" = ffd8ff ] || fail "that is no JPEG"

kill "$server"
wait "$server" || fail "it did not end with 0"
server=
echo "image: a rendition came out of a bare, read-only root; $(stat -c %s "$archive") bytes"
