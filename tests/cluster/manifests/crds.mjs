// Objects that are not Kubernetes' own, against the schemas of their projects as the npm packages
// @kubernetes-models/* carry them. In: JSON objects on standard input. Out: a line each, or the first fault.
// Spin's have no such package; k8s/README.md says so.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const MODULES = process.argv[2];
const PACKAGES = {
  "gateway.networking.k8s.io": "gateway-api",
  "gateway.envoyproxy.io": "envoy-gateway",
  "monitoring.coreos.com": "prometheus-operator",
};

const require = createRequire(import.meta.url);
for (const object of JSON.parse(readFileSync(0))) {
  const [group, version] = object.apiVersion.split("/");
  const name = PACKAGES[group];
  if (name === undefined) {
    console.log(`no schema known: ${object.apiVersion} ${object.kind}`);
    continue;
  }
  const file = join(MODULES, "@kubernetes-models", name, group, version, `${object.kind}.js`);
  const Model = require(file)[object.kind];
  new Model(object).validate();
  console.log(`fits: ${object.apiVersion} ${object.kind}`);
}
