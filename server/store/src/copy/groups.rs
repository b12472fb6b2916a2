//! The groups of aggregate tables, as a compiled table reads and writes them.

use std::sync::Arc;

use engine::aggregate::{Aggregate, Contribution, Contributions, Counted};
use engine::value::{Decimal, Id, Value};

use super::column::Cell;
use super::digest::Digest;
use crate::connection::{Reader, Tx};
use crate::database::Store;
use crate::error::Result;
use crate::groups::{GroupTable, StoredGroup};

/// An aggregate table whose groups are copied.
#[derive(Clone)]
pub struct CopiedGroups {
    pub workspace: Id,
    /// See [`crate::aggregate::AggregateRow`].
    pub number: i64,
    pub aggregate: Arc<Aggregate>,
}

impl CopiedGroups {
    pub fn name(&self) -> String {
        format!("a{}", self.number)
    }

    fn table(&self) -> GroupTable<'_> {
        GroupTable { workspace: self.workspace, number: self.number, aggregate: &self.aggregate }
    }

    pub(super) async fn read(&self, db: &mut Reader) -> Result<Contributions> {
        let all = self.table().all(db).await?;
        Ok(all.into_iter().map(|(stored, contribution)| (stored.key, contribution)).collect())
    }

    pub(super) async fn write(&self, tx: &mut Tx, groups: &Contributions) -> Result<()> {
        let table = self.table();
        table.create(tx).await?;
        table.replace(tx, groups).await
    }

    pub(super) async fn digest(&self, store: &Store) -> Result<Digest> {
        let mut digest = Digest::default();
        for (stored, contribution) in self.table().all(&mut store.read().await?).await? {
            digest.add(&row(stored, &contribution));
        }
        Ok(digest)
    }
}

/// A group with everything that is kept of it.
fn row(stored: StoredGroup, contribution: &Contribution) -> Vec<Cell> {
    let number = |number: &Decimal| Cell::Text(number.normalize().to_string());
    let mut cells = vec![Cell::Text(stored.key), Cell::Whole(stored.count)];
    cells.extend(stored.group.iter().map(|value| match value {
        Value::Number(of) => number(of),
        other => Cell::Text(format!("{other:?}")),
    }));
    cells.extend(stored.sums.iter().map(number));
    cells.extend(stored.figures.iter().map(|figure| figure.as_ref().map_or(Cell::Empty, number)));
    for ((place, value), times) in &contribution.values {
        cells.push(Cell::Whole(*place as i64));
        cells.push(match value {
            Counted::Number(of) => number(of),
            Counted::Text(text) => Cell::Text(text.clone()),
        });
        cells.push(Cell::Whole(*times));
    }
    cells
}
