"""Every rendered object against the real Kubernetes schemas, unknown fields refused; and the promises
that schemas cannot make: times and memory that belong together, probes that differ, labels that match."""

import tomllib
import unittest

import kubernetes_validate
import yaml

from rendering import K8S, OVERLAYS, checkout, mebibytes, named, render, render_chart, seconds

# The newest schemas, and those of the oldest Kubernetes that the README promises.
VERSIONS = ["1.37", "1.30"]
# Objects of these groups have schemas of their own: see crds.mjs.
CUSTOM = {
    "gateway.networking.k8s.io",
    "gateway.envoyproxy.io",
    "monitoring.coreos.com",
    "core.spinkube.dev",
}
RENDERED = ["base", "observability", *(f"overlays/{name}" for name in OVERLAYS)]
# Between what is planned and what is there; a CPU is never idle for exactly as long as it should.
SPARE_SECONDS = 5


class EveryObject(unittest.TestCase):
    def validate(self, entry, where):
        if entry["apiVersion"].split("/")[0] in CUSTOM:
            return
        for version in VERSIONS:
            with self.subTest(where=where, kind=entry["kind"], version=version):
                kubernetes_validate.validate(entry, version, strict=True)

    def test_fits_its_schema(self):
        for directory in RENDERED:
            for entry in render(directory):
                self.validate(entry, directory)
        everything = {"ingress": {"enabled": True}, "httpRoute": {"enabled": True}}
        for entry in render_chart(everything):
            self.validate(entry, "chart")

    def test_a_wrong_field_would_be_seen(self):
        deployment = dict(named(render("base"), "Deployment"))
        deployment["spec"] = dict(deployment["spec"], replica=3)
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(deployment, VERSIONS[0], strict=True)

    def test_stands_alone_in_its_file(self):
        for file in K8S.rglob("*.yaml"):
            if "templates" in file.parts or file.name == "kustomization.yaml":
                continue
            with self.subTest(file=file):
                self.assertEqual(len(list(yaml.safe_load_all(file.read_text()))), 1)

    def test_is_in_the_namespace(self):
        for directory in RENDERED:
            for entry in render(directory):
                if entry["kind"] not in {"Namespace", "RuntimeClass"}:
                    with self.subTest(where=directory, kind=entry["kind"]):
                        self.assertEqual(entry["metadata"]["namespace"], "darkroom")


def workloads():
    """Where darkroom's pods come from, in each overlay that has some."""
    for directory in ["base", "overlays/dev", "overlays/prod", "overlays/pvc"]:
        kind = "StatefulSet" if directory == "overlays/pvc" else "Deployment"
        objects = render(directory)
        yield directory, named(objects, kind), named(objects, "ConfigMap", "darkroom-settings")["data"]


class Pods(unittest.TestCase):
    def each(self):
        for _, workload, settings in workloads():
            pod = workload["spec"]["template"]["spec"]
            yield workload, pod, pod["containers"][0], settings

    def test_fit_the_restricted_profile(self):
        for _, pod, container, _ in self.each():
            self.assertTrue(pod["securityContext"]["runAsNonRoot"])
            self.assertNotEqual(pod["securityContext"]["runAsUser"], 0)
            self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
            self.assertFalse(pod["automountServiceAccountToken"])
            context = container["securityContext"]
            self.assertFalse(context["allowPrivilegeEscalation"])
            self.assertTrue(context["readOnlyRootFilesystem"])
            self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
            for volume in pod["volumes"]:
                self.assertTrue({"emptyDir", "secret"} & set(volume), volume)

    def test_have_probes_that_mean_different_things(self):
        for _, _, container, _ in self.each():
            probes = [container[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")]
            asked = [(probe["path"], probe["port"]) for probe in probes]
            self.assertEqual(asked, [("/health", "http"), ("/health", "admin"), ("/ready", "http")])
            # A pod is taken out of service long before it is given up.
            patience = {
                name: container[name]["periodSeconds"] * container[name]["failureThreshold"]
                for name in ("livenessProbe", "readinessProbe")
            }
            self.assertGreater(patience["livenessProbe"], 10 * patience["readinessProbe"])

    def test_have_the_time_that_stopping_takes(self):
        for _, pod, container, settings in self.each():
            before = container["lifecycle"]["preStop"]["sleep"]["seconds"]
            drain = seconds(settings["DARKROOM_DRAIN_DELAY"]) + seconds(settings["DARKROOM_DRAIN_TIMEOUT"])
            self.assertGreaterEqual(pod["terminationGracePeriodSeconds"], before + drain + SPARE_SECONDS)
            # What is in flight at the end of the delay may take as long as a request may take.
            request = seconds(settings["DARKROOM_REQUEST_TIMEOUT"])
            self.assertGreaterEqual(seconds(settings["DARKROOM_DRAIN_TIMEOUT"]), request)

    def test_have_the_memory_that_their_workers_may_use(self):
        for _, _, container, settings in self.each():
            limits = container["resources"]["limits"]
            # What the server itself reserves: host/src/config/cgroup.rs.
            server, output = 128, 64
            each = (
                mebibytes(settings["DARKROOM_MEMORY_PER_TRANSFORM"])
                + mebibytes(settings["DARKROOM_MAX_ALLOWED_SIZE"])
                + output
            )
            self.assertGreaterEqual(mebibytes(limits["memory"]), server + int(limits["cpu"]) * each)

    def test_have_the_disk_that_the_cache_may_take(self):
        # Four files of 16 MiB at most, where the image brings none for this CPU: host/src/sandbox/compiled_dir.rs.
        code = 4 * 16
        # What the server leaves free.
        free = 256
        for workload, pod, container, settings in self.each():
            kept = [settings["DARKROOM_CACHE_BYTES"], settings["DARKROOM_SOURCE_CACHE_BYTES"]]
            needed = sum(map(mebibytes, kept)) + code + free
            if workload["kind"] == "StatefulSet":
                claim = workload["spec"]["volumeClaimTemplates"][0]["spec"]
                volume = mebibytes(claim["resources"]["requests"]["storage"])
            else:
                cache = next(v for v in pod["volumes"] if v["name"] == "cache")
                volume = mebibytes(cache["emptyDir"]["sizeLimit"])
                limit = mebibytes(container["resources"]["limits"]["ephemeral-storage"])
                self.assertGreater(limit, volume)
            self.assertGreaterEqual(volume, needed)

    def test_are_the_same_with_and_without_a_volume(self):
        def pod(directory, kind):
            spec = dict(named(render(directory), kind)["spec"]["template"]["spec"])
            spec["volumes"] = [volume for volume in spec["volumes"] if volume["name"] != "cache"]
            return str(spec).replace(settings_name(directory), "settings")

        def settings_name(directory):
            return named(render(directory), "ConfigMap", "darkroom-settings")["metadata"]["name"]

        self.assertEqual(pod("base", "Deployment"), pod("overlays/pvc", "StatefulSet"))

    def test_are_what_services_policies_and_budgets_select(self):
        for directory, workload, _ in workloads():
            labels = workload["spec"]["template"]["metadata"]["labels"].items()
            objects = render(directory)
            selectors = [
                workload["spec"]["selector"]["matchLabels"],
                named(objects, "Service")["spec"]["selector"],
                named(objects, "PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
                named(objects, "NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
            ]
            target = named(objects, "HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]
            with self.subTest(overlay=directory):
                for selector in selectors:
                    self.assertTrue(selector and selector.items() <= labels, selector)
                self.assertEqual(
                    (target["kind"], target["name"]),
                    (workload["kind"], workload["metadata"]["name"]),
                )

    def test_get_the_key_that_was_generated(self):
        for directory, workload, _ in workloads():
            volumes = workload["spec"]["template"]["spec"]["volumes"]
            mounted = next(v for v in volumes if v["name"] == "key")["secret"]["secretName"]
            with self.subTest(overlay=directory):
                named_secret = named(render(directory), "Secret", "darkroom-key")
                self.assertEqual(mounted, named_secret["metadata"]["name"])

    def test_are_never_all_gone_in_a_roll_out(self):
        strategy = named(render("overlays/prod"), "Deployment")["spec"]["strategy"]["rollingUpdate"]
        self.assertEqual(strategy["maxUnavailable"], 0)


class Overlays(unittest.TestCase):
    def test_production_spreads_three_pods_over_zones(self):
        objects = render("overlays/prod")
        self.assertEqual(named(objects, "HorizontalPodAutoscaler")["spec"]["minReplicas"], 3)
        spread = named(objects, "Deployment")["spec"]["template"]["spec"]["topologySpreadConstraints"]
        self.assertIn("topology.kubernetes.io/zone", [rule["topologyKey"] for rule in spread])
        listener = named(objects, "Gateway")["spec"]["listeners"][0]
        self.assertEqual(listener["protocol"], "HTTPS")

    def test_every_way_in_hashes_path_and_query(self):
        policy = named(render("overlays/prod"), "BackendTrafficPolicy")["spec"]["loadBalancer"]
        self.assertEqual(policy["consistentHash"]["header"]["name"], ":path")
        ingress = named(render("routes/ingress-nginx"), "Ingress")["metadata"]["annotations"]
        self.assertEqual(ingress["nginx.ingress.kubernetes.io/upstream-hash-by"], "$request_uri")
        envoy = yaml.safe_load((checkout() / "routes/headless-envoy/envoy.yaml").read_text())
        cluster = envoy["static_resources"]["clusters"][0]
        self.assertEqual(cluster["lb_policy"], "MAGLEV")
        self.assertIn('{"header_name": ":path"}', str(envoy).replace("'", '"'))

    def test_envoy_stays_until_its_last_request_is_answered(self):
        pod = named(render("routes/headless-envoy"), "Deployment", "darkroom-envoy")["spec"]["template"]["spec"]
        before = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
        self.assertGreaterEqual(pod["terminationGracePeriodSeconds"], before + SPARE_SECONDS)
        envoy = yaml.safe_load((checkout() / "routes/headless-envoy/envoy.yaml").read_text())
        manager = envoy["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
        route = manager["route_config"]["virtual_hosts"][0]["routes"][0]["route"]
        # Two seconds of readiness, and then the longest request that came in before.
        self.assertGreater(before, seconds(route["timeout"]) + 2)

    def test_spin_gets_its_key_from_the_same_secret(self):
        objects = render("overlays/spin")
        variables = {entry["name"]: entry for entry in named(objects, "SpinApp")["spec"]["variables"]}
        variable = variables["signing_key"]["valueFrom"]["secretKeyRef"]
        secret = named(objects, "Secret", "darkroom-key")
        self.assertEqual(variable["name"], secret["metadata"]["name"])
        self.assertIn(variable["key"], secret["data"])

    def test_spin_gets_the_variables_that_it_declares(self):
        manifest = K8S.parent / "host/spin/spin.toml"
        if not manifest.exists():
            self.skipTest("there is no component for Spin yet")
        declared = tomllib.loads(manifest.read_text())["variables"]
        given = {entry["name"] for entry in named(render("overlays/spin"), "SpinApp")["spec"]["variables"]}
        required = {name for name, variable in declared.items() if variable.get("required")}
        self.assertLessEqual(given, set(declared))
        self.assertLessEqual(required, given)

    def test_no_key_is_in_the_repository(self):
        for file in K8S.rglob("*"):
            if file.is_file() and file.parent.name != "key":
                self.assertNotIn("PRIVATE KEY", file.read_text(), file)
        self.assertIn("/k8s/key/signature.key", (K8S.parent / ".gitignore").read_text())


if __name__ == "__main__":
    unittest.main()
