//! Which addresses are called: those that anybody can reach. Others are where the exchange itself stands, and who registers
//! a callback must not reach through it what they cannot reach themselves.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

/// A network: an address, and how many of its bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// Text that is no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANetwork;

/// Networks that are called although nobody else could reach them, or although they are refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed(Vec<Network>);

/// An address that is not called, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotCalled(pub &'static str);

const fn v4(a: u8, b: u8, c: u8, bits: u8) -> Network {
    Network {
        address: IpAddr::V4(Ipv4Addr::new(a, b, c, 0)),
        bits,
    }
}

const fn v6(a: u16, b: u16, c: u16, bits: u8) -> Network {
    Network {
        address: IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)),
        bits,
    }
}

/// The IANA's registries of special-purpose addresses (RFC 6890), and multicast.
const REFUSED: [(Network, &str); 24] = [
    (v4(0, 0, 0, 8), "this network (0.0.0.0/8)"),
    (v4(10, 0, 0, 8), "private (10.0.0.0/8)"),
    (v4(100, 64, 0, 10), "shared by a provider (100.64.0.0/10)"),
    (v4(127, 0, 0, 8), "loopback (127.0.0.0/8)"),
    (v4(169, 254, 0, 16), "link-local (169.254.0.0/16)"),
    (v4(172, 16, 0, 12), "private (172.16.0.0/12)"),
    (v4(192, 0, 0, 24), "of protocols (192.0.0.0/24)"),
    (v4(192, 0, 2, 24), "for documentation (192.0.2.0/24)"),
    (v4(192, 88, 99, 24), "a relay (192.88.99.0/24)"),
    (v4(192, 168, 0, 16), "private (192.168.0.0/16)"),
    (v4(198, 18, 0, 15), "for benchmarks (198.18.0.0/15)"),
    (v4(198, 51, 100, 24), "for documentation (198.51.100.0/24)"),
    (v4(203, 0, 113, 24), "for documentation (203.0.113.0/24)"),
    (v4(224, 0, 0, 4), "multicast (224.0.0.0/4)"),
    (v4(240, 0, 0, 4), "reserved (240.0.0.0/4)"),
    (v6(0x64, 0xFF9B, 0, 32), "translated to IPv4 (64:ff9b::/32)"),
    (v6(0x2001, 0, 0, 23), "of protocols (2001::/23)"),
    (
        v6(0x2001, 0xDB8, 0, 32),
        "for documentation (2001:db8::/32)",
    ),
    (v6(0x2002, 0, 0, 16), "translated to IPv4 (2002::/16)"),
    (v6(0x3FFF, 0, 0, 20), "for documentation (3fff::/20)"),
    (v6(0xFC00, 0, 0, 7), "private (fc00::/7)"),
    (v6(0xFE80, 0, 0, 10), "link-local (fe80::/10)"),
    (v6(0xFEC0, 0, 0, 10), "of a site (fec0::/10)"),
    (v6(0xFF00, 0, 0, 8), "multicast (ff00::/8)"),
];
/// All addresses of IPv6 that are given to anybody.
const GLOBAL: Network = v6(0x2000, 0, 0, 3);

impl Network {
    fn has(&self, address: IpAddr) -> bool {
        let (own, other, width) = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (u128::from(own.to_bits()), u128::from(other.to_bits()), 32)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits(), other.to_bits(), 128),
            _ => return false,
        };
        let rest = u32::saturating_sub(width, self.bits.into());
        // All of them count where none is left.
        (own ^ other).checked_shr(rest).unwrap_or_default() == 0
    }
}

impl Allowed {
    /// These.
    #[must_use]
    pub const fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// Whether an address is called.
    ///
    /// # Errors
    /// [`NotCalled`].
    pub fn check(&self, address: IpAddr) -> Result<(), NotCalled> {
        if self.0.iter().any(|network| network.has(address)) {
            return Ok(());
        }
        let refused = REFUSED.iter().find(|(network, _)| network.has(address));
        if let Some((_, why)) = refused {
            return Err(NotCalled(why));
        }
        match address {
            IpAddr::V6(six) if six.to_ipv4_mapped().is_some() => {
                Err(NotCalled("an IPv4 address written as IPv6 (::ffff:0:0/96)"))
            }
            IpAddr::V6(_) if !GLOBAL.has(address) => Err(NotCalled("not global (2000::/3)")),
            _ => Ok(()),
        }
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    /// An address, or one with the number of bits that count: `127.0.0.0/8`, `::1`.
    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), |bits| bits.parse().map_err(|_| NotANetwork))?;
        if bits > width {
            return Err(NotANetwork);
        }
        Ok(Self { address, bits })
    }
}

impl fmt::Display for NotANetwork {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no address, and none with the number of its bits that count")
    }
}

impl fmt::Display for NotCalled {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the address is {}", self.0)
    }
}

impl std::error::Error for NotANetwork {}
impl std::error::Error for NotCalled {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_not_everybody_can_reach_is_not_called() {
        let none = Allowed::default();
        for refused in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:8.8.8.8",
            "::ffff:127.0.0.1",
            "::8.8.8.8",
            "64:ff9b::8.8.8.8",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
            "5f00::1",
        ] {
            let address: IpAddr = refused.parse().unwrap();
            assert!(none.check(address).is_err(), "{refused}");
        }
        for called in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "126.255.255.255",
            "128.0.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:4860:4860::8888",
        ] {
            let address: IpAddr = called.parse().unwrap();
            assert_eq!(none.check(address), Ok(()), "{called}");
        }
    }

    #[test]
    fn what_is_allowed_is_called_and_its_neighbour_is_not() {
        let allowed = ["127.0.0.0/8", "::1", "10.1.2.0/24"].map(|text| text.parse().unwrap());
        let allowed = Allowed::new(allowed.to_vec());
        for (address, called) in [
            ("127.0.0.1", true),
            ("::1", true),
            ("10.1.2.255", true),
            ("10.1.3.0", false),
            ("::2", false),
            // Allowed as IPv4 is not allowed as IPv6.
            ("::ffff:127.0.0.1", false),
            ("9.9.9.9", true),
        ] {
            assert_eq!(
                allowed.check(address.parse().unwrap()).is_ok(),
                called,
                "{address}"
            );
        }
        for text in [
            "",
            "localhost",
            "127.0.0.1/33",
            "::1/129",
            "1.2.3.4/",
            "1.2.3/8",
            "1.2.3.4/-1",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.has("255.1.2.3".parse().unwrap()) && !all.has("::1".parse().unwrap()));
        let six: Network = "::/0".parse().unwrap();
        assert!(six.has("fe80::1".parse().unwrap()));
    }
}
