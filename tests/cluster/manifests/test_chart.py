"""The chart against the base: with its own values it renders the same objects, object by object and field
by field. What Helm names or counts differently is taken out first, and listed here."""

import copy
import unittest

from rendering import named, render, render_chart, without_suffix

# Labels and annotations that only Helm sets.
HELMS_LABELS = {
    "app.kubernetes.io/instance",
    "app.kubernetes.io/version",
    "app.kubernetes.io/managed-by",
    "helm.sh/chart",
}
HELMS_ANNOTATIONS = {"checksum/settings"}
# Helm makes the namespace by --create-namespace; the key is made by hand, not by a template.
ONLY_IN_BASE = {("Namespace", "darkroom"), ("Secret", "darkroom-key")}


def comparable(entry):
    """The object without what the two ways name differently."""
    entry = copy.deepcopy(entry)
    strip(entry)
    return entry


def strip(value):
    if isinstance(value, dict):
        for name in HELMS_LABELS | HELMS_ANNOTATIONS:
            value.pop(name, None)
        for name, inner in list(value.items()):
            strip(inner)
            # Kustomize's names of settings and key end in a digest of their content.
            if name in {"name", "secretName"} and isinstance(inner, str):
                value[name] = without_suffix(inner)
        # kubectl leaves empty ones behind, and a generated ConfigMap has no labels.
        for name in ("annotations", "labels"):
            if value.get(name) == {}:
                del value[name]
        if value.get("type") == "ClusterIP":
            del value["type"]  # Kubernetes' default, said aloud
    elif isinstance(value, list):
        for inner in value:
            strip(inner)


def by_name(objects):
    return {
        (entry["kind"], without_suffix(entry["metadata"]["name"])): comparable(entry)
        for entry in objects
    }


class Chart(unittest.TestCase):
    maxDiff = None

    def test_renders_what_the_base_does(self):
        base, chart = by_name(render("base")), by_name(render_chart())
        self.assertEqual(set(base) - ONLY_IN_BASE, set(chart))
        for name, entry in chart.items():
            with self.subTest(name=name):
                entry["metadata"].pop("labels", None)
                base[name]["metadata"].pop("labels", None)
                self.assertEqual(base[name], entry)

    def test_a_value_reaches_the_pod(self):
        objects = render_chart(
            {
                "image": {"tag": "9.9.9"},
                "settings": {"DARKROOM_QUEUE": "7"},
                "nodeSelector": {"disk": "ssd"},
                "resources": {"limits": {"cpu": "4"}},
            }
        )
        pod = named(objects, "Deployment")["spec"]["template"]["spec"]
        self.assertEqual(pod["containers"][0]["image"], "registry.example.com/darkroom:9.9.9")
        self.assertEqual(pod["nodeSelector"], {"disk": "ssd"})
        limits = pod["containers"][0]["resources"]["limits"]
        self.assertEqual((limits["cpu"], limits["memory"]), ("4", "2Gi"))
        settings = named(objects, "ConfigMap", "darkroom-settings")["data"]
        self.assertEqual(settings["DARKROOM_QUEUE"], "7")
        self.assertEqual(settings["DARKROOM_LOG_FORMAT"], "json")

    def test_the_ways_in_are_those_of_the_routes(self):
        objects = render_chart({"ingress": {"enabled": True}, "httpRoute": {"enabled": True}})
        routes = render("routes/ingress-nginx") + render("routes/envoy-gateway")
        for kind in ("Ingress", "HTTPRoute", "BackendTrafficPolicy"):
            with self.subTest(kind=kind):
                self.assertEqual(named(objects, kind)["spec"], named(routes, kind)["spec"])

    def test_settings_roll_the_pods(self):
        def checksum(values):
            template = named(render_chart(values), "Deployment")["spec"]["template"]
            return template["metadata"]["annotations"]["checksum/settings"]

        self.assertNotEqual(checksum(None), checksum({"settings": {"DARKROOM_QUEUE": "7"}}))


if __name__ == "__main__":
    unittest.main()
