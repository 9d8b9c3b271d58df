//! A source by name: which one it is for this client, and one tag for all that is made from it.

use std::sync::Arc;

use answer::key;
pub(crate) use answer::key::Version;
use cache::{Key, Tag};
use http::HeaderMap;
use request::image_request::Source;
use sha2::{Digest, Sha256};

use crate::origins::{Origins, SourceRef};

/// W3C Trace Context.
const TRACE: [&str; 2] = ["traceparent", "tracestate"];

/// A named source, as one client may see it.
#[derive(Debug, Clone)]
pub(crate) struct Original {
    place: Place,
    /// What the origin is told about the client.
    pub(super) client: HeaderMap,
    /// Of this source for this client.
    pub(crate) key: Key,
    /// Of this source: everything that was made from it has the same.
    pub(crate) tag: Tag,
}

/// Where a source is.
#[derive(Debug, Clone)]
enum Place {
    File(String),
    Url(String),
    Base(String),
}

impl Original {
    /// The source behind a name; `None` for an upload, which has none.
    pub(crate) fn new(source: &Source) -> Option<Self> {
        let place = match source {
            Source::File(name) => Place::File(name.clone()),
            Source::Url(url) => Place::Url(url.clone()),
            Source::Upload => return None,
        };
        let name = source.canonical_bytes();
        Some(Self {
            place,
            client: HeaderMap::new(),
            key: Key(key::of_source(&name)),
            tag: tag_of(source),
        })
    }

    /// The same of a Lambda@Edge URL. It may lead where `url=` may not, so what is kept of the one is nothing
    /// to the other.
    pub(crate) fn of_lambda_edge(source: &Source) -> Option<Self> {
        let original = Self::new(source)?;
        let Place::Url(url) = original.place else {
            return Some(original);
        };
        Some(Self {
            place: Place::Base(url),
            key: Key(key::of_base(&source.canonical_bytes())),
            ..original
        })
    }

    /// The same for this client. Of its headers those count that the origin gets to see: its answer may
    /// depend on them. Mostly there are none.
    pub(crate) fn seen_by(self: &Arc<Self>, client: &HeaderMap, origins: &Origins) -> Arc<Self> {
        let mut told = origins.forwarded(self.named(), client);
        let key = Key(key::seen_by(self.key.0, &told));
        // The place in a trace is told too; no answer depends on it. A file has nobody to be told.
        for name in TRACE {
            for value in client.get_all(name) {
                if !matches!(self.place, Place::File(_)) {
                    told.append(name, value.clone());
                }
            }
        }
        if told.is_empty() {
            return Arc::clone(self);
        }
        Arc::new(Self {
            place: self.place.clone(),
            client: told,
            key,
            tag: self.tag,
        })
    }

    /// Where it is.
    pub(super) fn named(&self) -> SourceRef<'_> {
        match &self.place {
            Place::File(name) => SourceRef::File(name),
            Place::Url(url) => SourceRef::Url(url),
            Place::Base(url) => SourceRef::Base(url),
        }
    }
}

/// The tag of everything that is made from a source: the first bytes of a digest, the same however a file's
/// name is written.
pub(crate) fn tag_of(source: &Source) -> Tag {
    let digest = match source {
        Source::File(name) => Sha256::digest(Source::File(plain(name)).canonical_bytes()),
        Source::Url(_) | Source::Upload => Sha256::digest(source.canonical_bytes()),
    };
    Tag(digest
        .iter()
        .take(8)
        .fold(0, |tag, byte| tag << 8 | u64::from(*byte)))
}

/// A name without `.`, `..` and empty parts.
fn plain(name: &str) -> String {
    let mut parts = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_original_has_one_tag() {
        let file = |name: &str| tag_of(&Source::File(name.to_owned()));
        for same in ["./a/b.jpg", "/a/b.jpg", "a//b.jpg", "a/c/../b.jpg"] {
            assert_eq!(file(same), file("a/b.jpg"), "{same}");
        }
        assert_ne!(file("a/b.jpg"), file("b.jpg"));
        assert_ne!(file("a.jpg"), tag_of(&Source::Url("a.jpg".into())));
    }

    #[test]
    fn what_the_base_allows_is_no_url() {
        let url = Source::Url("https://bucket.test/a.jpg".into());
        let (url, base) = (Original::new(&url), Original::of_lambda_edge(&url));
        let (url, base) = (url.unwrap(), base.unwrap());
        assert_ne!(url.key, base.key);
        assert_eq!(url.tag, base.tag, "one purge is for both");
        assert_eq!(base.named(), SourceRef::Base("https://bucket.test/a.jpg"));
        let file = Source::File("a.jpg".into());
        let [one, other] = [Original::new(&file), Original::of_lambda_edge(&file)];
        assert_eq!(one.unwrap().key, other.unwrap().key);
    }
}
