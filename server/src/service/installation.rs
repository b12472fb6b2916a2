//! A running product: what every service needs at hand.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::settings::Settings;

/// A running product. Cheap to clone; all clones are the same one.
#[derive(Clone)]
pub struct Installation(Arc<Parts>);

/// What an installation is made of.
pub struct Parts {
    pub settings: Settings,
    draining: AtomicBool,
}

impl Deref for Installation {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Installation {
    pub fn new(settings: Settings) -> Installation {
        Installation(Arc::new(Parts { settings, draining: AtomicBool::new(false) }))
    }

    /// Says from now on that requests should go elsewhere.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}
