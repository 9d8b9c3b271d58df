//! nginx on a free port, spreading requests by hash of path and query. It is ended when it is dropped.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tests::Request;

/// Longer than nginx takes to start or to read its configuration again, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// What happens when a server breaks off.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// The client sees it.
    Passed,
    /// Another server is asked, if nothing has been answered yet.
    Retried,
}

pub(super) struct Balancer {
    pub(super) address: SocketAddr,
    directory: TempDir,
    nginx: Child,
    failure: Failure,
    generation: u32,
}

impl Balancer {
    #[track_caller]
    pub(super) fn start(servers: &[SocketAddr], failure: Failure) -> Self {
        let directory = tempfile::tempdir().unwrap();
        // Free a moment ago; nginx cannot be asked to choose one.
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        write(directory.path(), (address, failure), (servers, 1));
        let nginx = Command::new("nginx")
            .arg("-p")
            .arg(directory.path())
            .args(["-c", "nginx.conf", "-e", "error.log", "-g", "daemon off;"])
            .spawn()
            .unwrap_or_else(|error| panic!("nginx (`make packages` installs it): {error}"));
        let balancer = Self {
            address,
            directory,
            nginx,
            failure,
            generation: 1,
        };
        balancer.wait();
        balancer
    }

    /// Spread over these from now on; back when it does.
    pub(super) fn lead_to(&mut self, servers: &[SocketAddr]) {
        self.generation += 1;
        write(
            self.directory.path(),
            (self.address, self.failure),
            (servers, self.generation),
        );
        let pid = rustix::process::Pid::from_child(&self.nginx);
        rustix::process::kill_process(pid, rustix::process::Signal::HUP).unwrap();
        self.wait();
    }

    #[track_caller]
    fn wait(&self) {
        let begun = Instant::now();
        let generation = self.generation.to_string();
        while !Request::get("/generation")
            .send(self.address)
            .is_ok_and(|answer| answer.text() == generation)
        {
            let log = self.directory.path().join("error.log");
            assert!(
                begun.elapsed() < PATIENCE,
                "{}",
                fs::read_to_string(log).unwrap_or_default()
            );
        }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.nginx);
        // QUIT lets its workers end; KILL would leave them.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
        let _ = self.nginx.wait();
    }
}

fn write(
    directory: &Path,
    (address, failure): (SocketAddr, Failure),
    (servers, generation): (&[SocketAddr], u32),
) {
    let next = match failure {
        Failure::Passed => "off",
        Failure::Retried => "error",
    };
    let servers = servers
        .iter()
        .map(|server| format!("server {server} max_fails=1 fail_timeout=60s;"))
        .collect::<Vec<_>>()
        .join("\n");
    let user = if rustix::process::geteuid().is_root() {
        "user root;"
    } else {
        ""
    };
    let text = format!(
        "{user}
worker_processes 1;
pid nginx.pid;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    upstream darkroom {{
        hash $request_uri consistent;
        {servers}
        keepalive 16;
    }}
    server {{
        listen {address};
        location = /generation {{ return 200 {generation}; }}
        location / {{
            proxy_pass http://darkroom;
            proxy_http_version 1.1;
            proxy_set_header Connection \"\";
            proxy_next_upstream {next};
            add_header X-Server $upstream_addr always;
        }}
    }}
}}
"
    );
    fs::write(directory.join("nginx.conf"), text).unwrap();
}
