//! nginx on a free port, spreading requests by hash of path and query. It is ended when it is dropped.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command};

use tempfile::TempDir;
use tests::{Request, until};

/// nginx cannot be asked to choose a port. One that was free a moment ago may be taken, a few in a row not.
const PORTS_TRIED: usize = 5;

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
        (0..PORTS_TRIED)
            .find_map(|_| Self::try_to_start(servers, failure))
            .expect("nginx starts")
    }

    fn try_to_start(servers: &[SocketAddr], failure: Failure) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
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
        let mut balancer = Self {
            address,
            directory,
            nginx,
            failure,
            generation: 1,
        };
        let mut has_ended = false;
        until("nginx", || {
            has_ended = balancer.nginx.try_wait().unwrap().is_some();
            has_ended || balancer.leads()
        });
        if has_ended {
            let log = fs::read_to_string(balancer.directory.path().join("error.log"));
            eprintln!("nginx has ended: {}", log.unwrap_or_default());
        }
        (!has_ended).then_some(balancer)
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
        until("the new servers", || self.leads());
    }

    /// It answers, and by the newest configuration.
    fn leads(&self) -> bool {
        let expected = generation(self.directory.path(), self.generation);
        Request::get("/generation")
            .send(self.address)
            .is_ok_and(|answer| answer.text() == expected)
    }
}

/// Of this nginx and no other.
fn generation(directory: &Path, number: u32) -> String {
    format!("{} {number}", directory.display())
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.nginx);
        // QUIT lets its workers end; KILL would leave them.
        if matches!(self.nginx.try_wait(), Ok(None)) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
            let _ = self.nginx.wait();
        }
    }
}

fn write(
    directory: &Path,
    (address, failure): (SocketAddr, Failure),
    (servers, number): (&[SocketAddr], u32),
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
    let generation = generation(directory, number);
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
        location = /generation {{ return 200 \"{generation}\"; }}
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
