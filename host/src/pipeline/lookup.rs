//! `Variant` → a rendition that is kept, or the place where it will be. The key says everything that
//! the bytes depend on: source and its version, operations, format, and the transformer itself.

use std::sync::Arc;
use std::time::Instant;

use cache::{Key, Tag};
use http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use crate::keeping::{Glance, Keeping, Tier, Wanted};
use crate::origins::{Origins, SourceRef};
use crate::pipeline::fetch;
use crate::pipeline::negotiate::Variant;
use crate::rendition::kept::{Kept, etag_of_key};

/// Where a rendition is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// Of this variant.
    pub(super) key: Key,
    /// Of its source: all variants of one original have the same.
    pub(super) tag: Tag,
    /// Whether the key says which version of the source: if not, the same key may stand for other bytes
    /// tomorrow.
    pub(super) versioned: bool,
}

impl Place {
    /// What the cache is asked for.
    pub(super) fn wanted(&self) -> Wanted {
        Wanted {
            key: self.key,
            tag: self.tag,
            etag: self.etag(),
        }
    }

    /// The `ETag` of what is kept here, or would be; `None` where only the bytes can tell.
    pub(super) fn etag(&self) -> Option<HeaderValue> {
        self.versioned.then(|| etag_of_key(&self.key))
    }
}

/// The place of a variant. A file's version is part of it; a file that cannot be looked at has none, and
/// fetching it says why. What an origin is told about the client is part of it too.
pub(super) async fn place(
    origins: &Origins,
    variant: &Variant,
    (source, client): (SourceRef<'_>, &HeaderMap),
    deadline: Instant,
) -> Place {
    let version = match source {
        SourceRef::File(name) => origins.file_validator(name, deadline).await.ok(),
        SourceRef::Url(_) => None,
    };
    place_of(origins, variant, (source, client), version.as_deref())
}

/// The same, where the source's version is known without waiting for anything.
pub(super) fn place_at_once(
    origins: &Origins,
    variant: &Variant,
    (source, client): (SourceRef<'_>, &HeaderMap),
) -> Option<Place> {
    match source {
        SourceRef::File(name) => {
            let version = origins.file_validator_at_once(name)?;
            Some(place_of(origins, variant, (source, client), Some(&version)))
        }
        SourceRef::Url(_) => Some(place_of(origins, variant, (source, client), None)),
    }
}

fn place_of(
    origins: &Origins,
    variant: &Variant,
    (source, client): (SourceRef<'_>, &HeaderMap),
    version: Option<&str>,
) -> Place {
    let mut hash = Sha256::new();
    hash.update(guest::DIGEST);
    framed(&mut hash, version.unwrap_or_default().as_bytes());
    framed(&mut hash, &variant.request.canonical_bytes(variant.format));
    let overlays = variant.request.overlays.iter().filter_map(fetch::origin_of);
    for source in std::iter::once(source).chain(overlays) {
        let forwarded = origins.forwarded(source, client);
        hash.update((forwarded.len() as u64).to_le_bytes());
        for (name, value) in &forwarded {
            framed(&mut hash, name.as_str().as_bytes());
            framed(&mut hash, value.as_bytes());
        }
    }
    let key = Key(hash.finalize().into());
    Place {
        key,
        tag: variant.tag,
        versioned: version.is_some(),
    }
}

/// The rendition kept at `place`. Anything wrong with the cache is a miss.
pub(super) async fn lookup(keeping: &Arc<Keeping>, place: &Place) -> Option<(Arc<Kept>, Tier)> {
    let wanted = place.wanted();
    let found = match keeping.glance(&wanted) {
        Glance::Found(kept, tier) => Some((kept, tier)),
        Glance::Absent => None,
        Glance::WouldBlock => {
            let keeping = Arc::clone(keeping);
            let read = tokio::task::spawn_blocking(move || keeping.get(&wanted));
            read.await.ok().flatten().map(|kept| (kept, Tier::Disk))
        }
    };
    if found.is_none() {
        keeping.count_miss();
    }
    found
}

/// The rendition kept at `place`, if it can be had without waiting for a disk.
pub(super) fn lookup_at_once(keeping: &Keeping, place: &Place) -> Option<(Arc<Kept>, Tier)> {
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
