//! Whose request it is, behind any number of proxies. Only so many entries of `X-Forwarded-For` are
//! believed as there are trusted proxies: the ones before them are whatever the client wrote.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::HeaderMap;

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// The address to count a request under. IPv6 clients have a /64 each, so they are counted by it.
pub(super) fn client(headers: &HeaderMap, peer: IpAddr, trusted_hops: usize) -> IpAddr {
    let forwarded = || {
        let lines = headers.get_all(X_FORWARDED_FOR).iter();
        let lines: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
        let entries = lines.iter().rev().flat_map(|line| line.rsplit(','));
        // The last entry was written by the nearest proxy, about who connected to it.
        entries
            .map(str::trim)
            .take(trusted_hops)
            .last()
            .and_then(address)
    };
    network(forwarded().unwrap_or(peer))
}

/// With or without a port, as proxies write it.
fn address(text: &str) -> Option<IpAddr> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .or_else(|| {
            let inner = text.strip_prefix('[')?.strip_suffix(']')?;
            inner.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
        })
}

fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let bits = six.to_bits() & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from_bits(bits))
        }
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(lines: &[&'static str], trusted_hops: usize) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_FORWARDED_FOR, http::HeaderValue::from_static(line));
        }
        client(&headers, IpAddr::from([10, 0, 0, 9]), trusted_hops).to_string()
    }

    #[test]
    fn only_what_trusted_proxies_wrote_is_believed() {
        for (lines, hops, expected) in [
            (&["1.1.1.1, 2.2.2.2"][..], 0, "10.0.0.9"),
            (&["1.1.1.1, 2.2.2.2"], 1, "2.2.2.2"),
            (&["1.1.1.1, 2.2.2.2"], 2, "1.1.1.1"),
            (&["1.1.1.1, 2.2.2.2"], 9, "1.1.1.1"),
            (&["1.1.1.1", "2.2.2.2, 3.3.3.3"], 2, "2.2.2.2"),
            (&["1.1.1.1:5000"], 1, "1.1.1.1"),
            (&["unknown"], 1, "10.0.0.9"),
            (&[""], 1, "10.0.0.9"),
            (&[], 1, "10.0.0.9"),
        ] {
            assert_eq!(seen(lines, hops), expected, "{lines:?} {hops}");
        }
    }

    #[test]
    fn six_is_counted_by_its_network_and_mapped_four_as_four() {
        for (line, expected) in [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("[2001:db8:1:2:ffff::1]:443", "2001:db8:1:2::"),
            ("[2001:db8:1:3::1]", "2001:db8:1:3::"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
        ] {
            assert_eq!(seen(&[line], 1), expected, "{line}");
        }
    }
}
