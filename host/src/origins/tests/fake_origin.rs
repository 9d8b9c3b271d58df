//! An HTTP origin on loopback that says exactly the bytes a test gives it, right or wrong.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::PATIENCE;

/// What is done with a connection once a request has come.
pub(super) enum Reply {
    /// Say this and hang up.
    Close(Vec<u8>),
    /// Say this and wait for the next request.
    KeepAlive(Vec<u8>),
    /// Say this and then nothing more, until the client hangs up.
    Silence(Vec<u8>),
    /// Say this and then the second part again and again, until the client hangs up.
    Endless(Vec<u8>, Vec<u8>),
}

/// A `200` with the right length.
pub(super) fn picture(body: &str) -> Reply {
    Reply::Close(
        format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes(),
    )
}

/// An answer without a body.
pub(super) fn status(line: &str) -> Reply {
    Reply::Close(format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n").into_bytes())
}

/// A `302` to there.
pub(super) fn redirect(location: &str) -> Reply {
    status(&format!("302 Found\r\nLocation: {location}"))
}

pub(super) struct FakeOrigin {
    pub(super) port: u16,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    heads: Mutex<Vec<String>>,
    connections: Mutex<usize>,
    asked: Notify,
    hung_up: Notify,
}

impl FakeOrigin {
    /// Listen on a free port; `answer` gets the head of each request.
    pub(super) async fn start(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Seen::default());
        let (answer, noting) = (Arc::new(answer), seen.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *noting.connections.lock().unwrap() += 1;
                let (answer, noting) = (answer.clone(), noting.clone());
                tokio::spawn(async move { serve(stream, &*answer, &noting).await });
            }
        });
        Self { port, seen }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The heads of all requests so far, lower-cased.
    pub(super) fn heads(&self) -> Vec<String> {
        self.seen.heads.lock().unwrap().clone()
    }

    pub(super) fn connections(&self) -> usize {
        *self.seen.connections.lock().unwrap()
    }

    /// Wait until a request has come.
    pub(super) async fn asked(&self) {
        timeout(PATIENCE, self.seen.asked.notified())
            .await
            .expect("the client asks");
    }

    /// Wait until a client has hung up on a reply that would have gone on.
    pub(super) async fn hung_up(&self) {
        timeout(PATIENCE, self.seen.hung_up.notified())
            .await
            .expect("the client hangs up");
    }
}

async fn serve(mut stream: TcpStream, answer: &(impl Fn(&str) -> Reply + ?Sized), seen: &Seen) {
    while let Some(head) = read_head(&mut stream).await {
        let reply = answer(&head);
        seen.heads.lock().unwrap().push(head.to_lowercase());
        seen.asked.notify_one();
        match reply {
            Reply::Close(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Reply::KeepAlive(bytes) => stream.write_all(&bytes).await.unwrap(),
            Reply::Silence(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                while stream.read(&mut [0]).await.is_ok_and(|read| read > 0) {}
                return seen.hung_up.notify_one();
            }
            Reply::Endless(bytes, again) => {
                stream.write_all(&bytes).await.unwrap();
                while stream.write_all(&again).await.is_ok() {}
                return seen.hung_up.notify_one();
            }
        }
    }
}

async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}
