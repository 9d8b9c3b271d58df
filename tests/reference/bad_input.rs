//! Input that is meant badly, or by nobody: each has its answer, nothing of it reaches the transformer as a
//! trap, and the next picture is right.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use tests::signing::sign;
use tests::{Edge, KEY, Request, sample};

use super::row::Check::{As, Begins, Says, Size, Status};
use super::row::{Body, Row, get, post, run};
use super::settings::DOT;

const NUMBERS: &[Row] = &[
    get("/resize?width=100000000&force=1&file=dunes.jpg", &[
        Status(422),
        Says(
            "The output would be 134545455 pixels long; at most 16384 are allowed (--max-output-side)",
        ),
    ])
    .better("B8"),
    get("/resize?width=100000&height=100000&force=1&file=dunes.jpg", &[Status(422)]).better("B8"),
    get("/enlarge?width=16384&height=16384&file=dunes.jpg", &[Status(422)]).better("B8"),
    get("/thumbnail?width=100000000&file=dunes.jpg", &[Status(422)]).better("B8"),
    get("/zoom?factor=255&file=dunes.jpg", &[Status(422)]).better("B8"),
    get("/zoom?factor=256&file=dunes.jpg", &[Says("Error while processing the image: zoom: a picture is magnified 256 times at most")]).better("B8"),
    get("/zoom?factor=1e300&file=dunes.jpg", &[Says("Error while processing the image: zoom: a picture is magnified 256 times at most")]).better("B8"),
    get("/resize?width=1e300&force=1&file=dunes.jpg", &[Status(422)]).better("B8"),
    get("/resize?width=4294967296&height=9&force=1&file=dunes.jpg", &[Status(422)]).better("B8"),
    get("/resize?width=NaN&height=NaN&file=dunes.jpg", &[Size(550, 740)]),
    get("/resize?width=Infinity&force=1&file=dunes.jpg", &[Size(550, 740)]),
    get("/crop?width=NaN&height=90&file=dunes.jpg", &[As("/crop?height=90&file=dunes.jpg")]),
    get("/blur?sigma=NaN&file=dunes.jpg", &[Size(550, 740)]),
    get("/blur?sigma=Inf&file=dunes.jpg", &[Status(400)]),
    get("/blur?sigma=251&file=dunes.jpg", &[Status(400)]),
    get("/resize?width=0x1p3&file=dunes.jpg", &[Size(8, 11)]),
    get("/resize?width=0x&file=dunes.jpg", &[Status(400)]),
    get("/resize?width=0x1p&file=dunes.jpg", &[Status(400)]),
    get("/resize?width=1_0&file=dunes.jpg", &[As("/resize?width=10&file=dunes.jpg")]),
    get("/resize?width=%D9%A1&file=dunes.jpg", &[Status(400)]),
    get("/resize?width=%FF&file=dunes.jpg", &[Status(400)]),
    get("/extract?top=4294967295&left=4294967295&areawidth=10&areaheight=10&file=dunes.jpg", &[
        Begins("Error while processing the image: "),
    ]),
    get("/extract?areawidth=1e300&areaheight=1&file=dunes.jpg", &[
        Begins("Error while processing the image: "),
    ]),
    get("/watermark?text=a&textwidth=1e300&margin=NaN&dpi=Inf&font=sans+1e30&file=dunes.jpg", &[
        Size(550, 740),
    ]),
];

const FORMS: &[Row] = &[
    post(
        "/resize?width=9",
        Body::Form(&[("name", b"x"), ("file", DOT), ("more", b"y")]),
        &[As("/resize?width=9")],
    ),
    post("/resize?width=9", Body::Form(&[]), &[Status(400)]),
    post(
        "/resize?width=9",
        Body::Form(&[("picture", DOT)]),
        &[Says("http: no such file")],
    ),
    post(
        "/resize?width=9",
        Body::Form(&[("File", DOT)]),
        &[Says("http: no such file")],
    ),
    post(
        "/resize?width=9",
        Body::Form(&[("file", b"")]),
        &[Says("Empty or unreadable image")],
    ),
    post(
        "/resize?width=9",
        Body::Form(&[("file", DOT), ("file", DOT)]),
        &[
            Status(400),
            Says("More than one field `file`; send one picture a request"),
        ],
    )
    .better("one picture a request"),
    post(
        "/resize?width=9",
        Body::Bytes(b"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nno end"),
        &[Status(400)],
    )
    .with(&[("Content-Type", "multipart/form-data; boundary=x")]),
    post(
        "/resize?width=9",
        Body::Bytes(b"nothing of the kind"),
        &[Status(400)],
    )
    .with(&[("Content-Type", "multipart/form-data; boundary=x")]),
    // Without a boundary it is no form, and the bytes are no picture.
    post(
        "/resize?width=9",
        Body::Bytes(b"nothing of the kind"),
        &[Status(406)],
    )
    .with(&[("Content-Type", "multipart/form-data")]),
];

const STRICT: &[Row] = &[
    get(
        "/resize?width=40&colour=red&file=dunes.jpg",
        &[
            Status(400),
            Says(
                "Error while processing parameters, error while processing parameter \"colour\" with value \"red\", error: unknown parameter",
            ),
        ],
    ),
    get(
        "/resize?width=40&factor=2&file=dunes.jpg",
        &[
            Status(400),
            Says(
                "Error while processing parameters, error while processing parameter \"factor\" with value \"2\", error: not a parameter of /resize",
            ),
        ],
    ),
    get("/resize?width=40&%FF=1&file=dunes.jpg", &[Status(400)]),
    get("/resize?width=40&width=50&file=dunes.jpg", &[Size(40, 54)]),
    get(
        "/resize?width=40&file=dunes.jpg&expires=4102444800",
        &[Size(40, 54)],
    ),
];

#[test]
fn numbers_that_cannot_be() {
    let edge = Edge::builder().start();
    run(&edge, NUMBERS);
    assert_eq!(edge.count("/sandbox/traps"), 0);
    assert_eq!(edge.count("/sandbox/memory_kills"), 0);
    edge.get("/resize?width=40&file=dunes.jpg").picture();
}

#[test]
fn forms_without_a_file_with_several_and_broken_ones() {
    run(&Edge::shared(), FORMS);
}

#[test]
fn what_strict_refuses() {
    run(&Edge::builder().switch("strict").start(), STRICT);
}

/// The longest URL is read, and one byte more is not; nor is one that no head of a request can hold.
#[test]
fn a_url_is_at_most_so_long() {
    let edge = Edge::shared();
    let short = "/resize?width=40&file=dunes.jpg&padding=";
    let signed = |padding: usize| sign(KEY, &format!("{short}{}", "x".repeat(padding)));
    let longest = 8192 - signed(0).len();
    edge.get_unsigned(&signed(longest)).picture();
    for padding in [longest + 1, 16 << 10, 60 << 10] {
        let said = edge.get_unsigned(&signed(padding)).refused(414);
        assert!(said.contains("8192"), "{said}");
    }
    // From here on it is no URL to the HTTP library either, which has no words for that.
    assert_eq!(edge.get_unsigned(&signed(64 << 10)).status, 414);
    let pairs = |count: usize| format!("/resize?width=40&file=dunes.jpg{}", "&x=1".repeat(count));
    // With `sign` they are 128.
    edge.get(&pairs(125)).picture();
    let said = edge.get(&pairs(126)).refused(400);
    assert!(said.contains("128"), "{said}");
}

/// A body that is too long is answered before it is sent: by its length, or as soon as it is too long.
#[test]
fn a_body_over_the_limit_is_not_read_to_its_end() {
    const LIMIT: usize = 64 << 10;
    let edge = Edge::builder()
        .set("max-allowed-size", LIMIT.to_string())
        .start();
    let target = sign(KEY, "/resize?width=40");
    // Only a head that promises a gigabyte.
    let mut stream = TcpStream::connect(edge.address).unwrap();
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1073741824\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(
        answer.contains("larger than the 65536 bytes allowed"),
        "{answer}"
    );

    // One that says nothing of its length and never ends: what goes in is bounded by what the kernel and the
    // server's connection hold on the way.
    let mut stream = TcpStream::connect(edge.address).unwrap();
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"4000\r\n".as_slice(), &[0; 0x4000], b"\r\n"].concat();
    let mut sent = 0;
    while sent < 256 << 20 && stream.write_all(&chunk).is_ok() {
        sent += chunk.len();
    }
    assert!(sent < 64 << 20, "{sent} bytes were taken");

    // At the limit, and just above it.
    let picture = sample("cat.png");
    let whole = Edge::builder()
        .set("max-allowed-size", picture.len().to_string())
        .start();
    whole.post("/resize?width=40", &picture).picture();
    let larger = [picture.as_slice(), b"!"].concat();
    whole.post("/resize?width=40", &larger).refused(413);
    let parts = |bytes| Request::form(sign(KEY, "/resize?width=40"), &[("file", Some("a"), bytes)]);
    whole.send(&parts(&picture)).picture();
    whole.send(&parts(&larger)).refused(413);
}
