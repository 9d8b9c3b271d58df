//! Names, and what a name server of the test's own says of them: no answer leads to a place that is not
//! public, not even one that changes between two questions. Here 127.0.0.2 is the one address that may be
//! connected to, and what must not be reached listens at the same port of 127.0.0.1.

use std::net::IpAddr;

use tests::signing::escape;
use tests::{Builder, Edge, NameServer, Origin, Reply, eyes, sample};

use crate::origins::target;

/// Places that no name may lead to.
const INSIDE: [&str; 26] = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.7",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "fd00:ec2::254",
    "fe80::1",
    "ff02::1",
];

/// Loopback, as hosts of URLs can be written; `Url` reads each of them.
const SPELLINGS: [&str; 12] = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "%31%32%37.0.0.1",
    "0",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
];

const REDIRECTED: &str = "redirects to an origin that is not allowed";

/// What may be fetched at 127.0.0.2, and what may not at 127.0.0.1, both at one port.
struct Neighbours {
    outside: Origin,
    inside: Origin,
    port: u16,
}

impl Neighbours {
    fn new(answer: impl Fn(&str, u16) -> Reply + Send + Sync + Clone + 'static) -> Self {
        loop {
            let inside = Origin::of(sample("rocket.jpg"));
            let port = inside.address().port();
            let answer = answer.clone();
            let outside = Origin::at(("127.0.0.2", port), move |asked| {
                answer(&asked.target, port)
            });
            if let Ok(outside) = outside {
                return Self {
                    outside,
                    inside,
                    port,
                };
            }
        }
    }

    fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.port)
    }

    #[track_caller]
    fn nobody_was_inside(&self) {
        assert!(self.inside.asked().is_empty(), "{:?}", self.inside.asked());
    }
}

fn asking(names: &NameServer) -> Builder {
    Edge::builder()
        .switch("enable-url-source")
        .set("allowed-networks", "127.0.0.2")
        .set("resolver", names.address().to_string())
}

fn addresses(text: &str) -> Vec<IpAddr> {
    text.split(' ').map(|one| one.parse().unwrap()).collect()
}

fn picture() -> Reply {
    Reply::ok(sample("dunes.jpg"))
}

fn name_of(number: usize) -> String {
    format!("inside-{number}.test")
}

/// A name for each place inside.
fn names() -> NameServer {
    NameServer::new(|name, _| match name {
        "outside.test" => addresses("127.0.0.2"),
        _ => (0..INSIDE.len())
            .filter(|number| name_of(*number) == name)
            .map(|number| INSIDE[number].parse().unwrap())
            .collect(),
    })
}

#[test]
fn no_answer_of_a_name_server_leads_inside() {
    let there = Neighbours::new(|_, _| picture());
    let names = names();
    let edge = asking(&names).start();
    edge.get(&target(&there.url("outside.test", "/a.jpg")))
        .picture();
    for (number, address) in INSIDE.iter().enumerate() {
        let name = name_of(number);
        let url = there.url(&name, "/a.jpg");
        let said = edge.get(&target(&url)).refused(400);
        let expected = format!(
            "not allowed remote URL origin: {name}:{}/a.jpg (not a public address)",
            there.port
        );
        assert_eq!(said, expected, "{address}");
        assert_eq!(names.asked_for(&name), 1, "{address}");
        // An overlay is fetched by the same rules.
        let overlay = format!("/watermarkimage?image={}", escape(url.as_bytes()));
        let said = edge.post(&overlay, &sample("cat.png")).refused(400);
        assert!(
            said.contains("Unable to retrieve watermark image"),
            "{said}"
        );
    }
    there.nobody_was_inside();
    assert_eq!(there.outside.asked().len(), 1);
}

#[test]
fn no_redirect_leads_inside_by_name_or_by_number() {
    let there = Neighbours::new(|path, port| {
        let place: usize = path.trim_start_matches('/').parse().unwrap();
        let host = match place.checked_sub(INSIDE.len()) {
            None => name_of(place),
            Some(spelling) => SPELLINGS[spelling].to_owned(),
        };
        Reply::redirect(format!("http://{host}:{port}/secret.jpg"))
    });
    let names = names();
    let edge = asking(&names).start();
    for place in 0..INSIDE.len() + SPELLINGS.len() {
        let url = there.url("outside.test", &format!("/{place}"));
        let said = edge.get(&target(&url)).refused(502);
        assert!(said.ends_with(REDIRECTED), "{place}: {said}");
    }
    for spelling in SPELLINGS {
        let url = there.url(spelling, "/secret.jpg");
        let said = edge.get(&target(&url)).refused(400);
        assert!(said.contains("not a public address"), "{spelling}: {said}");
    }
    there.nobody_was_inside();
}

/// What is checked is what is connected to: with another answer for the second question, a server that asks
/// twice would connect to a place that it has not checked.
#[test]
fn an_answer_that_changes_is_checked_again_and_never_believed_twice() {
    let there = Neighbours::new(|_, _| picture().with("Cache-Control", "no-store"));
    let names = NameServer::new(|name, before| match (name, before) {
        ("rebound.test", 0) | ("back.test", 1..) => addresses("127.0.0.2"),
        _ => addresses("127.0.0.1"),
    });
    let edge = asking(&names).start();
    let rebound = target(&there.url("rebound.test", "/a.jpg"));
    edge.get(&rebound).picture();
    assert_eq!(names.asked_for("rebound.test"), 1);
    edge.get(&rebound).refused(400);
    assert_eq!(names.asked_for("rebound.test"), 2);
    let back = |path: &str| edge.get(&target(&there.url("back.test", path)));
    back("/a.jpg").refused(400);
    back("/b.jpg").picture();
    there.nobody_was_inside();
}

#[test]
fn an_answer_that_changes_behind_a_redirect_is_refused() {
    let there = Neighbours::new(|path, _| match path {
        "/a.jpg" => Reply::redirect("/b.jpg"),
        _ => picture(),
    });
    let names = NameServer::new(|name, before| match (name, before) {
        ("steady.test", _) | ("rebound.test", 0) => addresses("127.0.0.2"),
        _ => addresses("127.0.0.1"),
    });
    let edge = asking(&names).start();
    edge.get(&target(&there.url("steady.test", "/a.jpg")))
        .picture();
    let said = edge
        .get(&target(&there.url("rebound.test", "/a.jpg")))
        .refused(502);
    assert!(said.ends_with(REDIRECTED), "{said}");
    there.nobody_was_inside();
}

#[test]
fn of_several_addresses_only_those_that_may_be_are_connected_to() {
    let there = Neighbours::new(|_, _| picture());
    let names = NameServer::new(|_, _| addresses("127.0.0.1 169.254.169.254 127.0.0.2 ::1"));
    let edge = asking(&names).start();
    edge.get(&target(&there.url("many.test", "/a.jpg")))
        .picture();
    there.nobody_was_inside();
    assert_eq!(there.outside.asked().len(), 1);
}

#[test]
fn an_answer_too_long_for_a_packet_comes_by_tcp() {
    let there = Neighbours::new(|_, _| picture());
    let names = NameServer::new(|_, _| {
        let mut many: Vec<IpAddr> = (0..60).map(|last| [10, 0, 0, last].into()).collect();
        many.extend(addresses("127.0.0.2"));
        many
    });
    let edge = asking(&names).start();
    let answer = edge.get(&target(&there.url("long.test", "/a.jpg")));
    assert_eq!(eyes::size(answer.picture()), (40, 54));
    assert_eq!(names.asked_for("long.test"), 2, "by UDP, then by TCP");
    there.nobody_was_inside();
}

#[test]
fn a_name_that_nobody_knows_and_a_server_that_is_not_there_are_502() {
    let names = NameServer::of(&[]);
    let edge = asking(&names).start();
    let said = edge.get(&target("http://nobody.test/a.jpg")).refused(502);
    assert!(said.ends_with("no connection to nobody.test"), "{said}");
    // The hosts file is the system's, and so is not looked into.
    edge.get(&target("http://localhost/a.jpg")).refused(502);
    assert_eq!(names.asked_for("localhost"), 1);
    let address = names.address().to_string();
    drop(names);
    let edge = Edge::builder()
        .switch("enable-url-source")
        .set("resolver", address)
        .start();
    edge.get(&target("http://nobody.test/a.jpg")).refused(502);
}

#[test]
fn what_is_no_address_is_refused_at_start() {
    for (setting, value) in [
        ("resolver", "dns.test"),
        ("resolver", "10.0.0.1:0x35"),
        ("resolver", ""),
        ("allowed-networks", "10.0.0.1/8"),
        ("allowed-networks", "10.0.0.0/8,inside"),
    ] {
        let said = Edge::builder().set(setting, value).refusal();
        assert!(said.contains(setting), "{setting} {value}: {said}");
    }
}
