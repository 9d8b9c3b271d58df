//! A name server of a test's own, over UDP and TCP: a closure that is asked for a name, and how often it was
//! asked for before, says the addresses. It counts what it was asked, and sends long answers by TCP alone.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

const A: u16 = 1;
const AAAA: u16 = 28;
/// Header, before the question.
const HEADER_BYTES: usize = 12;
/// What fits into a packet.
const PACKET_BYTES_MAX: usize = 512;

type Answers = dyn Fn(&str, usize) -> Vec<IpAddr> + Send + Sync;
type Asked = Arc<Mutex<HashMap<(String, u16), usize>>>;

/// A running name server on loopback; it stops when it is dropped.
pub struct NameServer {
    address: SocketAddr,
    asked: Asked,
    closing: Arc<AtomicBool>,
}

impl NameServer {
    /// One that answers by this closure; no addresses are no such name.
    pub fn new(answers: impl Fn(&str, usize) -> Vec<IpAddr> + Send + Sync + 'static) -> Self {
        let (udp, tcp) = both_sockets();
        let server = Self {
            address: udp.local_addr().unwrap(),
            asked: Asked::default(),
            closing: Arc::default(),
        };
        let answers: Arc<Answers> = Arc::new(answers);
        let (known, asked) = (Arc::clone(&answers), Arc::clone(&server.asked));
        let closing = Arc::clone(&server.closing);
        std::thread::spawn(move || {
            let mut packet = [0; PACKET_BYTES_MAX];
            while let Ok((length, from)) = udp.recv_from(&mut packet) {
                if closing.load(Ordering::Relaxed) {
                    break;
                }
                let answer = answer(&packet[..length], (&*known, &asked));
                let _ = udp.send_to(&cut(answer), from);
            }
        });
        let (asked, closing) = (Arc::clone(&server.asked), Arc::clone(&server.closing));
        std::thread::spawn(move || {
            for mut stream in tcp.incoming().map_while(Result::ok) {
                if closing.load(Ordering::Relaxed) {
                    break;
                }
                let mut length = [0; 2];
                if stream.read_exact(&mut length).is_err() {
                    continue;
                }
                let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
                let _ = stream.read_exact(&mut question);
                let answer = answer(&question, (&*answers, &asked));
                let _ = stream.write_all(&(answer.len() as u16).to_be_bytes());
                let _ = stream.write_all(&answer);
            }
        });
        server
    }

    /// One that knows these names, the same each time.
    pub fn of(known: &[(&str, &str)]) -> Self {
        let known: HashMap<String, IpAddr> = known
            .iter()
            .map(|(name, address)| ((*name).to_owned(), address.parse().unwrap()))
            .collect();
        Self::new(move |name, _| known.get(name).copied().into_iter().collect())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often it was asked for the IPv4 addresses of a name.
    pub fn asked_for(&self, name: &str) -> usize {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.get(&(name.to_owned(), A)).copied().unwrap_or(0)
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        // Wakes both threads, which then see that it is over.
        if let Ok(socket) = UdpSocket::bind("127.0.0.1:0") {
            let _ = socket.send_to(&[], self.address);
        }
        let _ = TcpStream::connect(self.address);
    }
}

/// UDP and TCP at one port.
fn both_sockets() -> (UdpSocket, TcpListener) {
    loop {
        let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
        // Taken by somebody else for UDP: another port.
        if let Ok(udp) = UdpSocket::bind(tcp.local_addr().unwrap()) {
            return (udp, tcp);
        }
    }
}

/// Only the question, and the bit that says there is more, where an answer is too long for a packet.
fn cut(mut answer: Vec<u8>) -> Vec<u8> {
    if answer.len() > PACKET_BYTES_MAX {
        answer.truncate(question_end(&answer));
        answer[2] |= 0x02;
        answer[6..8].fill(0);
    }
    answer
}

fn question_end(message: &[u8]) -> usize {
    let name = message[HEADER_BYTES..].iter().position(|byte| *byte == 0);
    HEADER_BYTES + name.unwrap() + 5
}

/// The answer to the one question of a message.
fn answer(message: &[u8], (answers, asked): (&Answers, &Asked)) -> Vec<u8> {
    let end = question_end(message);
    let kind = u16::from_be_bytes([message[end - 4], message[end - 3]]);
    let name = name(&message[HEADER_BYTES..end - 4]);
    let before = {
        let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
        let count = asked.entry((name.clone(), kind)).or_default();
        *count += 1;
        *count - 1
    };
    let all = answers(&name, before);
    let found: Vec<Vec<u8>> = all
        .iter()
        .filter_map(|address| match (address, kind) {
            (IpAddr::V4(address), A) => Some(address.octets().to_vec()),
            (IpAddr::V6(address), AAAA) => Some(address.octets().to_vec()),
            _ => None,
        })
        .collect();
    // The number, "an answer, recursion available", no such name where there is none.
    let code = if all.is_empty() { 0x83 } else { 0x80 };
    let mut reply = vec![message[0], message[1], 0x81, code];
    for count in [1, found.len() as u16, 0, 0] {
        reply.extend(count.to_be_bytes());
    }
    reply.extend(&message[HEADER_BYTES..end]);
    for address in found {
        // The name of the question, of class IN, for no time at all.
        reply.extend([0xC0, HEADER_BYTES as u8]);
        reply.extend(kind.to_be_bytes());
        reply.extend([0, 1, 0, 0, 0, 0, 0, address.len() as u8]);
        reply.extend(address);
    }
    reply
}

fn name(mut labels: &[u8]) -> String {
    let mut name = Vec::new();
    while let [length, rest @ ..] = labels
        && *length > 0
    {
        let (label, others) = rest.split_at(usize::from(*length));
        name.push(String::from_utf8_lossy(label).to_ascii_lowercase());
        labels = others;
    }
    name.join(".")
}
