//! A row: what is sent, what has to come back, and why if that is not what imaginary answers.

use tests::signing::sign;
use tests::{Answer, Edge, KEY, Request, eyes, sample};

/// One row of the reference.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    method: &'static str,
    target: &'static str,
    body: Option<Body>,
    headers: &'static [(&'static str, &'static str)],
    signed: bool,
    answer: &'static [Check],
    differs: Option<&'static str>,
}

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Body {
    /// A sample picture.
    Sample(&'static str),
    /// These bytes.
    Bytes(&'static [u8]),
    /// A form: name and bytes of each part, all of them files.
    Form(&'static [(&'static str, &'static [u8])]),
}

/// What has to come back. A row without a status means 200.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    /// The status.
    Status(u16),
    /// The whole message of a JSON error, which carries the status too.
    Says(&'static str),
    /// How that message begins.
    Begins(&'static str),
    /// Width and height.
    Size(u32, u32),
    /// The media type, of the header and of the bytes.
    Type(&'static str),
    /// A header.
    Header(&'static str, &'static str),
    /// No such header.
    Without(&'static str),
    /// The whole body.
    Body(&'static str),
    /// JSON at a pointer.
    Json(&'static str, &'static str),
    /// The bytes that another target is answered with.
    As(&'static str),
    /// Not those.
    Unlike(&'static str),
}

use Check::{Begins, Says, Status};

/// GET.
pub(crate) const fn get(target: &'static str, answer: &'static [Check]) -> Row {
    Row {
        method: "GET",
        target,
        body: None,
        headers: &[],
        signed: true,
        answer,
        differs: None,
    }
}

/// POST.
pub(crate) const fn post(target: &'static str, body: Body, answer: &'static [Check]) -> Row {
    Row {
        method: "POST",
        body: Some(body),
        ..get(target, answer)
    }
}

impl Row {
    /// By another method.
    pub(crate) const fn by(self, method: &'static str) -> Self {
        Self { method, ..self }
    }

    /// With these headers.
    pub(crate) const fn with(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    /// As it is.
    pub(crate) const fn unsigned(self) -> Self {
        Self {
            signed: false,
            ..self
        }
    }

    /// darkroom differs on purpose: the number of the line in the reference, or why.
    pub(crate) const fn better(self, why: &'static str) -> Self {
        Self {
            differs: Some(why),
            ..self
        }
    }
}

/// `{origin}` in rows of this edge stands for this: escaped in targets, as it is in messages.
pub(crate) type Origin<'a> = Option<&'a str>;

/// Send every row; all that is wrong is said at once.
#[track_caller]
pub(crate) fn run(edge: &Edge, rows: &[Row]) {
    run_with(edge, rows, None);
}

/// The same, with an origin that rows speak of.
#[track_caller]
pub(crate) fn run_with(edge: &Edge, rows: &[Row], origin: Origin<'_>) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let wrong = row.wrong(edge, origin);
            let why = row.differs.unwrap_or("as imaginary");
            let (method, target) = (row.method, row.target);
            (!wrong.is_empty())
                .then(|| format!("{method} {target} ({why}):\n    {}", wrong.join("\n    ")))
        })
        .collect();
    let (count, all) = (wrong.len(), rows.len());
    assert!(wrong.is_empty(), "{count} of {all}:\n{}", wrong.join("\n"));
}

impl Row {
    fn send(&self, edge: &Edge, target: &str) -> Answer {
        let target = if self.signed {
            sign(KEY, target)
        } else {
            target.to_owned()
        };
        let request = match self.body {
            None => Request::new(self.method, target),
            Some(Body::Sample(name)) => Request::post(target, sample(name)),
            Some(Body::Bytes(bytes)) => Request::post(target, bytes),
            Some(Body::Form(parts)) => {
                let parts: Vec<_> = parts
                    .iter()
                    .map(|(name, bytes)| (*name, Some("a.jpg"), *bytes))
                    .collect();
                Request::form(target, &parts)
            }
        };
        let request = self
            .headers
            .iter()
            .fold(request, |request, (name, value)| request.with(name, value));
        edge.send(&request)
    }

    fn wrong(&self, edge: &Edge, origin: Origin<'_>) -> Vec<String> {
        let target = with_origin(self.target, origin, escaped);
        let answer = self.send(edge, &target);
        let has_status = self
            .answer
            .iter()
            .any(|check| matches!(check, Status(_) | Says(_) | Begins(_)));
        let implied = (!has_status).then_some(&Status(200));
        implied
            .into_iter()
            .chain(self.answer)
            .filter_map(|check| {
                let same = |target: &str| {
                    let escaped = with_origin(target, origin, escaped);
                    self.send(edge, &escaped).body
                };
                check.wrong(&answer, origin, same)
            })
            .collect()
    }
}

impl Check {
    fn wrong(
        &self,
        answer: &Answer,
        origin: Origin<'_>,
        other: impl Fn(&str) -> Vec<u8>,
    ) -> Option<String> {
        let differ = |got: String, wanted: String| {
            (got != wanted).then(|| format!("{got} in place of {wanted}"))
        };
        let text = || answer.text();
        match *self {
            Status(status) => {
                (answer.status != status).then(|| format!("{} {}", answer.status, text()))
            }
            Says(message) => {
                let said = message_of(answer);
                differ(said, with_origin(message, origin, str::to_owned))
            }
            Begins(message) => {
                let (said, begin) = (
                    message_of(answer),
                    with_origin(message, origin, str::to_owned),
                );
                (!said.starts_with(&begin)).then(|| format!("{said} does not begin {begin}"))
            }
            Self::Size(width, height) => {
                if eyes::media_type(&answer.body) == "none" {
                    return Some(format!("no picture: {}", text()));
                }
                let got = eyes::size(&answer.body);
                differ(format!("{got:?}"), format!("{:?}", (width, height)))
            }
            Self::Type(kind) => {
                let said = answer.header("content-type").unwrap_or("none").to_owned();
                let seen = eyes::media_type(&answer.body);
                differ(format!("{said}, {seen}"), format!("{kind}, {kind}"))
            }
            Self::Header(name, value) => {
                let got = answer.header(name).unwrap_or("none").to_owned();
                differ(format!("{name}: {got}"), format!("{name}: {value}"))
            }
            Self::Without(name) => answer
                .header(name)
                .map(|value| format!("{name}: {value} in place of none")),
            Self::Body(body) => differ(text(), body.to_owned()),
            Self::Json(pointer, value) => {
                let json: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
                let got = json.pointer(pointer).map(ToString::to_string);
                differ(got.unwrap_or_default(), value.to_owned())
            }
            Self::As(target) => {
                (answer.body != other(target)).then(|| format!("not the bytes of {target}"))
            }
            Self::Unlike(target) => {
                (answer.body == other(target)).then(|| format!("the bytes of {target}"))
            }
        }
    }
}

/// The message of a JSON error; the rest has to be as for every error.
fn message_of(answer: &Answer) -> String {
    let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let fields = (
        answer.header("content-type"),
        answer.header("cache-control"),
        json["status"].as_u64(),
    );
    let expected = (
        Some("application/json"),
        Some("no-store"),
        Some(u64::from(answer.status)),
    );
    if fields != expected {
        return format!("{fields:?} {}", answer.text());
    }
    json["message"].as_str().unwrap_or_default().to_owned()
}

fn escaped(url: &str) -> String {
    tests::signing::escape(url.as_bytes())
}

fn with_origin(text: &str, origin: Origin<'_>, written: impl Fn(&str) -> String) -> String {
    match origin {
        Some(origin) => text.replace("{origin}", &written(origin)),
        None => text.to_owned(),
    }
}
