//! The other image servers, each on a free port of this machine with the photos as its folder: how they are
//! started and asked. `rivals.sh` installs them; one that could not be is named in the table.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// How long a server may take to listen.
const START_TIMEOUT: Duration = Duration::from_secs(60);
const START_POLL: Duration = Duration::from_millis(50);

/// A kind of server.
pub struct Rival {
    pub name: &'static str,
    /// Within the folder that `rivals.sh` fills.
    program: &'static str,
    command: fn(&mut Command, &Path, u16),
    /// The path for a width and a file.
    pub target: fn(u32, &str) -> String,
}

/// All of them.
pub const ALL: [Rival; 3] = [
    Rival {
        name: "oximg 0.18.1",
        program: "bin/oximg",
        command: |command, photos, port| {
            command
                .env("IMAGES_DIR", photos)
                .env("PORT", port.to_string())
                .env("OXIMG_BIND", "127.0.0.1")
                .envs([
                    // Where a URL may say a quality.
                    ("OXIMG_OPTIONS_PREFIX", "/image"),
                    ("PRESET", "fast"),
                    ("OXIMG_DCT_MARGIN", "2"),
                    ("OXIMG_JPEG_PROGRESSIVE", "0"),
                ]);
        },
        target: |width, file| format!("/image/width={width},quality=80/{file}"),
    },
    Rival {
        name: "ipx 3.1.1",
        program: "node_modules/.bin/ipx",
        command: |command, photos, port| {
            command
                .args([
                    "serve",
                    "--host",
                    "127.0.0.1",
                    "--port",
                    &port.to_string(),
                    "--dir",
                ])
                .arg(photos);
        },
        target: |width, file| format!("/w_{width},q_80,f_jpeg/{file}"),
    },
    Rival {
        name: "thumbor 7.8.0",
        program: "venv/bin/thumbor",
        command: |command, photos, port| {
            command
                .args([
                    "--ip",
                    "127.0.0.1",
                    "--processes",
                    "2",
                    "--port",
                    &port.to_string(),
                ])
                .env("LOADER", "thumbor.loaders.file_loader")
                .env("FILE_LOADER_ROOT_PATH", photos)
                .env("STORAGE", "thumbor.storages.no_storage")
                .args(["--use-environment", "true"]);
        },
        target: |width, file| format!("/unsafe/{width}x0/filters:quality(80):format(jpeg)/{file}"),
    },
];

/// A server that runs.
pub struct Running {
    process: Child,
    pub address: SocketAddr,
}

impl Rival {
    /// Start it; `None` where it is not installed.
    pub fn start(&self, installed: &Path, photos: &Path) -> Result<Option<Running>> {
        let program: PathBuf = installed.join(self.program);
        if !program.exists() {
            return Ok(None);
        }
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(program);
        (self.command)(&mut command, photos, address.port());
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} cannot be started", self.name))?;
        let mut running = Running { process, address };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begun.elapsed() > START_TIMEOUT || running.process.try_wait()?.is_some() {
                bail!("{} does not listen", self.name);
            }
            std::thread::sleep(START_POLL);
        }
        Ok(Some(running))
    }
}

impl Running {
    /// The process that was started; some start others.
    pub fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Some leave processes of their own behind when they end: the whole group is asked to.
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["--", &group]).status();
        let _ = self.process.wait();
    }
}
