"""Prints, as JSON for crds.mjs, every rendered object that is not Kubernetes' own."""

import json
import sys

from rendering import OVERLAYS, render
from test_objects import CUSTOM

DIRECTORIES = ["observability", *(f"overlays/{name}" for name in OVERLAYS)]

json.dump(
    [
        entry
        for directory in DIRECTORIES
        for entry in render(directory)
        if entry["apiVersion"].split("/")[0] in CUSTOM
    ],
    sys.stdout,
)
