//! The byte account: what the files take or may take, against a limit. Numbers only.
//! Whatever may be on disk is in exactly one of its terms at any time, so their sum is never less than
//! what is on disk; a write may begin once its bytes are `reserved` without the sum passing the limit.

/// All terms are bytes of disk.
#[derive(Debug, Default)]
pub(crate) struct Account {
    /// What `used` may not pass.
    pub(crate) limit: u64,
    /// Entries that can be found.
    pub(crate) resident: u64,
    /// Room held for writes that are under way.
    pub(crate) reserved: u64,
    /// Files no longer found whose unlinking has not ended, or has failed.
    pub(crate) leaving: u64,
    /// Directories and the lock file.
    pub(crate) overhead: u64,
    /// What the scan may still find: at first the whole budget, so that what is written before the
    /// scan has ended takes the place of what was there.
    pub(crate) unscanned: u64,
}

/// Room for a write, taken bit by bit as it becomes free.
#[derive(Debug)]
#[must_use = "room that is neither filled nor given back is lost until the next start"]
pub(crate) struct Hold {
    /// What the write will need.
    wanted: u64,
    /// What has been taken so far.
    held: u64,
}

impl Hold {
    pub(crate) const fn new(wanted: u64) -> Self {
        Self { wanted, held: 0 }
    }

    /// What the write will need.
    pub(crate) const fn wanted(&self) -> u64 {
        self.wanted
    }

    /// How much is still to be found.
    pub(crate) const fn missing(&self) -> u64 {
        self.wanted - self.held
    }
}

impl Account {
    /// Everything that is or may be on disk.
    pub(crate) const fn used(&self) -> u64 {
        self.resident + self.reserved + self.leaving + self.overhead + self.unscanned
    }

    /// Takes what is free, up to what the hold still misses.
    pub(crate) fn take(&mut self, hold: &mut Hold) {
        let taken = hold.missing().min(self.limit.saturating_sub(self.used()));
        hold.held += taken;
        self.reserved += taken;
    }

    /// Gives a hold back.
    pub(crate) fn give_back(&mut self, hold: &Hold) {
        self.reserved -= hold.held;
    }

    /// A file from an earlier run was found: it is part of what the scan was expected to find.
    pub(crate) fn found(&mut self, bytes: u64) {
        self.unscanned = self.unscanned.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_no_more_than_is_free() {
        let mut account = Account {
            limit: 100,
            resident: 60,
            overhead: 10,
            ..Account::default()
        };
        let mut first = Hold::new(20);
        account.take(&mut first);
        assert_eq!((first.missing(), account.used()), (0, 90));
        let mut second = Hold::new(20);
        account.take(&mut second);
        assert_eq!((second.missing(), account.used()), (10, 100));
        account.give_back(&first);
        account.take(&mut second);
        assert_eq!((second.missing(), account.used()), (0, 90));
    }

    #[test]
    fn a_limit_below_what_is_used_frees_nothing() {
        let mut account = Account {
            limit: 10,
            resident: 60,
            ..Account::default()
        };
        let mut hold = Hold::new(1);
        account.take(&mut hold);
        assert_eq!(hold.missing(), 1);
    }

    #[test]
    fn what_the_scan_finds_was_expected() {
        let mut account = Account {
            limit: 100,
            unscanned: 100,
            ..Account::default()
        };
        account.found(30);
        account.resident += 30;
        assert_eq!(account.used(), 100);
        account.found(90);
        assert_eq!(account.unscanned, 0);
    }
}
