"""The alert rules through promtool: they parse, and the most important of them fire when they should and
not before."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest

import yaml

from rendering import K8S

RULES = yaml.safe_load((K8S / "observability/prometheusrule.yaml").read_text())["spec"]
CASES = pathlib.Path(__file__).parent / "alerts.yaml"


class Rules(unittest.TestCase):
    def promtool(self, *arguments):
        done = subprocess.run(["promtool", *arguments], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_parse_and_fire(self):
        with tempfile.TemporaryDirectory() as directory:
            rules = pathlib.Path(directory, "rules.yaml")
            rules.write_text(yaml.safe_dump(RULES))
            self.promtool("check", "rules", "--lint-fatal", str(rules))
            cases = pathlib.Path(directory, "alerts.yaml")
            cases.write_text(CASES.read_text())
            self.promtool("test", "rules", str(cases))

    def test_every_alert_has_a_page_in_the_guide(self):
        guide = (K8S / "README.md").read_text()
        anchors = {
            re.sub(r"[^a-z0-9 -]", "", title.lower().replace("'", "-")).replace(" ", "-")
            for title in re.findall(r"^#+ (.+)$", guide, re.MULTILINE)
        }
        for group in RULES["groups"]:
            for rule in group["rules"]:
                if "alert" in rule:
                    with self.subTest(alert=rule["alert"]):
                        file, anchor = rule["annotations"]["runbook"].split("#")
                        self.assertEqual(file, "k8s/README.md")
                        self.assertIn(anchor, anchors)

    def test_the_dashboard_names_its_data_source_and_overlaps_nothing(self):
        dashboard = json.loads((K8S / "observability/dashboard.json").read_text())
        seen = set()
        for panel in dashboard["panels"]:
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            self.assertFalse(seen & cells, panel["title"])
            self.assertLessEqual(place["x"] + place["w"], 24)
            seen |= cells
            for target in panel.get("targets", []):
                self.assertEqual(target["datasource"]["uid"], "${datasource}")


if __name__ == "__main__":
    unittest.main()
