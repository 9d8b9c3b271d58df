//! HTTPS by a certificate and its key, read again at SIGHUP.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tests::signing::sign;
use tests::{Builder, Edge, KEY, eyes, until};

fn certificate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("certificates")
        .join(name)
}

/// GET over TLS, trusting this certificate and no other; gives the whole answer.
fn get(address: SocketAddr, target: &str, trusted: &str) -> std::io::Result<Vec<u8>> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(certificate(trusted)).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::from(address.ip());
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

fn begins(answer: &[u8]) -> &str {
    std::str::from_utf8(&answer[..15]).unwrap()
}

/// A directory with a pair that can be replaced, and a server on it.
fn served(name: &str) -> (tempfile::TempDir, Builder) {
    let directory = tempfile::tempdir().unwrap();
    install(directory.path(), name, name);
    let builder = Edge::builder()
        .set("certfile", directory.path().join("cert.pem"))
        .set("keyfile", directory.path().join("key.pem"));
    (directory, builder)
}

fn install(directory: &Path, chain: &str, key: &str) {
    std::fs::copy(
        certificate(&format!("{chain}.pem")),
        directory.join("cert.pem"),
    )
    .unwrap();
    std::fs::copy(
        certificate(&format!("{key}.key")),
        directory.join("key.pem"),
    )
    .unwrap();
}

#[test]
fn pictures_come_over_tls_and_nothing_comes_without() {
    let (_directory, builder) = served("one");
    let edge = builder.start();
    let target = sign(KEY, "/resize?width=300&file=dunes.jpg");
    let answer = get(edge.address, &target, "one.pem").unwrap();
    assert_eq!(begins(&answer), "HTTP/1.1 200 OK");
    let head = answer
        .windows(4)
        .position(|end| end == b"\r\n\r\n")
        .unwrap();
    assert_eq!(eyes::size(&answer[head + 4..]), (300, 404));
    assert!(
        get(edge.address, &target, "two.pem").is_err(),
        "not the certificate that is trusted"
    );
    let mut plain = TcpStream::connect(edge.address).unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: x\r\n\r\n");
    // The server may have hung up before the last byte is written.
    let _ = plain.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    assert!(
        !answer.starts_with(b"HTTP"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
}

#[test]
fn at_sighup_a_good_pair_replaces_the_old_one_and_a_bad_one_does_not() {
    let (directory, builder) = served("one");
    let edge = builder.start();
    let serves = |name: &str| get(edge.address, "/health", name).is_ok();
    let until_logged =
        |word: &str, times: usize| until(word, || edge.log().matches(word).count() >= times);
    assert!(serves("one.pem"));

    install(directory.path(), "two", "one");
    edge.hang_up();
    until_logged("the old certificate stays in force", 1);
    std::fs::write(directory.path().join("cert.pem"), "no certificate").unwrap();
    edge.hang_up();
    until_logged("the old certificate stays in force", 2);
    assert!(serves("one.pem"));

    install(directory.path(), "two", "two");
    edge.hang_up();
    until_logged("the certificate was read again", 1);
    assert!(serves("two.pem") && !serves("one.pem"));
}

#[test]
fn a_pair_that_cannot_be_used_is_refused_at_start() {
    for (chain, key, named) in [
        (
            certificate("one.pem"),
            certificate("two.key"),
            "certificate",
        ),
        (
            certificate("one.key"),
            certificate("one.key"),
            "certificate",
        ),
        (certificate("one.pem"), certificate("one.pem"), "one.pem"),
        (certificate("none.pem"), certificate("one.key"), "none.pem"),
    ] {
        let said = Edge::builder()
            .set("certfile", chain)
            .set("keyfile", key)
            .refusal();
        assert!(
            said.contains("--certfile") && said.contains(named),
            "{said}"
        );
    }
    let said = Edge::builder()
        .set("certfile", certificate("one.pem"))
        .refusal();
    assert!(said.contains("--keyfile: missing"), "{said}");
}

#[test]
fn who_does_not_shake_hands_holds_up_no_stop() {
    let (_directory, builder) = served("one");
    let edge = builder.set("drain-timeout", "10m").start();
    let silent = TcpStream::connect(edge.address).unwrap();
    // Accepted after it, so that it is known to be accepted too.
    get(edge.address, "/health", "one.pem").unwrap();
    edge.stop();
    drop(silent);
}
