//! The smallest HTTP client that measures honestly: one connection, one request at a time, the whole
//! body read. Loopback only.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Longest wait for one answer.
const READ_TIMEOUT: Duration = Duration::from_secs(120);

/// A keep-alive connection.
pub struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    /// Connect to a server on this machine.
    pub fn connect(address: SocketAddr) -> Result<Self> {
        assert!(
            address.ip().is_loopback(),
            "benchmarks stay on this machine"
        );
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(READ_TIMEOUT))?;
        Ok(Self {
            stream: BufReader::new(stream),
        })
    }

    /// The body of a 200 answer; anything else is an error.
    pub fn get(&mut self, target: &str) -> Result<Vec<u8>> {
        write!(
            self.stream.get_mut(),
            "GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        )?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).unwrap_or("").to_owned();
        let mut length = None;
        let mut chunked = false;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            match line.trim_end().split_once(':') {
                None => break,
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = Some(value.trim().parse::<usize>()?);
                }
                Some((name, value)) if name.eq_ignore_ascii_case("transfer-encoding") => {
                    chunked = value.trim() == "chunked";
                }
                Some(_) => {}
            }
        }
        let body = if chunked {
            self.chunks()?
        } else {
            self.bytes(length.context("no Content-Length")?)?
        };
        if status != "200" {
            bail!("{status} for {target}: {}", String::from_utf8_lossy(&body));
        }
        Ok(body)
    }

    fn bytes(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(body)
    }

    fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16)?;
            body.append(&mut self.bytes(length)?);
            self.bytes("\r\n".len())?;
            if length == 0 {
                return Ok(body);
            }
        }
    }
}
