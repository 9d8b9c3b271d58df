//! The published vectors, and every way to be refused.

use proptest::prelude::*;

use super::*;
use crate::error::SignError;

const KEY: &str = "4f46feebafc4b5e988f131c4ff8b5997";
const OLD: &str = "fedcba9876543210fedcba9876543210";

/// Path, canonical query, signature; the first four lines of accept, the rest of reject.
const VECTORS: &[(&str, &str, &str, Result<(), VerifyError>)] = &[
    (
        "/resize",
        "file=imaginary.jpg&height=200&type=jpeg&width=300",
        "fJ6cxKpkrHx6crTeplArGYUIIz4q_Q0HFjR3hH6DkCQ",
        Ok(()),
    ),
    (
        "/resize",
        "file=large+image.jpg&width=300",
        "iSkx_ZGHopcwijNfXZVyrN3NM4HAqFgAeEYnZSWsr14",
        Ok(()),
    ),
    (
        "/crop",
        "height=400&url=https%3A%2F%2Fexample.com%2Fa+b.jpg&width=500",
        "NYpuwKIEN4qTMe1Ba_IRfK_r5TBaov2o5AuuqtqbavY",
        Ok(()),
    ),
    (
        "/api/v1/resize",
        "width=300",
        "RMT6yq2oDcXOotMRc7b9tfRmXPm7UwDxgbCQZqt_hMo",
        Ok(()),
    ),
    (
        "/resize",
        "",
        "0adbQLzgQqmAP_kBUXoq-gNhdfXJ4XURtXGqAgLubg8",
        Ok(()),
    ),
    (
        "/resize",
        "width=100",
        "LOPZ55cGdOJSM174Jsj42WEZiTVcU0NIJVnQx40OvAE",
        Ok(()),
    ),
    (
        "/resize",
        "width=100",
        "LOPZ55cGdOJSM174Jsj42WEZiTVcU0NIJVnQx40OvAE=",
        Err(VerifyError::InvalidSignature),
    ),
    (
        "/resize",
        "width=101",
        "LOPZ55cGdOJSM174Jsj42WEZiTVcU0NIJVnQx40OvAE",
        Err(VerifyError::Mismatch),
    ),
    ("/resize", "width=100", "", Err(VerifyError::Mismatch)),
    (
        "/resize",
        "file=imaginary.jpg&height=200&type=jpeg&width=300",
        "fJ6cxKpkrHx6crTeplArGYUIIz4q/Q0HFjR3hH6DkCQ",
        Err(VerifyError::InvalidSignature),
    ),
    (
        "/resize",
        "width=100",
        "Oa8_1FA2NLVpt7CBZpbqRKWPqitJ4aKC9rkkc8aHejk",
        Err(VerifyError::Mismatch),
    ),
];

fn keyring() -> Keyring {
    Keyring::parse(KEY).unwrap()
}

fn rotating() -> Keyring {
    Keyring::parse(&format!("new:{KEY},old:{OLD}")).unwrap()
}

fn verdict(keyring: &Keyring, target: &str) -> Result<(), VerifyError> {
    keyring.verify(target, 0).map(drop)
}

#[test]
fn the_published_vectors() {
    for (path, query, signature, expected) in VECTORS {
        let target = format!("{path}?{query}&sign={signature}");
        assert_eq!(verdict(&keyring(), &target), *expected, "{target}");
    }
}

/// The file that the table above was copied from, where it is at hand.
#[test]
fn the_vectors_of_the_shared_file() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/compat/signing-vectors.tsv"
    );
    let Ok(text) = std::fs::read_to_string(file) else {
        return;
    };
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split('\t').collect())
        .collect();
    let rows: Vec<_> = rows.iter().filter(|row| row[0] == "imaginary").collect();
    assert_eq!(rows.len(), VECTORS.len());
    for row in rows {
        let [_, key, _, path, query, signature, expected, note] = row[..] else {
            panic!("{row:?}")
        };
        let target = format!("{path}?{query}&sign={signature}");
        let refused = Keyring::parse(key).unwrap().verify(&target, 0).err();
        match refused {
            None => assert_eq!(expected, "accept", "{note}"),
            Some(error) if note.contains("; 40") => {
                assert!(note.contains(&error.status().to_string()), "{note}");
            }
            Some(_) => assert_eq!(expected, "reject", "{note}"),
        }
    }
}

#[test]
fn order_and_spelling_do_not_matter_and_everything_else_does() {
    let sign = "fJ6cxKpkrHx6crTeplArGYUIIz4q_Q0HFjR3hH6DkCQ";
    for target in [
        format!("/resize?width=300&type=jpeg&height=200&file=imaginary.jpg&sign={sign}"),
        format!("/resize?sign={sign}&width=%33%30%30&type=jpeg&&height=200&file=imaginary%2ejpg"),
        format!(
            "/%72esize?width=300&type=jpeg&height=200&file=imaginary.jpg&sign={sign}&sign=other"
        ),
        format!(
            "/resize?width=300&type=jpeg&height=200&file=imaginary.jpg&dropped=1;2&sign={sign}"
        ),
    ] {
        assert_eq!(verdict(&keyring(), &target), Ok(()), "{target}");
    }
    for target in [
        format!("/fit?width=300&type=jpeg&height=200&file=imaginary.jpg&sign={sign}"),
        format!("/resize?width=300&type=jpeg&height=200&file=Imaginary.jpg&sign={sign}"),
        format!("/resize?width=300&type=jpeg&height=200&file=imaginary.jpg&x=1&sign={sign}"),
        format!("/resize?width=300&type=jpeg&file=imaginary.jpg&sign={sign}"),
        format!("/resize?width=300&type=jpeg&height=200&file=imaginary.jpg&sign=other&sign={sign}"),
        "/resize?width=300&type=jpeg&height=200&file=imaginary.jpg".to_owned(),
    ] {
        assert!(verdict(&keyring(), &target).is_err(), "{target}");
    }
}

#[test]
fn what_was_not_signed_is_not_there() {
    let target = keyring()
        .sign("/resize?width=100", &SignOptions::default())
        .unwrap();
    let signed = keyring()
        .verify(&format!("{target}&height=1;2&file=%zz&type=%"), 0)
        .unwrap();
    let names: Vec<_> = signed
        .pairs()
        .iter()
        .map(|pair| pair.name.as_slice())
        .collect();
    assert_eq!(names, [b"width".as_slice(), b"sign".as_slice()]);
}

#[test]
fn a_changed_byte_of_a_signature_is_a_mismatch() {
    let target = keyring()
        .sign("/resize?width=100", &SignOptions::default())
        .unwrap();
    let from = target.find("sign=").unwrap() + "sign=".len();
    for place in from..target.len() {
        for replacement in (b'A'..=b'Z')
            .chain(b'a'..=b'z')
            .chain(b'0'..=b'9')
            .chain([b'-', b'_'])
        {
            let mut changed = target.clone().into_bytes();
            changed[place] = replacement;
            let changed = String::from_utf8(changed).unwrap();
            let expected = if changed == target {
                Ok(())
            } else {
                Err(VerifyError::Mismatch)
            };
            assert_eq!(verdict(&keyring(), &changed), expected, "{changed}");
        }
    }
}

#[test]
fn no_key_lets_nothing_in_and_unsigned_must_be_said() {
    assert_eq!(Keyring::parse("").map(drop), Err(KeyError::None));
    assert!(!keyring().is_unsigned());
    assert!(Keyring::unsigned().is_unsigned());
    assert_eq!(verdict(&Keyring::unsigned(), "/resize?width=100"), Ok(()));
    assert_eq!(
        verdict(&Keyring::unsigned(), "/resize?width=100&sign=%"),
        Ok(())
    );
    assert_eq!(
        Keyring::unsigned().sign("/resize", &SignOptions::default()),
        Err(SignError::NoKey)
    );
}

#[test]
fn keys_rotate() {
    let with_kid = |kid: &str| SignOptions {
        kid: Some(kid.to_owned()),
        ..SignOptions::default()
    };
    let by_old = Keyring::parse(OLD)
        .unwrap()
        .sign("/resize?width=1", &SignOptions::default())
        .unwrap();
    assert_eq!(verdict(&rotating(), &by_old), Ok(()));
    assert_eq!(verdict(&keyring(), &by_old), Err(VerifyError::Mismatch));
    let named = rotating()
        .sign("/resize?width=1", &with_kid("old"))
        .unwrap();
    assert!(
        named.starts_with("/resize?width=1&kid=old&sign="),
        "{named}"
    );
    assert_eq!(verdict(&rotating(), &named), Ok(()));
    assert_eq!(
        rotating().sign("/resize", &with_kid("x")),
        Err(SignError::UnknownKey("x".to_owned()))
    );
    // The named key must be the one: that another key would do is not enough.
    let swapped = named.replace("kid=old", "kid=new");
    assert_eq!(verdict(&rotating(), &swapped), Err(VerifyError::Mismatch));
    let only_new = Keyring::parse(&format!("new:{KEY}")).unwrap();
    let by_new_as_old = keyring().sign("/resize?kid=old", &SignOptions::default());
    assert_eq!(by_new_as_old, Err(SignError::UnknownKey("old".to_owned())));
    assert_eq!(verdict(&only_new, &named), Err(VerifyError::Mismatch));
    assert_eq!(
        verdict(&rotating(), &by_old.replace("sign=", "kid=&sign=")),
        Err(VerifyError::Mismatch)
    );
}

#[test]
fn a_url_lives_until_its_second() {
    let until = |expires: u64| SignOptions {
        expires: Some(expires),
        ..SignOptions::default()
    };
    let target = keyring().sign("/resize?width=1", &until(1000)).unwrap();
    assert!(
        target.starts_with("/resize?width=1&expires=1000&sign="),
        "{target}"
    );
    assert_eq!(
        keyring().verify(&target, 999).unwrap().expires(),
        Some(1000)
    );
    assert_eq!(keyring().verify(&target, 1000), Err(VerifyError::Expired));
    assert_eq!(
        keyring().verify(&target.replace("1000", "2000"), 999),
        Err(VerifyError::Mismatch)
    );
    let longer = keyring().sign(&target, &until(3000)).unwrap();
    assert_eq!(longer.matches("expires=").count(), 1);
    assert_eq!(
        keyring().verify(&longer, 2999).unwrap().expires(),
        Some(3000)
    );
    // Without the key nothing is learnt about the time.
    assert_eq!(
        keyring().verify("/resize?expires=1&sign=AAAA", 1000),
        Err(VerifyError::Mismatch)
    );
    assert_eq!(
        keyring().verify("/resize?expires=x", 0),
        Err(VerifyError::Mismatch)
    );
}

#[test]
fn a_malformed_end_is_refused() {
    for value in [
        "",
        "x",
        "-1",
        "+1",
        "1.5",
        "1e9",
        " 1",
        "18446744073709551616",
        "%ff",
    ] {
        let target = format!("/resize?expires={value}");
        assert_eq!(
            verdict(&Keyring::unsigned(), &target),
            Err(VerifyError::MalformedExpiry),
            "{value}"
        );
        let refused = Err(SignError::Target(VerifyError::MalformedExpiry));
        assert_eq!(
            keyring().sign(&target, &SignOptions::default()),
            refused,
            "{value}"
        );
    }
    assert_eq!(
        verdict(&Keyring::unsigned(), "/resize?expires=18446744073709551615"),
        Ok(())
    );
}

#[test]
fn an_end_can_be_demanded() {
    let strict = keyring().require_expiry();
    let eternal = strict
        .sign("/resize?width=1", &SignOptions::default())
        .unwrap();
    assert_eq!(strict.verify(&eternal, 0), Err(VerifyError::NoExpiry));
    let mortal = strict
        .sign("/resize?width=1&expires=10", &SignOptions::default())
        .unwrap();
    assert_eq!(strict.verify(&mortal, 9).map(drop), Ok(()));
}

#[test]
fn signing_keeps_the_spelling_and_signs_again() {
    let options = SignOptions::default();
    let once = keyring()
        .sign("/resize?width=4%30&file=a b.jpg&nocrop", &options)
        .unwrap();
    assert!(
        once.starts_with("/resize?width=4%30&file=a b.jpg&nocrop&sign="),
        "{once}"
    );
    assert_eq!(keyring().sign(&once, &options).unwrap(), once);
    assert!(
        keyring()
            .sign("/resize", &options)
            .unwrap()
            .starts_with("/resize?sign=")
    );
    for (target, piece) in [
        ("/resize?a=1;b=2", "a=1;b=2"),
        ("/resize?file=50%.jpg", "file=50%.jpg"),
    ] {
        assert_eq!(
            keyring().sign(target, &options),
            Err(SignError::IgnoredPair(piece.to_owned()))
        );
    }
}

#[test]
fn keys_are_not_printed() {
    let printed = format!("{:?} {:?} {:?}", keyring(), rotating(), Keyring::unsigned());
    assert!(
        !printed.contains(KEY) && !printed.contains(OLD),
        "{printed}"
    );
}

proptest! {
    #[test]
    fn what_is_signed_verifies(pairs in prop::collection::vec(("[a-zé+;&=% ]{1,8}", ".{0,12}"), 0..8)) {
        let query: Vec<String> = pairs.iter().map(|(name, value)| {
            format!("{}={}", escaped(name), escaped(value))
        }).collect();
        let target = format!("/resize?{}", query.join("&"));
        let signed = keyring().sign(&target, &SignOptions::default()).unwrap();
        prop_assert_eq!(verdict(&keyring(), &signed), Ok(()));
        let other = Keyring::parse(OLD).unwrap();
        prop_assert_eq!(verdict(&other, &signed), Err(VerifyError::Mismatch));
    }

    #[test]
    fn nothing_unsigned_gets_in(target in "/[a-z?&=%;+é\\x00-\\x1f]{0,60}") {
        prop_assert!(verdict(&keyring(), &target).is_err());
    }
}

fn escaped(text: &str) -> String {
    let mut bytes = Vec::new();
    crate::target::encode(text.as_bytes(), &mut bytes);
    String::from_utf8(bytes).unwrap()
}
