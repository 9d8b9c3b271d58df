//! A source: from the files that the manifest mounts, or by outgoing HTTP under the rules of every host.
//! Names are resolved by the host that this runs in, so that only addresses that stand in a URL itself can
//! be checked here; which hosts may be reached at all is the manifest's to say.

mod answer;
mod mount;
mod outgoing;

use ::answer::origin::{
    FetchError, Guard, Hop, Leads, Standing, guard, is_whole, refused, retry_after,
};
use bytes::Bytes;
use http::HeaderMap;
use request::image_request::Source;

use self::answer::Answer;
use crate::settings::Settings;

/// http to https, apex to www, and one to where the picture really is.
const REDIRECTS_MAX: u32 = 3;

/// Who names a source, which says where it may lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// `url=`, or a URL as `image=`.
    Url,
    /// A Lambda@Edge URL, below the base that the operator named. What only the base allows is no source for
    /// anybody else.
    Base,
}

impl Reach {
    fn guard(self, settings: &Settings) -> Option<&Guard> {
        match self {
            Self::Url => settings.urls.as_ref(),
            Self::Base => settings.base.as_ref(),
        }
    }
}

/// Fetch what a URL names.
pub(crate) async fn source(
    settings: &Settings,
    (source, reach): (&Source, Reach),
    client: &HeaderMap,
) -> Result<Bytes, FetchError> {
    match source {
        Source::File(name) => {
            let mount = settings.mount.as_deref().ok_or(FetchError::Disabled)?;
            mount::read(mount, name, settings.source_bytes_max)
        }
        Source::Url(url) => {
            let guard = reach.guard(settings).ok_or(FetchError::Disabled)?;
            let first = Hop::first(guard::parse(url).ok_or(FetchError::InvalidUrl)?);
            let origin = first.name();
            let fetching = fetch((settings, guard), first, client);
            outgoing::in_time(fetching, settings.origin_timeout)
                .await
                .unwrap_or(Err(FetchError::TooSlow(origin)))
        }
        Source::Upload => Err(FetchError::Disabled),
    }
}

/// What of `client`'s headers the origin of a source sees.
pub(crate) fn told(
    settings: &Settings,
    (source, reach): (&Source, Reach),
    client: &HeaderMap,
) -> HeaderMap {
    let (Source::Url(url), Some(guard)) = (source, reach.guard(settings)) else {
        return HeaderMap::new();
    };
    match guard::parse(url).map(|url| guard.check(&url)) {
        Some(Ok(Standing::Listed)) => settings.forwarding.select(client),
        Some(Ok(Standing::Stranger) | Err(_)) | None => HeaderMap::new(),
    }
}

async fn fetch(
    (settings, guard): (&Settings, &Guard),
    first: Hop,
    client: &HeaderMap,
) -> Result<Bytes, FetchError> {
    let origin = first.name();
    let answer = follow((settings, guard), first, client).await?;
    answer.body(&origin, settings.source_bytes_max).await
}

async fn follow(
    (settings, guard): (&Settings, &Guard),
    first: Hop,
    client: &HeaderMap,
) -> Result<Answer, FetchError> {
    let origin = first.name();
    let mut hop = first;
    for _ in 0..=REDIRECTS_MAX {
        let standing = guard
            .check(&hop.url)
            .map_err(|refusal| refused(refusal, &origin, &hop))?;
        let headers = match standing {
            Standing::Listed if hop.credentials_kept() => settings.forwarding.select(client),
            Standing::Listed | Standing::Stranger => HeaderMap::new(),
        };
        let answer = outgoing::get(&hop.url, &headers, &origin).await?;
        hop = match hop.leads(answer.status, &answer.headers) {
            Leads::Here if is_whole(answer.status) => return Ok(answer),
            Leads::Here => {
                return Err(FetchError::OriginStatus {
                    origin,
                    status: answer.status,
                    retry_after: retry_after(&answer.headers),
                });
            }
            Leads::To(next) => next,
            Leads::Nowhere(target) => {
                return Err(FetchError::RedirectNotAllowed { origin, target });
            }
        };
    }
    Err(FetchError::TooManyRedirects {
        origin,
        redirects_max: REDIRECTS_MAX,
    })
}
