//! Lists.

use serde::{Deserialize, Serialize};

/// A page of a list, and where the next one starts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct List<T> {
    pub items: Vec<T>,
    pub next: Option<String>,
}

impl<T> List<T> {
    /// A list that is whole.
    pub fn all(items: Vec<T>) -> List<T> {
        List { items, next: None }
    }
}
