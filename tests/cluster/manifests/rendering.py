"""What the tests of the manifests stand on: every overlay rendered by kubectl, the chart by Helm's
libraries. In: k8s/. Out: objects. Nothing here talks to a cluster or changes the checkout."""

import functools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[3]
K8S = ROOT / "k8s"
OVERLAYS = ["dev", "prod", "pvc", "spin"]
# Of the length that the server asks for; no key that is used anywhere.
KEY = "0123456789abcdef0123456789abcdef"


@functools.cache
def checkout():
    """A copy of k8s/ with a key in it, as `make deploy` leaves it."""
    copy = pathlib.Path(tempfile.mkdtemp(prefix="darkroom-k8s-"))
    shutil.copytree(K8S, copy, dirs_exist_ok=True)
    (copy / "key" / "signature.key").write_text(KEY)
    (copy / "key" / "admin.token").write_text(KEY)
    return copy


@functools.cache
def render(directory):
    """The objects that `kubectl kustomize k8s/DIRECTORY` prints."""
    done = subprocess.run(
        ["kubectl", "kustomize", checkout() / directory], capture_output=True, text=True
    )
    if done.returncode:
        raise AssertionError(f"kubectl kustomize {directory}: {done.stderr}")
    return list(yaml.safe_load_all(done.stdout))


@functools.cache
def chart_renderer():
    """Builds helm/main.go with Debian's Go and the libraries that Helm renders with."""
    program = checkout() / "render-chart"
    environment = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode")
    source = pathlib.Path(__file__).parent / "helm" / "main.go"
    subprocess.run(["go", "build", "-o", program, source], check=True, env=environment)
    return program


def render_chart(values=None):
    """The objects of the chart, with `values` over its own."""
    command = [chart_renderer(), "darkroom", "darkroom", K8S / "chart"]
    if values is not None:
        more = checkout() / "values.yaml"
        more.write_text(yaml.safe_dump(values))
        command.append(more)
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(done.stderr)
    return [entry for entry in yaml.safe_load_all(done.stdout) if entry]


def named(objects, kind, name="darkroom"):
    """The one object of this kind and name; a generated name may have a suffix."""
    found = [
        entry
        for entry in objects
        if entry["kind"] == kind and without_suffix(entry["metadata"]["name"]) == name
    ]
    assert len(found) == 1, f"{len(found)} of {kind} {name}"
    return found[0]


def without_suffix(name):
    """`darkroom-key-826b286b4b` is `darkroom-key`."""
    return re.sub(r"-[a-z0-9]{10}$", "", name)


def seconds(text):
    """`10s` and `1m` as the server reads them."""
    number, unit = re.fullmatch(r"(\d+)(s|m)", text).groups()
    return int(number) * {"s": 1, "m": 60}[unit]


def mebibytes(text):
    """`512MiB` as the server writes it, `2Gi` as Kubernetes does."""
    number, unit = re.fullmatch(r"(\d+)(Ki|Mi|Gi)B?", text).groups()
    return int(number) * {"Ki": 1 / 1024, "Mi": 1, "Gi": 1024}[unit]
