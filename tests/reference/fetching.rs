//! Sections 2 and 10, what goes on between the server and an origin: failures and their words, the
//! allow-list, limits, and the headers that an origin sees.

use tests::{Edge, Nobody, Origin, Reply, Request, sample};

use super::row::Check::{Says, Size, Status};
use super::row::{Row, get, run_with};
use crate::origins::trusting;

const FAILURES: &[Row] = &[
    get("/resize?width=9&url={origin}/200", &[Size(9, 12)]),
    get(
        "/resize?width=9&url={origin}/404",
        &[
            Status(404),
            Says("error fetching remote http image: (status=404) (url={origin}/404)"),
        ],
    ),
    get(
        "/resize?width=9&url={origin}/403",
        &[
            Status(403),
            Says("error fetching remote http image: (status=403) (url={origin}/403)"),
        ],
    ),
    get(
        "/resize?width=9&url={origin}/500",
        &[
            Status(502),
            Says("error fetching remote http image: (status=500) (url={origin}/500)"),
        ],
    )
    .better("B35"),
    get(
        "/resize?width=9&url={origin}/204",
        &[
            Status(502),
            Says("error fetching remote http image: (status=204) (url={origin}/204)"),
        ],
    )
    .better("B35"),
    get("/resize?width=9&url={origin}/206", &[Status(502)]).better("B35"),
    get(
        "/resize?width=9&url={origin}/304",
        &[
            Status(502),
            Says("error fetching remote http image: (status=304) (url={origin}/304)"),
        ],
    )
    .better("B35"),
    get(
        "/resize?width=9&url={origin}/empty",
        &[Status(400), Says("Empty or unreadable image")],
    ),
    get(
        "/resize?width=9&url={origin}/page",
        &[Status(406), Says("Unsupported media type")],
    ),
    get("/resize?width=9&url={origin}/half", &[Status(502)]).better("B35"),
    get(
        "/resize?width=9&url=ftp://h.test/a.jpg",
        &[Status(400), Says("Invalid image URL")],
    )
    .better("B6"),
    get(
        "/resize?width=9&url=a.jpg",
        &[Status(400), Says("Invalid image URL")],
    ),
    get(
        "/resize?width=9&url={origin}/200&file=dunes.jpg",
        &[
            Status(400),
            Says("Cannot process the image due to missing or invalid params"),
        ],
    )
    .better("B23"),
];

const LISTED: &[Row] = &[
    get("/resize?width=9&url={origin}/pictures/a.jpg", &[Size(9, 12)]),
    get("/resize?width=9&url=http://other.test/pictures/a.jpg", &[
        Status(400),
        Says("not allowed remote URL origin: other.test/pictures/a.jpg"),
    ]),
    get("/watermarkimage?file=dunes.jpg&image=http://other.test/pictures/a.jpg", &[
        Status(400),
        Says(
            "Error while processing the image: Unable to retrieve watermark image. http://other.test/pictures/a.jpg",
        ),
    ])
    .better("B1"),
];

fn origin() -> Origin {
    let whole = sample("dunes.jpg");
    Origin::new(move |asked| match asked.target.trim_start_matches('/') {
        "empty" => Reply::ok(""),
        "page" => Reply::ok("<html>not a picture</html>"),
        "half" => Reply::BrokenOff {
            promised: whole.len(),
            body: whole[..whole.len() / 2].to_vec(),
        },
        other => match other.parse() {
            Ok(200) | Err(_) => Reply::ok(whole.clone()),
            Ok(status) => Reply::status(status),
        },
    })
}

#[test]
fn origins_that_fail() {
    let origin = origin();
    run_with(&trusting().start(), FAILURES, Some(&origin.url("")));
    let gone = Nobody::somewhere();
    let address = gone.address();
    let said = trusting()
        .start()
        .get(&format!("/resize?width=9&url=http://{address}/a.jpg"))
        .refused(502);
    let expected = format!(
        "error fetching remote http image: no connection to {}",
        address.ip()
    );
    assert!(said.starts_with(&expected), "B35: {said}");
}

#[test]
fn the_allow_list() {
    let origin = origin();
    let edge = trusting()
        .set("allowed-origins", origin.url("/pictures"))
        .start();
    run_with(&edge, LISTED, Some(&origin.url("")));
    let other = origin.url("/other/a.jpg");
    let said = edge
        .get(&format!("/resize?width=9&url={other}"))
        .refused(400);
    let place = other.strip_prefix("http://").unwrap();
    assert_eq!(said, format!("not allowed remote URL origin: {place}"));
}

#[test]
fn a_source_may_have_so_many_bytes() {
    let origin = origin();
    let bytes = sample("dunes.jpg").len();
    let target = format!("/resize?width=9&url={}", origin.url("/200"));
    let exact = trusting().set("max-allowed-size", bytes.to_string());
    exact.start().get(&target).picture();
    let edge = trusting()
        .set("max-allowed-size", (bytes - 1).to_string())
        .start();
    let said = edge.get(&target).refused(400);
    let most = bytes - 1;
    let expected = format!("Content-Length {bytes} exceeds maximum allowed {most} bytes");
    assert_eq!(said, expected);
    let asked = origin.asked();
    assert_eq!(asked.len(), 2, "B9: one GET, and no HEAD to be believed");
    assert!(asked.iter().all(|asked| asked.method == "GET"));
}

/// What the origin saw of these headers when it was asked through this edge.
fn seen(edge: &Edge, origin: &Origin, headers: &[(&str, &str)]) -> Vec<(String, String)> {
    let before = origin.asked().len();
    let url = origin.url(&format!("/{before}.jpg"));
    let target = tests::signing::sign(tests::KEY, &format!("/resize?width=9&url={url}"));
    let request = headers
        .iter()
        .fold(Request::get(target), |request, (name, value)| {
            request.with(name, value)
        });
    edge.send(&request).picture();
    let named = ["authorization", "x-one", "x-two", "cookie"];
    let mut seen = origin.asked()[before].headers.clone();
    seen.retain(|(name, _)| named.contains(&name.as_str()));
    seen.sort();
    seen
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

/// `-forward-headers`, `-enable-auth-forwarding` and `-authorization`.
#[test]
fn headers_that_an_origin_sees() {
    let origin = origin();
    let client = [
        ("X-ONE", "1"),
        ("x-two", "2"),
        ("Cookie", "id=7"),
        ("Authorization", "Bearer own"),
    ];
    let both = [&client[..], &[("X-Forward-Authorization", "Bearer origin")]].concat();
    let listed = || trusting().set("allowed-origins", origin.url("/"));
    let edge = listed().start();
    assert_eq!(seen(&edge, &origin, &both), pairs(&[]));
    // B25: whatever their case.
    let edge = listed().set("forward-headers", "x-one, X-TWO").start();
    assert_eq!(
        seen(&edge, &origin, &both),
        pairs(&[("x-one", "1"), ("x-two", "2")])
    );
    let edge = listed().switch("enable-auth-forwarding").start();
    assert_eq!(
        seen(&edge, &origin, &client),
        pairs(&[("authorization", "Bearer own")])
    );
    assert_eq!(
        seen(&edge, &origin, &both),
        pairs(&[("authorization", "Bearer origin")])
    );
    let edge = listed()
        .switch("enable-auth-forwarding")
        .set("authorization", "Bearer constant")
        .start();
    assert_eq!(
        seen(&edge, &origin, &both),
        pairs(&[("authorization", "Bearer constant")])
    );
    // B12: never to an origin that nobody has listed.
    let edge = trusting()
        .set("forward-headers", "X-One")
        .set("authorization", "Bearer constant")
        .start();
    assert_eq!(seen(&edge, &origin, &both), pairs(&[]));
    edge.wait_for_log("no origin is listed");
}

/// B12: never across a redirect to another host.
#[test]
fn credentials_stay_with_the_host_that_they_are_for() {
    let elsewhere = origin();
    let there = elsewhere.url("/a.jpg");
    let front = Origin::new(move |_| Reply::redirect(there.clone()));
    let both = format!("{},{}", front.url("/"), elsewhere.url("/"));
    let edge = trusting()
        .set("allowed-origins", both)
        .set("forward-headers", "X-One")
        .set("authorization", "Bearer constant")
        .start();
    let seen = seen(&edge, &front, &[("X-One", "1")]);
    assert_eq!(
        seen,
        pairs(&[("authorization", "Bearer constant"), ("x-one", "1")])
    );
    let asked = elsewhere.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].header("authorization"), None);
    assert_eq!(asked[0].header("x-one"), None);
}
