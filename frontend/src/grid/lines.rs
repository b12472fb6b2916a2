//! The rows that keys and mouse go through: those of a list, or those below the heads of groups, one after the other. A head is
//! no row, and neither are those of a group that is closed.

use std::ops::Range;

use engine::value::Id;
use leptos::prelude::*;
use wire::records::Record;

use super::grouped::Laid;
use super::rows::Rows;
use crate::api::Problem;

/// Groups of records, as they lie below each other.
#[derive(Clone, Copy)]
pub struct Gathered {
    /// The rows of each.
    pub members: RwSignal<Vec<Rows>>,
    pub laid: Memo<Laid>,
    /// Has the rows of a group asked for, if they are not yet.
    pub ask: Callback<usize>,
}

/// The rows of the table.
#[derive(Clone, Copy)]
pub struct Lines {
    whole: Rows,
    gathered: RwSignal<Option<Gathered>>,
}

impl Lines {
    pub fn of(whole: Rows) -> Lines {
        Lines { whole, gathered: RwSignal::new(None) }
    }

    /// From now on the rows are those of groups.
    pub fn gather(self, gathered: Gathered) {
        let _ = self.gathered.try_set(Some(gathered));
    }

    /// From now on they are those of the list again, unless other groups have come in the place of these.
    pub fn scatter(self, members: RwSignal<Vec<Rows>>) {
        if self.groups().is_some_and(|gathered| gathered.members == members) {
            let _ = self.gathered.try_set(None);
        }
    }

    fn groups(self) -> Option<Gathered> {
        self.gathered.try_get_untracked().flatten()
    }

    fn members(self) -> Vec<Rows> {
        let members = |gathered: Gathered| gathered.members.try_get_untracked();
        self.groups().and_then(members).unwrap_or_default()
    }

    pub fn len(self) -> usize {
        match self.gathered.get() {
            Some(gathered) => gathered.laid.with(Laid::rows_len),
            None => self.whole.len(),
        }
    }

    /// Where a row is found: among which records, and at which place of theirs.
    fn found(self, row: usize) -> Option<(Rows, usize)> {
        let Some(gathered) = self.gathered.get() else { return Some((self.whole, row)) };
        let (group, inside) = gathered.laid.with(|laid| laid.row(row))?;
        Some((gathered.members.with(|members| members.get(group).copied())?, inside))
    }

    /// The record of a row, when it is there.
    pub fn at(self, row: usize) -> Option<Record> {
        let (rows, place) = self.found(row)?;
        rows.at(place)
    }

    /// The id of the record of a row, when it is there.
    pub fn id_at(self, row: usize) -> Option<Id> {
        let (rows, place) = self.found(row)?;
        rows.id_at(place)
    }

    /// A record, if it is among those that were fetched.
    pub fn known(self, id: Id) -> Option<Record> {
        self.members().into_iter().find_map(|rows| rows.known(id)).or_else(|| self.whole.known(id))
    }

    /// The row of a record, if it is among those that were fetched and its group is open.
    pub fn place_of_id(self, id: Id) -> Option<usize> {
        let Some(gathered) = self.groups() else { return self.whole.place_of_id(id) };
        let mut members = self.members().into_iter().enumerate();
        let (group, inside) = members.find_map(|(group, rows)| Some((group, rows.place_of_id(id)?)))?;
        gathered.laid.try_with_untracked(|laid| laid.row_of(group, inside)).flatten()
    }

    /// Where a record stands among these rows.
    pub fn place_among(self, id: Id, mut rows: Range<usize>) -> Option<usize> {
        untrack(|| rows.find(|row| self.id_at(*row) == Some(id)))
    }

    /// Reads records anew, wherever they stand, and puts them where they are shown: none moves.
    ///
    /// # Errors
    /// What the server says.
    pub async fn renew(self, ids: &[Id]) -> Result<Vec<Record>, Problem> {
        let found = self.whole.renew(ids).await?;
        for rows in self.members() {
            rows.put(&found);
        }
        Ok(found)
    }

    /// The records of the rows `from..to`, also of those that were never on the screen; `None` where something else is listed
    /// once they come.
    ///
    /// # Errors
    /// What the server says.
    pub async fn records(self, from: usize, to: usize) -> Result<Option<Vec<Record>>, Problem> {
        let Some(gathered) = self.groups() else { return self.whole.records(from, to).await };
        let mut found = Vec::new();
        for (group, from, to) in gathered.laid.with_untracked(|laid| laid.spans(from, to)) {
            let rows = gathered.members.try_with_untracked(|members| members.get(group).copied());
            let Some(rows) = rows.flatten() else { return Ok(None) };
            gathered.ask.try_run(group);
            match rows.records(from, to).await? {
                Some(records) => found.extend(records),
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    /// Looks again at what is in these rows, and at how many there are. Whether an answer has come; groups are asked for anew as
    /// a whole.
    pub async fn look_again(self, rows: &[Range<usize>]) -> bool {
        if self.groups().is_some() {
            self.whole.refresh();
            return false;
        }
        self.whole.look_again(rows).await
    }

    /// Asks again for what is shown. Nothing where the list is gone meanwhile.
    pub fn refresh(self) {
        self.whole.refresh();
    }
}
