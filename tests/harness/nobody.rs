//! An address at which nobody listens, and to which nobody else can come: it is taken, and connections to it
//! are refused.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener};
use std::os::fd::OwnedFd;

use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, getsockname, listen, socket_with};

/// Connections that may wait to be accepted: as many as the standard library's listeners let wait.
const WAITING_MAX: i32 = 128;

/// The address, held.
#[derive(Debug)]
pub struct Nobody {
    socket: OwnedFd,
    address: SocketAddr,
}

impl Nobody {
    /// On a free port of loopback.
    pub fn somewhere() -> Self {
        let socket = socket_with(
            AddressFamily::INET,
            SocketType::STREAM,
            SocketFlags::CLOEXEC,
            None,
        )
        .unwrap();
        bind(&socket, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = getsockname(&socket).unwrap().try_into().unwrap();
        Self { socket, address }
    }

    /// Where nobody is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on somebody is there.
    pub fn listen(self) -> TcpListener {
        listen(&self.socket, WAITING_MAX).unwrap();
        self.socket.into()
    }
}
