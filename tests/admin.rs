//! The admin listener and `darkroom cache`: who is let in, what a purge takes and what it leaves, and
//! that nothing comes back.

use std::process::{Command, Output};

use tests::{Answer, Builder, Edge, Origin, Request, binary, sample};

const TOKEN: &str = "a-token-for-the-tests";

fn with_admin() -> Builder {
    Edge::builder()
        .set("admin-listen", "127.0.0.1:0")
        .set("admin-token", TOKEN)
}

fn ask(edge: &Edge, method: &'static str, target: &str) -> Answer {
    Request::new(method, target)
        .with("Authorization", &format!("Bearer {TOKEN}"))
        .send(edge.admin_address())
        .unwrap()
}

fn removed(edge: &Edge, query: &str) -> (u64, u64) {
    let answer = ask(edge, "DELETE", &format!("/cache?{query}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let json = answer.json();
    (
        json["memory"].as_u64().unwrap(),
        json["disk"].as_u64().unwrap(),
    )
}

fn target(width: u32, file: &str) -> String {
    format!("/resize?width={width}&type=png&file={file}")
}

#[test]
fn nobody_without_the_token() {
    let edge = with_admin().start();
    let admin = edge.admin_address();
    for authorization in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer a-token-for-the-test",
        "Bearer a-token-for-the-testt",
        "Basic a-token-for-the-tests",
        "a-token-for-the-tests",
    ] {
        for (method, path) in [
            ("GET", "/cache"),
            ("POST", "/metrics"),
            ("DELETE", "/cache?all=true"),
            ("POST", "/cache/verify"),
            ("GET", "/nothing"),
        ] {
            let request = Request::new(method, path).with("Authorization", authorization);
            let answer = request.send(admin).unwrap();
            assert_eq!(answer.status, 401, "{authorization:?} {method} {path}");
        }
    }
    // Probes and scrapers have no token.
    let health = Request::get("/health").send(admin).unwrap();
    assert_eq!(health.json()["status"], "ok");
    assert_eq!(Request::get("/metrics").send(admin).unwrap().status, 200);
    assert_eq!(ask(&edge, "GET", "/nothing").status, 404);
    assert_eq!(ask(&edge, "POST", "/cache").status, 405);
}

#[test]
fn without_a_token_only_this_machine_may_ask() {
    let edge = Edge::builder().set("admin-listen", "127.0.0.1:0").start();
    let admin = edge.admin_address();
    let ask = |name: &str, value: &str| {
        let request = Request::get("/cache").with(name, value);
        request.send(admin).unwrap().status
    };
    assert_eq!(ask("X-Nothing", "at all"), 200);
    // A page in this machine's browser, of a site whose name was made to lead here.
    assert_eq!(ask("Host", "rebound.example.com"), 401);
    assert_eq!(ask("Origin", "https://elsewhere.example.com"), 401);
}

#[test]
fn clients_cannot_purge() {
    let edge = with_admin().start();
    let request =
        Request::new("DELETE", "/cache?all=true").with("Authorization", &format!("Bearer {TOKEN}"));
    assert!(edge.send(&request).status >= 400);
}

#[test]
fn off_loopback_it_needs_a_token() {
    let said = Edge::builder().set("admin-listen", "0.0.0.0:0").refusal();
    assert!(said.contains("--admin-token"), "{said}");
    let said = Edge::builder().set("admin-token", TOKEN).refusal();
    assert!(said.contains("--admin-listen"), "{said}");
    let edge = Edge::builder().set("admin-listen", "127.0.0.1:0").start();
    let answer = Request::get("/cache").send(edge.admin_address()).unwrap();
    assert_eq!(answer.status, 200);
}

#[test]
fn every_variant_of_one_original_goes_and_no_other() {
    let edge = with_admin().start();
    for width in 40..44 {
        edge.get(&target(width, "rocket.jpg")).picture();
    }
    edge.get("/resize?width=44&type=webp&file=.%2Frocket.jpg")
        .picture();
    edge.get(&target(40, "dunes.jpg")).picture();
    assert_eq!(removed(&edge, "source=none.jpg"), (0, 0));
    assert_eq!(removed(&edge, "source=rocket.jpg"), (5, 5));
    assert!(edge.get(&target(40, "dunes.jpg")).is_hit());
    for width in 40..44 {
        assert!(!edge.get(&target(width, "rocket.jpg")).is_hit(), "{width}");
    }
    assert_eq!(removed(&edge, "all=true"), (5, 5));
    assert_eq!(edge.count("/cache/entries"), 0);
    assert_eq!(edge.count("/cache/memory_entries"), 0);
    assert!(!edge.get(&target(40, "dunes.jpg")).is_hit());
}

#[test]
fn one_url_goes_in_every_format() {
    let edge = with_admin().start();
    let auto = "/resize?width=45&type=auto&file=rocket.jpg";
    let get = |accept: &str| {
        edge.send(&Request::get(tests::signing::sign(tests::KEY, auto)).with("Accept", accept))
    };
    for accept in ["image/webp", "image/png"] {
        get(accept).picture();
        assert!(get(accept).is_hit());
    }
    edge.get(&target(46, "rocket.jpg")).picture();
    let url = "url=%2Fresize%3Fwidth%3D45%26type%3Dauto%26file%3Drocket.jpg";
    assert_eq!(removed(&edge, url), (2, 2));
    for accept in ["image/webp", "image/png"] {
        assert!(!get(accept).is_hit(), "{accept}");
    }
    assert!(edge.get(&target(46, "rocket.jpg")).is_hit());
}

#[test]
fn what_is_not_said_clearly_removes_nothing() {
    let edge = with_admin().start();
    edge.get(&target(47, "rocket.jpg")).picture();
    for query in [
        "",
        "?",
        "?all",
        "?all=yes",
        "?source=",
        "?source=rocket.jpg&all=true",
        "?url=resize",
        "?url=%2Fnothing%3Ffile%3Da",
    ] {
        let answer = ask(&edge, "DELETE", &format!("/cache{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
    }
    assert!(edge.get(&target(47, "rocket.jpg")).is_hit());
}

/// A purge while a rendition is being made: its client gets it, and it is not kept.
#[test]
fn what_is_being_made_is_not_brought_back() {
    for by in ["source", "url"] {
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let gate = std::sync::Mutex::new(gate);
        let origin = Origin::new(move |_| {
            // Until the test lets it go, the first time; later ones find the channel closed.
            let _ = gate.lock().unwrap().recv();
            tests::Reply::ok(sample("rocket.jpg"))
        });
        let edge = with_admin()
            .switch("enable-url-source")
            .switch("allow-private-origins")
            .start();
        let source = origin.url("/a.jpg");
        let target = format!(
            "/resize?width=48&type=png&url={}",
            tests::signing::escape(source.as_bytes())
        );
        let named = if by == "url" { &target } else { &source };
        std::thread::scope(|scope| {
            let client = scope.spawn(|| edge.get(&target));
            edge.wait_for("/misses_under_way", 1);
            let query = format!("{by}={}", tests::signing::escape(named.as_bytes()));
            assert_eq!(removed(&edge, &query), (0, 0));
            drop(open);
            let answer = client.join().unwrap();
            answer.picture();
            let status = answer.header("cache-status");
            assert_eq!(status, Some("darkroom; fwd=miss"), "{by}");
        });
        assert_eq!(edge.count("/cache/entries"), 0, "{by}");
        assert!(!edge.get(&target).is_hit());
        assert!(edge.get(&target).is_hit());
    }
}

fn darkroom(words: &[&str]) -> Output {
    Command::new(binary())
        .arg("cache")
        .args(words)
        .output()
        .unwrap()
}

fn printed(words: &[&str]) -> serde_json::Value {
    let output = darkroom(words);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_command_asks_a_running_server() {
    let edge = with_admin().start();
    edge.get(&target(49, "rocket.jpg")).picture();
    edge.get(&target(50, "dunes.jpg")).picture();
    let admin = format!("http://{}", edge.admin_address());
    let at = ["--admin", &admin, "--admin-token", TOKEN];
    let run = |words: &[&str]| printed(&[words, &at].concat());
    assert_eq!(run(&["stats"])["entries"], 2);
    assert_eq!(run(&["verify"])["entries"], 2);
    assert_eq!(run(&["purge", "--source", "rocket.jpg"])["disk"], 1);
    assert_eq!(
        run(&["purge", "--url", &target(50, "dunes.jpg")])["disk"],
        1
    );
    assert_eq!(run(&["purge", "--all"])["disk"], 0);
    let output = darkroom(&["stats", "--admin", &admin, "--admin-token", "wrong"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("401"));
    let taken = edge.cache_dir();
    // As in a pod, whose environment names directory and token.
    let output = Command::new(binary())
        .args(["cache", "stats", "--admin", &admin])
        .env("DARKROOM_CACHE_DIR", &taken)
        .env("DARKROOM_ADMIN_TOKEN", TOKEN)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let output = darkroom(&["stats", "--cache-dir", taken.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("--admin"),
        "{said}"
    );
}

/// What is left of an original would have the same rendition made again.
#[test]
fn the_command_removes_originals_too() {
    let origin = Origin::of(sample("rocket.jpg"));
    let edge = Edge::builder()
        .switch("enable-url-source")
        .switch("allow-private-origins")
        .start();
    let source = origin.url("/a.jpg");
    let target = format!("/resize?width=48&url={source}");
    edge.get(&target).picture();
    let builder = edge.stop();
    let directory = builder.cache_dir();
    let removed = printed(&[
        "purge",
        "--cache-dir",
        directory.to_str().unwrap(),
        "--source",
        &source,
    ]);
    // What is known of it, and its bytes.
    assert_eq!(
        (&removed["disk"], &removed["originals"]),
        (&1.into(), &2.into())
    );
    let edge = builder.start();
    assert!(!edge.get(&target).is_hit());
    assert_eq!(origin.asked().len(), 2);
}

#[test]
fn the_command_opens_a_directory_that_nobody_uses() {
    let edge = Edge::builder().start();
    let body = edge.get(&target(51, "rocket.jpg")).picture().to_vec();
    edge.get(&target(52, "rocket.jpg")).picture();
    edge.get(&target(53, "dunes.jpg")).picture();
    let builder = edge.stop();
    let directory = builder.cache_dir();
    let at = ["--cache-dir", directory.to_str().unwrap()];
    let run = |words: &[&str]| printed(&[words, &at].concat());
    assert_eq!(run(&["stats"])["entries"], 3);
    let file = crate::hit_and_miss::files_with(&directory, &body).remove(0);
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let output = darkroom(&[&["verify"][..], &at].concat());
    assert_eq!(output.status.code(), Some(1), "one entry was damaged");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&report["entries"], &report["damaged"]),
        (&2.into(), &1.into())
    );
    assert_eq!(run(&["verify"])["entries"], 2);
    assert_eq!(run(&["purge", "--source", "rocket.jpg"])["disk"], 1);
    let edge = builder.start();
    assert!(edge.get(&target(53, "dunes.jpg")).is_hit());
    assert!(!edge.get(&target(52, "rocket.jpg")).is_hit());
}

#[test]
fn the_command_says_what_is_missing() {
    for (words, named) in [
        (&["purge"][..], "--source"),
        (&["purge", "--all", "--source", "a"], "--all"),
        (&["stats", "--cache-dir", "/nowhere"], "--cache-dir"),
        (
            &["purge", "--url", "/resize", "--cache-dir", "/tmp"],
            "--admin",
        ),
        (&["stats", "--admin", "https://127.0.0.1:1"], "http://"),
    ] {
        let output = darkroom(words);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{words:?}: {said}");
        assert!(said.contains(named), "{words:?}: {said}");
    }
}
