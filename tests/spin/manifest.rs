//! The manifests by Spin's rules for version 2: fields that it knows, names that it takes, templates that lead
//! somewhere, files that are built, and a dependency that inherits nothing.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use tests::component;
use toml::{Table, Value};

use super::surface::surface;

/// What a component may say.
const COMPONENT: [&str; 13] = [
    "source",
    "description",
    "variables",
    "environment",
    "files",
    "exclude_files",
    "allowed_outbound_hosts",
    "key_value_stores",
    "sqlite_databases",
    "ai_models",
    "build",
    "tool",
    "dependencies",
];

fn manifest(name: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../host/spin")
        .join(name);
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

fn keys(table: &Table) -> BTreeSet<&str> {
    table.keys().map(String::as_str).collect()
}

fn only(table: &Table, known: &[&str]) {
    let known: BTreeSet<&str> = known.iter().copied().collect();
    assert!(
        keys(table).is_subset(&known),
        "{:?}",
        keys(table).difference(&known)
    );
}

/// A letter, then letters, digits and single underscores: in lower case, as variables are.
fn is_variable(name: &str) -> bool {
    let words = name.split('_').collect::<Vec<_>>();
    let plain = |word: &&str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    words.iter().all(plain) && name.starts_with(|first: char| first.is_ascii_lowercase())
}

/// `{{ name }}` of a template.
fn template(text: &str) -> Vec<&str> {
    let pieces = text.split("{{").skip(1);
    pieces
        .map(|piece| piece.split_once("}}").expect("it ends").0.trim())
        .collect()
}

/// Names that the component asks for.
fn known_variables() -> BTreeSet<String> {
    let names = RefCell::new(BTreeSet::new());
    let _ = edge::settings::Settings::read(|name| {
        names.borrow_mut().insert(name.to_owned());
        // A key and a mount, so that every branch is asked about.
        match name {
            "signing_key" => Some(tests::KEY.to_owned()),
            "lambda_edge" => Some("https://a.test".to_owned()),
            _ => None,
        }
    });
    names.into_inner()
}

fn check(name: &str) -> Table {
    let manifest = manifest(name);
    only(
        &manifest,
        &[
            "spin_manifest_version",
            "application",
            "variables",
            "trigger",
            "component",
        ],
    );
    assert_eq!(manifest["spin_manifest_version"].as_integer(), Some(2));
    let application = manifest["application"].as_table().unwrap();
    only(
        application,
        &["name", "version", "description", "authors", "tool"],
    );
    assert_eq!(
        application["version"].as_str(),
        Some(env!("CARGO_PKG_VERSION"))
    );
    let variables = manifest["variables"].as_table().unwrap();
    for (name, variable) in variables {
        assert!(is_variable(name), "{name}");
        let variable = variable.as_table().unwrap();
        only(variable, &["required", "default", "secret", "description"]);
        // Either it must be given, or it has a value.
        assert!(
            variable.contains_key("required") != variable.contains_key("default"),
            "{name}"
        );
    }
    let secret = &manifest["variables"]["signing_key"];
    assert_eq!(secret["secret"].as_bool(), Some(true));
    assert_eq!(secret["required"].as_bool(), Some(true));
    for trigger in manifest["trigger"]["http"].as_array().unwrap() {
        only(trigger.as_table().unwrap(), &["route", "component"]);
        assert!(trigger["route"].as_str().unwrap().starts_with('/'));
        let component = trigger["component"].as_str().unwrap();
        assert!(
            manifest["component"].get(component).is_some(),
            "{component}"
        );
    }
    for component in manifest["component"].as_table().unwrap().values() {
        check_component(component.as_table().unwrap(), variables);
    }
    manifest
}

fn check_component(component: &Table, variables: &Table) {
    only(component, &COMPONENT);
    built(component["source"].as_str().unwrap());
    let known = known_variables();
    let mut templates = Vec::new();
    for (name, value) in component["variables"].as_table().unwrap() {
        assert!(known.contains(name), "the component does not read {name}");
        templates.extend(template(value.as_str().unwrap()));
    }
    for host in component["allowed_outbound_hosts"].as_array().unwrap() {
        templates.extend(template(host.as_str().unwrap()));
    }
    for name in &templates {
        assert!(variables.contains_key(*name), "no variable {name}");
    }
    for name in variables.keys() {
        assert!(templates.contains(&name.as_str()), "{name} is not used");
    }
    let command = component["build"]["command"].as_str().unwrap();
    let target = command.strip_prefix("make ").unwrap();
    let makefile = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Makefile");
    let makefile = std::fs::read_to_string(makefile).unwrap();
    assert!(
        makefile
            .lines()
            .any(|line| line.starts_with(&format!("{target}:"))),
        "{target}"
    );
}

/// `make components` makes it; gives its bytes.
fn built(path: &str) -> Vec<u8> {
    component(
        path.strip_prefix("../../target/edge/")
            .expect("where components are built"),
    )
}

#[test]
fn the_transformer_is_a_dependency_that_inherits_nothing() {
    let manifest = check("spin.toml");
    let component = manifest["component"]["edge"].as_table().unwrap();
    assert!(!component.contains_key("dependencies_inherit_configuration"));
    let dependencies = component["dependencies"].as_table().unwrap();
    let interface = "darkroom:image/transform@0.1.0";
    assert_eq!(keys(dependencies), BTreeSet::from([interface]));
    let dependency = dependencies[interface].as_table().unwrap();
    assert_eq!(
        keys(dependency),
        BTreeSet::from(["path"]),
        "and says nothing else"
    );
    assert_eq!(
        built(dependency["path"].as_str().unwrap()),
        guest::COMPONENT
    );
    let source = built(component["source"].as_str().unwrap());
    assert!(surface(&source).0.contains(interface));
}

#[test]
fn the_second_manifest_is_the_first_with_one_file() {
    let (mut first, mut second) = (check("spin.toml"), check("spin-composed.toml"));
    let source = second["component"]["edge"]["source"].as_str().unwrap();
    assert!(
        !surface(&built(source))
            .0
            .iter()
            .any(|import| import.starts_with("darkroom:"))
    );
    for manifest in [&mut first, &mut second] {
        let edge = manifest["component"]["edge"].as_table_mut().unwrap();
        edge.remove("source");
        edge.remove("dependencies");
        edge["build"].as_table_mut().unwrap().remove("watch");
    }
    assert_eq!(Value::Table(first), Value::Table(second));
}
