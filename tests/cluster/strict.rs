//! Every object of the manifests, read into the type that Kubernetes gives it and written again: what is
//! not there afterwards is a field that Kubernetes does not know. Objects of operators and gateways have
//! no types here; their schemas are asked by `make k8s-custom`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Secret, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::node::v1::RuntimeClass;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::serde::Serialize;
use k8s_openapi::serde::de::DeserializeOwned;
use serde_json::Value;

/// Groups that are not Kubernetes' own.
const CUSTOM: [&str; 4] = [
    "gateway.networking.k8s.io",
    "gateway.envoyproxy.io",
    "monitoring.coreos.com",
    "core.spinkube.dev",
];

type Check = fn(&Value) -> Result<(), String>;

/// By `apiVersion` and `kind`.
const TYPES: [(&str, &str, Check); 12] = [
    ("apps/v1", "Deployment", check::<Deployment>),
    ("apps/v1", "StatefulSet", check::<StatefulSet>),
    (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        check::<HorizontalPodAutoscaler>,
    ),
    ("v1", "ConfigMap", check::<ConfigMap>),
    ("v1", "Namespace", check::<Namespace>),
    ("v1", "Secret", check::<Secret>),
    ("v1", "Service", check::<Service>),
    ("v1", "ServiceAccount", check::<ServiceAccount>),
    ("networking.k8s.io/v1", "Ingress", check::<Ingress>),
    (
        "networking.k8s.io/v1",
        "NetworkPolicy",
        check::<NetworkPolicy>,
    ),
    ("node.k8s.io/v1", "RuntimeClass", check::<RuntimeClass>),
    (
        "policy/v1",
        "PodDisruptionBudget",
        check::<PodDisruptionBudget>,
    ),
];

/// What was rendered, by kubectl and by Helm's libraries.
fn rendered() -> Vec<(String, Value)> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster/manifests/objects.py");
    let done = Command::new(python())
        .arg(script)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(
        done.status.success(),
        "{said} (`make k8s` installs what this needs)"
    );
    let all: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    let pair = |entry: Value| {
        (
            entry["from"].as_str().unwrap().to_owned(),
            entry["object"].clone(),
        )
    };
    all.into_iter().map(pair).collect()
}

/// That of `make k8s`, which can read YAML.
fn python() -> PathBuf {
    let target = tests::binary().ancestors().nth(2).unwrap().to_owned();
    let own = target.join("k8s-python/bin/python");
    if own.is_file() { own } else { "python3".into() }
}

/// Read, written, compared.
fn check<T: DeserializeOwned + Serialize>(object: &Value) -> Result<(), String> {
    let read: T = serde_json::from_value(object.clone()).map_err(|error| error.to_string())?;
    let written = serde_json::to_value(&read).map_err(|error| error.to_string())?;
    lost(object, &written, "").map_or(Ok(()), |path| Err(format!("{path} is not known")))
}

/// The path of the first thing of `object` that `written` does not have, or has otherwise.
fn lost(object: &Value, written: &Value, path: &str) -> Option<String> {
    match (object, written) {
        (Value::Object(all), Value::Object(kept)) => all
            .iter()
            .filter(|(_, value)| !value.is_null())
            .find_map(|(name, value)| {
                let path = format!("{path}.{name}");
                match kept.get(name) {
                    Some(kept) => lost(value, kept, &path),
                    None => Some(path),
                }
            }),
        (Value::Array(all), Value::Array(kept)) if all.len() == kept.len() => {
            let pairs = all.iter().zip(kept).enumerate();
            pairs
                .into_iter()
                .find_map(|(index, (value, kept))| lost(value, kept, &format!("{path}[{index}]")))
        }
        _ => (object != written).then(|| path.to_owned()),
    }
}

fn check_of(object: &Value) -> Option<Check> {
    let said = |name: &str| object[name].as_str().unwrap_or_default();
    let found = TYPES
        .iter()
        .find(|(version, kind, _)| *version == said("apiVersion") && *kind == said("kind"));
    found.map(|(_, _, check)| *check)
}

#[test]
fn every_object_is_known_to_its_last_field() {
    let mut seen = BTreeMap::<_, usize>::new();
    for (place, object) in rendered() {
        let group = object["apiVersion"]
            .as_str()
            .unwrap()
            .split('/')
            .next()
            .unwrap();
        if CUSTOM.contains(&group) {
            continue;
        }
        let what = format!("{place}: {} {}", object["kind"], object["metadata"]["name"]);
        let check = check_of(&object).unwrap_or_else(|| panic!("{what}: no type for it"));
        check(&object).unwrap_or_else(|error| panic!("{what}: {error}"));
        *seen.entry((place, object["kind"].to_string())).or_default() += 1;
    }
    let places: std::collections::BTreeSet<_> =
        seen.keys().map(|(place, _)| place.as_str()).collect();
    let expected = [
        "base",
        "chart",
        "chart with everything",
        "observability",
        "overlays/dev",
        "overlays/prod",
        "overlays/pvc",
        "overlays/spin",
    ];
    assert_eq!(places.into_iter().collect::<Vec<_>>(), expected);
    // Each of the types is used: a list that nothing is compared with would never fail.
    for (_, kind, _) in TYPES {
        assert!(
            seen.keys().any(|(_, seen)| seen.trim_matches('"') == kind),
            "no {kind}: {seen:?}"
        );
    }
}

#[test]
fn a_misspelt_field_is_refused_wherever_it_stands() {
    let (_, deployment) = rendered()
        .into_iter()
        .find(|(place, object)| place == "base" && object["kind"] == "Deployment")
        .unwrap();
    let check = check_of(&deployment).unwrap();
    check(&deployment).unwrap();
    for (parent, name) in [
        ("/spec", "replica"),
        ("/spec/template/spec", "terminationGracePeriod"),
        ("/spec/template/spec/containers/0", "readynessProbe"),
        (
            "/spec/template/spec/containers/0/securityContext",
            "readOnlyRootFileSystem",
        ),
        ("/metadata", "label"),
    ] {
        let mut wrong = deployment.clone();
        let at = wrong.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        at.insert(name.to_owned(), Value::from(1));
        let error = check(&wrong).unwrap_err();
        assert!(error.contains(name), "{error}");
    }
    // And a value of the wrong kind.
    let mut wrong = deployment;
    wrong["spec"]["replicas"] = "three".into();
    assert!(check(&wrong).is_err());
}
