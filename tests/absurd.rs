//! Sizes that no picture can have: each is refused by the limit that it passes, before anything is made,
//! or it means nothing; none of them reaches the transformer as a trap.

use image::ImageFormat;
use tests::signing::escape;
use tests::{Edge, eyes};

const HUGE: &str = "100000000";

fn source() -> Vec<u8> {
    eyes::encode(&eyes::quarters(64, 48), ImageFormat::Png)
}

#[test]
fn what_is_too_large_is_refused_with_the_limit_named() {
    let edge = Edge::shared();
    for target in [
        format!("/resize?width={HUGE}&force=1"),
        format!("/resize?width={HUGE}&height={HUGE}&force=true"),
        format!("/enlarge?width={HUGE}&height=1"),
        format!("/crop?width={HUGE}&height={HUGE}&force=1"),
        format!("/smartcrop?width=16000&height={HUGE}&force=1"),
        format!("/thumbnail?width={HUGE}"),
        "/resize?height=4294967295&width=4294967295&embed=1&force=1".to_owned(),
        "/enlarge?width=16384&height=16384".to_owned(),
        "/zoom?factor=255".to_owned(),
        format!("/resize?width=20000&height=10&force=1&aspectratio=1:{HUGE}"),
    ] {
        let said = edge.post(&target, &source()).refused(422);
        assert!(
            said.contains("at most") && said.contains("--max-output"),
            "{target}: {said}"
        );
    }
    // As thin as it is wide: the whole that a part is cut from is never made.
    let thin = image::DynamicImage::new_rgb8(16_000, 1);
    let thin = eyes::encode(&thin, ImageFormat::Png);
    let cut = edge.post("/smartcrop?width=100&height=1000", &thin);
    assert_eq!(eyes::size(cut.picture()), (100, 1000));
}

#[test]
fn a_pipeline_that_grows_is_refused_where_it_passes_the_limit() {
    let edge = Edge::shared();
    let zoom = r#"{"operation":"zoom","params":{"factor":9}}"#;
    let small = r#"{"operation":"thumbnail","params":{"width":10}}"#;
    let run = |items: &[&str]| {
        let operations = escape(format!("[{}]", items.join(",")).as_bytes());
        edge.post(&format!("/pipeline?operations={operations}"), &source())
    };
    let said = run(&[zoom, zoom, zoom, small]).refused(422);
    assert!(said.contains("--max-output"), "{said}");
    assert_eq!(eyes::size(run(&[zoom, small]).picture()).0, 10);
}

#[test]
fn nothing_of_this_was_a_trap() {
    let edge = Edge::builder().start();
    let targets = [
        format!("/resize?width={HUGE}&force=1"),
        format!("/watermark?text=a&textwidth={HUGE}&margin={HUGE}&dpi={HUGE}"),
        "/watermark?text=W&font=sans%201000&dpi=1200".to_owned(),
        format!("/smartcrop?width={HUGE}"),
        "/blur?sigma=250".to_owned(),
    ];
    for target in targets {
        let status = edge.post(&target, &source()).status;
        assert!(matches!(status, 200 | 400 | 422), "{target}: {status}");
    }
    assert_eq!(edge.count("/sandbox/traps"), 0);
}
