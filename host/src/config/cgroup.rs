//! How much memory the control group leaves to this process, and how many workers that holds. Reads
//! /proc and /sys; where there is no limit, or none can be read, there is none.

use std::fs;
use std::path::{Path, PathBuf};

/// What the server needs beside transforms: code, connections, the cache's index of a few 100,000 entries.
const SERVER_BYTES: u64 = 128 << 20;
/// The largest rendition, beside the guest that made it.
const OUTPUT_BYTES: u64 = 64 << 20;
/// Version 1 writes "no limit" as the largest multiple of a page.
const UNLIMITED_FROM: u64 = 1 << 62;

/// What the process may have in memory at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needs {
    /// Each worker.
    pub(super) worker: PerWorker,
    /// Renditions kept in memory, and those that wait to be written to a second level.
    pub(super) kept_bytes: u64,
}

/// What one worker may have in memory at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct PerWorker {
    /// The guest's memory.
    pub(super) transform_bytes: u64,
    /// The source that it is given.
    pub(super) source_bytes: u64,
}

impl PerWorker {
    fn bytes(self) -> u64 {
        self.transform_bytes
            .saturating_add(self.source_bytes)
            .saturating_add(OUTPUT_BYTES)
    }
}

impl Needs {
    /// Workers that a limit holds.
    pub(super) fn fit(self, limit_bytes: u64) -> usize {
        let fit = limit_bytes.saturating_sub(self.beside_bytes()) / self.worker.bytes();
        usize::try_from(fit).unwrap_or(usize::MAX)
    }

    /// What so many workers, and all beside them, need.
    pub(super) fn needed_bytes(self, workers: usize) -> u64 {
        self.worker
            .bytes()
            .saturating_mul(workers as u64)
            .saturating_add(self.beside_bytes())
    }

    fn beside_bytes(self) -> u64 {
        self.kept_bytes.saturating_add(SERVER_BYTES)
    }
}

/// The least of the limits of this process's control group and those above it.
pub(super) fn memory_limit_bytes() -> Option<u64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    limit_below(Path::new("/sys/fs/cgroup"), &groups)
}

fn limit_below(root: &Path, groups: &str) -> Option<u64> {
    groups.lines().filter_map(|line| limit_of(root, line)).min()
}

/// `0::/path` is version 2; `7:memory:/path` is version 1's memory controller.
fn limit_of(root: &Path, line: &str) -> Option<u64> {
    let mut parts = line.splitn(3, ':');
    let (_, controllers, path) = (parts.next()?, parts.next()?, parts.next()?);
    let (top, file) = match controllers {
        "" => (root.to_path_buf(), "memory.max"),
        named if named.split(',').any(|name| name == "memory") => {
            (root.join("memory"), "memory.limit_in_bytes")
        }
        _ => return None,
    };
    // Inside a container the path may be the host's, of which only the end, or nothing, can be seen.
    let below: PathBuf = path.trim_start_matches('/').into();
    below
        .ancestors()
        .filter_map(|part| fs::read_to_string(top.join(part).join(file)).ok())
        .filter_map(|text| text.trim().parse().ok())
        .filter(|limit| *limit < UNLIMITED_FROM)
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_least_limit_counts_in_version_2() {
        let root = written(&[
            ("memory.max", "max\n"),
            ("pods/memory.max", "2147483648\n"),
            ("pods/one/memory.max", "max\n"),
        ]);
        let limit = |groups| limit_below(root.path(), groups);
        assert_eq!(limit("0::/pods/one\n"), Some(2 << 30));
        assert_eq!(limit("0::/\n"), None);
        assert_eq!(limit("0::/pods/that/is/not/seen\n"), Some(2 << 30));
        assert_eq!(limit("nonsense"), None);
    }

    #[test]
    fn version_1_has_a_controller_and_no_limit_is_a_number() {
        let root = written(&[
            ("memory/memory.limit_in_bytes", "9223372036854771712\n"),
            ("memory/pod/memory.limit_in_bytes", "1073741824\n"),
        ]);
        let limit = |groups| limit_below(root.path(), groups);
        assert_eq!(limit("3:cpu,cpuacct:/pod\n7:memory:/pod\n"), Some(1 << 30));
        assert_eq!(limit("7:memory:/\n"), None);
    }

    #[test]
    fn workers_that_a_limit_holds() {
        let each = Needs {
            worker: PerWorker {
                transform_bytes: 512 << 20,
                source_bytes: 64 << 20,
            },
            kept_bytes: 100 << 20,
        };
        let one = each.needed_bytes(1);
        assert_eq!(one, (128 + 100 + 512 + 64 + 64) << 20);
        assert_eq!((each.fit(one - 1), each.fit(one)), (0, 1));
        assert_eq!(
            (
                each.fit(each.needed_bytes(4) - 1),
                each.fit(each.needed_bytes(4))
            ),
            (3, 4)
        );
        assert_eq!(each.fit(0), 0);
    }
}
