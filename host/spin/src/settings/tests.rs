use super::*;

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn read(pairs: &[(&str, &str)]) -> Result<Settings, SettingError> {
    Settings::read(|name| {
        let (_, value) = pairs.iter().find(|(other, _)| *other == name)?;
        Some((*value).to_owned())
    })
}

fn with_key(name: &'static str, value: &str) -> Result<Settings, SettingError> {
    read(&[("signing_key", KEY), (name, value)])
}

#[test]
fn without_a_key_there_is_no_server() {
    for pairs in [&[][..], &[("signing_key", "")], &[("signing_key", " \n")]] {
        let refused = read(pairs).unwrap_err().to_string();
        assert!(
            refused.starts_with("variable signing_key: missing"),
            "{refused}"
        );
    }
    let refused = read(&[("signing_key", "short")]).unwrap_err().to_string();
    assert!(
        !refused.contains("short"),
        "a secret is not repeated: {refused}"
    );
    let both = [("signing_key", KEY), ("allow_unsigned", "true")];
    assert!(read(&both).is_err());
    assert!(
        read(&[("allow_unsigned", "true")])
            .unwrap()
            .keyring
            .is_unsigned()
    );
    assert!(!read(&[("signing_key", KEY)]).unwrap().keyring.is_unsigned());
}

#[test]
fn keys_may_stand_one_a_line() {
    let keys = format!("new:{KEY}\nold:{KEY}\n");
    let keyring = read(&[("signing_key", &keys)]).unwrap().keyring;
    assert!(
        format!("{keyring:?}").contains(r#"["new", "old"]"#),
        "{keyring:?}"
    );
}

#[test]
fn empty_is_as_if_it_were_not_there() {
    let plain = read(&[("signing_key", KEY)]).unwrap();
    assert!(!plain.rules.sources.url && !plain.rules.sources.file);
    assert_eq!(plain.source_bytes_max, 64 << 20);
    assert_eq!(plain.limits.memory_bytes_max, 480 << 20);
    assert_eq!(plain.store, "default");
    let names = [
        "max_allowed_size",
        "mount",
        "allowed_origins",
        "enable_url_source",
        "cors",
    ];
    for name in names {
        let empty = with_key(name, "").unwrap();
        assert_eq!(empty.rules, plain.rules, "{name}");
        assert_eq!(empty.source_bytes_max, plain.source_bytes_max, "{name}");
    }
}

#[test]
fn urls_are_read_where_origins_are_listed_or_anybody_may_be_asked() {
    let sources = |name, value| with_key(name, value).unwrap().rules.sources;
    assert!(sources("allowed_origins", "https://images.example.com").url);
    assert!(sources("enable_url_source", "true").url);
    assert!(!sources("mount", "/pictures").url);
}

#[test]
fn values_are_read_as_flags_are() {
    let settings = with_key("max_allowed_size", "1MiB").unwrap();
    assert_eq!(settings.source_bytes_max, 1 << 20);
    let settings = with_key("path_prefix", "api/v1/").unwrap();
    assert_eq!(settings.rules.path_prefix, "/api/v1");
    let settings = with_key("origin_timeout", "500ms").unwrap();
    assert_eq!(settings.origin_timeout, Duration::from_millis(500));
    let settings = with_key("mount", "/pictures").unwrap();
    assert!(settings.rules.sources.file);
    let settings = with_key("disable_endpoints", "info,health").unwrap();
    assert_eq!(settings.disabled_pages, ["health"]);
    assert_eq!(settings.rules.disabled.len(), 1);
}

#[test]
fn what_may_not_be_is_refused_by_name() {
    for (name, value) in [
        ("cors", "yes"),
        ("max_allowed_size", "ten"),
        ("max_allowed_resolution", "0"),
        ("max_output_side", "-1"),
        ("http_cache_ttl", "-2"),
        ("allowed_origins", "images.example.com"),
        ("auto_formats", "webp,bmp"),
        ("disable_endpoints", "resise"),
        ("path_prefix", "a//b"),
        ("origin_timeout", "soon"),
        ("forward_headers", "Host"),
        ("lambda_edge", "mount"),
    ] {
        let refused = with_key(name, value).unwrap_err().to_string();
        assert!(
            refused.starts_with(&format!("variable {name}: ")),
            "{refused}"
        );
    }
}
