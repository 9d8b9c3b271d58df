//! `Variant` → a rendition that is kept, or the place where it will be. The key says everything that
//! the bytes depend on: source and its version, operations, format, and the transformer itself.

use std::sync::Arc;
use std::time::Instant;

use cache::{Key, Tag};
use http::HeaderMap;
use request::image_request::Source;
use sha2::{Digest, Sha256};

use crate::keeping::Keeping;
use crate::origins::{Origins, SourceRef};
use crate::pipeline::negotiate::Variant;
use crate::rendition::Rendition;

/// Where a rendition is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place {
    /// Of this variant.
    pub(super) key: Key,
    /// Of its source: all variants of one original have the same.
    pub(super) tag: Tag,
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
    let mut hash = Sha256::new();
    hash.update(guest::DIGEST);
    framed(&mut hash, version.as_deref().unwrap_or_default().as_bytes());
    framed(&mut hash, &variant.request.canonical_bytes(variant.format));
    for (name, value) in &origins.forwarded(source, client) {
        framed(&mut hash, name.as_str().as_bytes());
        framed(&mut hash, value.as_bytes());
    }
    let key = Key(hash.finalize().into());
    Place {
        key,
        tag: tag(&variant.request.source),
    }
}

/// The first bytes of a digest: all variants of one original have the same.
fn tag(source: &Source) -> Tag {
    let digest = Sha256::digest(source.canonical_bytes());
    Tag(digest
        .iter()
        .take(8)
        .fold(0, |tag, byte| tag << 8 | u64::from(*byte)))
}

/// The rendition kept at `place`. Anything wrong with the cache is a miss.
pub(super) async fn lookup(keeping: &Arc<Keeping>, place: Place) -> Option<Rendition> {
    let keeping = Arc::clone(keeping);
    let entry = tokio::task::spawn_blocking(move || keeping.get(&place.key))
        .await
        .ok()??;
    Rendition::from_cache(entry)
}

/// A length in front keeps two parts from imitating each other.
fn framed(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part);
}
