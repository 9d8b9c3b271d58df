//! A real registry of containers, Debian's `docker-registry`, on a free port, with its data in a directory of
//! its own. It ends with the test.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::client::Request;
use crate::darkroom;

/// Its port is read from this.
const ANNOUNCED: &str = "listening on ";

/// A running registry.
#[derive(Debug)]
pub struct Registry {
    process: Child,
    /// Where it listens.
    pub address: SocketAddr,
    _data: TempDir,
}

impl Registry {
    /// Start it; back when it listens.
    #[track_caller]
    pub fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let settings = format!(
            "version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: \"{}\"}}}}\n\
             http: {{addr: \"127.0.0.1:0\"}}\n",
            data.path().join("data").display()
        );
        let file = data.path().join("config.yml");
        std::fs::write(&file, settings).unwrap();
        let mut process = Command::new("docker-registry")
            .arg("serve")
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("docker-registry: {error}: use `make test`"));
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let (_, rest) = line.split_once(ANNOUNCED)?;
                rest.split('"').next()?.parse().ok()
            })
            .expect("docker-registry says where it listens");
        // It goes on to say what it is asked; a full pipe would stop it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self {
            process,
            address,
            _data: data,
        }
    }

    /// `darkroom publish`; gives what it printed, `oci://…@sha256:…`.
    #[track_caller]
    pub fn publish(&self, name: &str, file: Option<&[u8]>) -> String {
        let directory = tempfile::tempdir().unwrap();
        let mut command = darkroom();
        command.args(["publish", &format!("{}/{name}:v1", self.address)]);
        if let Some(bytes) = file {
            let path = directory.path().join("component.wasm");
            std::fs::write(&path, bytes).unwrap();
            command.arg("--file").arg(path);
        }
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What it has there, as JSON.
    #[track_caller]
    pub fn get(&self, path: &str, accept: &str) -> Value {
        let request = Request::get(path).with("Accept", accept);
        request.send(self.address).unwrap().json()
    }

    /// Put a blob by hand; gives its descriptor.
    #[track_caller]
    pub fn blob(&self, name: &str, bytes: &[u8], media_type: &str) -> Value {
        let digest = format!("sha256:{}", sha256(bytes));
        let begun = Request::post(format!("/v2/{name}/blobs/uploads/"), "")
            .send(self.address)
            .unwrap();
        let location = begun.header("location").unwrap();
        let target = location.split_once(&self.address.to_string()).unwrap().1;
        let put = Request::put(format!("{target}&digest={digest}"), bytes)
            .with("Content-Type", "application/octet-stream");
        assert_eq!(put.send(self.address).unwrap().status, 201);
        json!({ "mediaType": media_type, "digest": digest, "size": bytes.len() })
    }

    /// Put a manifest by hand; gives the reference to it.
    #[track_caller]
    pub fn manifest(&self, name: &str, layers: &[Value]) -> String {
        let media_type = "application/vnd.oci.image.manifest.v1+json";
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": media_type,
            "config": self.blob(name, b"{}", "application/vnd.wasm.config.v0+json"),
            "layers": layers,
        });
        let body = manifest.to_string();
        let put = Request::put(format!("/v2/{name}/manifests/v1"), body.as_bytes())
            .with("Content-Type", media_type);
        let answer = put.send(self.address).unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text());
        format!(
            "oci://{}/{name}@sha256:{}",
            self.address,
            sha256(body.as_bytes())
        )
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The digest, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}
