//! Sockets: so many there may be, so many of one client, and few of those who do not sign in.
//!
//! 1. Everybody begins as a stranger, and an address has at most an eighth of the strangers' sockets.
//! 2. Who signs in as a member is none any more, and counts for its address alone.
//! 3. Who does not takes one of the strangers' sockets when it begins. They are fewer than all, so that there is room for
//!    members whatever strangers do.

use super::{
    Limits, Whose,
    rooms::{Room, Rooms},
};
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What part of the strangers' sockets one address may have.
const STRANGER_PART: usize = 8;

/// The sockets of one server.
#[derive(Debug)]
pub struct Sockets {
    all: Arc<Semaphore>,
    most: usize,
    public: Arc<Semaphore>,
    of_clients: Rooms,
    of_strangers: Rooms,
    per_client: usize,
    per_stranger: usize,
}

impl Sockets {
    /// None is open yet.
    pub fn new(limits: &Limits) -> Self {
        let Limits { sockets, sockets_per_address, public_sockets, .. } = *limits;
        // A semaphore counts no further; no machine has as many.
        let most = sockets.min(Semaphore::MAX_PERMITS);
        let public = public_sockets.min(Semaphore::MAX_PERMITS);
        Self {
            all: Arc::new(Semaphore::new(most)),
            most,
            public: Arc::new(Semaphore::new(public)),
            of_clients: Rooms::default(),
            of_strangers: Rooms::default(),
            per_client: sockets_per_address,
            per_stranger: public.div_ceil(STRANGER_PART),
        }
    }

    /// Room for one more socket of somebody who is a stranger yet, if there is some.
    pub fn open(&self, whose: Whose) -> Option<SocketRoom> {
        let permit = Arc::clone(&self.all).try_acquire_owned().ok()?;
        let (own, stranger) = match whose {
            Whose::Own(client) | Whose::Forwarded(client) => (
                self.of_clients.take(client, self.per_client)?,
                self.of_strangers.take(client, self.per_stranger)?,
            ),
            // Whom the proxy speaks for is not known: they are many, and share nothing but the whole.
            Whose::Hidden(_) => (Room::UNCOUNTED, Room::UNCOUNTED),
        };
        let public = Arc::clone(&self.public);
        Some(SocketRoom { _permit: permit, _own: own, standing: Standing::Stranger(stranger), public })
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.most - self.all.available_permits()
    }

    /// Returns when none is open any more.
    pub async fn closed(&self) {
        let most = u32::try_from(self.most).unwrap_or(u32::MAX);
        // It is never closed, so the permits come.
        let _ = self.all.acquire_many(most).await;
    }
}

/// Room of one socket, given back when it is dropped.
#[derive(Debug)]
pub struct SocketRoom {
    _permit: OwnedSemaphorePermit,
    _own: Room,
    standing: Standing,
    public: Arc<Semaphore>,
}

/// Whose a socket is, as far as that is known.
#[derive(Debug)]
#[expect(dead_code, reason = "what it holds is given back when it is dropped")]
enum Standing {
    Stranger(Room),
    Public(Room, OwnedSemaphorePermit),
    Member,
}

impl SocketRoom {
    /// A member has signed in.
    pub fn is_members(&mut self) {
        self.standing = Standing::Member;
    }

    /// It goes on without sign-in; false when too many do.
    pub fn is_publics(&mut self) -> bool {
        self.standing = match std::mem::replace(&mut self.standing, Standing::Member) {
            Standing::Stranger(own) => match Arc::clone(&self.public).try_acquire_owned() {
                Ok(permit) => Standing::Public(own, permit),
                Err(_) => {
                    self.standing = Standing::Stranger(own);
                    return false;
                }
            },
            known => known,
        };
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{IpAddr, Ipv4Addr};

    fn from(last: u8) -> Whose {
        Whose::Forwarded(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)))
    }

    fn sockets(sockets: usize, sockets_per_address: usize, public_sockets: usize) -> Sockets {
        Sockets::new(&Limits { sockets, sockets_per_address, public_sockets, ..Limits::default() })
    }

    fn member(sockets: &Sockets, whose: Whose) -> Option<SocketRoom> {
        let mut room = sockets.open(whose)?;
        room.is_members();
        Some(room)
    }

    #[test]
    fn strangers_of_any_number_of_addresses_leave_room_for_members() {
        let sockets = sockets(10, 4, 8);
        let mut strangers = Vec::new();
        for address in 0..200 {
            if let Some(mut room) = sockets.open(from(address))
                && room.is_publics()
            {
                strangers.push(room);
            }
        }
        assert_eq!(strangers.len(), 8);
        let kept = [member(&sockets, from(201)), member(&sockets, from(201))];
        assert!(kept.iter().all(Option::is_some));
        assert!(member(&sockets, from(201)).is_none(), "ten are all there are");
        assert_eq!(sockets.count(), 10);
    }

    #[test]
    fn an_address_has_its_share_and_a_smaller_one_before_it_signs_in() {
        let sockets = sockets(100, 4, 16);
        let strangers = [sockets.open(from(1)), sockets.open(from(1))];
        assert!(strangers.iter().all(Option::is_some));
        assert!(sockets.open(from(1)).is_none(), "an eighth of sixteen are two");
        assert!(sockets.open(from(2)).is_some());
        drop(strangers);
        let members: Vec<_> = (0..5).map(|_| member(&sockets, from(1))).collect();
        assert_eq!(members.iter().flatten().count(), 4);
        drop(members);
        assert_eq!(
            (sockets.count(), sockets.of_clients.clients(), sockets.of_strangers.clients()),
            (0, 0, 0)
        );
    }

    #[test]
    fn whom_a_proxy_hides_is_not_counted_as_one() {
        let sockets = sockets(100, 4, 16);
        let proxy = Whose::Hidden(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let open: Vec<_> = (0..20).map(|_| sockets.open(proxy)).collect();
        assert!(open.iter().all(Option::is_some));
    }
}
