//! `Variant` → a rendition that is kept, or the place where it will be. The key says everything that
//! the bytes depend on: source and its version, operations, format, and the transformer itself.

use std::sync::Arc;

use cache::{Key, Tag};
use http::HeaderValue;
use sha2::{Digest, Sha256};

use crate::keeping::{Glance, Keeping, Tier, Wanted};
use crate::pipeline::negotiate::Variant;
use crate::pipeline::originals::{Originals, Versions};
use crate::rendition::kept::{Kept, etag_of_key};

/// Where a rendition is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// Of this variant.
    pub(super) key: Key,
    /// Of its source: all variants of one original have the same.
    pub(super) tag: Tag,
}

impl Place {
    /// What the cache is asked for.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted {
            key: self.key,
            tag: self.tag,
            etag: Some(self.etag()),
        }
    }

    /// The `ETag` of what is kept here, or would be.
    pub(super) fn etag(&self) -> HeaderValue {
        etag_of_key(&self.key)
    }
}

/// What is wished for, whatever version its source has: operations, format, the source for this client,
/// and the transformer itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Unversioned {
    pub(super) key: Key,
    tag: Tag,
}

impl Unversioned {
    /// Of a variant made from `originals`. What their origins are told about the client is part of it too.
    pub(super) fn of(variant: &Variant, originals: &Originals) -> Self {
        let mut hash = Sha256::new();
        hash.update(guest::DIGEST);
        hash.update(originals.source.key.0);
        framed(&mut hash, &variant.request.canonical_bytes(variant.format));
        // As many as the canonical bytes name.
        for overlay in &originals.overlays {
            hash.update(overlay.key.0);
        }
        Self {
            key: Key(hash.finalize().into()),
            tag: originals.source.tag,
        }
    }

    /// Where it is kept if what it is made from has these versions.
    pub(super) fn place(self, versions: &Versions) -> Place {
        let mut hash = Sha256::new();
        hash.update(self.key.0);
        hash.update(versions.source.to_bytes());
        for overlay in &versions.overlays {
            hash.update(overlay.to_bytes());
        }
        Place {
            key: Key(hash.finalize().into()),
            tag: self.tag,
        }
    }
}

/// The rendition kept at `place`. Anything wrong with the cache is as if it were not kept.
pub(super) async fn find(keeping: &Arc<Keeping>, place: &Place) -> Option<(Arc<Kept>, Tier)> {
    let wanted = place.wanted();
    match keeping.glance(&wanted) {
        Glance::Found(kept, tier) => Some((kept, tier)),
        Glance::Absent => None,
        Glance::WouldBlock => {
            let keeping = Arc::clone(keeping);
            let read = tokio::task::spawn_blocking(move || keeping.get(&wanted));
            read.await.ok().flatten().map(|kept| (kept, Tier::Disk))
        }
    }
}

/// The rendition kept at `place`, if it can be had without waiting for a disk.
pub(super) fn find_at_once(keeping: &Keeping, place: &Place) -> Option<(Arc<Kept>, Tier)> {
    match keeping.glance(&place.wanted()) {
        Glance::Found(kept, tier) => Some((kept, tier)),
        Glance::Absent | Glance::WouldBlock => None,
    }
}

/// A length in front keeps two parts from imitating each other.
fn framed(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part);
}
