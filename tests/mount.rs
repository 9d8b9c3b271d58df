//! `file=` names pictures inside the mount and nothing else, however it is spelled. A file outside is
//! not read, and the answer does not tell whether it exists.

use std::path::PathBuf;

use tempfile::TempDir;
use tests::{Builder, Edge, KEY, sample};

/// `inside/` is the mount; beside it lie things that must never be served.
struct House {
    root: TempDir,
}

impl House {
    fn build() -> Self {
        let root = tempfile::tempdir().unwrap();
        for directory in ["inside/deep", "inside-private"] {
            std::fs::create_dir_all(root.path().join(directory)).unwrap();
        }
        for file in [
            "inside/ok.jpg",
            "inside/deep/ok.jpg",
            "inside/with space+plus.jpg",
            "secret.jpg",
            "inside-private/secret.jpg",
        ] {
            std::fs::write(root.path().join(file), sample("dunes.jpg")).unwrap();
        }
        let link = |to: &str, name: &str| {
            std::os::unix::fs::symlink(to, root.path().join("inside").join(name)).unwrap();
        };
        link("../secret.jpg", "link_out.jpg");
        link("..", "link_up");
        link("/", "link_root");
        link("deep/ok.jpg", "link_in.jpg");
        link("link_loop.jpg", "link_loop.jpg");
        Self { root }
    }

    fn mount(&self) -> PathBuf {
        self.root.path().join("inside")
    }
}

#[test]
fn files_inside_are_served_also_by_a_link() {
    let house = House::build();
    let edge = Edge::mounting(&house.mount()).start();
    for name in [
        "ok.jpg",
        "deep/ok.jpg",
        "/ok.jpg",
        "deep/../ok.jpg",
        "./deep//ok.jpg",
        "link_in.jpg",
        // Slashes at the end go away as they do in imaginary.
        "ok.jpg/",
        // imaginary unescapes the value twice, so a plus must be escaped twice.
        "with%2520space%252Bplus.jpg",
    ] {
        edge.get(&format!("/resize?width=40&file={name}")).picture();
    }
}

#[test]
fn nothing_outside_is_read_in_any_spelling() {
    let house = House::build();
    let edge = Edge::mounting(&house.mount()).start();
    let absolute = house.root.path().join("secret.jpg").display().to_string();
    let names = [
        "../secret.jpg",
        "../inside-private/secret.jpg",
        "..%2Fsecret.jpg",
        "%2e%2e/secret.jpg",
        "%252e%252e%252fsecret.jpg",
        "%25252e%25252e%25252fsecret.jpg",
        "deep/../../secret.jpg",
        "deep/..//..///secret.jpg",
        "....//secret.jpg",
        "..%5Csecret.jpg",
        "..%00/secret.jpg",
        "ok.jpg%00.png",
        "link_out.jpg",
        "link_up/secret.jpg",
        "link_root/etc/passwd",
        "link_loop.jpg",
        "/etc/passwd",
        "//etc/passwd",
        "../../../../../../../../etc/passwd",
        "deep",
        ".",
        "",
        "none.jpg",
        "ok.jpg/more",
        "file:///etc/passwd",
        absolute.as_str(),
    ];
    for name in names {
        let answer = edge.get(&format!("/resize?width=40&file={name}"));
        let said = answer.refused(400);
        assert!(
            !said.contains(&*house.root.path().to_string_lossy()),
            "{name}: {said}"
        );
    }
    assert_eq!(
        edge.count("/sandbox/started"),
        0,
        "nothing was read, so nothing was developed"
    );
}

/// Existence of a file outside cannot be told from the answers.
#[test]
fn there_and_not_there_are_the_same_answer() {
    let house = House::build();
    let edge = Edge::mounting(&house.mount()).start();
    let body = |name: &str| edge.get(&format!("/resize?width=40&file={name}")).body;
    assert_eq!(body("../secret.jpg"), body("../no_secret.jpg"));
    assert_eq!(
        body("link_root/etc/passwd"),
        body("link_root/etc/no_passwd")
    );
}

#[test]
fn without_a_mount_no_file_is_a_source() {
    let edge = Builder::bare()
        .set("url-signature-key", KEY)
        .switch("enable-url-source")
        .start();
    edge.get("/resize?width=40&file=dunes.jpg").refused(400);
    edge.get("/resize?width=40&file=/etc/passwd").refused(400);
}

#[test]
fn file_and_url_together_are_refused() {
    let edge = Edge::builder().switch("enable-url-source").start();
    let said = edge
        .get("/resize?width=40&file=dunes.jpg&url=http://192.0.2.1/a.jpg")
        .refused(400);
    assert_eq!(
        said,
        "Cannot process the image due to missing or invalid params"
    );
    edge.get("/resize?width=40").refused(400);
}

#[test]
fn a_file_over_the_byte_limit_is_413() {
    let house = House::build();
    let bytes = sample("dunes.jpg").len();
    let status = |limit: usize| {
        let edge = Edge::mounting(&house.mount())
            .set("max-allowed-size", limit.to_string())
            .start();
        edge.get("/resize?width=40&file=ok.jpg").status
    };
    assert_eq!(status(bytes), 200);
    assert!(matches!(status(bytes - 1), 400 | 413));
}
