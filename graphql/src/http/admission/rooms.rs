//! Rooms: of something that there may be so much of for each client, how much each has.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// How much each client has. A clone counts in the same ones.
#[derive(Clone, Debug, Default)]
pub struct Rooms(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Rooms {
    /// Room for one more, if the client has fewer than so many.
    pub fn take(&self, client: IpAddr, most: usize) -> Option<Room> {
        let mut taken = self.taken();
        let open = taken.get(&client).copied().unwrap_or_default();
        if open >= most {
            return None;
        }
        taken.insert(client, open + 1);
        drop(taken);
        Some(Room(Some((client, self.clone()))))
    }

    /// How many clients have some.
    #[cfg(test)]
    pub fn clients(&self) -> usize {
        self.taken().len()
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        // Numbers are whole after every step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Room of one, given back when it is dropped.
#[derive(Debug)]
pub struct Room(Option<(IpAddr, Rooms)>);

impl Room {
    /// Room that is nobody's in particular.
    pub const UNCOUNTED: Self = Self(None);
}

impl Drop for Room {
    fn drop(&mut self) {
        let Some((client, rooms)) = self.0.take() else { return };
        let mut taken = rooms.taken();
        if let Some(open) = taken.get_mut(&client) {
            *open -= 1;
            if *open == 0 {
                taken.remove(&client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn each_client_has_so_much_and_gets_it_back() {
        let rooms = Rooms::default();
        let first = rooms.take(ONE, 2);
        let second = rooms.take(ONE, 2);
        assert!(first.is_some() && second.is_some() && rooms.take(ONE, 2).is_none());
        assert!(rooms.take(OTHER, 2).is_some());
        drop(first);
        assert!(rooms.take(ONE, 2).is_some());
        drop(second);
        assert_eq!(rooms.clients(), 0, "nobody is remembered");
        assert!(rooms.take(ONE, 0).is_none());
        assert_eq!(rooms.clients(), 0, "nor is who got nothing");
    }
}
