//! The original of a Lambda@Edge URL without a size: the source as it is. Only if it is a picture: the
//! URL is not signed, and a mount may hold other files too. What was found of a version is remembered: it
//! needs no guest again, and for who has it not even its bytes.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use answer::key;
use cache::Key;
use http::HeaderMap;
use quick_cache::sync::Cache;
use request::image_request::Source;

use super::{Pipeline, fetch};
use crate::error::Error;
use crate::pipeline::call::Call;
use crate::pipeline::respond::{self, Asked, Circumstances, Outcome};
use crate::pipeline::timing::Timing;
use crate::rendition::kept::Kept;
use crate::rendition::{Media, Rendition};
use crate::sandbox::convert;
use crate::server::Response;
use crate::sources::{Original, Version};
use crate::upload::UploadError;

/// Versions remembered: some hundred bytes each.
const VERDICTS_MAX: usize = 4096;

/// What was found of originals.
pub(crate) struct Verdicts(Cache<(Key, Version), Verdict>);

/// A picture, of this kind.
#[derive(Debug, Clone, Copy)]
struct Verdict {
    media: Media,
    size: (u32, u32),
    checksum: u64,
}

impl Default for Verdicts {
    fn default() -> Self {
        Self(Cache::new(VERDICTS_MAX))
    }
}

impl Pipeline {
    /// The source as it is.
    pub(super) async fn original(
        &self,
        source: &Source,
        call: &Call,
        now: SystemTime,
    ) -> Result<Response, Arc<Error>> {
        let deadline = call.arrived + self.request_timeout;
        let (mut timing, life) = (Timing::start(call.arrived), Some((now, None)));
        let about = Circumstances::unsigned(Outcome::Bypass, now);
        let asked = Asked {
            method: &call.method,
            headers: &call.headers,
        };
        let original = self.named(source, &call.headers)?;
        if let Some(version) = self.sources.known(&original, deadline).await
            && let Some(verdict) = self.verdicts.0.get(&(original.key, version))
        {
            timing.lap("lookup");
            let etag = key::etag_of_bytes(verdict.checksum);
            let about = Circumstances {
                outcome: Outcome::Unchanged,
                ..about
            };
            if let Some(mut response) = respond::unchanged(&etag, &about, asked, &timing) {
                self.manner.tell_life(life, response.headers_mut());
                return Ok(response);
            }
        }
        let kept = self.picture(&original, deadline).await?;
        timing.lap("fetch");
        Ok(self.respond((&kept, &about), (asked, &timing), life))
    }

    fn named(&self, source: &Source, client: &HeaderMap) -> Result<Arc<Original>, Error> {
        let original = Original::of_lambda_edge(source).ok_or(UploadError::Empty)?;
        Ok(Arc::new(original).seen_by(client, &self.sources.origins))
    }

    /// Fetch it, and look at its header where nobody has.
    async fn picture(&self, original: &Arc<Original>, deadline: Instant) -> Result<Kept, Error> {
        let _admitted = self.admission.admit()?;
        let obtained = fetch::version(&self.sources, original, deadline).await?;
        let wanted = (original, obtained);
        let (obtained, body) = fetch::fetch(&self.sources, wanted, deadline).await?;
        let seen = (original.key, obtained.version);
        let verdict = if let Some(verdict) = self.verdicts.0.get(&seen) {
            verdict
        } else {
            let info = self.sandbox.inspect(body.clone(), deadline).await?;
            let verdict = Verdict {
                media: Media::Picture(convert::format_named(info.format)),
                size: (info.width, info.height),
                checksum: cache::checksum(&body),
            };
            self.verdicts.0.insert(seen, verdict);
            verdict
        };
        let rendition = Rendition {
            body,
            media: verdict.media,
            width: verdict.size.0,
            height: verdict.size.1,
            checksum: verdict.checksum,
            made_at: SystemTime::now(),
        };
        Ok(Kept::new(rendition, original.tag, None))
    }
}
