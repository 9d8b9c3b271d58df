"""Prints every rendered object as JSON, with where it comes from: for strict.rs."""

import json
import sys

from rendering import OVERLAYS, render, render_chart

DIRECTORIES = ["base", "observability", *(f"overlays/{name}" for name in OVERLAYS)]
EVERYTHING = {"ingress": {"enabled": True}, "httpRoute": {"enabled": True}}

found = [(directory, entry) for directory in DIRECTORIES for entry in render(directory)]
found += [("chart", entry) for entry in render_chart()]
found += [("chart with everything", entry) for entry in render_chart(EVERYTHING)]
json.dump([{"from": place, "object": entry} for place, entry in found], sys.stdout)
