//! Overlays are sources: fetched once by however many, believed for as long as they say, and part of what a
//! rendition is of, so that a changed overlay is another rendition.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use tests::signing::escape;
use tests::{Edge, Origin, Reply, eyes, sample};

use crate::origins::trusting;

const RED: [u8; 4] = [255, 0, 0, 255];
const BLUE: [u8; 4] = [0, 0, 255, 255];

fn flat(colour: [u8; 4]) -> Vec<u8> {
    let picture = RgbaImage::from_pixel(30, 20, Rgba(colour));
    eyes::encode(&DynamicImage::ImageRgba8(picture), ImageFormat::Png)
}

/// An origin with a page that may be kept, and a logo that changes with the stage and is said to be this.
fn origin(control: &'static str) -> (Origin, Arc<AtomicUsize>) {
    let stage = Arc::new(AtomicUsize::new(0));
    let (seen, page) = (Arc::clone(&stage), sample("dunes.jpg"));
    let origin = Origin::new(move |asked| {
        if asked.target != "/logo.png" {
            return Reply::ok(page.clone()).with("Cache-Control", "max-age=600");
        }
        let (tag, colour) = match seen.load(Ordering::SeqCst) {
            0 => ("\"red\"", RED),
            1 => ("\"blue\"", BLUE),
            _ => return Reply::status(503),
        };
        let reply = if asked.header("if-none-match") == Some(tag) {
            Reply::status(304)
        } else {
            Reply::ok(flat(colour))
        };
        reply.with("ETag", tag).with("Cache-Control", control)
    });
    (origin, stage)
}

fn target(origin: &Origin, more: &str) -> String {
    let url = |path| escape(origin.url(path).as_bytes());
    let (page, logo) = (url("/page.jpg"), url("/logo.png"));
    format!("/watermarkimage?type=png&url={page}&image={logo}{more}")
}

fn asked_for(origin: &Origin, path: &str) -> usize {
    let asked = origin.asked();
    asked.iter().filter(|asked| asked.target == path).count()
}

#[track_caller]
fn corner(answer: &tests::Answer) -> [u8; 4] {
    eyes::decode(answer.picture()).to_rgba8().get_pixel(3, 3).0
}

#[test]
fn a_changed_overlay_is_another_rendition() {
    let (origin, stage) = origin("no-cache");
    let edge = trusting().start();
    let url = target(&origin, "");
    let first = edge.get(&url);
    assert_eq!(corner(&first), RED);
    // Confirmed, and found.
    let second = edge.get(&url);
    assert_eq!(second.header("etag"), first.header("etag"));
    assert_eq!(second.picture(), first.body);
    assert_eq!(edge.count("/sandbox/started"), 1);
    stage.store(1, Ordering::SeqCst);
    let changed = edge.get(&url);
    assert_eq!(corner(&changed), BLUE);
    assert_ne!(changed.header("etag"), first.header("etag"));
    stage.store(0, Ordering::SeqCst);
    let again = edge.get(&url);
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_eq!(again.picture(), first.body);
    assert_eq!(asked_for(&origin, "/page.jpg"), 1);
    assert_eq!(asked_for(&origin, "/logo.png"), 4);
}

#[test]
fn an_overlay_is_fetched_once_for_all_that_it_is_laid_on() {
    let (origin, _) = origin("max-age=600");
    let edge = trusting().start();
    for width in [40, 60, 80] {
        edge.get(&target(&origin, &format!("&width={width}")))
            .picture();
    }
    let upload = format!(
        "/watermarkimage?image={}",
        escape(origin.url("/logo.png").as_bytes())
    );
    edge.post(&upload, &sample("cat.png")).picture();
    assert_eq!(asked_for(&origin, "/logo.png"), 1);
    assert!(edge.get(&target(&origin, "&width=40")).is_hit());
    // And once more where nobody knows it any more.
    let edge = edge.stop().start();
    assert!(edge.get(&target(&origin, "&width=60")).is_hit());
    assert_eq!(asked_for(&origin, "/logo.png"), 1);
}

#[test]
fn an_older_overlay_stands_in_for_an_origin_that_fails() {
    let (origin, stage) = origin("max-age=0, stale-while-revalidate=0, stale-if-error=600");
    let edge = trusting().start();
    edge.get(&target(&origin, "")).picture();
    stage.store(2, Ordering::SeqCst);
    assert_eq!(corner(&edge.get(&target(&origin, "&width=300"))), RED);
    assert!(edge.count("/sources/stood_in") >= 1);
}

#[test]
fn what_is_made_with_an_overlay_that_nobody_may_keep_is_not_kept() {
    let (origin, _) = origin("no-store");
    let edge = trusting().start();
    for _ in 0..2 {
        let answer = edge.get(&target(&origin, ""));
        assert_eq!(corner(&answer), RED);
        assert!(!answer.is_hit());
        let said = answer.header("cache-control").unwrap();
        assert!(said.contains("no-store"), "{said}");
    }
    assert_eq!(edge.count("/cache/entries"), 0);
    assert_eq!(asked_for(&origin, "/page.jpg"), 1);
}

/// Nobody else keeps it either: the next answer may have its overlay.
#[test]
fn what_lacks_its_overlay_is_nothing_to_be_kept_by_others() {
    let (origin, stage) = origin("no-cache");
    stage.store(2, Ordering::SeqCst);
    let edge = trusting().set("origin-failure-ttl", "0s").start();
    let url = |path| escape(origin.url(path).as_bytes());
    let operations = format!(
        r#"[{{"operation":"watermarkImage","ignore_failure":true,"params":{{"image":"{}"}}}},{{"operation":"convert","params":{{"type":"png"}}}}]"#,
        origin.url("/logo.png")
    );
    let target = format!(
        "/pipeline?url={}&operations={}",
        url("/page.jpg"),
        escape(operations.as_bytes())
    );
    let without = edge.get(&target);
    assert_ne!(corner(&without), RED);
    assert_eq!(without.header("cache-control"), Some("private, no-store"));
    stage.store(0, Ordering::SeqCst);
    let with = edge.get(&target);
    assert_eq!(corner(&with), RED);
    assert_eq!(
        with.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
}

#[test]
fn an_overlay_may_be_a_file_of_the_mount_and_nothing_beside_it() {
    let mount = tempfile::tempdir().unwrap();
    let inside = mount.path().join("inside");
    std::fs::create_dir(&inside).unwrap();
    std::fs::write(inside.join("page.jpg"), sample("dunes.jpg")).unwrap();
    std::fs::write(inside.join("logo.png"), flat(RED)).unwrap();
    std::fs::write(mount.path().join("secret.png"), flat(BLUE)).unwrap();
    std::os::unix::fs::symlink("../secret.png", inside.join("link.png")).unwrap();
    let edge = Edge::mounting(&inside).start();
    let target = "/watermarkimage?type=png&file=page.jpg&image=logo.png";
    assert_eq!(corner(&edge.get(target)), RED);
    assert!(edge.get(target).is_hit());
    std::fs::write(inside.join("logo.png"), flat(BLUE)).unwrap();
    let changed = edge.get(target);
    assert!(!changed.is_hit());
    assert_eq!(corner(&changed), BLUE);
    let overlay = |image: &str| {
        edge.get(&format!("/watermarkimage?file=page.jpg&image={image}"))
            .refused(400)
    };
    for image in [
        "../secret.png",
        "link.png",
        "/etc/passwd",
        "none.png",
        "inside/../../secret.png",
    ] {
        assert_eq!(
            overlay(image),
            format!(
                "Error while processing the image: Unable to retrieve watermark image. {image}"
            )
        );
    }
}
