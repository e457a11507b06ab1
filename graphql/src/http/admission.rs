//! Who is let in how often: so many requests a second for each token and each address, so many wrong
//! tokens for each address, so many connections and sockets for each.
//!
//! 1. Requests count for the token they come with, wherever they come from, so that a member's screen which asks too
//!    often holds up nobody's phone; of a single sign-on for the member; the public's for its address. An IPv6 client
//!    owns its whole /64, so that is one address.
//! 2. Wrong tokens are answered late, and after some of them at once with 429. A right token is never held
//!    back by the wrong ones of others behind the same address.
//! 3. Behind a proxy that is named, the address is the last in `X-Forwarded-For` that is none of the proxies'. The
//!    connections of such a proxy are many clients': what counts for each of them is what it has under way.

pub mod rooms;
pub mod sockets;

use crate::sign_in::Entry;
use axum::http::{HeaderMap, HeaderName};
use engine::{identity::MemberId, member::Caller};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use rooms::{Room, Rooms};
use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// How many wrong tokens an address may show at once.
const WRONG_TOKENS_MAX: NonZeroU32 = NonZeroU32::new(10).expect("ten is not zero");

/// After how long it may show one more.
const WRONG_TOKEN_TIME: Duration = Duration::from_secs(6);

/// How often, and how much at once.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Requests a second of one token of a member; four seconds' worth may come at once. 0: no limit.
    pub member_rate: u32,
    /// Requests a second of one address without sign-in; four seconds' worth may come at once. 0: no limit.
    pub address_rate: u32,
    /// How late a wrong token is answered.
    pub wrong_token_pause: Duration,
    /// Connections of one address at once; behind a proxy, requests that are under way.
    pub connections_per_address: usize,
    /// Connections of all addresses at once.
    pub connections: usize,
    /// Sockets of all addresses at once.
    pub sockets: usize,
    /// Sockets of one address at once.
    pub sockets_per_address: usize,
    /// Sockets without sign-in at once; an eighth of them of one address.
    pub public_sockets: usize,
    /// How long an operation may run.
    pub operation_time: Duration,
    /// How long a client may take nothing of an answer before its connection is given up.
    pub write_time: Duration,
    /// Proxies whose word on the client's address is taken.
    pub proxies: Vec<IpAddr>,
}

impl Default for Limits {
    /// What a street office behind one address needs, with its screens.
    fn default() -> Self {
        Self {
            member_rate: 500,
            address_rate: 200,
            wrong_token_pause: Duration::from_millis(250),
            connections_per_address: 256,
            connections: 4096,
            sockets: 1024,
            sockets_per_address: 128,
            public_sockets: 256,
            // A matching over a whole city fits.
            operation_time: Duration::from_secs(60),
            write_time: Duration::from_secs(60),
            proxies: Vec::new(),
        }
    }
}

/// It is too much; trying again after this long helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TooMany {
    /// Whole seconds, at least one.
    pub retry_after: u64,
}

/// The address a connection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// Whose a request is, as far as limits go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Of the client at the other end of the connection.
    Own(IpAddr),
    /// Of the client that a proxy names.
    Forwarded(IpAddr),
    /// Of somebody behind a proxy that does not say whom.
    Hidden(IpAddr),
}

impl Whose {
    /// The address it counts for: the proxy's own, when that names nobody.
    pub const fn address(self) -> IpAddr {
        match self {
            Self::Own(address) | Self::Forwarded(address) | Self::Hidden(address) => address,
        }
    }
}

type Keyed<K> = DefaultKeyedRateLimiter<K>;

/// What everybody has used up.
pub struct Admission {
    tokens: Option<Keyed<(MemberId, Option<usize>)>>,
    addresses: Option<Keyed<IpAddr>>,
    wrong_tokens: Keyed<IpAddr>,
    clock: DefaultClock,
    connections: Rooms,
    limits: Limits,
}

impl Admission {
    /// Nothing is used up yet.
    pub fn new(limits: Limits) -> Self {
        let wrong_tokens = Quota::with_period(WRONG_TOKEN_TIME)
            .unwrap_or_else(|| Quota::per_minute(WRONG_TOKENS_MAX))
            .allow_burst(WRONG_TOKENS_MAX);
        Self {
            tokens: quota(limits.member_rate).map(RateLimiter::keyed),
            addresses: quota(limits.address_rate).map(RateLimiter::keyed),
            wrong_tokens: RateLimiter::keyed(wrong_tokens),
            clock: DefaultClock::default(),
            connections: Rooms::default(),
            limits,
        }
    }

    /// The limits.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// One more request.
    ///
    /// # Errors
    /// [`TooMany`] when the caller has used up what it has.
    pub fn request(&self, entry: &Entry, address: IpAddr) -> Result<(), TooMany> {
        match entry.caller {
            Caller::Member { member, .. } => self.take(self.tokens.as_ref(), &(member, entry.token)),
            Caller::Public => self.take(self.addresses.as_ref(), &address),
            Caller::System => Ok(()),
        }
    }

    /// One more wrong token, answered late.
    ///
    /// # Errors
    /// [`TooMany`], at once, when the address has shown too many.
    pub async fn wrong_token(&self, address: IpAddr) -> Result<(), TooMany> {
        self.take(Some(&self.wrong_tokens), &address)?;
        tokio::time::sleep(self.limits.wrong_token_pause).await;
        Ok(())
    }

    fn take<K: Hash + Eq + Clone>(&self, limiter: Option<&Keyed<K>>, key: &K) -> Result<(), TooMany> {
        let Some(limiter) = limiter else { return Ok(()) };
        limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.clock.now());
            TooMany { retry_after: wait.as_secs() + 1 }
        })
    }

    /// Room for one more connection, if its address has some. That of a proxy is not one client's.
    pub fn connection(&self, peer: Peer) -> Option<Room> {
        let address = peer.0.to_canonical();
        if self.is_proxy(&address) {
            return Some(Room::UNCOUNTED);
        }
        self.connections.take(one_client(address), self.limits.connections_per_address)
    }

    /// Room for one more request, if its client has some. One that came by itself has it with its connection.
    ///
    /// # Errors
    /// [`TooMany`] when the client has too many under way.
    pub fn under_way(&self, whose: Whose) -> Result<Room, TooMany> {
        match whose {
            Whose::Own(_) | Whose::Hidden(_) => Ok(Room::UNCOUNTED),
            Whose::Forwarded(client) => self
                .connections
                .take(client, self.limits.connections_per_address)
                .ok_or(TooMany { retry_after: 1 }),
        }
    }

    /// Whose request it is, by its connection and what a proxy that is trusted says.
    pub fn whose(&self, peer: Peer, headers: &HeaderMap) -> Whose {
        let peer = peer.0.to_canonical();
        if !self.is_proxy(&peer) {
            return Whose::Own(one_client(peer));
        }
        let said = headers.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok());
        let mut said: Vec<IpAddr> =
            said.flat_map(|line| line.split(',')).filter_map(|it| it.trim().parse().ok()).collect();
        while said.last().is_some_and(|it| self.is_proxy(it)) {
            said.pop();
        }
        match said.pop() {
            Some(client) => Whose::Forwarded(one_client(client)),
            None => Whose::Hidden(one_client(peer)),
        }
    }

    fn is_proxy(&self, address: &IpAddr) -> bool {
        self.limits.proxies.contains(address)
    }

    /// Forgets those who have used up nothing for a while.
    pub fn sweep(&self) {
        if let Some(tokens) = &self.tokens {
            tokens.retain_recent();
        }
        if let Some(addresses) = &self.addresses {
            addresses.retain_recent();
        }
        self.wrong_tokens.retain_recent();
    }
}

fn quota(rate: u32) -> Option<Quota> {
    let rate = NonZeroU32::new(rate)?;
    Some(Quota::per_second(rate).allow_burst(rate.saturating_mul(NonZeroU32::MIN.saturating_add(3))))
}

/// What one client can have: an address, or a /64 of IPv6.
fn one_client(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use engine::{identity::OrganizationId, member::Role};

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn member(number: u64, token: usize) -> Entry {
        let (member, organization) = (MemberId::new(number), OrganizationId::new(1));
        let caller = Caller::Member { member, organization, role: Role::Observer };
        Entry { caller, until: None, token: Some(token) }
    }

    fn admission(change: impl FnOnce(&mut Limits)) -> Admission {
        let mut limits = Limits { wrong_token_pause: Duration::ZERO, ..Limits::default() };
        change(&mut limits);
        Admission::new(limits)
    }

    #[test]
    fn each_token_and_each_address_has_its_own_share() {
        let admission = admission(|limits| (limits.member_rate, limits.address_rate) = (1, 1));
        let burst =
            |entry: &Entry, address| (0..10).filter(|_| admission.request(entry, address).is_ok()).count();
        assert_eq!(burst(&Entry::PUBLIC, ONE), 4);
        assert_eq!(burst(&Entry::PUBLIC, OTHER), 4);
        assert_eq!(burst(&member(1, 0), ONE), 4);
        assert_eq!(burst(&member(1, 0), OTHER), 0, "a token is one wherever it comes from");
        assert_eq!(burst(&member(1, 1), ONE), 4, "another token of the same member");
        assert_eq!(burst(&member(2, 0), ONE), 4);
        assert_eq!(admission.request(&Entry::PUBLIC, ONE), Err(TooMany { retry_after: 1 }));
    }

    #[test]
    fn without_a_rate_there_is_no_limit() {
        let admission = admission(|limits| (limits.member_rate, limits.address_rate) = (0, 0));
        assert!((0..10_000).all(|_| admission.request(&Entry::PUBLIC, ONE).is_ok()));
    }

    #[tokio::test]
    async fn wrong_tokens_are_counted_by_address_and_hold_nobody_else_back() {
        let admission = admission(|_| ());
        for _ in 0..WRONG_TOKENS_MAX.get() {
            assert_eq!(admission.wrong_token(ONE).await, Ok(()));
        }
        let refused = admission.wrong_token(ONE).await.unwrap_err();
        assert!((1..=6).contains(&refused.retry_after), "{refused:?}");
        assert_eq!(admission.wrong_token(OTHER).await, Ok(()));
        assert_eq!(admission.request(&member(1, 0), ONE), Ok(()));
    }

    #[test]
    fn an_address_has_so_many_connections_and_gets_them_back() {
        let admission = admission(|limits| limits.connections_per_address = 2);
        let first = admission.connection(Peer(ONE));
        let second = admission.connection(Peer(ONE));
        assert!(first.is_some() && second.is_some() && admission.connection(Peer(ONE)).is_none());
        assert!(admission.connection(Peer(OTHER)).is_some());
        drop(first);
        assert!(admission.connection(Peer(ONE)).is_some());
        drop(second);
        assert_eq!(admission.connections.clients(), 0, "nobody is remembered");
    }

    #[test]
    fn the_connections_of_a_proxy_are_not_one_clients() {
        let admission = admission(|limits| {
            limits.connections_per_address = 2;
            limits.proxies = vec![ONE];
        });
        let open: Vec<_> = (0..5).map(|_| admission.connection(Peer(ONE))).collect();
        assert!(open.iter().all(Option::is_some));
        let mut under_way: Vec<_> = (0..3).map(|_| admission.under_way(Whose::Forwarded(OTHER))).collect();
        assert!(under_way.pop().unwrap().is_err(), "two are all it has");
        assert!(under_way.iter().all(Result::is_ok));
        drop(under_way);
        assert!(admission.under_way(Whose::Forwarded(OTHER)).is_ok());
        let hidden: Vec<_> = (0..5).map(|_| admission.under_way(Whose::Hidden(ONE))).collect();
        assert!(hidden.iter().all(Result::is_ok));
    }

    #[test]
    fn the_address_is_what_a_trusted_proxy_says_and_no_other() {
        let admission = admission(|limits| limits.proxies = vec![ONE]);
        let from = |peer: IpAddr, said: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(FORWARDED_FOR, HeaderValue::from_static(said));
            admission.whose(Peer(peer), &headers).address().to_string()
        };
        assert_eq!(from(ONE, "198.51.100.9, 203.0.113.7"), "203.0.113.7");
        assert_eq!(from(ONE, "203.0.113.7, 192.0.2.1"), "203.0.113.7", "a chain of proxies");
        assert_eq!(from(OTHER, "203.0.113.7"), "192.0.2.2", "anybody can say anything");
        assert_eq!(from(ONE, "nonsense"), "192.0.2.1");
        assert_eq!(from("2001:db8::1:2:3:4".parse().unwrap(), ""), "2001:db8::");
        assert_eq!(from("::ffff:192.0.2.2".parse().unwrap(), ""), "192.0.2.2");
    }
}
