//! Connections that were opened meanwhile. The kernel counts them for a network namespace: in one of our own,
//! which `make corpus` makes where it may, every connection but ours is the server's.

/// Set where nobody else is in our network namespace.
const ALONE: &str = "DARKROOM_CORPUS_ALONE";

pub(crate) struct Network {
    opened_before: u64,
    /// Connections that we opened.
    pub(crate) ours: u64,
}

impl Network {
    pub(crate) fn watch() -> Self {
        Self {
            opened_before: opened(),
            ours: 0,
        }
    }

    /// Connections that others opened, where only the server can have.
    fn others(&self) -> Option<u64> {
        std::env::var_os(ALONE)?;
        Some((opened() - self.opened_before).saturating_sub(self.ours))
    }

    pub(crate) fn report(&self) -> String {
        match self.others() {
            Some(count) => format!("{count} connections opened by the server"),
            None => "connections not counted: not alone in a network namespace".to_owned(),
        }
    }

    pub(crate) fn fault(&self) -> Option<String> {
        let others = self.others().filter(|&count| count > 0)?;
        Some(format!("the server opened {others} connections"))
    }
}

/// Connections ever opened from this namespace: `ActiveOpens` of TCP.
fn opened() -> u64 {
    let text = std::fs::read_to_string("/proc/net/snmp").unwrap();
    let mut lines = text.lines().filter(|line| line.starts_with("Tcp:"));
    let (names, numbers) = (lines.next().unwrap(), lines.next().unwrap());
    let at = names
        .split(' ')
        .position(|name| name == "ActiveOpens")
        .unwrap();
    numbers.split(' ').nth(at).unwrap().parse().unwrap()
}
