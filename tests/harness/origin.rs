//! A fake origin: a closure that is asked for every request and says what goes back. It can be slow,
//! lie about lengths, break off, or never end. It counts what it was asked.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What an origin was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// Path and query, as sent.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Asked {
    /// The first header of this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = self.headers.iter().find(|(other, _)| other == name);
        named.map(|(_, value)| value.as_str())
    }
}

/// What goes back.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A whole answer.
    Whole {
        /// Its status.
        status: u16,
        /// Its headers; the length is added.
        headers: Vec<(String, String)>,
        /// Its body.
        body: Vec<u8>,
    },
    /// 200 with a length that is promised, and then only this body.
    BrokenOff {
        /// The length promised.
        promised: usize,
        /// What really comes.
        body: Vec<u8>,
    },
    /// 200, this body's beginning, and then zeros until the other side has had enough.
    Endless(Vec<u8>),
    /// Not a byte until the other side leaves.
    Silent,
    /// The connection is closed without a word.
    Closed,
}

impl Reply {
    /// 200 with these bytes.
    pub fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::Whole {
            status: 200,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// Only a status.
    pub fn status(status: u16) -> Self {
        Self::Whole {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// With one more header; only a whole answer has any.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Whole { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// 302 to there.
    pub fn redirect(location: impl Into<String>) -> Self {
        Self::Whole {
            status: 302,
            headers: vec![("Location".into(), location.into())],
            body: Vec::new(),
        }
    }
}

/// A running origin on loopback; it stops when it is dropped.
#[derive(Debug)]
pub struct Origin {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    sent_bytes: Arc<AtomicU64>,
    closing: Arc<AtomicBool>,
}

impl Origin {
    /// An origin that answers by this closure.
    pub fn new(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        Self::at("127.0.0.1:0", answer).unwrap()
    }

    /// The same at this address, unless somebody else is there.
    pub fn at(
        address: impl ToSocketAddrs,
        answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let origin = Self {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
            sent_bytes: Arc::default(),
            closing: Arc::default(),
        };
        let answer = Arc::new(answer);
        let (asked, sent) = (Arc::clone(&origin.asked), Arc::clone(&origin.sent_bytes));
        let closing = Arc::clone(&origin.closing);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if closing.load(Ordering::Relaxed) {
                    break;
                }
                let (answer, asked, sent) =
                    (Arc::clone(&answer), Arc::clone(&asked), Arc::clone(&sent));
                std::thread::spawn(move || {
                    let Some(request) = read(&stream) else { return };
                    asked
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(request.clone());
                    // The other side may leave at any time; that is what some tests are about.
                    let _ = write(stream, answer(&request), &sent);
                });
            }
        });
        Ok(origin)
    }

    /// An origin that has one picture, whatever it is asked.
    pub fn of(body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self::new(move |_| Reply::ok(body.clone()))
    }

    /// `http://127.0.0.1:PORT` and this path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Body bytes that went out so far.
    pub fn sent_bytes(&self) -> u64 {
        self.sent_bytes.load(Ordering::Relaxed)
    }
}

impl Drop for Origin {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        // Wakes the accepting thread, which then sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next()?;
    let mut words = first.split(' ').map(str::to_owned);
    let headers = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            line.split_once(':')
                .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        })
        .collect();
    Some(Asked {
        method: words.next()?,
        target: words.next()?,
        headers,
    })
}

fn write(mut stream: TcpStream, reply: Reply, sent: &AtomicU64) -> io::Result<()> {
    match reply {
        Reply::Whole {
            status,
            headers,
            body,
        } => {
            let headers: String = headers
                .iter()
                .flat_map(|(name, value)| [name, ": ", value, "\r\n"])
                .collect();
            write!(
                stream,
                "HTTP/1.1 {status} Said\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
                body.len()
            )?;
            sent.fetch_add(body.len() as u64, Ordering::Relaxed);
            stream.write_all(&body)
        }
        Reply::BrokenOff { promised, body } => {
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Length: {promised}\r\n\r\n"
            )?;
            stream.write_all(&body)
        }
        Reply::Endless(beginning) => {
            write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            stream.write_all(&beginning)?;
            loop {
                stream.write_all(&[0; 8192])?;
                sent.fetch_add(8192, Ordering::Relaxed);
            }
        }
        Reply::Silent => io::copy(&mut stream, &mut io::sink()).map(drop),
        Reply::Closed => Ok(()),
    }
}
