//! The mount through the front door. What a name may reach is tested beside `file.rs`.

use std::time::Instant;

use http::HeaderMap;

use super::{PATIENCE, told};
use crate::origins::{ConfigError, Origins, OriginsConfig, RuleError, SourceRef};

fn mounted(change: impl FnOnce(&mut OriginsConfig)) -> (tempfile::TempDir, Origins) {
    let pictures = tempfile::tempdir().unwrap();
    std::fs::write(pictures.path().join("a.jpg"), "abc").unwrap();
    let mut config = OriginsConfig {
        mount: Some(pictures.path().to_owned()),
        ..OriginsConfig::default()
    };
    change(&mut config);
    (pictures, Origins::new(&config).unwrap())
}

#[tokio::test]
async fn a_file_comes_with_its_validator() {
    let (_pictures, origins) = mounted(|_| ());
    let deadline = Instant::now() + PATIENCE;
    let fetched = origins
        .fetch(SourceRef::File("a.jpg"), &HeaderMap::new(), deadline)
        .await
        .unwrap();
    assert_eq!(fetched.bytes, "abc");
    assert_eq!(
        fetched.said.validator,
        Some(origins.file_validator("a.jpg", deadline).await.unwrap())
    );
    let error = origins
        .fetch(SourceRef::File("../a.jpg"), &HeaderMap::new(), deadline)
        .await;
    assert_eq!(told(error), (400, "Invalid file path".to_owned()));
    assert_eq!(
        origins
            .file_validator("absent", deadline)
            .await
            .unwrap_err()
            .public_message(),
        "Invalid file path"
    );
}

#[tokio::test]
async fn a_mount_alone_is_no_way_to_a_url_and_the_other_way_round() {
    let (_pictures, origins) = mounted(|_| ());
    let deadline = Instant::now() + PATIENCE;
    assert_eq!(
        told(
            origins
                .fetch(
                    SourceRef::Url("http://a.test/"),
                    &HeaderMap::new(),
                    deadline
                )
                .await
        )
        .0,
        400
    );
    let origins = Origins::new(&OriginsConfig {
        url_enabled: true,
        ..OriginsConfig::default()
    })
    .unwrap();
    assert_eq!(
        told(
            origins
                .fetch(SourceRef::File("/etc/passwd"), &HeaderMap::new(), deadline)
                .await
        )
        .0,
        400
    );
}

#[tokio::test]
async fn the_limit_of_bytes_holds_for_files() {
    let (_pictures, origins) = mounted(|config| config.source_bytes_max = 2);
    let fetched = origins
        .fetch(
            SourceRef::File("a.jpg"),
            &HeaderMap::new(),
            Instant::now() + PATIENCE,
        )
        .await;
    assert_eq!(
        told(fetched),
        (413, "source exceeds maximum allowed 2 bytes".to_owned())
    );
}

#[tokio::test]
async fn a_fetch_that_finds_no_room_is_refused() {
    let (_pictures, origins) = mounted(|config| config.file_reads_max = 0);
    let fetched = origins
        .fetch(SourceRef::File("a.jpg"), &HeaderMap::new(), Instant::now())
        .await;
    assert_eq!(told(fetched).0, 503);
}

#[test]
fn a_configuration_that_cannot_be_is_refused() {
    let refusal = |config: OriginsConfig| Origins::new(&config).err().unwrap();
    let mount = |path: &str| OriginsConfig {
        mount: Some(path.into()),
        ..OriginsConfig::default()
    };
    assert!(matches!(refusal(mount("/")), ConfigError::MountIsRoot));
    assert!(matches!(
        refusal(mount("/absent")),
        ConfigError::Mount { .. }
    ));
    let forwarding = OriginsConfig {
        url_enabled: true,
        forward_headers: vec!["Host".to_owned()],
        ..OriginsConfig::default()
    };
    assert!(
        matches!(refusal(forwarding), ConfigError::Rule(RuleError::ForwardedHeader(name)) if name == "Host")
    );
}
