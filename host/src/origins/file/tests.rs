//! Names against a real directory: what may be read is read, and nothing else is.

use std::fs;
use std::os::unix::fs::symlink;

use http::StatusCode;
use rustix::fs::{CWD, FileType, Mode};
use tempfile::TempDir;

use super::*;

const BYTES_MAX: u64 = 100;

/// `img` is mounted; `img-private` lies beside it.
fn pictures() -> (TempDir, Mount) {
    let home = tempfile::tempdir().unwrap();
    let at = |path: &str| home.path().join(path);
    fs::create_dir_all(at("img/sub")).unwrap();
    fs::create_dir_all(at("img-private")).unwrap();
    fs::write(at("img/a.jpg"), "a").unwrap();
    fs::write(at("img/sub/b.jpg"), "b").unwrap();
    fs::write(at("img/..c.jpg"), "c").unwrap();
    fs::write(at("img/with space é.jpg"), "d").unwrap();
    fs::write(at("img-private/x.jpg"), "secret").unwrap();
    fs::write(at("secret.jpg"), "secret").unwrap();
    let mount = Mount::new(&at("img")).unwrap();
    (home, mount)
}

fn assert_refused(mount: &Mount, name: &str) {
    for error in [
        mount.read(name, BYTES_MAX).unwrap_err(),
        mount.validator(name).unwrap_err(),
    ] {
        assert!(
            matches!(error, FetchError::InvalidFile(_)),
            "{name:?}: {error}"
        );
        assert_eq!(error.status(), StatusCode::BAD_REQUEST);
        assert_eq!(error.public_message(), "Invalid file path");
    }
}

#[test]
fn files_inside_are_read_however_they_are_written() {
    let (_home, mount) = pictures();
    for (name, bytes) in [
        ("a.jpg", "a"),
        ("/a.jpg", "a"),
        ("//./a.jpg", "a"),
        ("sub/b.jpg", "b"),
        ("sub/../a.jpg", "a"),
        ("absent/../a.jpg", "a"),
        ("..c.jpg", "c"),
        ("with space é.jpg", "d"),
    ] {
        assert_eq!(
            mount.read(name, BYTES_MAX).unwrap().bytes,
            bytes,
            "{name:?}"
        );
    }
}

#[test]
fn nothing_outside_is_read() {
    let (home, mount) = pictures();
    for name in [
        "../secret.jpg",
        "/../secret.jpg",
        "sub/../../secret.jpg",
        "../img-private/x.jpg",
        "../img/a.jpg",
        "../../../../../../../../etc/passwd",
        "/etc/passwd",
        "a.jpg/../../secret.jpg",
        home.path().join("secret.jpg").to_str().unwrap(),
        home.path().join("img/a.jpg").to_str().unwrap(),
    ] {
        assert_refused(&mount, name);
    }
}

#[test]
fn what_is_no_file_is_refused() {
    let (home, mount) = pictures();
    rustix::fs::mknodat(
        CWD,
        home.path().join("img/pipe"),
        FileType::Fifo,
        Mode::RWXU,
        0,
    )
    .unwrap();
    symlink("pipe", home.path().join("img/to-pipe")).unwrap();
    let long = "x".repeat(5000);
    for name in [
        "",
        "/",
        ".",
        "sub",
        "sub/",
        "absent.jpg",
        "a.jpg/b",
        "a.jpg\0",
        "\0",
        "a\0/../a.jpg",
        "pipe",
        "to-pipe",
        "%2e%2e/secret.jpg",
        long.as_str(),
    ] {
        assert_refused(&mount, name);
    }
}

#[test]
fn links_are_followed_only_inside() {
    let (home, mount) = pictures();
    let at = |path: &str| home.path().join(path);
    symlink("sub/b.jpg", at("img/relative")).unwrap();
    symlink(at("img/sub/b.jpg"), at("img/absolute")).unwrap();
    symlink("sub", at("img/folder")).unwrap();
    symlink("../../img/sub/b.jpg", at("img/sub/around")).unwrap();
    for name in ["relative", "absolute", "folder/b.jpg", "sub/around"] {
        assert_eq!(mount.read(name, BYTES_MAX).unwrap().bytes, "b", "{name}");
    }
    symlink("../secret.jpg", at("img/out")).unwrap();
    symlink("out", at("img/out-twice")).unwrap();
    symlink("../img-private", at("img/folder-out")).unwrap();
    symlink("/etc", at("img/etc")).unwrap();
    symlink("loop", at("img/loop")).unwrap();
    symlink("nowhere", at("img/dangling")).unwrap();
    for name in [
        "out",
        "out-twice",
        "folder-out/x.jpg",
        "etc/passwd",
        "loop",
        "dangling",
    ] {
        assert_refused(&mount, name);
    }
}

/// What `locate` found may be a link by the time it is opened.
#[test]
fn a_link_put_in_place_afterwards_is_not_followed() {
    let (home, mount) = pictures();
    let at = |path: &str| home.path().join(path);
    assert!(mount.open(Path::new("sub/b.jpg")).is_ok());
    fs::rename(at("img/sub"), at("img/old")).unwrap();
    fs::create_dir(at("elsewhere")).unwrap();
    fs::write(at("elsewhere/b.jpg"), "secret").unwrap();
    symlink("../elsewhere", at("img/sub")).unwrap();
    assert!(mount.open(Path::new("sub/b.jpg")).is_err());
    assert!(open_without_links(&mount.root, Path::new("sub/b.jpg")).is_err());
    symlink("a.jpg", at("img/a-link")).unwrap();
    assert!(open_without_links(&mount.root, Path::new("a-link")).is_err());
}

#[test]
fn the_byte_limit_obeyed_and_violated() {
    let (home, mount) = pictures();
    fs::write(home.path().join("img/full"), vec![1; BYTES_MAX as usize]).unwrap();
    fs::write(
        home.path().join("img/over"),
        vec![1; BYTES_MAX as usize + 1],
    )
    .unwrap();
    fs::write(home.path().join("img/empty"), "").unwrap();
    assert_eq!(
        mount.read("full", BYTES_MAX).unwrap().bytes.len() as u64,
        BYTES_MAX
    );
    let error = mount.read("over", BYTES_MAX).unwrap_err();
    assert_eq!(error.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        error.public_message(),
        "source exceeds maximum allowed 100 bytes"
    );
    let error = mount.read("empty", BYTES_MAX).unwrap_err();
    assert_eq!(error.public_message(), "Empty or unreadable image");
}

#[test]
fn the_validator_changes_with_the_file() {
    let (home, mount) = pictures();
    let path = home.path().join("img/a.jpg");
    let first = mount.validator("a.jpg").unwrap();
    assert_eq!(
        mount.read("/a.jpg", BYTES_MAX).unwrap().said.validator,
        Some(first.clone())
    );
    fs::write(&path, "longer").unwrap();
    let longer = mount.validator("a.jpg").unwrap();
    assert_ne!(longer, first);
    let earlier =
        fs::metadata(&path).unwrap().modified().unwrap() - std::time::Duration::from_millis(1);
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_modified(earlier)
        .unwrap();
    assert_ne!(
        mount.validator("a.jpg").unwrap(),
        longer,
        "same size, other time"
    );
}

#[test]
fn only_a_directory_below_the_root_is_a_mount() {
    let (home, _mount) = pictures();
    assert!(matches!(
        Mount::new(Path::new("/")),
        Err(ConfigError::MountIsRoot)
    ));
    assert!(matches!(
        Mount::new(Path::new("/usr/..")),
        Err(ConfigError::MountIsRoot)
    ));
    for path in ["img/a.jpg", "absent"] {
        assert!(
            matches!(
                Mount::new(&home.path().join(path)),
                Err(ConfigError::Mount { .. })
            ),
            "{path}"
        );
    }
    symlink("img", home.path().join("link")).unwrap();
    let linked = Mount::new(&home.path().join("link")).unwrap();
    assert_eq!(linked.read("a.jpg", BYTES_MAX).unwrap().bytes, "a");
}
