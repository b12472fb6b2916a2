//! Designs as they would be were something back that lies in the recycle bin: for what was made by forms that are there no more.

use std::collections::{BTreeMap, BTreeSet};

use engine::value::Id;
use store::Reader;
use store::app::App;
use store::form::{FormRow, FormVersion};

use super::{Designs, Stored};
use crate::service::Refusal;

impl Designs {
    /// The designs of a workspace with what lies in the recycle bin: this app, and whatever is called as nothing else is. A form
    /// of whose key there are several in the bin, and none outside, is left out: nobody can tell which one was meant.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn with_bin(db: &mut Reader, workspace: Id, app: Id) -> Result<Designs, Refusal> {
        let mut all = App::list(db, workspace).await?;
        // The last deleted first.
        all.extend(App::deleted(db, workspace).await?);
        all.sort_by_key(|known| known.id != app);
        let mut keys = BTreeSet::new();
        all.retain(|known| keys.insert(known.key.clone()));
        let mut rows = Vec::new();
        for app in &all {
            rows.extend(unmistakable(FormRow::all_of_app(db, workspace, app.id).await?));
        }
        let mut published = Vec::new();
        for row in rows.iter().filter(|row| row.version > 0) {
            published.extend(FormVersion::find(db, workspace, row.id, row.version).await?);
        }
        Designs::of(db, workspace, Stored { apps: all, rows, published }).await
    }
}

/// The forms of an app that their keys tell apart.
fn unmistakable(rows: Vec<FormRow>) -> Vec<FormRow> {
    let mut by_key: BTreeMap<String, Vec<FormRow>> = BTreeMap::new();
    for row in rows {
        by_key.entry(row.key.clone()).or_default().push(row);
    }
    let one = |mut rows: Vec<FormRow>| {
        if let Some(place) = rows.iter().position(|row| row.deleted_at.is_none()) {
            return Some(rows.swap_remove(place));
        }
        rows.pop().filter(|_| rows.is_empty())
    };
    by_key.into_values().filter_map(one).collect()
}
