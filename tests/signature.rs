//! Nothing is answered that was not signed: every byte of a URL is covered, and what is wrong with a
//! signature is said in imaginary's words.

use tests::signing::{sign, signature};
use tests::{Builder, Edge, KEY, Request, sample};

const MISMATCH: &str = "URL signature mismatch";
const MALFORMED: &str = "Invalid URL signature";

/// Target without `sign`, its signature, and the status expected: made or accepted by imaginary.
const VECTORS: [(&str, &str, u16); 8] = [
    (
        "/resize?width=300&height=200&type=jpeg&file=imaginary.jpg",
        "fJ6cxKpkrHx6crTeplArGYUIIz4q_Q0HFjR3hH6DkCQ",
        200,
    ),
    (
        "/resize?file=large%20image.jpg&width=300",
        "iSkx_ZGHopcwijNfXZVyrN3NM4HAqFgAeEYnZSWsr14",
        200,
    ),
    (
        "/resize?width=300&file=large+image.jpg",
        "iSkx_ZGHopcwijNfXZVyrN3NM4HAqFgAeEYnZSWsr14",
        200,
    ),
    // Right signature, but `url=` is not switched on here: refused later, and not for the signature.
    (
        "/crop?width=500&height=400&url=https://example.com/a%20b.jpg",
        "NYpuwKIEN4qTMe1Ba_IRfK_r5TBaov2o5AuuqtqbavY",
        400,
    ),
    (
        "/resize",
        "0adbQLzgQqmAP_kBUXoq-gNhdfXJ4XURtXGqAgLubg8",
        400,
    ),
    (
        "/resize?width=101",
        "LOPZ55cGdOJSM174Jsj42WEZiTVcU0NIJVnQx40OvAE",
        403,
    ),
    (
        "/resize?width=100",
        "Oa8_1FA2NLVpt7CBZpbqRKWPqitJ4aKC9rkkc8aHejk",
        403,
    ),
    (
        "/resize?width=100",
        "LOPZ55cGdOJSM174Jsj42WEZiTVcU0NIJVnQx40OvAE=",
        400,
    ),
];

#[test]
fn published_vectors_are_judged_as_imaginary_does() {
    let mount = tempfile::tempdir().unwrap();
    for name in ["imaginary.jpg", "large image.jpg"] {
        std::fs::write(mount.path().join(name), sample("dunes.jpg")).unwrap();
    }
    let edge = Edge::mounting(mount.path()).start();
    for (target, given, status) in VECTORS {
        // The harness signs by a second reading of the rules; it has to agree with the vectors too.
        assert_eq!(
            signature(KEY, target) == given,
            !matches!(status, 403) && !given.ends_with('=')
        );
        let joint = if target.contains('?') { '&' } else { '?' };
        let answer = edge.get_unsigned(&format!("{target}{joint}sign={given}"));
        assert_eq!(answer.status, status, "{target} {given}: {}", answer.text());
        let about_signature = answer.text().contains(MISMATCH) || answer.text().contains(MALFORMED);
        assert_eq!(
            about_signature,
            status == 403 || given.ends_with('='),
            "{target}: {}",
            answer.text()
        );
    }
    let post = Request::post(
        "/resize?width=100&sign=LOPZ55cGdOJSM174Jsj42WEZiTVcU0NIJVnQx40OvAE",
        sample("dunes.jpg"),
    );
    edge.send(&post).picture();
}

#[test]
fn one_changed_byte_anywhere_is_refused() {
    let edge = Edge::shared();
    let target = sign(KEY, "/resize?width=40&file=dunes.jpg");
    edge.get_unsigned(&target).picture();
    let (query, signature) = (
        target.find('?').unwrap(),
        target.find("sign=").unwrap() + "sign=".len(),
    );
    for at in 1..target.len() {
        let mut changed = target.clone().into_bytes();
        changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
        let changed = String::from_utf8(changed).unwrap();
        let answer = edge.get_unsigned(&changed);
        let allowed: &[u16] = match at {
            // Another path is no route at all.
            at if at <= query => &[403, 404],
            // The last letter has two bits that no signature sets.
            at if at >= signature => &[403, 400],
            _ => &[403],
        };
        assert!(
            allowed.contains(&answer.status),
            "{changed}: {}",
            answer.status
        );
    }
}

#[test]
fn missing_is_403_and_malformed_is_400() {
    let edge = Edge::shared();
    let target = "/resize?width=40&file=dunes.jpg";
    let good = signature(KEY, target);
    assert_eq!(edge.get_unsigned(target).refused(403), MISMATCH);
    assert_eq!(
        edge.get_unsigned(&format!("{target}&sign=")).refused(403),
        MISMATCH
    );
    for malformed in [
        format!("{good}="),
        format!("{good}%3D"),
        "a".into(),
        "%20".into(),
        "a.b!".into(),
        "%2B%2F%2B%2F".into(),
    ] {
        assert_eq!(
            edge.get_unsigned(&format!("{target}&sign={malformed}"))
                .refused(400),
            MALFORMED,
            "{malformed}"
        );
    }
    for wrong in [&good[..40], "AAAA"] {
        assert_eq!(
            edge.get_unsigned(&format!("{target}&sign={wrong}"))
                .refused(403),
            MISMATCH,
            "{wrong}"
        );
    }
}

#[test]
fn a_signature_is_good_for_its_own_path_query_and_key_only() {
    let edge = Edge::shared();
    let good = signature(KEY, "/resize?width=40&file=dunes.jpg");
    for (target, why) in [
        ("/crop?width=40&file=dunes.jpg", "another route"),
        (
            "/resize?width=40&file=dunes.jpg&rotate=90",
            "one more parameter",
        ),
        ("/resize?file=dunes.jpg", "one parameter less"),
        (
            "/resize?width=40&width=400&file=dunes.jpg",
            "a parameter twice",
        ),
    ] {
        let answer = edge.get_unsigned(&format!("{target}&sign={good}"));
        assert_eq!(answer.refused(403), MISMATCH, "{why}");
    }
    let other = signature(&KEY.replace('4', "5"), "/resize?width=40&file=dunes.jpg");
    edge.get_unsigned(&format!("/resize?width=40&file=dunes.jpg&sign={other}"))
        .refused(403);
}

#[test]
fn order_and_spelling_of_the_query_do_not_matter() {
    let edge = Edge::shared();
    let good = signature(KEY, "/resize?width=40&file=dunes.jpg");
    for target in [
        format!("/resize?sign={good}&file=dunes.jpg&width=40"),
        format!("/resize?file=%64unes.jpg&width=40&sign={good}"),
        format!("/resize?width=%34%30&file=dunes.jpg&sign={good}&sign=AAAA"),
    ] {
        edge.get_unsigned(&target).picture();
    }
}

#[test]
fn the_signature_comes_before_everything_else() {
    let edge = Edge::shared();
    // A wrong method, a wrong parameter, a missing file: an unsigned client learns none of it.
    for method in ["PUT", "DELETE", "GET", "POST"] {
        edge.send(&Request::new(method, "/resize?width=abc&file=none.jpg"))
            .refused(403);
    }
}

#[test]
fn an_unsigned_server_answers_anybody() {
    let edge = Builder::bare()
        .switch("allow-unsigned")
        .set("mount", tests::pictures())
        .start();
    edge.get_unsigned("/resize?width=40&file=dunes.jpg")
        .picture();
}

#[test]
fn either_of_two_keys_signs_during_a_rotation() {
    let (old, new) = ("o".repeat(32), "n".repeat(32));
    let edge = Edge::builder()
        .set("url-signature-key", format!("1:{old},2:{new}"))
        .start();
    for key in [&old, &new] {
        edge.get_unsigned(&sign(key, "/resize?width=40&file=dunes.jpg"))
            .picture();
    }
    edge.get("/resize?width=40&file=dunes.jpg").refused(403);
}
