//! The packages that can be installed: those of the product, and one that somebody sent.

use std::sync::Arc;

use engine::package::{Package, in_install_order};

use super::embedded::{broken, packages};
use crate::service::Refusal;

#[derive(Clone, Default)]
pub struct Library {
    sent: Option<Arc<Package>>,
}

impl Library {
    /// The product's packages and `package`, which goes before one of the same key.
    pub fn with(package: Package) -> Library {
        Library { sent: Some(Arc::new(package)) }
    }

    /// # Errors
    /// `broken_package` where one of the product's own is broken.
    pub fn find(&self, key: &str) -> Result<Option<&Package>, Refusal> {
        match self.sent.as_deref().filter(|package| package.manifest.key == key) {
            Some(package) => Ok(Some(package)),
            None => Ok(packages()?.get(key)),
        }
    }

    /// A package with what it needs before it.
    ///
    /// # Errors
    /// `broken_package` where something that it needs is not there.
    pub fn in_order(&self, key: &str) -> Result<Vec<&Package>, Refusal> {
        let own = packages()?;
        let find = |key: &str| {
            let sent = self.sent.as_deref().filter(|package| package.manifest.key == key);
            sent.or_else(|| own.get(key))
        };
        let order =
            in_install_order(key, &find).map_err(|fault| Refusal { faults: vec![fault], ..broken() })?;
        Ok(order.iter().filter_map(|key| find(key)).collect())
    }
}
