//! The commands beside `serve`: `sign` prints what the server accepts, `transform` does to a local
//! file what the server would.

use std::io::Write;
use std::process::{Output, Stdio};

use tests::signing;
use tests::{Edge, KEY, eyes, pictures, sample};

fn darkroom(words: &[&str], input: &[u8]) -> Output {
    let mut child = tests::darkroom()
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // A command that fails early does not read it all.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().unwrap()
    })
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn sign_prints_a_path_that_the_server_accepts() {
    let edge = Edge::shared();
    for target in [
        "/resize?width=40&file=dunes.jpg",
        "/resize?file=dunes.jpg&width=41",
        "/crop?width=30&height=30&file=%64unes.jpg",
    ] {
        let output = darkroom(&["sign", "--key", KEY, target], b"");
        assert!(output.status.success(), "{}", said(&output));
        let signed = String::from_utf8(output.stdout).unwrap();
        let signed = signed.strip_suffix('\n').unwrap();
        assert!(
            !signed.contains('\n') && signed.starts_with('/'),
            "{signed}"
        );
        edge.get_unsigned(signed).picture();
        assert!(
            signed.ends_with(&signing::signature(KEY, target)),
            "{signed}"
        );
    }
}

#[test]
fn sign_takes_several_targets_and_lines_of_standard_input() {
    let edge = Edge::builder().set(
        "url-signature-key",
        format!("new:{KEY},old:{}", "o".repeat(32)),
    );
    let edge = edge.start();
    let keys = format!("new:{KEY},old:{}", "o".repeat(32));
    let words = [
        "sign",
        "--key",
        &keys,
        "--kid",
        "old",
        "--expires-in",
        "7d",
        "/resize?width=40&file=dunes.jpg",
        "-",
        "/crop?width=40&file=dunes.jpg",
    ];
    let output = darkroom(
        &words,
        b"/fit?width=40&height=40&file=dunes.jpg\n\n /info?file=dunes.jpg",
    );
    assert!(output.status.success(), "{}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    let paths: Vec<_> = text
        .lines()
        .map(|line| line.split('?').next().unwrap())
        .collect();
    assert_eq!(paths, ["/resize", "/fit", "/info", "/crop"]);
    for line in text.lines() {
        assert!(
            line.contains("&kid=old&sign=") && line.contains("&expires="),
            "{line}"
        );
        assert_eq!(edge.get_unsigned(line).status, 200, "{line}");
        edge.get_unsigned(&line.replace("kid=old", "kid=new"))
            .refused(403);
    }
    for (words, input, named) in [
        (
            &["sign", "--key", KEY, "-"][..],
            b"/a?b=%zz\n".as_slice(),
            "%zz",
        ),
        (&["sign", "--key", KEY, "-"], b"\xff\n", "UTF-8"),
        (&["sign", "--key", KEY, "-"], &[b'/'; 9000], "8192"),
        (
            &["sign", "--key", KEY, "--kid", "none", "/resize"],
            b"",
            "none",
        ),
        (
            &[
                "sign",
                "--key",
                KEY,
                "--expires-at",
                "5",
                "--expires-in",
                "5s",
                "/resize",
            ],
            b"",
            "--expires-in",
        ),
    ] {
        let output = darkroom(words, input);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(said(&output).contains(named), "{}", said(&output));
    }
}

#[test]
fn sign_ends_a_url_when_it_is_told_to() {
    let target = "/resize?width=40&file=dunes.jpg";
    let output = darkroom(&["sign", "--key", KEY, "--expires-at", "1000", target], b"");
    let signed = String::from_utf8(output.stdout).unwrap();
    Edge::shared().get_unsigned(signed.trim_end()).refused(410);
}

#[test]
fn sign_refuses_a_short_key() {
    let output = darkroom(&["sign", "--key", "short", "/resize?width=40"], b"");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(output.stdout.is_empty());
}

#[test]
fn transform_does_what_the_server_does() {
    let directory = tempfile::tempdir().unwrap();
    let (source, out) = (
        pictures().join("dunes.jpg"),
        directory.path().join("out.webp"),
    );
    let (source, out) = (source.to_str().unwrap(), out.to_str().unwrap());
    let output = darkroom(
        &["transform", source, out, "/resize?width=120&type=webp"],
        b"",
    );
    assert!(output.status.success(), "{}", said(&output));
    let written = std::fs::read(out).unwrap();
    assert_eq!(
        (eyes::media_type(&written), eyes::size(&written)),
        ("image/webp", (120, 161))
    );
    let served = Edge::shared().get("/resize?width=120&type=webp&file=dunes.jpg");
    assert_eq!(
        served.picture(),
        written,
        "the same component gives the same bytes"
    );
}

#[test]
fn transform_reads_stdin_and_writes_stdout() {
    let output = darkroom(
        &["transform", "-", "-", "/rotate?rotate=90&type=png"],
        &sample("cat.png"),
    );
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(eyes::size(&output.stdout), (300, 451));
}

#[test]
fn transform_lays_a_local_file_over_the_picture() {
    let mount = pictures();
    let mount = mount.to_str().unwrap();
    let target = "/watermarkimage?image=cat.png&type=png";
    let words = ["transform", "--mount", mount, "-", "-", target];
    let output = darkroom(&words, &sample("dunes.jpg"));
    assert!(output.status.success(), "{}", said(&output));
    let served = Edge::shared().get(&format!("{target}&file=dunes.jpg"));
    assert_eq!(served.picture(), output.stdout);
    // Only what lies below that directory, and nothing without one.
    for words in [
        ["transform", "-", "-", "/watermarkimage?image=cat.png"].as_slice(),
        &[
            "transform",
            "--mount",
            mount,
            "-",
            "-",
            "/watermarkimage?image=../main.rs",
        ],
        &[
            "transform",
            "--mount",
            mount,
            "-",
            "-",
            "/watermarkimage?image=http://127.0.0.1:9/a.png",
        ],
        &["transform", "--mount", "/", "-", "-", target],
    ] {
        let output = darkroom(words, &sample("dunes.jpg"));
        assert!(!output.status.success(), "{words:?}");
        assert!(output.stdout.is_empty(), "{words:?}");
        assert_eq!(
            said(&output).trim_end().lines().count(),
            1,
            "{}",
            said(&output)
        );
    }
}

#[test]
fn transform_fails_with_a_word_and_writes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out.jpg");
    let path = out.to_str().unwrap();
    for (source, operation, word) in [
        (b"no picture".to_vec(), "/resize?width=40", "media type"),
        (sample("dunes.jpg"), "/resize?width=abc", "width"),
        (sample("dunes.jpg"), "/nothing?width=40", "nothing"),
    ] {
        let output = darkroom(&["transform", "-", path, operation], &source);
        assert!(!output.status.success(), "{operation}");
        assert!(
            said(&output).contains(word),
            "{operation}: {}",
            said(&output)
        );
        assert!(!out.exists(), "{operation}");
    }
}

#[test]
fn help_and_version_are_there() {
    for words in [["--help"], ["--version"]] {
        let output = darkroom(&words, b"");
        assert!(output.status.success());
        assert!(String::from_utf8_lossy(&output.stdout).contains("darkroom"));
    }
    let output = darkroom(&["serve", "--help"], b"");
    let help = String::from_utf8_lossy(&output.stdout).into_owned();
    for flag in [
        "--mount",
        "--url-signature-key",
        "--cache-dir",
        "DARKROOM_WORKERS",
    ] {
        assert!(help.contains(flag), "{flag}");
    }
}

#[test]
fn compile_keeps_code_or_says_that_it_cannot() {
    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path().join("compiled");
    let compile = |dir: &str, component: &[u8]| {
        darkroom(
            &["compile", "--file", "-", "--compiled-dir", dir],
            component,
        )
    };
    for _twice in 0..2 {
        let output = compile(dir.to_str().unwrap(), EMPTY);
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
    }
    // Where nobody can make a directory, root included; and what is no component.
    for (dir, component, named) in [
        ("/proc/darkroom", EMPTY, "--compiled-dir"),
        (dir.to_str().unwrap(), b"nothing", "does not load"),
    ] {
        let output = compile(dir, component);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains(named), "{}", said(&output));
    }
}
