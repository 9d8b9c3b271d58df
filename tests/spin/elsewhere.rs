//! The same component in hosts that nobody here wrote: wasmtime's `serve` command, and jco, which turns a
//! component into JavaScript for Node.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tests::signing::sign;
use tests::{KEY, Request, component};

use super::urls;

/// A foreign host compiles the component first, perhaps with every core busy.
const START_PATIENCE: Duration = Duration::from_mins(4);

/// Somebody else's server; it is killed when it is dropped.
struct Foreign {
    child: Child,
    address: SocketAddr,
    _files: TempDir,
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The component as a file.
fn file() -> (TempDir, PathBuf) {
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("darkroom.wasm");
    std::fs::write(&path, component("darkroom-wasi.wasm")).unwrap();
    (files, path)
}

/// `target/debug/examples/wasmtime_serve`.
fn wasmtime_serve() -> Command {
    let test = std::env::current_exe().unwrap();
    Command::new(
        test.ancestors()
            .nth(2)
            .unwrap()
            .join("examples/wasmtime_serve"),
    )
}

/// Wait for what it says where it listens, and read on, so that the pipe never fills.
fn listening(stream: impl std::io::Read + Send + 'static, before: &'static str) -> SocketAddr {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(stream);
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
            if let Some((_, rest)) = line.split_once(before) {
                let _ = sender.send(rest.trim().trim_end_matches('/').to_owned());
                break;
            }
            line.clear();
        }
        let _ = std::io::copy(&mut lines, &mut std::io::sink());
    });
    let said = receiver.recv_timeout(START_PATIENCE);
    said.expect("it did not start").parse().unwrap()
}

fn in_wasmtime(options: &[&str]) -> Foreign {
    let (files, path) = file();
    let mut command = wasmtime_serve();
    command.args(["--addr", "127.0.0.1:0", "-Scli", "-Sconfig"]);
    for (name, value) in urls::SETTINGS {
        command.arg(format!("-Sconfig-var={name}={value}"));
    }
    command.args(options).arg(path);
    let mut child = command
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let address = listening(child.stderr.take().unwrap(), "Serving HTTP on http://");
    Foreign {
        child,
        address,
        _files: files,
    }
}

/// jco takes what a component imports beside WASI from JavaScript.
fn in_jco() -> Foreign {
    let (files, path) = file();
    let config = files.path().join("config.mjs");
    let settings: Vec<String> = urls::SETTINGS
        .iter()
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    let script = format!(
        "const settings = {{ {} }};\nexport const get = (name) => settings[name];\n",
        settings.join(", ")
    );
    std::fs::write(&config, script).unwrap();
    let jco = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("hosts/node_modules/@bytecodealliance/jco/dist/jco.js");
    assert!(
        jco.is_file(),
        "{} is missing: use `make test`",
        jco.display()
    );
    // It takes no port 0.
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut child = Command::new("node")
        .arg(jco)
        .arg("serve")
        .arg(path)
        .args(["--host", "127.0.0.1", "--port", &address.port().to_string()])
        .arg("--jco-map")
        .arg(format!("wasi:config/store={}", config.display()))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = child.stderr.take().unwrap();
    let errors = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = said.read_to_string(&mut text);
        text
    });
    let begun = Instant::now();
    while TcpStream::connect(address).is_err() {
        let ended = child.try_wait().unwrap();
        assert!(ended.is_none(), "jco ended: {}", errors.join().unwrap());
        assert!(begun.elapsed() < START_PATIENCE, "jco did not start");
        std::thread::sleep(Duration::from_millis(100));
    }
    Foreign {
        child,
        address,
        _files: files,
    }
}

#[test]
fn wasmtime_serve_answers_as_the_native_server_does() {
    urls::compare(in_wasmtime(&[]).address);
}

#[test]
fn jco_serve_answers_as_the_native_server_does() {
    urls::compare(in_jco().address);
}

#[test]
fn wasmtime_serve_goes_on_after_a_trap() {
    let (origin, host) = (urls::origin(), in_wasmtime(&["-Wmax-memory-size=35651584"]));
    let ask = |operation: &str| {
        let target = urls::target(&origin, operation, "rocket.jpg");
        Request::get(sign(KEY, &target)).send(host.address).unwrap()
    };
    ask("/resize?width=20").picture();
    assert_eq!(ask("/enlarge?width=4000&height=4000").status, 500);
    ask("/resize?width=20").picture();
}
