//! Titles that several records of a form have: an import can't tell which of them is meant, so an export writes their ids too.

use std::collections::BTreeSet;

use engine::access::Operation;
use store::Reader;

use super::links::{MOST_TITLED, asked, title_field};
use super::titled::Titled;
use crate::service::Refusal;
use crate::service::records::Order;

/// By what the records of one title are found in a form.
pub enum SharedTitles {
    /// The title is this field.
    Field(String),
    All(Titled),
    /// There are too many to tell.
    Unknown,
}

impl SharedTitles {
    /// Of a form, as far as its reader sees it. Titles of several fields are read here.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn of(there: &Order) -> Result<SharedTitles, Refusal> {
        if !there.access.may(Operation::View) {
            return Ok(SharedTitles::Unknown);
        }
        if let Some(field) = title_field(&there.compiled.form) {
            return Ok(SharedTitles::Field(field));
        }
        let all = Titled::read(there, MOST_TITLED).await?;
        Ok(all.map_or(SharedTitles::Unknown, SharedTitles::All))
    }

    /// Those of these titles that several records have, or that may be so.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn among(
        &self,
        db: &mut Reader,
        there: &Order,
        titles: BTreeSet<String>,
    ) -> Result<BTreeSet<String>, Refusal> {
        Ok(match self {
            SharedTitles::Field(field) => {
                let found = asked(db, there, field, &titles).await?;
                found.into_iter().filter(|(_, ids)| ids.len() > 1).map(|(title, _)| title).collect()
            }
            SharedTitles::All(all) => titles.into_iter().filter(|title| all.find(title).len() > 1).collect(),
            SharedTitles::Unknown => titles,
        })
    }
}
