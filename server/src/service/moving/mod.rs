//! An installation moves to another database: everything is copied into an empty one of the other kind, and proved to be the
//! same there. No server runs meanwhile, and what is copied from stays as it is.

mod distinct;
mod groups;

use engine::text::Language;
use store::copy::{CopiedGroups, CopiedTable, Digest, Target, tables};
use store::{Database, Store};

use super::doctor::{self, Finding};
use super::{Cause, Installation, Refusal, database_of};
use crate::settings::Settings;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// What is copied from is looked at.
    Examining,
    /// A table was copied: the how manieth of how many, and its rows.
    Copied { table: &'a str, rows: u64, done: usize, of: usize },
    /// What was copied is compared, and looked at like what it was copied from.
    Proving,
}

/// What came of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub table: String,
    pub there: Digest,
    pub here: Digest,
}

impl Proof {
    pub fn is_equal(&self) -> bool {
        self.there == self.here
    }
}

/// What came of it all.
#[derive(Clone, Debug, Default)]
pub struct Moved {
    pub proofs: Vec<Proof>,
    /// What is not as it should be, and was not in what was copied from either.
    pub before: Vec<Finding>,
    /// What is not as it should be in the copy alone.
    pub new: Vec<Finding>,
}

impl Moved {
    /// Whether both databases hold the same. Otherwise no server takes the copy.
    pub fn is_proved(&self) -> bool {
        self.new.is_empty() && self.proofs.iter().all(Proof::is_equal)
    }

    pub fn rows(&self) -> u64 {
        self.proofs.iter().map(|proof| proof.here.rows).sum()
    }
}

/// Findings that are about where a database lies, and about time that went by.
const OF_THE_PLACE: [&str; 2] = ["space_is_kept", "audit_unsealed"];

/// Copies what the database of these settings holds into that of `url`.
///
/// # Errors
/// `same_kind_of_database`, `no_database`, `database_in_use`, `database_not_current`, `database_not_empty`,
/// `table_without_forms`; where what is copied from is damaged, or its key is missing.
pub async fn run(
    settings: Settings,
    url: &str,
    tell: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Moved, Refusal> {
    let (from, to) = (database_of(&settings.database), database_of(url));
    let is_sqlite = |database: &Database| matches!(database, Database::Sqlite(_));
    if is_sqlite(&from) == is_sqlite(&to) {
        return Err(Refusal::new(Cause::Invalid, "same_kind_of_database"));
    }
    if let Database::Sqlite(path) = &from
        && !path.is_file()
    {
        return Err(Refusal::new(Cause::Missing, "no_database").arg("file", path.display()));
    }
    let source = Store::open_to_keep(&store::Settings::new(from)).await?;
    let moving = Moving { settings, url, source: source.clone(), tell };
    let moved = moving.run(to).await;
    source.close().await;
    moved
}

struct Moving<'m> {
    settings: Settings,
    url: &'m str,
    source: Store,
    tell: &'m (dyn Fn(Progress<'_>) + Sync),
}

impl Moving<'_> {
    async fn run(&self, to: Database) -> Result<Moved, Refusal> {
        self.source.check().await?;
        let groups = groups::of(&self.source).await?;
        let tables = tables(&mut self.source.read().await?).await?;
        let target = Target::open(&store::Settings::new(to)).await?;
        let moved = self.fill(&target, &tables, &groups).await;
        target.store().close().await;
        moved
    }

    async fn fill(
        &self,
        target: &Target,
        tables: &[CopiedTable],
        groups: &[CopiedGroups],
    ) -> Result<Moved, Refusal> {
        (self.tell)(Progress::Examining);
        let before = self.examine(&self.settings.database, &self.source).await?;
        if let Some(damaged) = before.iter().find(|found| found.code == "damaged_file") {
            return Err(store::Error::Incompatible(damaged.told(Language::En)).into());
        }
        let of = tables.len() + groups.len();
        target.make_tables(&self.source).await?;
        for (place, table) in tables.iter().enumerate() {
            let rows = target.fill(&self.source, table).await?;
            (self.tell)(Progress::Copied { table: table.name(), rows, done: place + 1, of });
        }
        for (place, table) in groups.iter().enumerate() {
            let rows = target.fill_groups(&self.source, table).await?;
            let done = tables.len() + place + 1;
            (self.tell)(Progress::Copied { table: &table.name(), rows, done, of });
        }
        distinct::count_anew(target).await?;
        (self.tell)(Progress::Proving);
        let mut moved = self.prove(target, tables, groups).await?;
        if !moved.is_proved() {
            return Ok(moved);
        }
        target.make_indexes().await?;
        let found = self.examine(self.url, target.store()).await?;
        let is_new = |found: &Finding| !before.contains(found) && !OF_THE_PLACE.contains(&found.code);
        moved.new = found.into_iter().filter(is_new).collect();
        moved.before = before;
        if moved.is_proved() {
            target.proved().await?;
        }
        Ok(moved)
    }

    /// Reads everything once more, on both sides: what came in between would show as well.
    async fn prove(
        &self,
        target: &Target,
        tables: &[CopiedTable],
        groups: &[CopiedGroups],
    ) -> Result<Moved, Refusal> {
        let mut moved = Moved::default();
        for table in tables {
            let (there, here) = target.compare(&self.source, table).await?;
            moved.proofs.push(Proof { table: table.name().to_string(), there, here });
        }
        for table in groups {
            let (there, here) = target.compare_groups(&self.source, table).await?;
            moved.proofs.push(Proof { table: table.name(), there, here });
        }
        Ok(moved)
    }

    /// Everything that the doctor finds in a database.
    async fn examine(&self, url: &str, store: &Store) -> Result<Vec<Finding>, Refusal> {
        let settings = Settings { database: url.to_string(), ..self.settings.clone() };
        let installation = Installation::around(settings, store.clone()).await?;
        Ok(doctor::examine(&installation).await?.found)
    }
}
