//! A child process with its two voices: the first line of standard output is waited for, standard
//! error is kept. It never outlives its owner.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::until;

/// A first start compiles the component, perhaps with every core busy.
const START_PATIENCE: Duration = Duration::from_mins(2);

#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    said: Arc<Mutex<Vec<u8>>>,
    listeners: Vec<JoinHandle<()>>,
}

impl Process {
    /// Start it; gives its first line, or nothing when it ended without one.
    #[track_caller]
    pub(super) fn start(mut command: Command) -> (Self, String) {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (first, line) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let mut stderr = child.stderr.take().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&said);
        let listeners = vec![
            std::thread::spawn(move || {
                for line in stdout.lines().map_while(Result::ok) {
                    // Only the first is waited for; the rest is read so that the pipe never fills.
                    let _ = first.send(line);
                }
            }),
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                while let Ok(count @ 1..) = stderr.read(&mut buffer) {
                    heard
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .extend_from_slice(&buffer[..count]);
                }
            }),
        ];
        let mut process = Self {
            child,
            said,
            listeners,
        };
        let line = match line.recv_timeout(START_PATIENCE) {
            Ok(line) => line,
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                process.wait();
                String::new()
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                panic!("no first line after {START_PATIENCE:?}")
            }
        };
        (process, line)
    }

    pub(super) fn said(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().unwrap_or_else(PoisonError::into_inner))
            .into_owned()
    }

    /// Wait for its end, and for its last word.
    #[track_caller]
    pub(super) fn wait(&mut self) -> ExitStatus {
        let mut status = None;
        until("its end", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        for listener in self.listeners.drain(..) {
            listener.join().unwrap();
        }
        status.unwrap()
    }

    pub(super) fn kill(&mut self) {
        let _ = self.child.kill();
        self.wait();
    }

    pub(super) fn terminate(&self) {
        self.signal(rustix::process::Signal::TERM);
    }

    pub(super) fn hang_up(&self) {
        self.signal(rustix::process::Signal::HUP);
    }

    fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).unwrap();
    }

    pub(super) fn peak_memory_bytes(&self) -> u64 {
        self.memory_bytes("VmHWM:")
    }

    pub(super) fn resident_memory_bytes(&self) -> u64 {
        self.memory_bytes("VmRSS:")
    }

    /// From now on the peak is counted anew (proc(5), `clear_refs`).
    pub(super) fn forget_peak_memory(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    fn memory_bytes(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    pub(super) fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- darkroom said:\n{}", self.said());
        }
    }
}
