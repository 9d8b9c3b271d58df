use super::*;

fn keyed() -> Settings {
    Settings {
        url_signature_key: Some(Secret::from("k".repeat(32))),
        ..Settings::default()
    }
}

fn refused(settings: Settings) -> String {
    Config::load(settings).unwrap_err().to_string()
}

#[test]
fn without_a_key_it_refuses_and_says_what_to_do() {
    let message = refused(Settings::default());
    assert!(
        message.starts_with("--url-signature-key: missing"),
        "{message}"
    );
    assert!(message.contains("--allow-unsigned"), "{message}");
    assert!(
        Config::load(Settings {
            allow_unsigned: Some(true),
            ..Settings::default()
        })
        .is_ok()
    );
}

#[test]
fn a_key_and_allow_unsigned_contradict_each_other() {
    let message = refused(Settings {
        allow_unsigned: Some(true),
        ..keyed()
    });
    assert!(message.starts_with("--allow-unsigned:"), "{message}");
}

#[test]
fn flags_go_over_the_file_and_the_file_over_defaults() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("darkroom.toml");
    std::fs::write(
        &path,
        "workers = 3\nqueue = 5\nrequest-timeout = \"7s\"\ncache-bytes = 2097152\n",
    )
    .unwrap();
    let flags = Settings {
        config: Some(path),
        workers: Some(4),
        ..keyed()
    };
    let config = Config::load(flags).unwrap();
    assert_eq!((config.workers, config.queue_max), (4, 5));
    assert_eq!(config.request_timeout, Duration::from_secs(7));
    assert_eq!(config.cache_bytes_max, 2 << 20);
    assert_eq!(config.origin_timeout, ORIGIN_TIMEOUT_DEFAULT);
}

#[test]
fn an_unknown_setting_in_the_file_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("darkroom.toml");
    std::fs::write(&path, "wokers = 3\n").unwrap();
    let message = refused(Settings {
        config: Some(path),
        ..keyed()
    });
    assert!(
        message.starts_with("--config ") && message.contains("wokers"),
        "{message}"
    );
    assert!(!message.contains('\n'), "{message}");
}

#[test]
fn bounds_hold_on_both_sides() {
    let workers = |n| {
        Config::load(Settings {
            workers: Some(n),
            ..keyed()
        })
    };
    assert!(
        workers(0)
            .unwrap_err()
            .to_string()
            .starts_with("--workers:")
    );
    assert!(workers(1).is_ok());
    let megapixels = |n| {
        Config::load(Settings {
            max_allowed_resolution: Some(n),
            ..keyed()
        })
    };
    for refused in [0.0, -1.0, f64::NAN, f64::INFINITY, 4295.0] {
        assert!(
            megapixels(refused)
                .unwrap_err()
                .to_string()
                .starts_with("--max-allowed-resolution:"),
            "{refused}"
        );
    }
    assert_eq!(megapixels(18.0).unwrap().source_pixels_max, 18_000_000);
    let cache = |n| {
        Config::load(Settings {
            cache_bytes: Some(ByteCount(n)),
            ..keyed()
        })
    };
    assert!(cache((1 << 20) - 1).is_err());
    assert!(cache(1 << 20).is_ok());
    assert_eq!(cache(0).unwrap().cache_bytes_max, 0, "0 keeps nothing");
}

#[test]
fn the_mount_is_a_directory_and_not_the_root() {
    let mount = |path: &str| {
        refused(Settings {
            mount: Some(path.into()),
            ..keyed()
        })
    };
    assert!(mount("/no/such/place").starts_with("--mount:"));
    assert!(mount("/").starts_with("--mount:"));
    assert!(mount("/etc/hostname").contains("not a directory"));
}

#[test]
fn a_key_is_never_printed() {
    let config = Config::load(keyed()).unwrap();
    assert!(!format!("{config:?} {:?}", keyed()).contains("kkkk"));
}
