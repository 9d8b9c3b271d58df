//! A running server, asked through its admin listener.

use std::time::Duration;

use anyhow::{Context, anyhow};
use reqwest::{Client, Method, Url};
use serde_json::Value;

use super::{What, Where};
use crate::commands::Failure;

/// A purge waits for the scan at start, and a check reads the whole cache: an hour reads a terabyte.
const ANSWER_TIMEOUT: Duration = Duration::from_hours(1);
/// The listener is on this machine, or near.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Where the server is, and what it asks for.
pub(super) struct Server {
    admin: Url,
    token: Option<String>,
}

impl Server {
    /// The server that is meant; `None` where a directory is.
    pub(super) fn of(place: &Where) -> Result<Option<Self>, Failure> {
        let Some(admin) = &place.admin else {
            return Ok(None);
        };
        let admin: Url = admin
            .parse()
            .map_err(|error| Failure::usage(anyhow!("--admin {admin}: {error}")))?;
        if admin.scheme() != "http" {
            return Err(Failure::usage(anyhow!(
                "--admin {admin}: the admin listener speaks plain http://"
            )));
        }
        let token = match (&place.admin_token, &place.admin_token_file) {
            (Some(token), _) => Some(token.reveal().to_owned()),
            (None, Some(path)) => Some(
                std::fs::read_to_string(path)
                    .map_err(|error| {
                        Failure::usage(anyhow!("--admin-token-file {}: {error}", path.display()))
                    })?
                    .trim()
                    .to_owned(),
            ),
            (None, None) => None,
        };
        Ok(Some(Self { admin, token }))
    }

    pub(super) fn stats(&self) -> Result<Value, Failure> {
        self.ask(Method::GET, "/cache", &[])
    }

    pub(super) fn purge(&self, what: &What) -> Result<Value, Failure> {
        let pair = match (&what.source, &what.url) {
            (Some(source), _) => ("source", source.as_str()),
            (None, Some(url)) => ("url", url.as_str()),
            (None, None) => ("all", "true"),
        };
        self.ask(Method::DELETE, "/cache", &[pair])
    }

    pub(super) fn verify(&self) -> Result<Value, Failure> {
        self.ask(Method::POST, "/cache/verify", &[])
    }

    fn ask(&self, method: Method, path: &str, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let mut url = self.admin.clone();
        url.set_path(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (status, text) = runtime.block_on(self.exchange(method, url.clone()))?;
        let answer: Value = serde_json::from_str(&text)
            .with_context(|| format!("{url} is no admin listener: it said {status}"))?;
        if !status.is_success() {
            let message = answer["message"].as_str().unwrap_or("no reason given");
            return Err(anyhow!("{url}: {status}: {message}").into());
        }
        Ok(answer)
    }

    async fn exchange(
        &self,
        method: Method,
        url: Url,
    ) -> Result<(http::StatusCode, String), Failure> {
        // Nothing here is encrypted; the client wants to know all the same who would do it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ANSWER_TIMEOUT)
            .build()?;
        let mut request = client.request(method, url.clone());
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = request
            .send()
            .await
            .with_context(|| format!("{url} does not answer"))?;
        let status = answer.status();
        Ok((status, answer.text().await?))
    }
}
