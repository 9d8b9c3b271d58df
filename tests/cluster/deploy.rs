//! `make deploy` where it cannot: one line that says why, and nothing changed.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// `.ci/deploy OVERLAY` with no cluster configured, in a home where nothing is.
fn deploy(overlay: &str) -> Output {
    let home = tempfile::tempdir().unwrap();
    Command::new(root().join(".ci/deploy"))
        .arg(overlay)
        .env("HOME", home.path())
        .env("KUBECONFIG", home.path().join("none"))
        .env_remove("KUBERNETES_SERVICE_HOST")
        .output()
        .unwrap()
}

fn key() -> PathBuf {
    root().join("k8s/key/signature.key")
}

#[track_caller]
fn the_line(done: &Output) -> String {
    assert_eq!(done.status.code(), Some(1), "{done:?}");
    assert!(done.stdout.is_empty(), "{done:?}");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[test]
fn without_a_cluster_it_says_so_in_one_line_and_makes_no_key() {
    let before = key().exists();
    for overlay in ["dev", "prod", "pvc", "spin"] {
        let said = the_line(&deploy(overlay));
        assert!(
            said.starts_with("no cluster: kubectl reaches none"),
            "{said}"
        );
    }
    assert_eq!(key().exists(), before);
}

#[test]
fn an_overlay_that_is_not_there_is_named_beside_those_that_are() {
    let said = the_line(&deploy("staging"));
    assert_eq!(
        said,
        "no overlay \"staging\"; there are: dev prod pvc spin\n"
    );
}
