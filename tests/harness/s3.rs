//! A real S3 server program on a free port: `moto_server`, which `make test` installs. It keeps its objects
//! in memory and ends with the test.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::client::Request;
use crate::{Builder, profile_directory};

/// Its port is read from this.
const ANNOUNCED: &str = "Running on http://";

/// The server wants to know who writes over an object, and believes it.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 \
    Credential=tests/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00";

/// A running S3 server.
#[derive(Debug)]
pub struct S3 {
    process: Child,
    address: SocketAddr,
}

impl S3 {
    /// Start it; back when it listens.
    #[track_caller]
    pub fn start() -> Self {
        let program = program();
        let mut process = Command::new(&program)
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!(
                    "{}: {error}: the S3 tests need it. `make test` installs it, and so does \
                     `python3 -m pip install 'moto[s3,server]'`",
                    program.display()
                )
            });
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once(ANNOUNCED)?.1.trim().to_owned()))
            .and_then(|address| address.parse().ok())
            .unwrap_or_else(|| panic!("{} did not say where it listens", program.display()));
        // It goes on to say what it is asked; a full pipe would stop it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { process, address }
    }

    /// Make a bucket.
    #[track_caller]
    pub fn make_bucket(&self, bucket: &str) {
        let made = Request::put(format!("/{bucket}"), Vec::new()).send(self.address);
        assert_eq!(made.unwrap().status, 200);
    }

    /// Put an object.
    #[track_caller]
    pub fn put(&self, bucket: &str, key: &str, body: Vec<u8>) {
        let put = Request::put(format!("/{bucket}/{key}"), body)
            .with("Content-Type", "image/jpeg")
            .with("Authorization", AUTHORIZATION)
            .send(self.address);
        assert_eq!(put.unwrap().status, 200);
    }

    /// Let it answer nothing from now on: connections are accepted and wait.
    pub fn freeze(&self) {
        self.signal(rustix::process::Signal::STOP);
    }

    /// Let it go on where it was.
    pub fn thaw(&self) {
        self.signal(rustix::process::Signal::CONT);
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let process = rustix::process::Pid::from_child(&self.process);
        rustix::process::kill_process(process, signal).unwrap();
    }

    /// What a server needs in its environment to find and to use it.
    #[must_use]
    pub fn known_to(&self, builder: Builder) -> Builder {
        builder
            .env("AWS_ENDPOINT", format!("http://{}", self.address))
            .env("AWS_ALLOW_HTTP", "true")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "tests")
            .env("AWS_SECRET_ACCESS_KEY", "tests")
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `MOTO_SERVER`, the one that `make test` installs beside what it builds, or the one on the path.
fn program() -> PathBuf {
    let installed = profile_directory().join("../moto/bin/moto_server");
    match std::env::var_os("MOTO_SERVER") {
        Some(program) => program.into(),
        None if installed.is_file() => installed,
        None => "moto_server".into(),
    }
}
