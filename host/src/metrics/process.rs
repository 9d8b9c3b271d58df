//! The process itself, under the names that every Prometheus client uses. Read from /proc; what cannot be
//! read is left out.

use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// Of /proc/self/stat, counted from the state (field 3), which follows the name: that may hold spaces.
const USER_TICKS: usize = 11;
const SYSTEM_TICKS: usize = 12;
const START_TICKS: usize = 19;
const RESIDENT_PAGES: usize = 21;

struct Process {
    cpu_seconds: f64,
    started_seconds: f64,
    resident_bytes: f64,
}

pub(super) fn register(registry: &mut Registry) {
    let Some(process) = read() else { return };
    registry.register(
        "process_cpu_seconds",
        "CPU time, user and system",
        ConstCounter::new(process.cpu_seconds),
    );
    registry.register(
        "process_start_time_seconds",
        "When the process started, as Unix time",
        ConstGauge::new(process.started_seconds),
    );
    registry.register(
        "process_resident_memory_bytes",
        "Memory that is really there",
        ConstGauge::new(process.resident_bytes),
    );
}

fn read() -> Option<Process> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    parse(&stat, &uptime, now.as_secs_f64())
}

fn parse(stat: &str, uptime: &str, now_seconds: f64) -> Option<Process> {
    let ticks_per_second = rustix::param::clock_ticks_per_second() as f64;
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let number = |field: usize| fields.get(field)?.parse::<f64>().ok();
    let up_seconds: f64 = uptime.split(' ').next()?.parse().ok()?;
    Some(Process {
        cpu_seconds: (number(USER_TICKS)? + number(SYSTEM_TICKS)?) / ticks_per_second,
        started_seconds: now_seconds - up_seconds + number(START_TICKS)? / ticks_per_second,
        resident_bytes: number(RESIDENT_PAGES)? * rustix::param::page_size() as f64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_from_behind_the_name() {
        let ticks = rustix::param::clock_ticks_per_second();
        let stat = format!(
            "1 (a) b) S 0 1 1 0 -1 4194560 1 2 3 4 {} {} 5 6 20 0 9 0 {} 1000 7 18446744073709551615",
            ticks * 3,
            ticks * 2,
            ticks * 50,
        );
        let process = parse(&stat, "60.00 100.00\n", 1000.0).unwrap();
        assert!((process.cpu_seconds - 5.0).abs() < 1e-9);
        assert!((process.started_seconds - 990.0).abs() < 1e-9);
        assert!((process.resident_bytes - 7.0 * rustix::param::page_size() as f64).abs() < 1e-9);
        assert!(parse("nonsense", "60 1", 0.0).is_none());
    }

    #[test]
    fn this_process_can_be_read() {
        let process = read().unwrap();
        assert!(process.resident_bytes > 1e6 && process.started_seconds > 1.6e9);
    }
}
