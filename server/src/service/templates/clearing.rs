//! Clearing the demo: records that came with a template and that nobody has changed go to the recycle bin, by the one save.
//!
//! They go in the opposite order of their making, so that what links to others goes before them. What somebody has changed
//! stays, and so does what it links to: nothing that people made loses anything. A demo that was cleared is loaded again with the
//! next template that needs it.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::access::Access;
use engine::value::Id;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::document::PackageInstall;
use store::history::HistoryEntry;
use store::record::{Hold, hold};
use store::{Reader, Tx};
use wire::{DemoCleared, TemplateDemo};

use super::kept::Kept;
use crate::service::answer::Answer;
use crate::service::audit::{self, Note};
use crate::service::jobs::{self, Beginning, Going, Pace};
use crate::service::once::Key;
use crate::service::people::Caller;
use crate::service::records::failing::{add_failures, is_of_all, reason};
use crate::service::records::save::{Change, linked_from_outside, save};
use crate::service::records::{Order, Path};
use crate::service::{Installation, Refusal};

/// What its jobs are called.
pub const KIND: &str = "clear_demo";

/// Records that are looked at with one question.
const CHUNK: usize = 100;
/// How often what stayed is tried again, as long as something went meanwhile that may have stood in its way.
const MOST_PASSES: u32 = 10;

/// What a job works on.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Work {
    template: String,
    /// The template and what is cleared along with it.
    packages: Vec<String>,
}

/// How far a job is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Place {
    /// The last record that was looked at.
    before: Option<Id>,
    pass: u32,
    /// Records that went before this pass.
    deleted_before: u64,
    cleared: DemoCleared,
}

/// A demo record: its form and its id.
pub type Named = (Id, Id);

/// How many demo records of a template, and of what is cleared along with it, are there.
///
/// # Errors
/// Not found for a template that is not installed; forbidden for who may not install.
pub async fn demo(installation: &Installation, caller: &Caller, key: &str) -> Result<TemplateDemo, Refusal> {
    may_clear(caller)?;
    let records = {
        let mut db = installation.store.read().await?;
        let packages = cleared_with(&mut db, caller.workspace_id(), key).await?;
        records_of(&mut db, caller.workspace_id(), &packages).await?
    };
    let mut found = TemplateDemo::default();
    for chunk in by_form(&records) {
        let Ok(order) = Order::to_read(installation, caller, &chunk.form.to_string()).await else { continue };
        let mut db = order.reader().await?;
        for ids in chunk.ids.chunks(CHUNK) {
            let live = live_among(&mut db, &order, ids).await?;
            let changed = changed_among(&mut db, &order, &live).await?;
            found.changed += changed.len() as u64;
            found.unchanged += (live.len() - changed.len()) as u64;
        }
    }
    Ok(found)
}

/// Begins to clear the demo of a template, and of what was installed along with it and serves nothing else that has a demo.
///
/// # Errors
/// As [`demo`].
pub async fn clear_demo(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    template: String,
) -> Result<Answer, Refusal> {
    may_clear(caller)?;
    let runtime = tokio::runtime::Handle::current();
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let packages = cleared_with(tx, actor.workspace_id(), &template).await?;
                // From here on something may be missing: what is installed meanwhile makes it again.
                for package in &packages {
                    Kept::note_cleared(tx, actor.workspace_id(), package).await?;
                }
                let work = serde_json::to_value(Work { template, packages }).map_err(Refusal::internal)?;
                let (installation, caller) = (&parts, &actor);
                let (place, saves) = (None, true);
                let begins = Beginning { kind: KIND, work, place, saves, installation, caller, runtime };
                let job = begins.store(tx).await?.id;
                Answer::accepted(&wire::JobStarted { job })
            })
        })
        .await
}

/// As installing, it reaches over all apps of the workspace.
fn may_clear(caller: &Caller) -> Result<(), Refusal> {
    if caller.is_administrator() { Ok(()) } else { Err(Refusal::forbidden("forbidden")) }
}

/// Goes on with clearing to its end.
pub fn work(going: Going) -> BoxFuture<'static, Result<Json, Refusal>> {
    Box::pin(async move {
        let (work, place) = (going.input()?, going.place()?);
        Run { going, work, place }.through().await
    })
}

struct Run {
    going: Going,
    work: Work,
    place: Place,
}

impl Run {
    async fn through(mut self) -> Result<Json, Refusal> {
        let workspace = self.going.caller().await?.workspace_id();
        let records: Arc<[Named]> = {
            let mut db = self.going.installation.store.read().await?;
            records_of(&mut db, workspace, &self.work.packages).await?.into()
        };
        let total = records.len() as u64;
        let behind = rest_of(&records, self.place.before).len() as u64;
        let looked = if self.place.pass == 0 { total - behind } else { total };
        self.going.handle.go_on(total, looked, self.place.cleared.failed);
        let mut pace = Pace::default();
        loop {
            let caller = self.going.caller().await?;
            may_clear(&caller)?;
            let rest = rest_of(&records, self.place.before);
            if rest.is_empty() {
                if !self.place.goes_round() {
                    break;
                }
                continue;
            }
            let next: Arc<[Named]> = rest.iter().take(pace.begin().min(CHUNK)).copied().collect();
            let part = Part {
                installation: self.going.installation.clone(),
                caller,
                place: self.place.clone(),
                next: next.clone(),
                job: (self.going.job, self.going.batch),
                step: self.going.step(),
            };
            self.place = jobs::patiently(|| part.clone().save()).await?;
            self.going.stepped();
            pace.end(next.len());
            let advanced = if self.place.pass == 0 { next.len() } else { 0 };
            if self.going.handle.advance(advanced).is_err() {
                self.going.handle.cut_short();
                break;
            }
        }
        self.finish().await
    }

    /// Remembers that it was cleared, also where it was loaded again meanwhile, and notes what was done.
    async fn finish(self) -> Result<Json, Refusal> {
        let caller = self.going.caller().await?;
        let Run { going, work: Work { template, packages }, place: Place { cleared, .. } } = self;
        let changes = json!({"deleted": cleared.deleted, "changed": cleared.changed, "linked": cleared.linked,
            "failed": cleared.failed});
        going
            .installation
            .write(move |tx| {
                Box::pin(async move {
                    for package in &packages {
                        Kept::note_cleared(tx, caller.workspace_id(), package).await?;
                    }
                    let (action, label) = ("template.clear_demo", Some(template.as_str()));
                    audit::note(tx, &caller, Note { action, object: None, label, changes: Some(changes) })
                        .await
                })
            })
            .await?;
        serde_json::to_value(&cleared).map_err(Refusal::internal)
    }
}

/// Those of some demo records that are still there: what is missing is made again with the next demo.
///
/// # Errors
/// When the database can't be read.
pub async fn still_there(
    tx: &mut Tx,
    installation: &Installation,
    caller: &Caller,
    mut records: Vec<Named>,
) -> Result<BTreeSet<Id>, Refusal> {
    records.sort_by_key(|(form, _)| *form);
    let mut there = BTreeSet::new();
    for chunk in by_form(&records) {
        let form = chunk.form.to_string();
        let Ok(order) = Order::to_write(installation, tx, caller, &form, Path::Demo).await else { continue };
        for ids in chunk.ids.chunks(CHUNK) {
            there.extend(live_among(tx, &order, ids).await?);
        }
    }
    Ok(there)
}

impl Place {
    /// Goes through what is left once more, where something went that may have stood in its way.
    fn goes_round(&mut self) -> bool {
        let has_left = self.cleared.linked + self.cleared.failed > 0;
        let has_gone = self.cleared.deleted > self.deleted_before;
        if !has_left || !has_gone || self.pass + 1 >= MOST_PASSES {
            return false;
        }
        self.pass += 1;
        self.before = None;
        self.deleted_before = self.cleared.deleted;
        self.cleared = DemoCleared { deleted: self.cleared.deleted, ..DemoCleared::default() };
        true
    }
}

/// Everything that the transaction of a slice needs.
#[derive(Clone)]
struct Part {
    installation: Installation,
    caller: Caller,
    place: Place,
    next: Arc<[Named]>,
    /// The job, and what its saves carry.
    job: (Id, Id),
    step: i64,
}

impl Part {
    async fn save(self) -> Result<Place, Refusal> {
        let installation = self.installation.clone();
        installation
            .write(move |tx| {
                Box::pin(async move {
                    let (workspace, job, step) = (self.caller.workspace_id(), self.job.0, self.step);
                    let place = self.records(tx).await?;
                    jobs::reached(tx, (workspace, job), step, &place).await?;
                    Ok(place)
                })
            })
            .await
    }

    async fn records(self, tx: &mut Tx) -> Result<Place, Refusal> {
        let Part { installation, caller, mut place, next, job: (_, batch), .. } = self;
        place.before = next.last().map(|(_, id)| *id);
        for chunk in by_form(&next) {
            let form = chunk.form.to_string();
            // A form that is gone has taken its records with it.
            let Ok(order) = Order::to_write(&installation, tx, &caller, &form, Path::Demo).await else {
                continue;
            };
            let order = Arc::new(Order { batch: Some(batch), ..order });
            clear(tx, &order, &chunk.ids, &mut place.cleared).await?;
        }
        Ok(place)
    }
}

/// Deletes what is to go of some records of one form, and counts what stays.
async fn clear(
    tx: &mut Tx,
    order: &Arc<Order>,
    ids: &[Id],
    cleared: &mut DemoCleared,
) -> Result<(), Refusal> {
    // Nobody changes or links to what may go between the look at it and its end.
    hold(tx, order.table(), ids, Hold::Goes).await?;
    let mut going = live_among(tx, order, ids).await?;
    let changed = changed_among(tx, order, &going).await?;
    cleared.changed += changed.len() as u64;
    going.retain(|id| !changed.contains(id));
    // The newest first: what links to another record of the same form was made after it.
    for id in going {
        if linked_from_outside(tx, order, id).await? {
            cleared.linked += 1;
            continue;
        }
        let doing = order.clone();
        let change = vec![Change::Delete { id, version: None }];
        let outcome = tx.nested(|tx| Box::pin(async move { save(tx, &doing, change).await })).await?;
        match outcome {
            Ok(_) => cleared.deleted += 1,
            Err(refusal) if is_of_all(&refusal) => return Err(refusal),
            Err(refusal) => {
                cleared.failed += 1;
                let why = reason(&refusal, order.caller.language());
                add_failures(tx, order, &mut cleared.failures, &[(id, why)]).await?;
            }
        }
    }
    Ok(())
}

/// Those that are in the lists, in the order in which they are named.
async fn live_among(db: &mut Reader, order: &Order, ids: &[Id]) -> Result<Vec<Id>, Refusal> {
    let access = Access::system("demo records, of which nothing is shown");
    let found = store::record::get_many(db, &access, order.table(), ids, &order.context).await?;
    let is_live = |id: &Id| found.get(id).is_some_and(|record| record.system.is_live());
    Ok(ids.iter().copied().filter(is_live).collect())
}

/// Those that somebody has changed. What the product did to them by itself, such as posting, is no change of anybody's.
pub(super) async fn changed_among(
    db: &mut Reader,
    order: &Order,
    ids: &[Id],
) -> Result<BTreeSet<Id>, Refusal> {
    let workspace = order.caller.workspace_id();
    let mut paths = HistoryEntry::paths_of(db, workspace, order.form, ids).await?;
    paths.retain(|_, paths| paths.iter().any(|path| Path::is_of_people(path)));
    Ok(paths.into_keys().collect())
}

/// Some records of one form.
struct OfForm {
    form: Id,
    ids: Vec<Id>,
}

/// Records that follow each other and are of one form, together.
fn by_form(records: &[Named]) -> Vec<OfForm> {
    let together = records.chunk_by(|(one, _), (other, _)| one == other);
    together
        .filter_map(|records| {
            let form = records.first()?.0;
            Some(OfForm { form, ids: records.iter().map(|(_, id)| *id).collect() })
        })
        .collect()
}

/// What comes after a record that was looked at.
fn rest_of(records: &[Named], before: Option<Id>) -> &[Named] {
    let at = before.map_or(0, |before| records.partition_point(|(_, id)| *id >= before));
    records.get(at..).unwrap_or_default()
}

/// The demo records of packages as they are remembered, the newest first.
async fn records_of(db: &mut Reader, workspace: Id, packages: &[String]) -> Result<Vec<Named>, Refusal> {
    let mut records = Vec::new();
    for key in packages {
        let Some(install) = PackageInstall::find(db, workspace, key.clone()).await? else { continue };
        records.extend(Kept::read(&install)?.records().map(|((form, _), id)| (form, id)));
    }
    records.sort_by_key(|(_, id)| std::cmp::Reverse(*id));
    Ok(records)
}

/// The packages whose demo goes with that of a template.
async fn cleared_with(db: &mut Reader, workspace: Id, key: &str) -> Result<Vec<String>, Refusal> {
    let mut installed = Vec::new();
    for install in PackageInstall::list(db, workspace).await? {
        let kept = Kept::read(&install)?;
        let needs = kept.manifest.needs.iter().map(|need| need.key.clone()).collect();
        installed.push(Needing { key: install.key, needs, has_demo: kept.records().next().is_some() });
    }
    if installed.iter().all(|package| package.key != key) {
        return Err(Refusal::missing());
    }
    Ok(along(&installed, key))
}

/// An installed package, and what it needs.
struct Needing {
    key: String,
    needs: Vec<String>,
    has_demo: bool,
}

/// A package and what it needs, without what another one needs that keeps its demo.
fn along(installed: &[Needing], key: &str) -> Vec<String> {
    let mut going = vec![key.to_string()];
    let mut at = 0;
    while let Some(of) = going.get(at).cloned() {
        at += 1;
        for need in installed.iter().filter(|package| package.key == of).flat_map(|package| &package.needs) {
            if !going.contains(need) {
                going.push(need.clone());
            }
        }
    }
    loop {
        let is_staying = |package: &Needing| package.has_demo && !going.contains(&package.key);
        let kept: BTreeSet<&String> = installed
            .iter()
            .filter(|package| is_staying(package))
            .flat_map(|package| &package.needs)
            .collect();
        let count = going.len();
        going = going.iter().filter(|it| *it == key || !kept.contains(it)).cloned().collect();
        if going.len() == count {
            return going;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(key: &str, needs: &[&str], has_demo: bool) -> Needing {
        let needs = needs.iter().map(|need| (*need).to_string()).collect();
        Needing { key: key.to_string(), needs, has_demo }
    }

    #[test]
    fn what_serves_another_demo_stays_with_it() {
        let installed = |inventory: bool| {
            [
                package("base", &[], true),
                package("roi", &["base"], true),
                package("crm", &["base", "roi"], true),
                package("inventory", &["base"], inventory),
            ]
        };
        assert_eq!(along(&installed(false), "crm"), ["crm", "base", "roi"]);
        assert_eq!(along(&installed(true), "crm"), ["crm", "roi"]);
        assert_eq!(along(&installed(true), "inventory"), ["inventory"]);
        assert_eq!(along(&installed(true), "base"), ["base"], "what somebody names goes");
    }

    #[test]
    fn records_are_gone_through_from_the_newest_on() {
        let id = |number: i64| Id::from_i64(number).unwrap();
        let records = [(id(1), id(9)), (id(1), id(8)), (id(2), id(5)), (id(1), id(3))];
        assert_eq!(rest_of(&records, None).len(), 4);
        assert_eq!(rest_of(&records, Some(id(8))), &records[2..]);
        assert!(rest_of(&records, Some(id(3))).is_empty());
        let chunks = by_form(&records);
        assert_eq!(chunks.iter().map(|chunk| chunk.ids.len()).collect::<Vec<_>>(), [2, 1, 1]);
    }

    #[test]
    fn what_stayed_is_tried_again_as_long_as_something_went() {
        let mut place = Place::default();
        assert!(!place.goes_round(), "nothing is left");
        place.cleared = DemoCleared { deleted: 3, failed: 1, changed: 2, ..DemoCleared::default() };
        assert!(place.goes_round());
        assert_eq!((place.cleared.deleted, place.cleared.changed, place.cleared.failed), (3, 0, 0));
        place.cleared.failed = 1;
        assert!(!place.goes_round(), "nothing went meanwhile");
    }
}
