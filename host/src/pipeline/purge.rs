//! Removal on demand: what an operator names goes from every tier, and what is being made of it is not
//! kept. Who asks, and whether they may, is the admin listener's business.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use cache::{Key, RemoveError};
use http::HeaderMap;
use request::error::{ParseError, VerifyError};
use request::image_request::Source;
use request::signature::Keyring;

use crate::keeping::{Purged, Selection};
use crate::pipeline::memo::{Known, tag};
use crate::pipeline::negotiate::Variant;
use crate::pipeline::{Pipeline, fetch, lookup};

/// What is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purge {
    /// Everything.
    All,
    /// Every rendition of one original.
    Source(Source),
    /// The renditions of one URL, path and query, signed or not: one for each format that `Accept` can
    /// choose.
    Url(String),
}

/// Why nothing, or not everything, went.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PurgeError {
    /// The URL is none.
    #[error("url: {0}")]
    Url(#[from] VerifyError),
    /// The URL says nothing that could be kept.
    #[error("url: {0}")]
    Parse(#[from] ParseError),
    /// Uploads are never kept.
    #[error("url: it names no source; uploads are never kept")]
    NoSource,
    /// The disk said no. What was meant is no longer served, and is tried again.
    #[error(transparent)]
    Disk(#[from] RemoveError),
    /// A thread broke.
    #[error("the purge broke off")]
    Broken,
}

/// A source as an operator writes it: a URL, or the name of a file of the mount. `file:` in front of a name
/// that looks like a URL says which.
pub(crate) fn source_named(text: &str) -> Source {
    match text.strip_prefix("file:") {
        Some(name) => Source::File(name.to_owned()),
        None if text.contains("://") => Source::Url(text.to_owned()),
        None => Source::File(text.to_owned()),
    }
}

impl Pipeline {
    /// Remove what is named, wait until it is gone, and say how many renditions went.
    pub(crate) async fn purge(
        self: &Arc<Self>,
        what: Purge,
        deadline: Instant,
    ) -> Result<Purged, PurgeError> {
        let selections = match what {
            Purge::All => vec![Selection::All],
            Purge::Source(source) => vec![Selection::Source(tag(&source))],
            Purge::Url(url) => self
                .keys_of(&url, deadline)
                .await?
                .into_iter()
                .map(Selection::Rendition)
                .collect(),
        };
        // Who asks from here on does not join what was begun before.
        self.flights.forget();
        let keeping = Arc::clone(&self.keeping);
        let purge = move || {
            let mut purged = Purged::default();
            for selection in selections {
                purged = purged.and(keeping.purge(selection)?);
            }
            Ok(purged)
        };
        match tokio::task::spawn_blocking(purge).await {
            Ok(done) => done.map_err(PurgeError::Disk),
            Err(_) => Err(PurgeError::Broken),
        }
    }

    /// The keys of every format that a URL can be answered in. Those that an origin's view of one client
    /// is part of are not among them: purge their source.
    async fn keys_of(&self, url: &str, deadline: Instant) -> Result<BTreeSet<Key>, PurgeError> {
        // The operator was let in; a signature is not asked for, and an expired one does not matter.
        let signed = Keyring::unsigned().verify(url, 0)?;
        let request = self.rules.parse(&signed, request::dialect::Method::Get)?;
        let known = Known::new(request);
        let source = fetch::origin_of(&known.request.source).ok_or(PurgeError::NoSource)?;
        let mut formats = vec![known.request.choose_format(None, &self.rules.auto_formats)];
        if known.request.auto {
            formats.extend(self.rules.auto_formats.iter().copied().map(Some));
        }
        let mut keys = BTreeSet::new();
        for format in formats {
            let variant = Variant {
                request: Arc::clone(&known.request),
                tag: known.tag,
                format,
                negotiated: known.request.auto,
            };
            let about = (source, &HeaderMap::new());
            keys.insert(
                lookup::place(&self.origins, &variant, about, deadline)
                    .await
                    .key,
            );
        }
        Ok(keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_as_it_is_written() {
        let file = |name: &str| Source::File(name.to_owned());
        assert_eq!(source_named("a/b.jpg"), file("a/b.jpg"));
        assert_eq!(source_named("file:https://x"), file("https://x"));
        let url = "https://img.example.com/a.jpg";
        assert_eq!(source_named(url), Source::Url(url.to_owned()));
    }
}
