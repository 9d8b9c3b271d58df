//! The scan at start: names and sizes from the directories go in, an index in the order of use comes out.
//! No file is opened. Remains of writes that never ended are unlinked, so is what cannot be an entry;
//! what is not ours is counted and left. Entries can be found as soon as they are seen.

use std::io;
use std::ops::ControlFlow;

use crate::counters::Scan;
use crate::entry::{META_BYTES_MAX, TRAILER_BYTES};
use crate::files::Item;
use crate::index::{Adoption, File, Found};
use crate::key::SHARDS;
use crate::shared::{Shared, State, now};

/// What is still to be scanned.
#[derive(Debug)]
pub(crate) struct Recovery {
    shards: Vec<u8>,
    foreign_counted: bool,
}

/// How many files the lock is taken for at a time: about 100 microseconds.
const BATCH: usize = 256;

impl Recovery {
    pub(crate) fn new() -> Self {
        Self {
            shards: (0..SHARDS).collect(),
            foreign_counted: false,
        }
    }

    /// Scans what has not been scanned yet, and says so to those who wait.
    pub(crate) fn run(&mut self, cache: &Shared) {
        if self.shards.is_empty() && self.foreign_counted {
            return;
        }
        let mut found = Vec::new();
        self.shards
            .retain(|shard| scan_shard(cache, *shard, &mut found).is_err());
        if !self.foreign_counted
            && let Ok(foreign) = cache.files.foreign_among_shards()
        {
            cache.counters.foreign.add(foreign);
            self.foreign_counted = true;
        }
        sort(cache, found);
        let complete = self.shards.is_empty() && self.foreign_counted;
        if complete {
            cache.lock().index.all_found();
        }
        cache.fit_to_disk(0);
        cache.trim();
        cache.lock().scan = if complete {
            Scan::Complete
        } else {
            Scan::Incomplete
        };
        cache.changed.notify_all();
    }
}

/// On an error what was seen so far stands; a second scan of the shard passes over it.
fn scan_shard(cache: &Shared, shard: u8, found: &mut Vec<Found>) -> io::Result<()> {
    let mut batch = Vec::with_capacity(BATCH);
    let mut foreign = 0;
    let mut stopped = false;
    let listed = cache.files.list_shard(shard, &mut |item| {
        foreign += u64::from(item == Item::Foreign);
        batch.push(item);
        if batch.len() == BATCH {
            stopped = take_in(cache, shard, &mut batch, found);
        }
        if stopped {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    take_in(cache, shard, &mut batch, found);
    if let Err(error) = listed {
        cache.counters.read_errors.add(1);
        return Err(error);
    }
    let bytes = cache.files.shard_bytes(shard)?;
    cache.counters.foreign.add(foreign);
    let index = &mut cache.lock().index;
    index.found_shard(shard, bytes);
    Ok(())
}

/// Takes a batch into the index and unlinks what it must not keep. True when the cache is being closed.
fn take_in(cache: &Shared, shard: u8, batch: &mut Vec<Item>, found: &mut Vec<Found>) -> bool {
    let length_max = cache
        .config
        .entry_bytes_max
        .saturating_add((META_BYTES_MAX + TRAILER_BYTES) as u64);
    let mut leaving = Vec::new();
    let mut corrupt = 0;
    let mut state = cache.lock();
    for item in batch.drain(..) {
        match item {
            Item::Foreign => {}
            Item::Temporary(file) if state.index.is_issued(file.name.version) => {}
            Item::Temporary(file) => leave(
                &mut state,
                &mut leaving,
                (file.name.temporary_path(), file.bytes),
            ),
            Item::Entry(file, _) if state.index.is_issued(file.name.version) => {}
            Item::Entry(file, length)
                if length < TRAILER_BYTES as u64
                    || length > length_max
                    || file.name.key.shard() != shard =>
            {
                corrupt += 1;
                let path = format!(
                    "{}/{}",
                    crate::key::shard_path(shard),
                    file.name.file_name()
                );
                leave(&mut state, &mut leaving, (path, file.bytes));
            }
            Item::Entry(file, _) => adopt(&mut state, &file, found, &mut leaving),
        }
    }
    let stop = state.stop;
    drop(state);
    cache.counters.corrupt.add(corrupt);
    cache.unlink_paths(leaving);
    stop
}

fn adopt(state: &mut State, file: &File, found: &mut Vec<Found>, leaving: &mut Vec<(String, u64)>) {
    match state.index.adopt(file) {
        Adoption::Adopted(place) => found.push(place),
        Adoption::Known => {}
        Adoption::Outdated => leave(state, leaving, (file.name.path(), file.bytes)),
        Adoption::Ambiguous(twin) => {
            // The twin is in the account as leaving already.
            leaving.push((twin.name.path(), twin.bytes));
            leave(state, leaving, (file.name.path(), file.bytes));
        }
    }
}

fn leave(state: &mut State, leaving: &mut Vec<(String, u64)>, file: (String, u64)) {
    state.index.found_leaving(file.1);
    leaving.push(file);
}

/// The most recently used first, behind everything used since the start.
fn sort(cache: &Shared, mut found: Vec<Found>) {
    found.sort_unstable_by(|one, other| other.cmp(one));
    let now = now();
    for batch in found.chunks(BATCH) {
        cache.lock().index.sort_in(batch, now);
    }
}
