//! Both sides of every boundary, and the addresses that everybody tries.

use super::*;

fn permitted(allowed: &[&str], address: &str) -> bool {
    let allowed = allowed
        .iter()
        .map(|network| network.parse().unwrap())
        .collect();
    AddressRules::new(allowed).permit(address.parse().unwrap())
}

/// The last address before each range, its first, its last, and the next one after it.
const RANGES: [(&str, &str, &str, &str); 21] = [
    ("", "0.0.0.0", "0.255.255.255", "1.0.0.0"),
    ("9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"),
    (
        "100.63.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "100.128.0.0",
    ),
    (
        "126.255.255.255",
        "127.0.0.0",
        "127.255.255.255",
        "128.0.0.0",
    ),
    (
        "168.63.129.15",
        "168.63.129.16",
        "168.63.129.16",
        "168.63.129.17",
    ),
    (
        "169.253.255.255",
        "169.254.0.0",
        "169.254.255.255",
        "169.255.0.0",
    ),
    (
        "172.15.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "172.32.0.0",
    ),
    ("191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"),
    ("192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"),
    (
        "192.88.98.255",
        "192.88.99.0",
        "192.88.99.255",
        "192.88.100.0",
    ),
    (
        "192.167.255.255",
        "192.168.0.0",
        "192.168.255.255",
        "192.169.0.0",
    ),
    (
        "198.17.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.20.0.0",
    ),
    (
        "198.51.99.255",
        "198.51.100.0",
        "198.51.100.255",
        "198.51.101.0",
    ),
    (
        "203.0.112.255",
        "203.0.113.0",
        "203.0.113.255",
        "203.0.114.0",
    ),
    ("223.255.255.255", "224.0.0.0", "255.255.255.255", ""),
    (
        "",
        "::",
        "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2000::",
    ),
    (
        "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001::",
        "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:200::",
    ),
    (
        "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::",
        "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db9::",
    ),
    (
        "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2002::",
        "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2003::",
    ),
    (
        "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff::",
        "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
        "3fff:1000::",
    ),
    (
        "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "4000::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "",
    ),
];

#[test]
fn every_refused_range_ends_where_it_should() {
    for (before, first, last, after) in RANGES {
        for outside in [before, after]
            .into_iter()
            .filter(|address| !address.is_empty())
        {
            assert!(permitted(&[], outside), "{outside} is public");
        }
        for inside in [first, last] {
            assert!(!permitted(&[], inside), "{inside} is not public");
        }
    }
}

#[test]
fn well_known_addresses_fall_on_the_right_side() {
    for public in [
        "1.1.1.1",
        "93.184.216.34",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
    ] {
        assert!(permitted(&[], public), "{public}");
    }
    let refused = [
        "169.254.169.254",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192", // metadata services
        "::1",
        "::",
        "fe80::1",
        "febf::1",
        "fc00::1",
        "fdff::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.216.34",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "64:ff9b:1::7f00:1",
    ];
    for address in refused {
        assert!(!permitted(&[], address), "{address}");
    }
}

#[test]
fn nat64_is_judged_by_the_address_inside() {
    assert!(permitted(&[], "64:ff9b::93.184.216.34"));
    assert!(!permitted(&[], "64:ff9b::127.0.0.1"));
    assert!(!permitted(&[], "64:ff9b::169.254.169.254"));
    assert!(
        !permitted(&[], "64:ff9b::1:5db8:d822"),
        "outside of the /96"
    );
    assert!(permitted(&["10.0.0.0/8"], "64:ff9b::10.1.2.3"));
}

#[test]
fn configured_networks_are_allowed_and_nothing_beside_them() {
    assert!(permitted(&["10.1.0.0/16"], "10.1.255.255"));
    assert!(!permitted(&["10.1.0.0/16"], "10.2.0.0"));
    assert!(permitted(&["127.0.0.1"], "127.0.0.1"));
    assert!(!permitted(&["127.0.0.1"], "127.0.0.2"));
    assert!(!permitted(&["127.0.0.0/8"], "::1"));
    assert!(!permitted(&["127.0.0.0/8"], "::ffff:127.0.0.1"));
    assert!(permitted(&["::1/128", "fd00::/8"], "fd12::1"));
    assert!(!permitted(&["0.0.0.0/0"], "::1"));
    assert!(permitted(&["0.0.0.0/0"], "127.0.0.1"));
}

#[test]
fn everything_is_everything() {
    let rules = AddressRules::new(Network::EVERYTHING.to_vec());
    for address in [
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ] {
        assert!(rules.permit(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn networks_are_read_strictly() {
    for text in [
        "10.0.0.0/8",
        "192.168.1.1/32",
        "0.0.0.0/0",
        "fd00::/8",
        "::/0",
        "::1/128",
    ] {
        assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
    }
    assert_eq!(
        "10.0.0.1".parse::<Network>().unwrap().to_string(),
        "10.0.0.1/32"
    );
    for (text, error) in [
        ("", NetworkError::Address),
        ("localhost", NetworkError::Address),
        ("10.0.0/8", NetworkError::Address),
        ("10.0.0.0/33", NetworkError::Prefix),
        ("10.0.0.0/-1", NetworkError::Prefix),
        ("10.0.0.0/", NetworkError::Prefix),
        ("::/129", NetworkError::Prefix),
        ("10.0.0.1/8", NetworkError::HostBits),
        ("fd00::1/8", NetworkError::HostBits),
        ("0.0.0.1/0", NetworkError::HostBits),
    ] {
        assert_eq!(text.parse::<Network>(), Err(error), "{text}");
    }
}
