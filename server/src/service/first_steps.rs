//! What somebody has done of the first steps in a workspace. What an installation made, its demo and the versions of forms that
//! it published, is nobody's work and counts for nothing.

use std::collections::BTreeSet;

use engine::value::Id;
use store::Reader;
use store::document::PackageInstall;
use store::instance::StartedQuery;

use super::designs::administers;
use super::people::Caller;
use super::templates::Kept;
use super::{Installation, Refusal};

/// Requests that are looked at with one question.
const CHUNK: u16 = 100;

/// How far the caller is.
///
/// # Errors
/// When the database can't be read.
pub async fn read(installation: &Installation, caller: &Caller) -> Result<wire::FirstSteps, Refusal> {
    let workspace = caller.workspace_id();
    let designs = installation.designs.get(&installation.store, workspace).await?;
    let mut db = installation.store.read().await?;
    let installed = Installed::load(&mut db, workspace).await?;
    let designed = designs.forms.values().filter(|design| {
        designs.app_of(design).is_some_and(|app| administers(caller, app))
            && (2..=design.row.version).any(|version| !installed.versions.contains(&(design.row.id, version)))
    });
    Ok(wire::FirstSteps {
        app: designs.apps.values().any(|app| designs.is_visible(app, caller)),
        form: designed.count() > 0,
        people: caller.people.members.len() > 1,
        approval: has_asked(&mut db, caller, &installed.records).await?,
    })
}

/// What came with packages.
struct Installed {
    /// Their demo records, those that were cleared too.
    records: BTreeSet<Id>,
    /// The versions of forms that were published for them.
    versions: BTreeSet<(Id, i64)>,
}

impl Installed {
    async fn load(db: &mut Reader, workspace: Id) -> Result<Installed, Refusal> {
        let mut found = Installed { records: BTreeSet::new(), versions: BTreeSet::new() };
        for install in PackageInstall::list(db, workspace).await? {
            let kept = Kept::read(&install)?;
            found.records.extend(kept.records().map(|(_, record)| record));
            let versions =
                kept.versions.iter().filter_map(|(form, all)| Some((form.parse::<Id>().ok()?, all)));
            found.versions.extend(versions.flat_map(|(form, all)| all.iter().map(move |one| (form, *one))));
        }
        Ok(found)
    }
}

/// Whether the caller has asked for something that is no demo.
async fn has_asked(db: &mut Reader, caller: &Caller, demo: &BTreeSet<Id>) -> Result<bool, Refusal> {
    let (workspace, member) = (caller.workspace_id(), caller.id());
    let started = StartedQuery { workspace, member, app: None, form: None, state: None };
    let mut before = None;
    loop {
        let page = started.page(db, before, i64::from(CHUNK)).await?;
        if page.iter().any(|instance| !demo.contains(&instance.record)) {
            return Ok(true);
        }
        match page.last().filter(|_| page.len() == usize::from(CHUNK)) {
            Some(last) => before = Some(last.id),
            None => return Ok(false),
        }
    }
}
