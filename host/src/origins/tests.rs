//! Fetching for real: sockets on loopback, origins that answer as a test says, and names that lead
//! where a test says. Nothing here sleeps; what is slow never answers at all.

mod fake_origin;
mod fake_names;
mod bodies;
mod failures;
mod redirects;
mod guarded;
mod forwarded;
mod mounted;

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::HeaderMap;

use super::{FetchError, Fetched, Origins, OriginsConfig, SourceRef};
use fake_names::Names;

/// Long enough for a loaded machine. Only a failing test waits for it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Origins that may connect to 127.0.0.1 and to nothing else that is not public.
fn configured(names: &Arc<Names>, change: impl FnOnce(&mut OriginsConfig)) -> Origins {
    let mut config = OriginsConfig {
        url_enabled: true,
        allowed_networks: vec!["127.0.0.1".parse().unwrap()],
        connect_timeout: PATIENCE,
        read_timeout: PATIENCE,
        total_timeout: PATIENCE,
        ..OriginsConfig::default()
    };
    change(&mut config);
    Origins::with_resolver(&config, names.clone()).unwrap()
}

fn open_origins() -> Origins {
    configured(&Names::none(), |_| ())
}

async fn fetch(origins: &Origins, url: &str) -> Result<Fetched, FetchError> {
    origins
        .fetch(
            SourceRef::Url(url),
            &HeaderMap::new(),
            Instant::now() + PATIENCE,
        )
        .await
}

/// What a client hears of an error.
fn told(fetched: Result<Fetched, FetchError>) -> (u16, String) {
    let error = fetched.unwrap_err();
    (error.status().as_u16(), error.public_message())
}
