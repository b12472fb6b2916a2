//! How much of something one household may have under way at a time, so that nobody takes all of it away from the others.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::service::people::throttle::household;

#[derive(Clone, Debug)]
pub struct Crowd(Arc<Counted>);

#[derive(Debug)]
struct Counted {
    most: usize,
    places: Mutex<HashMap<IpAddr, usize>>,
}

/// Taken until it is dropped.
#[derive(Debug)]
pub struct Place(Option<(Arc<Counted>, IpAddr)>);

impl Crowd {
    /// With `most` places for each household.
    pub fn new(most: usize) -> Crowd {
        Crowd(Arc::new(Counted { most, places: Mutex::default() }))
    }

    /// A place for who comes from this address; none where all of theirs are taken. What comes from the machine itself is
    /// not counted: there may be a proxy on it, with everybody behind it.
    pub fn enter(&self, address: IpAddr) -> Option<Place> {
        if address.to_canonical().is_loopback() {
            return Some(Place(None));
        }
        let address = household(address);
        let mut places = self.0.places.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = places.entry(address).or_default();
        if *taken >= self.0.most {
            return None;
        }
        *taken += 1;
        Some(Place(Some((Arc::clone(&self.0), address))))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((counted, address)) = &self.0 else { return };
        let mut places = counted.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = places.get_mut(address) {
            *taken -= 1;
            if *taken == 0 {
                places.remove(address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_has_so_many_places_and_others_have_theirs() {
        let crowd = Crowd::new(2);
        let enter = |address: &str| crowd.enter(address.parse().unwrap());
        let (first, second) = (enter("2001:db8::1"), enter("2001:db8::2"));
        assert!(first.is_some() && second.is_some());
        assert!(enter("2001:db8::3").is_none());
        let other = enter("203.0.113.9");
        assert!(other.is_some());
        drop(first);
        let third = enter("2001:db8::3");
        assert!(third.is_some() && enter("2001:db8::1").is_none());
        // Nothing is kept of who has gone.
        drop((second, third, other));
        assert!(crowd.0.places.lock().unwrap().is_empty());
    }

    #[test]
    fn the_machine_itself_is_not_counted() {
        let crowd = Crowd::new(0);
        for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            assert!(crowd.enter(address.parse().unwrap()).is_some(), "{address}");
        }
        assert!(crowd.enter([203, 0, 113, 9].into()).is_none());
    }
}
