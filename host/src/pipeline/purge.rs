//! Removal on demand: what an operator names goes from every tier, and what is being made of it is not
//! kept. Who asks, and whether they may, is the admin listener's business.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use cache::{Key, RemoveError, Tag};
use request::error::{ParseError, VerifyError};
use request::image_request::Source;
use request::signature::Keyring;

use crate::keeping::{Purged, Selection};
use crate::pipeline::Pipeline;
use crate::pipeline::memo::Known;
use crate::pipeline::negotiate::Variant;
use crate::second_level;
use crate::sources::tag_of;

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
    /// The cache directory cannot be had. What is in it comes back when it does.
    #[error("the cache directory cannot be used now, and what is in it will be found again")]
    Away,
    /// The second level said no, or nothing. What is there may still be found by other pods.
    #[error(transparent)]
    SecondLevel(#[from] second_level::PurgeError),
    /// A thread broke.
    #[error("the purge broke off")]
    Broken,
}

/// What a purge has removed.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Removed {
    /// Renditions.
    pub kept: Purged,
    /// Originals, and what was known of them.
    pub originals: usize,
    /// Renditions in the second level.
    pub second_level: usize,
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
    ) -> Result<Removed, PurgeError> {
        let selections = match what {
            Purge::All => vec![(Selection::All, Tag::default())],
            Purge::Source(source) => {
                let tag = tag_of(&source);
                vec![(Selection::Source(tag), tag)]
            }
            Purge::Url(url) => self.selected_by(&url, deadline).await?,
        };
        // Who asks from here on does not join what was begun before, and what that makes is not kept, also
        // of a source whose version nobody knows yet.
        self.flights.forget();
        self.keeping.forget_under_way();
        let pipeline = Arc::clone(self);
        let here = selections.clone();
        let purge = move || {
            let (mut removed, mut failed) = (Removed::default(), None);
            for (selection, _) in here {
                // Originals first: what is being made of them sees that, and is not kept.
                match pipeline.purge_originals(selection) {
                    Ok(count) => removed.originals += count,
                    Err(error) => failed = failed.or(Some(error)),
                }
                match pipeline.keeping.purge(selection) {
                    Ok(purged) => removed.kept = removed.kept.and(purged),
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
            (removed, failed)
        };
        let purged = tokio::task::spawn_blocking(purge).await;
        let (mut removed, failed) = purged.map_err(|_| PurgeError::Broken)?;
        // A disk that fails keeps nobody from removing what other tiers have: all is tried, and the first
        // failure told.
        let mut failed = failed.map(PurgeError::Disk);
        if self.keeping.is_away() || self.sources.is_away() {
            failed = failed.or(Some(PurgeError::Away));
        }
        if let Some(level) = &self.second_level {
            for selection in selections {
                match level.purge(selection).await {
                    Ok(count) => removed.second_level += count,
                    Err(error) => failed = failed.or(Some(error.into())),
                }
            }
        }
        failed.map_or(Ok(removed), Err)
    }

    fn purge_originals(&self, selection: Selection) -> Result<usize, RemoveError> {
        match selection {
            Selection::All => self.sources.purge(None),
            Selection::Source(tag) => self.sources.purge(Some(tag)),
            // Its other renditions stay, and so does what they were made from.
            Selection::Rendition(_) => Ok(0),
        }
    }

    /// The keys of every format that a URL can be answered in, with the version that its source has now.
    /// Those that an origin's view of one client is part of are not among them: purge their source.
    async fn selected_by(
        &self,
        url: &str,
        deadline: Instant,
    ) -> Result<Vec<(Selection, Tag)>, PurgeError> {
        // The operator was let in; a signature is not asked for, and an expired one does not matter.
        let signed = Keyring::unsigned().verify(url, 0)?;
        let request = self.rules.parse(&signed, request::dialect::Method::Get)?;
        let known = Known::new(request);
        let originals = known.originals.ok_or(PurgeError::NoSource)?;
        let Some(versions) = originals.last_known(&self.sources, deadline).await else {
            // Of a source that nobody knows nothing can be found either.
            return Ok(Vec::new());
        };
        let mut formats = vec![known.request.choose_format(None, &self.rules.auto_formats)];
        if known.request.auto {
            formats.extend(self.rules.auto_formats.iter().copied().map(Some));
        }
        let place = |format| {
            let variant = Variant {
                request: Arc::clone(&known.request),
                format,
                stopgap: None,
                negotiated: known.request.auto,
            };
            self.wish(&variant, &originals).place(&versions).key
        };
        let keys: BTreeSet<Key> = formats.into_iter().map(place).collect();
        let selection = |key| (Selection::Rendition(key), originals.source.tag);
        Ok(keys.into_iter().map(selection).collect())
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
