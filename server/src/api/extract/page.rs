//! The parameters of plain lists.

use engine::value::Id;
use serde::Deserialize;

use crate::service::Refusal;
use crate::service::flows::place::Place;

/// Which part of a list: how many, and where it starts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

impl Page {
    /// The cursor of a list that goes by versions.
    pub fn version(&self) -> Result<Option<i64>, Refusal> {
        self.read()
    }

    /// The cursor of a list of the inbox.
    pub fn place(&self) -> Result<Option<Place>, Refusal> {
        self.read()
    }

    /// The cursor of a list that goes by ids.
    pub fn id(&self) -> Result<Option<Id>, Refusal> {
        self.read()
    }

    fn read<T: std::str::FromStr>(&self) -> Result<Option<T>, Refusal> {
        let cursor = self.cursor.as_deref().map(str::parse).transpose();
        cursor.map_err(|_| Refusal::fault("cursor", "bad_cursor"))
    }
}
