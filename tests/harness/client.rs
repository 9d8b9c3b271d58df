//! One HTTP/1.1 exchange on one connection. In: a method, a target that is sent as it is, headers, a
//! body. Out: the whole answer, checked against its own framing. It never follows, retries or
//! normalises anything: the bytes that a test writes are the bytes that the server sees.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any deadline of the server, so that a hang fails the test instead of stopping it.
const PATIENCE: Duration = Duration::from_mins(2);

/// What is sent.
#[derive(Debug, Clone)]
pub struct Request {
    method: &'static str,
    target: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    /// A request without a body.
    pub fn new(method: &'static str, target: impl Into<String>) -> Self {
        Self {
            method,
            target: target.into(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// GET.
    pub fn get(target: impl Into<String>) -> Self {
        Self::new("GET", target)
    }

    /// POST of these bytes.
    pub fn post(target: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: Some(body.into()),
            ..Self::new("POST", target)
        }
    }

    /// PUT of these bytes.
    pub fn put(target: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: Some(body.into()),
            ..Self::new("PUT", target)
        }
    }

    /// POST of a form: name, file name and content of each part.
    pub fn form(target: impl Into<String>, parts: &[(&str, Option<&str>, &[u8])]) -> Self {
        const BOUNDARY: &str = "----darkroom-form";
        let mut body = Vec::new();
        for (name, file, content) in parts {
            let file = file
                .map(|file| format!("; filename=\"{file}\""))
                .unwrap_or_default();
            write!(
                body,
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
            )
            .unwrap();
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        write!(body, "--{BOUNDARY}--\r\n").unwrap();
        Self::post(target, body).with(
            "Content-Type",
            &format!("multipart/form-data; boundary={BOUNDARY}"),
        )
    }

    /// One more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn head(&self, host: SocketAddr) -> String {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nConnection: close\r\n",
            self.method, self.target
        );
        if !self.headers.iter().any(|(name, _)| name == "Host") {
            head.extend(["Host: ", &host.to_string(), "\r\n"]);
        }
        for (name, value) in &self.headers {
            head.extend([name.as_str(), ": ", value.as_str(), "\r\n"]);
        }
        if let Some(body) = &self.body {
            head.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
        }
        head + "\r\n"
    }

    /// Send, and leave the answer unread on the connection. Dropping it is a client that leaves.
    pub fn begin(&self, address: SocketAddr) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.write_all(self.head(address).as_bytes())?;
        if let Some(body) = &self.body {
            // A server that has seen enough answers and closes; what it said still counts.
            let _ = stream.write_all(body);
        }
        Ok(stream)
    }

    /// Send and read the whole answer.
    pub fn send(&self, address: SocketAddr) -> io::Result<Answer> {
        let mut bytes = Vec::new();
        self.begin(address)?.read_to_end(&mut bytes)?;
        Answer::parse(&bytes, self.method).ok_or_else(|| {
            io::Error::other(format!("{} {}: no whole answer", self.method, self.target))
        })
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Names in lower case, in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body, without its framing.
    pub body: Vec<u8>,
}

impl Answer {
    fn parse(bytes: &[u8], method: &str) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines
            .next()?
            .strip_prefix("HTTP/1.1 ")?
            .get(..3)?
            .parse()
            .ok()?;
        let headers = lines
            .map(|line| {
                line.split_once(':')
                    .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            })
            .collect::<Option<Vec<_>>>()?;
        let answer = Self {
            status,
            headers,
            body: Vec::new(),
        };
        let rest = &bytes[end + 4..];
        let body = if method == "HEAD" || status == 304 || status == 204 {
            rest.is_empty().then(Vec::new)?
        } else if answer.header("transfer-encoding") == Some("chunked") {
            unchunk(rest)?
        } else {
            let declared: usize = answer.header("content-length")?.parse().ok()?;
            (rest.len() == declared).then(|| rest.to_vec())?
        };
        Some(Self { body, ..answer })
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let name = name.to_ascii_lowercase();
        self.headers
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body as text, for messages.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body[..self.body.len().min(600)]).into_owned()
    }

    /// What the cache had to do with it, from `Cache-Status`.
    pub fn is_hit(&self) -> bool {
        let status = self
            .header("cache-status")
            .unwrap_or_else(|| panic!("no Cache-Status: {self:?}"));
        status.split(';').any(|part| part.trim() == "hit")
    }

    /// This is a picture; gives its bytes.
    #[track_caller]
    pub fn picture(&self) -> &[u8] {
        assert_eq!(self.status, 200, "{}", self.text());
        let kind = self.header("content-type").unwrap_or("none");
        assert!(kind.starts_with("image/"), "content type {kind}");
        &self.body
    }

    /// This is an error of this status, said as JSON and never to be cached; gives its message.
    #[track_caller]
    pub fn refused(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        let json = self.json();
        assert_eq!(json["status"], status, "{json}");
        json["message"]
            .as_str()
            .unwrap_or_else(|| panic!("no message: {json}"))
            .to_owned()
    }
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        rest = &rest[end + 2..];
        if length == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..length)?);
        rest = rest.get(length + 2..)?;
    }
}
