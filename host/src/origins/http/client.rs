//! The one HTTP client: HTTP/1.1, TLS by rustls, its own resolver. It follows no redirect, uses no
//! proxy, retries nothing and decompresses nothing, since each of these would escape a check.

use std::sync::Arc;

use answer::origin::{ACCEPT, ACCEPT_ENCODING};
use http::header::{self, HeaderMap};
use reqwest::{Client, ClientBuilder, redirect, retry};

use crate::origins::config::{ConfigError, OriginsConfig};
use crate::origins::resolve::GuardedResolver;

pub(super) fn build(
    config: &OriginsConfig,
    resolver: Arc<GuardedResolver>,
) -> Result<Client, ConfigError> {
    // It fails only where a provider is installed already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let built = settings(config, resolver.clone()).build();
    let client = built.or_else(|error| {
        // A container without root certificates can still fetch over plain HTTP.
        let client = settings(config, resolver).tls_certs_only([]).build()?;
        tracing::warn!(%error, "no root certificates, so no origin can be reached over https");
        Ok::<_, reqwest::Error>(client)
    })?;
    Ok(client)
}

fn settings(config: &OriginsConfig, resolver: Arc<GuardedResolver>) -> ClientBuilder {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, ACCEPT);
    headers.insert(header::ACCEPT_ENCODING, ACCEPT_ENCODING);
    Client::builder()
        .dns_resolver(resolver)
        .no_proxy()
        .redirect(redirect::Policy::none())
        .referer(false)
        .retry(retry::never())
        .http1_only()
        .user_agent(&config.user_agent)
        .default_headers(headers)
        .connect_timeout(config.connect_timeout)
        .read_timeout(config.read_timeout)
        .pool_max_idle_per_host(config.idle_connections_max)
        .pool_idle_timeout(config.idle_timeout)
}
