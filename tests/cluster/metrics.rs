//! What Prometheus is told, and that the alerts and the dashboard ask for nothing else. Names are compared
//! with those of a running server that has seen hits, misses, failures and an origin.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tests::{Answer, Edge, Origin, Request, sample};

use crate::origins::{target, trusting};

fn k8s() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../k8s")
}

fn scrape(edge: &Edge) -> Answer {
    let answer = Request::get("/metrics").send(edge.admin_address()).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer
}

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.body).unwrap()
}

/// The value of one series, 0 where it is not there yet.
fn value(metrics: &str, series: &str) -> u64 {
    metrics
        .lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '))
        .map_or(0, |value| value.parse().unwrap())
}

fn with_admin() -> tests::Builder {
    Edge::builder().set("admin-listen", "127.0.0.1:0")
}

/// Words that look like names of ours, or of any process.
fn names_in(text: &str) -> BTreeSet<String> {
    text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == ':'))
        .filter(|word| word.starts_with("darkroom_") || word.starts_with("process_"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn alerts_and_dashboard_ask_for_what_there_is() {
    let edge = with_admin().start();
    edge.get("/resize?width=40&file=dunes.jpg").picture();
    let answer = scrape(&edge);
    let there = names_in(text(&answer));
    for file in [
        "dashboard.json",
        "prometheusrule.yaml",
        "adapter-rules.yaml",
    ] {
        let text = fs::read_to_string(k8s().join("observability").join(file)).unwrap();
        let asked = names_in(&text);
        let missing: Vec<_> = asked.difference(&there).collect();
        assert!(
            missing.is_empty(),
            "{file} asks for {missing:?}; there are {there:?}"
        );
    }
    let autoscaler = fs::read_to_string(k8s().join("base/horizontalpodautoscaler.yaml")).unwrap();
    assert!(names_in(&autoscaler).is_subset(&there));
}

#[test]
fn requests_are_counted_by_endpoint_status_and_outcome() {
    let edge = with_admin().start();
    for _ in 0..3 {
        edge.get("/resize?width=40&file=dunes.jpg").picture();
    }
    edge.get("/crop?width=40&height=40&file=nothing.jpg");
    edge.get_unsigned("/resize?width=40&file=dunes.jpg")
        .refused(403);
    edge.get_unsigned("/no/such/\"place");
    let answer = scrape(&edge);
    let metrics = text(&answer);
    let requests = |labels: &str| value(metrics, &format!("darkroom_requests_total{{{labels}}}"));
    assert_eq!(
        requests("endpoint=\"resize\",status=\"200\",cache=\"stored\""),
        1
    );
    assert_eq!(
        requests("endpoint=\"resize\",status=\"200\",cache=\"hit\""),
        2
    );
    assert_eq!(
        requests("endpoint=\"resize\",status=\"403\",cache=\"none\""),
        1
    );
    assert!(metrics.contains("endpoint=\"crop\""), "{metrics}");
    assert!(
        metrics.contains("endpoint=\"other\"") && !metrics.contains("no/such"),
        "{metrics}"
    );
    for stage in ["verify", "lookup", "queue", "fetch", "transform", "store"] {
        let count = format!("darkroom_stage_seconds_count{{stage=\"{stage}\"}}");
        assert!(value(metrics, &count) >= 1, "{stage}: {metrics}");
    }
    assert_eq!(value(metrics, "darkroom_cache_entries"), 1);
    assert_eq!(value(metrics, "darkroom_guests_started_total"), 1);
    assert!(metrics.ends_with("# EOF\n"));
}

#[test]
fn origins_are_counted_by_the_hosts_that_are_listed() {
    let good = Origin::of(sample("dunes.jpg"));
    let edge = trusting()
        .set("allowed-origins", good.url("/"))
        .set("admin-listen", "127.0.0.1:0")
        .start();
    edge.get(&target(&good.url("/a.jpg"))).picture();
    // Not on the list, so it is nobody's label.
    edge.get(&target("http://not-listed.test/a.jpg"));
    let answer = scrape(&edge);
    let metrics = text(&answer);
    let ok = "darkroom_origin_requests_total{host=\"127.0.0.1\",outcome=\"ok\"}";
    assert_eq!(value(metrics, ok), 1, "{metrics}");
    let refused = "darkroom_origin_requests_total{host=\"other\",outcome=\"refused\"}";
    assert_eq!(value(metrics, refused), 1, "{metrics}");
    assert!(!metrics.contains("not-listed"));
}

/// Every variable that a manifest sets is one that the server knows.
#[test]
fn manifests_set_only_settings_that_there_are() {
    let help = std::process::Command::new(tests::binary())
        .args(["serve", "--help"])
        .output()
        .unwrap();
    let known = settings_in(&String::from_utf8(help.stdout).unwrap());
    let mut files = vec![k8s()];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            continue;
        }
        let set = settings_in(&fs::read_to_string(&path).unwrap_or_default());
        let unknown: Vec<_> = set.difference(&known).collect();
        assert!(unknown.is_empty(), "{}: {unknown:?}", path.display());
    }
}

fn settings_in(text: &str) -> BTreeSet<String> {
    text.split(|letter: char| !(letter.is_ascii_uppercase() || letter == '_'))
        .filter(|word| word.starts_with("DARKROOM_") && word.len() > "DARKROOM_".len())
        .map(str::to_owned)
        .collect()
}
