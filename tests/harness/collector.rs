//! A collector of traces: takes OTLP over HTTP, reads the protobuf, and keeps the spans. It can be told to
//! refuse, and can come to an address where nobody was.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1 as otlp;
use prost::Message as _;

use crate::{PATIENCE, PAUSE};

/// One span, with ids in hexadecimal.
#[derive(Debug, Clone)]
pub struct Span {
    /// Of its trace.
    pub trace: String,
    /// Its own.
    pub id: String,
    /// Of the span above; empty where there is none.
    pub parent: String,
    /// What it is called.
    pub name: String,
    /// The others it points to: trace and span.
    pub links: Vec<(String, String)>,
    /// Everything else.
    pub rest: otlp::Span,
    /// Of who has sent it.
    pub resource: Vec<KeyValue>,
}

/// A running collector on loopback; it stops when it is dropped.
#[derive(Debug)]
pub struct Collector {
    address: SocketAddr,
    spans: Arc<Mutex<Vec<Span>>>,
    heads: Arc<Mutex<Vec<String>>>,
    status: Arc<AtomicU16>,
    closing: Arc<AtomicBool>,
}

impl Collector {
    /// On a free port.
    pub fn start() -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    /// On this listener.
    pub fn on(listener: TcpListener) -> Self {
        let collector = Self {
            address: listener.local_addr().unwrap(),
            spans: Arc::default(),
            heads: Arc::default(),
            status: Arc::new(AtomicU16::new(200)),
            closing: Arc::default(),
        };
        let (spans, heads) = (Arc::clone(&collector.spans), Arc::clone(&collector.heads));
        let (status, closing) = (
            Arc::clone(&collector.status),
            Arc::clone(&collector.closing),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if closing.load(Ordering::Relaxed) {
                    break;
                }
                let status = status.load(Ordering::Relaxed);
                // Who exports may leave at any time.
                let Ok((head, body)) = read(&stream) else {
                    continue;
                };
                heads
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(head);
                if status == 200 {
                    let asked = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
                    spans
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .extend(flatten(asked));
                }
                let _ = answer(stream, status);
            }
        });
        collector
    }

    /// What it answers from now on; what it answers with an error it does not keep.
    pub fn answer(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The heads of the requests that it got, in order.
    pub fn heads(&self) -> Vec<String> {
        self.heads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// All spans so far.
    pub fn spans(&self) -> Vec<Span> {
        self.spans
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The spans of one trace, when this is true of them. They come some time after the answer.
    #[track_caller]
    pub fn wait(&self, trace: &str, seen: impl Fn(&[Span]) -> bool) -> Vec<Span> {
        let begun = Instant::now();
        loop {
            let mut spans = self.spans();
            spans.retain(|span| span.trace == trace);
            if seen(&spans) {
                return spans;
            }
            assert!(begun.elapsed() < PATIENCE, "never seen: {spans:#?}");
            std::thread::sleep(PAUSE);
        }
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        // Wakes the accepting thread, which then sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

impl Span {
    /// An attribute, as text.
    pub fn attribute(&self, name: &str) -> Option<String> {
        find(&self.rest.attributes, name)
    }

    /// An attribute of who has sent it, as text.
    pub fn of_resource(&self, name: &str) -> Option<String> {
        find(&self.resource, name)
    }

    /// Whether it lies within `other`.
    pub fn is_within(&self, other: &Self) -> bool {
        other.rest.start_time_unix_nano <= self.rest.start_time_unix_nano
            && self.rest.start_time_unix_nano <= self.rest.end_time_unix_nano
            && self.rest.end_time_unix_nano <= other.rest.end_time_unix_nano
    }
}

fn find(attributes: &[KeyValue], name: &str) -> Option<String> {
    let found = attributes.iter().find(|entry| entry.key == name)?;
    match found.value.as_ref()? {
        AnyValue {
            value: Some(Value::StringValue(text)),
        } => Some(text.clone()),
        AnyValue {
            value: Some(Value::IntValue(number)),
        } => Some(number.to_string()),
        _ => None,
    }
}

fn flatten(asked: ExportTraceServiceRequest) -> Vec<Span> {
    let mut all = Vec::new();
    for of_resource in asked.resource_spans {
        let resource = of_resource.resource.unwrap_or_default().attributes;
        for rest in of_resource.scope_spans.into_iter().flat_map(|of| of.spans) {
            let links = rest.links.iter();
            all.push(Span {
                trace: hex(&rest.trace_id),
                id: hex(&rest.span_id),
                parent: hex(&rest.parent_span_id),
                name: rest.name.clone(),
                links: links
                    .map(|link| (hex(&link.trace_id), hex(&link.span_id)))
                    .collect(),
                rest,
                resource: resource.clone(),
            });
        }
    }
    all
}

fn hex(id: &[u8]) -> String {
    id.iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn read(stream: &TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    let lower = head.to_ascii_lowercase();
    let length = lower
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.unwrap_or("0").trim().parse().unwrap()];
    reader.read_exact(&mut body)?;
    Ok((head, body))
}

fn answer(mut stream: TcpStream, status: u16) -> std::io::Result<()> {
    let body = ExportTraceServiceResponse::default().encode_to_vec();
    write!(
        stream,
        "HTTP/1.1 {status} Said\r\nConnection: close\r\nContent-Type: application/x-protobuf\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}
