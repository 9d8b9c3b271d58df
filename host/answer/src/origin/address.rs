//! Which addresses an origin may have. An IP address comes in; out comes whether a connection to it
//! may be opened. Pure: no name is resolved here. Anything that is not plainly public is refused
//! unless an operator has named its network.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// IPv4 networks that no picture on the public internet lives in: the IANA special-purpose registry
/// (RFC 6890 and its updates) without the entries that are globally reachable, plus one of Azure's.
const V4_REFUSED: [Network; 16] = [
    Network::v4([0, 0, 0, 0], 8), // "this" network, reaches the host itself on Linux
    Network::v4([10, 0, 0, 0], 8), // private, RFC 1918
    Network::v4([100, 64, 0, 0], 10), // carrier-grade NAT, and Alibaba's metadata service
    Network::v4([127, 0, 0, 0], 8), // loopback
    Network::v4([168, 63, 129, 16], 32), // Azure's host agent: metadata behind a public-looking address
    Network::v4([169, 254, 0, 0], 16),   // link-local, and the metadata services of most clouds
    Network::v4([172, 16, 0, 0], 12),    // private, RFC 1918
    Network::v4([192, 0, 0, 0], 24),     // IETF protocol assignments, and Oracle's metadata service
    Network::v4([192, 0, 2, 0], 24),     // documentation
    Network::v4([192, 88, 99, 0], 24),   // 6to4 relays, withdrawn
    Network::v4([192, 168, 0, 0], 16),   // private, RFC 1918
    Network::v4([198, 18, 0, 0], 15),    // benchmarking
    Network::v4([198, 51, 100, 0], 24),  // documentation
    Network::v4([203, 0, 113, 0], 24),   // documentation
    Network::v4([224, 0, 0, 0], 4),      // multicast
    Network::v4([240, 0, 0, 0], 4),      // reserved, and broadcast
];

/// The only IPv6 space handed out for global unicast. Everything outside of it is refused, which
/// covers loopback, unspecified, IPv4-mapped and -compatible, `fc00::/7`, `fe80::/10` and `ff00::/8`.
const V6_GLOBAL: Network = Network::v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What is special inside the global unicast space.
const V6_REFUSED: [Network; 4] = [
    Network::v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), // IETF protocols: Teredo, ORCHID, benchmarking
    Network::v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), // documentation
    Network::v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), // 6to4: an IPv4 address in disguise, withdrawn
    Network::v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), // documentation
];

/// NAT64 (RFC 6052). On a network with IPv6 only, this is how every IPv4 origin looks, so it is
/// judged by the IPv4 address inside.
const NAT64: Network = Network::v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

/// Networks that are allowed although they are not public.
#[derive(Debug, Clone, Default)]
pub struct AddressRules {
    allowed: Vec<Network>,
}

impl AddressRules {
    /// Public ones, and these.
    pub fn new(allowed: Vec<Network>) -> Self {
        Self { allowed }
    }

    /// Whether a connection to `address` may be opened.
    pub fn permit(&self, address: IpAddr) -> bool {
        is_public(address)
            || self.allowed.iter().any(|network| network.contains(address))
            || nat64_inside(address).is_some_and(|inside| self.permit(inside.into()))
    }
}

/// A block of addresses, written `10.0.0.0/8`, `fd00::/8`, or as a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    prefix_bits: u8,
}

impl Network {
    /// Both blocks that together hold every address: no address is refused any more.
    pub const EVERYTHING: [Self; 2] = [Self::v4([0, 0, 0, 0], 0), Self::v6([0; 8], 0)];

    const fn v4([a, b, c, d]: [u8; 4], prefix_bits: u8) -> Self {
        Self {
            first: IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
            prefix_bits,
        }
    }

    const fn v6(groups: [u16; 8], prefix_bits: u8) -> Self {
        let mut bits = 0;
        let mut index = 0;
        while index < groups.len() {
            bits = bits << 16 | groups[index] as u128;
            index += 1;
        }
        Self {
            first: IpAddr::V6(Ipv6Addr::from_bits(bits)),
            prefix_bits,
        }
    }

    /// Whether `address` lies in this block. An IPv4 address never lies in an IPv6 block.
    pub fn contains(&self, address: IpAddr) -> bool {
        let host_bits = bits_of(self.first) - u32::from(self.prefix_bits);
        self.first.is_ipv4() == address.is_ipv4()
            && without_host_bits(self.first, host_bits) == without_host_bits(address, host_bits)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.prefix_bits)
    }
}

/// Why a text is not a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// No IP address before the `/`.
    #[error("not an IP address or a network like 10.0.0.0/8")]
    Address,
    /// The part after the `/` is no number or too large.
    #[error("the prefix is not a number of bits that such an address has")]
    Prefix,
    /// Bits are set behind the prefix, so it was probably mistyped.
    #[error("the address has bits set outside of its prefix")]
    HostBits,
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (address, prefix) = text
            .split_once('/')
            .map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let first: IpAddr = address.parse().map_err(|_| NetworkError::Address)?;
        let bits = bits_of(first);
        let prefix_bits = prefix.map_or(Ok(bits), |prefix| {
            prefix.parse().map_err(|_| NetworkError::Prefix)
        })?;
        if prefix_bits > bits {
            return Err(NetworkError::Prefix);
        }
        let host_bits = bits - prefix_bits;
        if without_host_bits(first, host_bits)
            .checked_shl(host_bits)
            .unwrap_or(0)
            != number_of(first)
        {
            return Err(NetworkError::HostBits);
        }
        Ok(Self {
            first,
            prefix_bits: prefix_bits as u8,
        })
    }
}

fn is_public(address: IpAddr) -> bool {
    let within = |network: &Network| network.contains(address);
    match address {
        IpAddr::V4(_) => !V4_REFUSED.iter().any(within),
        IpAddr::V6(_) => within(&V6_GLOBAL) && !V6_REFUSED.iter().any(within),
    }
}

fn nat64_inside(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else {
        return None;
    };
    NAT64
        .contains(address.into())
        .then(|| Ipv4Addr::from_bits(address.to_bits() as u32))
}

fn bits_of(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => Ipv4Addr::BITS,
        IpAddr::V6(_) => Ipv6Addr::BITS,
    }
}

fn number_of(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

fn without_host_bits(address: IpAddr, host_bits: u32) -> u128 {
    // A prefix of no bits at all shifts everything out, which `>>` alone does not do.
    number_of(address).checked_shr(host_bits).unwrap_or(0)
}

#[cfg(test)]
mod tests;
