//! One name server that is asked for every name, where an operator names it: a stub resolver (RFC 1035). A
//! name goes in, its addresses come out, those of IPv4 first. No hosts file, no search list, and nothing is
//! remembered: the server does that. What may be connected to is not decided here.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use rustls::crypto::ring;
use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, RCODE, TYPE};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::resolve::{Addresses, NameResolver};

/// Without an answer for so long, the question is sent again. Connecting has a limit over all of it.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// Times that a question is sent.
const ATTEMPTS: u32 = 3;
/// What a server sends at most by UDP to one that has not asked for more (RFC 1035, 4.2.1).
const UDP_BYTES_MAX: usize = 512;
/// Aliases followed within one answer.
const ALIASES_MAX: usize = 8;

/// The name server.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameServer(pub(super) SocketAddr);

impl NameResolver for NameServer {
    fn resolve(&self, name: String) -> Addresses {
        let server = *self;
        Box::pin(async move {
            let (four, six) = tokio::join!(
                server.addresses(&name, TYPE::A),
                server.addresses(&name, TYPE::AAAA)
            );
            match (four, six) {
                (Ok(four), Ok(six)) => Ok([four, six].concat()),
                // A server that stumbles over one kind still knows the other.
                (Ok(found), Err(error)) | (Err(error), Ok(found)) if found.is_empty() => Err(error),
                (Ok(found), Err(_)) | (Err(_), Ok(found)) => Ok(found),
                (Err(error), Err(_)) => Err(error),
            }
        })
    }
}

impl NameServer {
    /// The addresses of one kind.
    async fn addresses(self, name: &str, kind: TYPE) -> io::Result<Vec<IpAddr>> {
        let id = random_id()?;
        let question = question(id, name, kind)?;
        let mut last = io::Error::from(ErrorKind::TimedOut);
        for _ in 0..ATTEMPTS {
            match timeout(RETRY_AFTER, self.exchange(&question, id)).await {
                Ok(Ok(answer)) => return read(&answer, name),
                Ok(Err(error)) => last = error,
                Err(_) => {}
            }
        }
        Err(last)
    }

    /// Send a question, and wait for its answer.
    async fn exchange(self, question: &[u8], id: u16) -> io::Result<Vec<u8>> {
        let any = match self.0 {
            SocketAddr::V4(_) => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
            SocketAddr::V6(_) => SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)),
        };
        // A port of its own for each question, and nobody else's packets.
        let socket = UdpSocket::bind(any).await?;
        socket.connect(self.0).await?;
        socket.send(question).await?;
        let mut packet = [0; UDP_BYTES_MAX];
        loop {
            let length = socket.recv(&mut packet).await?;
            match judge(&packet[..length], question, id) {
                Some(Fits::Whole) => return Ok(packet[..length].to_vec()),
                Some(Fits::Truncated) => return self.exchange_by_tcp(question, id).await,
                // Not the answer; it may still come.
                None => {}
            }
        }
    }

    /// The same, where the answer is too long for a packet (RFC 7766).
    async fn exchange_by_tcp(self, question: &[u8], id: u16) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.0).await?;
        let length = u16::try_from(question.len()).map_err(|_| ErrorKind::InvalidInput)?;
        let framed = [&length.to_be_bytes(), question].concat();
        stream.write_all(&framed).await?;
        let mut answer = vec![0; usize::from(stream.read_u16().await?)];
        stream.read_exact(&mut answer).await?;
        let whole = judge(&answer, question, id).is_some();
        whole.then_some(answer).ok_or_else(not_understood)
    }
}

/// Whether an answer came whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fits {
    Whole,
    Truncated,
}

/// Whether a packet is an answer to this question.
fn judge(packet: &[u8], question: &[u8], id: u16) -> Option<Fits> {
    let answer = Packet::parse(packet).ok()?;
    let asked = Packet::parse(question).ok()?;
    let (answered, asked) = (answer.questions.first()?, asked.questions.first()?);
    let fits = answer.id() == id
        && answer.has_flags(PacketFlag::RESPONSE)
        && answered.qname == asked.qname
        && answered.qtype == asked.qtype;
    fits.then_some(if answer.has_flags(PacketFlag::TRUNCATION) {
        Fits::Truncated
    } else {
        Fits::Whole
    })
}

fn question(id: u16, name: &str, kind: TYPE) -> io::Result<Vec<u8>> {
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let name = Name::new(name).map_err(|_| ErrorKind::InvalidInput)?;
    let question = Question::new(name, kind.into(), CLASS::IN.into(), false);
    packet.questions.push(question);
    packet.build_bytes_vec().map_err(|_| not_understood())
}

/// The addresses in an answer: those of the name, and of what it is an alias of. None at all is an answer too.
fn read(answer: &[u8], name: &str) -> io::Result<Vec<IpAddr>> {
    let answer = Packet::parse(answer).map_err(|_| not_understood())?;
    match answer.rcode() {
        RCODE::NoError => {}
        RCODE::NameError => return Err(ErrorKind::NotFound.into()),
        code => return Err(io::Error::other(format!("the name server says {code:?}"))),
    }
    let mut name = Name::new(name).map_err(|_| ErrorKind::InvalidInput)?;
    for _ in 0..=ALIASES_MAX {
        let of_name = || answer.answers.iter().filter(|record| record.name == name);
        let addresses: Vec<IpAddr> = of_name()
            .filter_map(|record| match &record.rdata {
                RData::A(a) => Some(Ipv4Addr::from_bits(a.address).into()),
                RData::AAAA(aaaa) => Some(Ipv6Addr::from_bits(aaaa.address).into()),
                _ => None,
            })
            .collect();
        let alias = of_name().find_map(|record| match &record.rdata {
            RData::CNAME(alias) => Some(alias.0.clone()),
            _ => None,
        });
        match alias {
            Some(alias) if addresses.is_empty() => name = alias,
            Some(_) | None => return Ok(addresses),
        }
    }
    Err(not_understood())
}

/// Nobody who cannot see the question may know its number (RFC 5452).
fn random_id() -> io::Result<u16> {
    let mut bytes = [0; 2];
    let random = ring::default_provider().secure_random;
    random.fill(&mut bytes).map_err(|_| ErrorKind::Other)?;
    Ok(u16::from_be_bytes(bytes))
}

fn not_understood() -> io::Error {
    io::Error::new(
        ErrorKind::InvalidData,
        "the name server's answer cannot be understood",
    )
}

#[cfg(test)]
mod tests {
    use simple_dns::rdata::{A, AAAA, CNAME};
    use simple_dns::{ResourceRecord, SimpleDnsError};

    use super::*;

    fn answer(records: Vec<(&str, RData<'static>)>, code: RCODE) -> Vec<u8> {
        let mut packet = Packet::new_reply(7);
        *packet.rcode_mut() = code;
        let question = Question::new(
            Name::new("a.test").unwrap(),
            TYPE::A.into(),
            CLASS::IN.into(),
            false,
        );
        packet.questions.push(question);
        for (name, data) in records {
            let name = Name::new(name).unwrap().into_owned();
            packet
                .answers
                .push(ResourceRecord::new(name, CLASS::IN, 60, data));
        }
        packet.build_bytes_vec().unwrap()
    }

    fn alias(of: &'static str) -> Result<RData<'static>, SimpleDnsError> {
        Ok(RData::CNAME(CNAME(Name::new(of)?)))
    }

    fn a(last: u32) -> RData<'static> {
        RData::A(A { address: last })
    }

    #[test]
    fn addresses_are_those_of_the_name_and_its_aliases() {
        let both = vec![
            ("A.test", alias("b.test").unwrap()),
            ("other.test", a(9)),
            ("b.test", a(1)),
            ("b.test", RData::AAAA(AAAA { address: 1 })),
        ];
        let found = read(&answer(both, RCODE::NoError), "a.test").unwrap();
        let expected: [IpAddr; 2] = ["0.0.0.1".parse().unwrap(), "::1".parse().unwrap()];
        assert_eq!(found, expected);
        let none = read(&answer(Vec::new(), RCODE::NoError), "a.test").unwrap();
        assert!(none.is_empty());
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        let round = vec![
            ("a.test", alias("b.test").unwrap()),
            ("b.test", alias("a.test").unwrap()),
        ];
        for (packet, kind) in [
            (answer(round, RCODE::NoError), ErrorKind::InvalidData),
            (answer(Vec::new(), RCODE::NameError), ErrorKind::NotFound),
            (answer(Vec::new(), RCODE::ServerFailure), ErrorKind::Other),
            (b"\0\x07 not DNS".to_vec(), ErrorKind::InvalidData),
        ] {
            assert_eq!(read(&packet, "a.test").unwrap_err().kind(), kind);
        }
    }

    #[test]
    fn only_the_answer_to_the_question_counts() {
        let asked = question(7, "a.test", TYPE::A).unwrap();
        let good = answer(vec![("a.test", a(1))], RCODE::NoError);
        assert_eq!(judge(&good, &asked, 7), Some(Fits::Whole));
        assert_eq!(judge(&good, &asked, 8), None, "another number");
        assert_eq!(judge(&asked, &asked, 7), None, "a question");
        assert_eq!(judge(&good[..20], &asked, 7), None, "a part");
        let other = question(7, "b.test", TYPE::A).unwrap();
        assert_eq!(judge(&good, &other, 7), None, "another name");
        let other = question(7, "a.test", TYPE::AAAA).unwrap();
        assert_eq!(judge(&good, &other, 7), None, "another kind");
    }
}
