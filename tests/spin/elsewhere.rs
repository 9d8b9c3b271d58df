//! The same component in hosts that nobody here wrote: wasmtime's `serve` command, and jco, which turns a
//! component into JavaScript for Node.

use std::io::{BufRead as _, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;
use tests::signing::sign;
use tests::{KEY, Request, component};

use super::urls;

/// jco cannot be asked to choose a port. One that was free a moment ago may be taken, a few in a row not.
const PORTS_TRIED: usize = 3;
/// A foreign host compiles the component first, perhaps with every core busy.
const START_PATIENCE: Duration = Duration::from_mins(4);

/// Somebody else's server, in a process group of its own; it is killed when it is dropped, and so is what it has
/// started.
struct Foreign {
    child: Child,
    address: SocketAddr,
    _files: TempDir,
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let group = Pid::from_child(&self.child);
        let _ = kill_process_group(group, Signal::KILL);
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

/// Wait for what it says where it listens, and read on, so that the pipe never fills. What else it said, when
/// it ended instead.
fn listening(
    stream: impl Read + Send + 'static,
    before: &'static str,
) -> Result<SocketAddr, String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(stream);
        let mut said = String::new();
        let mut line = String::new();
        while lines.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
            if let Some((_, rest)) = line.split_once(before) {
                let _ = sender.send(Ok(rest.trim().trim_end_matches(['/', '.']).to_owned()));
                let _ = std::io::copy(&mut lines, &mut std::io::sink());
                return;
            }
            said.push_str(&line);
            line.clear();
        }
        let _ = sender.send(Err(said));
    });
    let said = receiver.recv_timeout(START_PATIENCE);
    Ok(said.expect("it did not start")?.parse().unwrap())
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
        .process_group(0)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let address = listening(child.stderr.take().unwrap(), "Serving HTTP on http://").unwrap();
    Foreign {
        child,
        address,
        _files: files,
    }
}

fn in_jco() -> Foreign {
    (0..PORTS_TRIED)
        .find_map(|_| try_in_jco())
        .expect("jco starts")
}

/// jco takes what a component imports beside WASI from JavaScript.
fn try_in_jco() -> Option<Foreign> {
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
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = child.stderr.take().unwrap();
    let foreign = Foreign {
        child,
        address,
        _files: files,
    };
    listening(said, "Server listening @ ")
        .inspect_err(|said| eprintln!("jco has ended: {said}"))
        .is_ok()
        .then_some(foreign)
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
