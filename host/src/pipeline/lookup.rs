//! `Variant` → a rendition that is kept, or the place where it will be. The key says everything that
//! the bytes depend on: source and its version, operations, format, and the transformer itself.

use std::sync::Arc;

use answer::key;
use cache::{Key, Tag};
use http::HeaderValue;

use crate::disk_work;
use crate::keeping::{Glance, Keeping, Tier, Wanted};
use crate::pipeline::negotiate::Variant;
use crate::pipeline::originals::{Originals, Versions};
use crate::rendition::kept::Kept;

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
        }
    }

    /// The `ETag` of what is kept here, or would be.
    pub(super) fn etag(&self) -> HeaderValue {
        key::etag(&self.key.0)
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
    pub(super) fn of(transformer: &key::Digest, variant: &Variant, originals: &Originals) -> Self {
        let request = variant.request.canonical_bytes(variant.format);
        let overlays = originals.overlays.iter().map(|overlay| overlay.key.0);
        let wish = key::of_wish(transformer, originals.source.key.0, &request, overlays);
        Self {
            key: Key(wish),
            tag: originals.source.tag,
        }
    }

    /// Where it is kept if what it is made from has these versions.
    pub(super) fn place(self, versions: &Versions) -> Place {
        let overlays = versions.overlays.iter().copied();
        Place {
            key: Key(key::of_rendition(self.key.0, versions.source, overlays)),
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
            let read = disk_work::run(move || keeping.get(&wanted)).await;
            read.ok().flatten().map(|kept| (kept, Tier::Disk))
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
