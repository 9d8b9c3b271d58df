//! What is printed reads back as the same, reordering changes nothing, and no URL makes the parser fall.

use proptest::prelude::*;

use super::*;
use crate::dialect::imaginary::table::TABLE;

fn read(target: &str) -> Result<Call, ParseError> {
    Call::read(&rules(), &signed(target), Method::Get)
}

/// A value that its parameter can have, most of the time.
fn value(kind: Kind) -> BoxedStrategy<String> {
    let word = |words: &'static [&'static str]| {
        prop::sample::select(words).prop_map(str::to_owned).boxed()
    };
    match kind {
        Kind::Integer => prop_oneof![
            (0..2000_u32).prop_map(|number| number.to_string()),
            (0.0..300.0_f64).prop_map(|number| number.to_string()),
            word(&["", "NaN", "-Inf", "0x64p0", "1e2", "-100", "1e30"]),
        ]
        .boxed(),
        Kind::Place => word(&["", "0", "7", "0.3", "NaN", "99999"]),
        Kind::Float => prop_oneof![
            (0.0..9.0_f64).prop_map(|number| number.to_string()),
            word(&["", "Inf", "-1", "0"])
        ]
        .boxed(),
        Kind::Boolean => word(&["", "1", "t", "true", "0", "False"]),
        Kind::Text => "[a-zA-Zé%+&=;#? ]{0,12}".boxed(),
        Kind::Colour => word(&["", "1,2,3", "255, 0,x", "300,1,2,3", "1"]),
        Kind::Ratio => word(&["", "16:9", " 1:1 ", "0:1", "a:b", "16"]),
        Kind::Gravity => word(&["", "north", " SMART", "x", "west"]),
        Kind::Colourspace => word(&["", "bw", "srgb"]),
        Kind::Extend => word(&["", "copy", "white", "background", "x"]),
        Kind::Type => word(&[
            "",
            "jpeg",
            "JPG",
            "auto",
            "avif",
            "gif",
            "tiff",
            "JXL",
            "thumbhash",
            "svg",
        ]),
        Kind::Operations => word(&[
            "",
            r#"[{"operation":"flip"}]"#,
            r#"[{"operation":"resize","params":{"width":30.5,"height":"20","x":[null,"é"]},"ignore_failure":true},{}]"#,
        ]),
        Kind::Elsewhere => word(&["1"]),
    }
}

/// Endpoint, and pairs of names that differ.
fn call() -> impl Strategy<Value = (Endpoint, Vec<(String, String)>)> {
    let rows: Vec<_> = TABLE
        .iter()
        .filter(|row| !matches!(row.takers, Takers::All))
        .collect();
    let pair =
        |row: &'static Row| value(row.kind).prop_map(move |value| (row.name.to_owned(), value));
    let pairs = prop::sample::subsequence(rows, 0..12)
        .prop_flat_map(move |rows| rows.into_iter().map(pair).collect::<Vec<_>>())
        .prop_shuffle();
    let source = prop_oneof![
        "[a-zé%+ ./&]{1,12}".prop_map(|name| ("file".to_owned(), name)),
        "http://[a-z]{1,5}/[a-z%&+?]{0,9}".prop_map(|url| ("url".to_owned(), url)),
    ];
    (prop::sample::select(Endpoint::ALL.to_vec()), pairs, source).prop_map(
        |(endpoint, mut pairs, source)| {
            pairs.push(source);
            (endpoint, pairs)
        },
    )
}

fn target(endpoint: Endpoint, pairs: &[(String, String)]) -> String {
    let mut target = format!("/{}?", endpoint.name()).into_bytes();
    for (name, value) in pairs {
        target.extend(name.as_bytes());
        target.push(b'=');
        crate::target::encode(value.as_bytes(), &mut target);
        target.push(b'&');
    }
    String::from_utf8(target).unwrap()
}

/// Equal also where a number is `NaN`.
fn same(one: &Call, other: &Call) -> bool {
    format!("{one:?}") == format!("{other:?}")
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_as_the_same((endpoint, pairs) in call()) {
        let Ok(call) = read(&target(endpoint, &pairs)) else { return Ok(()) };
        let printed = call.to_target("");
        let again = read(&printed).unwrap();
        prop_assert!(same(&call, &again), "{} {:?} {:?}", printed, call, again);
        prop_assert_eq!(again.to_target(""), printed);
        let bytes = |call: &Call| call.image_request().map(|request| request.canonical_bytes(None));
        prop_assert_eq!(bytes(&call), bytes(&again));
    }

    #[test]
    fn order_does_not_matter((endpoint, pairs) in call(), seed in any::<prop::sample::Index>()) {
        let turned = {
            let mut pairs = pairs.clone();
            let by = seed.index(pairs.len());
            pairs.rotate_left(by);
            pairs.reverse();
            pairs
        };
        let bytes = |pairs: &[(String, String)]| ask(&target(endpoint, pairs)).map(|request| request.canonical_bytes(None));
        match (bytes(&pairs), bytes(&turned)) {
            // Of two mistakes the first one is reported.
            (Err(one), Err(other)) => prop_assert_eq!(one.status(), other.status()),
            (one, other) => prop_assert_eq!(one, other),
        }
    }

    #[test]
    fn no_url_makes_the_parser_fall(target in "/(resize|pipeline|watermark|info)[?](([a-z]{1,12}|width|operations|file)=[ -~é\\x00]{0,20}&){0,9}") {
        if let Ok(signed) = Keyring::unsigned().verify(&target, 0) {
            for method in [Method::Get, Method::Post] {
                if let Err(error) = rules().parse(&signed, method) {
                    prop_assert!([400, 404].contains(&error.status()));
                    let body = crate::error::body(&error.public_message(), error.status());
                    prop_assert!(serde_json::from_str::<serde_json::Value>(&body).is_ok());
                }
            }
        }
    }
}

#[test]
fn a_call_prints_itself_below_its_prefix() {
    let call = read("/resize?nocrop&height=0x10p0&width=99.9&gravity=nonsense&file=a%2520b%252B.jpg&foo=1&expires=9").unwrap();
    let expected =
        "/api/resize?width=100&height=16&nocrop=false&gravity=centre&file=a+b%252B.jpg&expires=9";
    assert_eq!(call.to_target("/api"), expected);
    assert_eq!(call.endpoint(), Endpoint::Resize);
}
