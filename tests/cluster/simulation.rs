//! How many renditions N pods make of the same requests, when a URL always reaches one pod (consistent
//! hashing) and when the next pod in turn takes it (round robin). Nothing runs here: a trace of requests
//! by Zipf's law goes in, hit ratios come out, the same every time. The table stands in k8s/README.md;
//! `UPDATE_TABLES=1` writes it there.

mod pods;
mod ring;
mod trace;

use std::fmt::Write as _;
use std::path::Path;

use pods::{Counts, Pods, Spread};
use trace::Trace;

/// Different URLs that are asked for.
const URLS: usize = 100_000;
/// Renditions that one pod keeps: 4 GiB of 800 KiB, or a twentieth of what there is.
const KEPT_PER_POD: usize = 5_000;
/// Requests before counting begins: caches are full by then.
const WARM_UP: usize = 300_000;
/// Requests counted.
const COUNTED: usize = 200_000;
/// Requests counted after a pod came or went.
const COUNTED_AFTER: usize = 20_000;

fn steady(pods: usize, spread: Spread) -> Counts {
    let mut trace = Trace::zipf(URLS);
    let mut pods = Pods::new(pods, spread, KEPT_PER_POD);
    pods.ask(&mut trace, WARM_UP);
    pods.ask(&mut trace, COUNTED)
}

/// The hit ratio of four pods before and right after a change, and the URLs that have another pod now.
fn changed(change: impl FnOnce(&mut Pods)) -> (Counts, Counts, f64) {
    let mut trace = Trace::zipf(URLS);
    let mut pods = Pods::new(4, Spread::ByHash, KEPT_PER_POD);
    pods.ask(&mut trace, WARM_UP);
    let before = pods.ask(&mut trace, COUNTED_AFTER);
    let places: Vec<usize> = (0..URLS).map(|url| pods.place(url)).collect();
    change(&mut pods);
    let moved = (0..URLS)
        .filter(|url| pods.place(*url) != places[*url])
        .count();
    let after = pods.ask(&mut trace, COUNTED_AFTER);
    (before, after, moved as f64 / URLS as f64)
}

fn percent(part: f64) -> String {
    format!("{:.1} %", part * 100.0)
}

fn table() -> String {
    let mut text = format!(
        "{COUNTED} requests for {URLS} URLs by Zipf's law (exponent {}), each pod keeping {KEPT_PER_POD} renditions, after a warm-up of \
         {WARM_UP} (`tests/cluster/simulation.rs`):\n\n\
         | pods | hits, hashed | hits, round robin | made, hashed | made, round robin | of these kept by another pod |\n\
         |---:|---:|---:|---:|---:|---:|\n",
        trace::EXPONENT
    );
    for pods in [1, 2, 4, 8, 16] {
        let (hashed, turns) = (steady(pods, Spread::ByHash), steady(pods, Spread::InTurn));
        let _ = writeln!(
            text,
            "| {pods} | {} | {} | {} | {} | {} |",
            percent(hashed.hit_ratio()),
            percent(turns.hit_ratio()),
            hashed.made,
            turns.made,
            turns.duplicates
        );
    }
    let (before, joined, moved_to) = changed(Pods::join);
    let (_, left, moved_from) = changed(|pods| pods.leave(0));
    let _ = writeln!(
        text,
        "\nWith four hashed pods ({} hits), in the first {COUNTED_AFTER} requests after one joins: {} ({} of the URLs have moved); \
         after one leaves: {} ({} have moved).",
        percent(before.hit_ratio()),
        percent(joined.hit_ratio()),
        percent(moved_to),
        percent(left.hit_ratio()),
        percent(moved_from)
    );
    text
}

#[test]
fn the_table_in_the_guide_is_what_comes_out() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../k8s/README.md");
    let guide = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = ("<!-- simulation -->\n", "<!-- /simulation -->");
    let (head, rest) = guide.split_once(begin).unwrap();
    let (written, tail) = rest.split_once(end).unwrap();
    let table = table();
    if std::env::var_os("UPDATE_TABLES").is_some() {
        std::fs::write(&path, format!("{head}{begin}{table}{end}{tail}")).unwrap();
        return;
    }
    assert_eq!(written, table, "UPDATE_TABLES=1 writes the table anew");
}

#[test]
fn hashed_pods_are_one_cache_and_others_are_copies() {
    let one = steady(1, Spread::ByHash);
    let (hashed, turns) = (steady(8, Spread::ByHash), steady(8, Spread::InTurn));
    assert!(hashed.hit_ratio() > one.hit_ratio() + 0.1);
    assert!((turns.hit_ratio() - one.hit_ratio()).abs() < 0.02);
    assert_eq!(hashed.duplicates, 0);
    assert!(turns.duplicates > turns.made * 2 / 5);
}

#[test]
fn a_pod_that_joins_or_leaves_moves_only_its_share() {
    let (_, _, joined) = changed(Pods::join);
    assert!((0.15..0.25).contains(&joined), "a fifth, not {joined}");
    let (_, _, left) = changed(|pods| pods.leave(0));
    assert!((0.20..0.30).contains(&left), "a quarter, not {left}");
}
