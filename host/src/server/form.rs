//! `/form`: a page to try everything on. Nothing of it is there unless `--form` was given. With
//! `--form-development` it also lists the mount, shows sources as they are, and signs what it is asked
//! to sign: for whoever works on this machine, and for nobody else.

mod development;
mod samples;
mod table;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use sha2::{Digest as _, Sha256};

use self::development::Development;
pub(crate) use self::development::Lifetime;
pub(crate) use self::table::Facts;
use super::Response;
use crate::pipeline::Pipeline;

const PAGE: &str = include_str!("form/page/page.html");
const STYLE: &str = include_str!("form/page/page.css");
/// In the order in which they need one another.
const SCRIPT: &str = concat!(
    include_str!("form/page/state.js"),
    include_str!("form/page/controls.js"),
    include_str!("form/page/sources.js"),
    include_str!("form/page/signing.js"),
    include_str!("form/page/result.js"),
    include_str!("form/page/main.js"),
);

/// The page as it is sent, and what it may ask of the server beside pictures.
pub(crate) struct Form {
    page: Bytes,
    policy: HeaderValue,
    development: Option<Development>,
}

impl Form {
    /// Put the page together.
    pub(crate) fn new(facts: &Facts, development: Option<Lifetime>) -> Self {
        let page = PAGE
            .replace("/*{style}*/", STYLE)
            .replace("/*{table}*/", &table::json(facts))
            .replace("/*{script}*/", SCRIPT);
        Self {
            page: Bytes::from(page),
            policy: policy(),
            development: development.map(|lifetime| Development {
                mount: facts.mount.clone(),
                lifetime,
            }),
        }
    }

    /// Whether `path`, which has no path prefix any more, is the page's.
    pub(crate) fn owns(&self, path: &str) -> bool {
        match path.strip_prefix("/form") {
            Some("" | "/") => true,
            Some(below) => self.development.is_some() && Development::owns(below),
            None => false,
        }
    }

    /// Answer what is at a path that the page owns.
    pub(crate) async fn answer(
        &self,
        pipeline: &Pipeline,
        path: &str,
        request: Request<Incoming>,
    ) -> Response {
        match (path.strip_prefix("/form"), &self.development) {
            (Some(below), Some(development)) if Development::owns(below) => {
                development.answer(pipeline, below, request).await
            }
            _ => self.page(request.method()),
        }
    }

    fn page(&self, method: &Method) -> Response {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return refusal(
                StatusCode::METHOD_NOT_ALLOWED,
                "HTTP method not allowed. Try GET or HEAD",
            );
        }
        let mut response = answer(self.page.clone(), "text/html; charset=utf-8");
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, self.policy.clone());
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        response
    }
}

/// Only what is in the page runs and looks, by its digest; it reaches this server and nothing else, and
/// no other page may hold it in a frame.
fn policy() -> HeaderValue {
    let digest = |text: &str| STANDARD.encode(Sha256::digest(text));
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src 'self' blob: data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'",
        digest(SCRIPT),
        digest(STYLE)
    );
    HeaderValue::from_str(&policy).expect("a policy is printable ASCII")
}

/// A success that nobody keeps or reads anything else into.
fn answer(body: Bytes, content_type: &'static str) -> Response {
    let mut response = Response::new(Full::new(body));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// A failure in the shape of all others.
fn refusal(status: StatusCode, message: &str) -> Response {
    let body = request::error::body(message, status.as_u16());
    let mut response = answer(Bytes::from(body), "application/json");
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(development: Option<Lifetime>) -> String {
        let facts = Facts {
            signed: true,
            development: development.is_some(),
            mount: Some("/pictures".into()),
            url_source: false,
            disabled: Vec::new(),
        };
        let form = Form::new(&facts, development);
        String::from_utf8(form.page.to_vec()).unwrap()
    }

    #[test]
    fn the_page_is_whole_and_asks_nobody_else() {
        let page = page(None);
        assert!(!page.contains("/*{"), "a marker was left");
        for outside in [
            "http://",
            "https://",
            "@import",
            "<link rel=\"stylesheet",
            "src=\"/",
        ] {
            let found = page.replace("http://localhost", "").contains(outside);
            assert!(!found, "{outside} in the page");
        }
        assert!(!page.contains(" style=\"") && !page.contains(" onclick="));
        assert!(
            !page.contains("/pictures"),
            "the mount's place is nobody's business"
        );
    }

    #[test]
    fn what_the_policy_lets_run_is_what_stands_in_the_page() {
        let page = page(Some(Lifetime::Unlimited));
        let policy = policy();
        let policy = policy.to_str().unwrap();
        for (begin, end) in [
            ("<style>", "</style>"),
            ("<script type=\"module\">", "</script>"),
        ] {
            let text = page.split_once(begin).unwrap().1.split_once(end).unwrap().0;
            let digest = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
            assert!(policy.contains(&digest), "{begin}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}
