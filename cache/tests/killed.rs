//! kill -9 at random moments under a write load: the next start serves whole entries only, within the
//! budget. `CACHE_KILL_ROUNDS` says how often; 20 by default, 200 for a release.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use cache::{Config, DiskCache, Tag};

use crate::setting::{MIB, Setting, body, bytes_on_disk, files_below, key};

const DIRECTORY: &str = "CACHE_KILL_DIRECTORY";
const BYTES_MAX: u64 = 4 * MIB;
const KEYS: u64 = 300;

/// The length of an entry's body, from its key alone, so that a reader knows it.
fn length(number: u64) -> usize {
    (number * 7919 % 90_000) as usize
}

/// The child: writes, reads and purges until it is killed. Does nothing in an ordinary test run.
#[test]
fn child() {
    let Some(directory) = std::env::var_os(DIRECTORY) else {
        return;
    };
    let config = Config {
        directory: directory.into(),
        bytes_max: BYTES_MAX,
        free_bytes_min: 0,
        entry_bytes_max: MIB,
    };
    let cache = DiskCache::open(config).unwrap();
    cache.wait_until_scanned();
    println!("ready");
    std::thread::scope(|scope| {
        for thread in 0..3_u64 {
            let cache = &cache;
            scope.spawn(move || {
                for number in (0..).map(|step: u64| (step * (2 * thread + 7) + thread * 31) % KEYS)
                {
                    let key = key(number);
                    let _ = cache
                        .reserve(&key, Tag(number % 7))
                        .commit(&key.0, &body(&key, length(number)));
                    cache.get(&self::key((number + 1) % KEYS));
                    if number == 0 {
                        let _ = cache.remove_by_tag(Tag(3));
                    }
                }
            });
        }
    });
}

fn start_child(setting: &Setting) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::child", "--nocapture"])
        .env(DIRECTORY, setting.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Until it says it is ready; the test runner says a few words first.
    let mut said = Vec::new();
    let mut byte = [0];
    let output = child.stdout.as_mut().unwrap();
    while !said.ends_with(b"ready") {
        output.read_exact(&mut byte).unwrap();
        said.push(byte[0]);
    }
    child
}

#[test]
fn after_kill_9_whole_entries_only() {
    let rounds = std::env::var("CACHE_KILL_ROUNDS").map_or(20, |rounds| rounds.parse().unwrap());
    let setting = Setting::new(BYTES_MAX);
    let (mut survived, mut remains) = (0, 0);
    for round in 0..rounds {
        let mut child = start_child(&setting);
        // Any moment will do; a different one each time.
        std::thread::sleep(Duration::from_micros(
            cache::checksum(&[round as u8]) % 60_000,
        ));
        child.kill().unwrap();
        child.wait().unwrap();
        let on_disk = bytes_on_disk(setting.path());
        assert!(
            on_disk <= BYTES_MAX,
            "round {round}: {on_disk} bytes on disk"
        );
        remains += files_below(setting.path())
            .iter()
            .filter(|path| path.extension().is_some())
            .count();
        let cache = setting.open();
        for number in 0..KEYS {
            let Some(entry) = cache.get(&key(number)) else {
                continue;
            };
            assert_eq!(entry.meta, key(number).0, "round {round}");
            assert_eq!(
                entry.body,
                body(&key(number), length(number)),
                "round {round}"
            );
            survived += 1;
        }
        let stats = cache.stats();
        assert_eq!(
            stats.corrupt, 0,
            "round {round}: what the process wrote is in the kernel's hands"
        );
        assert!(stats.bytes <= BYTES_MAX);
        assert!(
            files_below(setting.path())
                .iter()
                .all(|path| path.extension().is_none()),
            "remains were left"
        );
    }
    assert!(survived > 0, "entries were there to be looked at");
    println!("{rounds} rounds, {survived} entries compared, {remains} writes cut short");
}
