//! Compares what is stored with what it should be: the file, the schema, the definitions, the aggregate tables, the requests, the
//! room that files take, the audit trail. It changes nothing.
//!
//! A check that can't be made is told of like anything else that is wrong, and the others are made all the same.

mod definitions;
mod finding;
mod requests;

use std::collections::BTreeMap;

use engine::text::Language;
use engine::value::format_timestamp;
use jiff::SignedDuration;
use store::audit::{AuditEntry, Break, Wrong};
use store::file_room::FileRoom;
use store::workspace::Workspace;
use wire::AggregateVerified;

use super::aggregates;
use super::cached::Snapshot;
use super::designs::{AggregateDesign, Designs};
use super::people::secret::hex;
use super::{Installation, Refusal, clock, operator};

pub use finding::Finding;

/// An audit entry has its seal within a second; one that has none for so long has been left out (semantics.md 8).
const UNSEALED: SignedDuration = SignedDuration::from_mins(1);

/// What was looked at, and what was found.
#[derive(Debug, Default)]
pub struct Examination {
    pub found: Vec<Finding>,
    forms: usize,
    tables: usize,
    entries: i64,
    /// Where each audit trail ends, where the trails alone were looked at.
    ends: Option<Vec<String>>,
}

impl Examination {
    /// What there was to look at, in one sentence, or how much is wrong.
    pub fn told(&self, language: Language) -> String {
        let number = |name: &str, count: String| (name.to_string(), count);
        let args = BTreeMap::from([
            number("forms", self.forms.to_string()),
            number("tables", self.tables.to_string()),
            number("entries", self.entries.to_string()),
            number("count", self.found.len().to_string()),
        ]);
        match &self.ends {
            _ if !self.found.is_empty() => finding::said("differs", &args, language),
            None => finding::said("sound", &args, language),
            Some(ends) => {
                let told = finding::said("trail_sound", &args, language);
                [told].into_iter().chain(ends.iter().cloned()).collect::<Vec<_>>().join("\n")
            }
        }
    }

    /// Notes what a check has found, or that it could not be made.
    fn take(&mut self, check: &'static str, outcome: Result<Vec<Finding>, Refusal>) {
        match outcome {
            Ok(found) => self.found.extend(found),
            Err(refusal) => {
                let failed = Finding::new("check_failed").arg("check", check);
                self.found.push(failed.arg("detail", definitions::first_of(&refusal)));
            }
        }
    }
}

/// Looks at everything. With a large database this takes as long as reading it.
///
/// # Errors
/// When not even the workspaces can be read.
pub async fn examine(installation: &Installation) -> Result<Examination, Refusal> {
    let mut examination = Examination::default();
    examination.take("file", file(installation).await);
    examination.take("schema", schema(installation).await);
    let workspaces = Workspace::list(&mut installation.store.read().await?).await?;
    for workspace in workspaces {
        let definitions = definitions_of(installation, &workspace, &mut examination).await;
        examination.take("definitions", definitions);
        let aggregates = aggregates_of(installation, &workspace).await;
        examination.take("aggregates", aggregates);
        let requests = requests_of(installation, &workspace).await;
        examination.take("requests", requests);
        examination.take("files", files_of(installation, &workspace).await);
        let trail = audit_trail(installation, &workspace, &mut examination).await;
        examination.take("audit", trail);
    }
    Ok(examination)
}

async fn file(installation: &Installation) -> Result<Vec<Finding>, Refusal> {
    let damage = installation.store.damage().await?;
    let mut found: Vec<Finding> =
        damage.into_iter().map(|detail| Finding::new("damaged_file").arg("detail", detail)).collect();
    if !installation.store.frees_space().await? {
        found.push(Finding::new("space_is_kept"));
    }
    Ok(found)
}

async fn schema(installation: &Installation) -> Result<Vec<Finding>, Refusal> {
    let mut db = installation.store.read().await?;
    let differences = store::schema::differences(&mut db).await?;
    Ok(differences.into_iter().map(|found| Finding::new(found.code()).arg("name", found.name())).collect())
}

/// The definitions of a workspace.
async fn definitions_of(
    installation: &Installation,
    workspace: &Workspace,
    examination: &mut Examination,
) -> Result<Vec<Finding>, Refusal> {
    let mut found = Vec::new();
    let mut db = installation.store.read().await?;
    let designs = Designs::load(&mut db, workspace.id).await?;
    examination.forms += designs.forms.len();
    examination.tables += designs.aggregates.len();
    definitions::look(&mut db, &designs, &mut found).await?;
    Ok(found)
}

/// The aggregate tables of a workspace, each compared with the records that it counts.
async fn aggregates_of(installation: &Installation, workspace: &Workspace) -> Result<Vec<Finding>, Refusal> {
    let designs = Designs::load(&mut installation.store.read().await?, workspace.id).await?;
    let mut found = Vec::new();
    if designs.aggregates.is_empty() {
        return Ok(found);
    }
    // Somebody made the tables, and an administrator is never the last to go.
    let Some(caller) = operator::administrator_of(installation, workspace.id).await? else {
        return Ok(found);
    };
    // A table that rests with its forms is kept as it was, and counts nothing.
    let counts = |design: &AggregateDesign| !designs.is_at_rest(design);
    let compared = aggregates::verify_where(installation, &caller, &counts).await?;
    found.extend(compared.iter().filter_map(|verified| aggregate(&designs, verified)));
    Ok(found)
}

/// What is wrong with an aggregate table.
fn aggregate(designs: &Designs, verified: &AggregateVerified) -> Option<Finding> {
    if let Some(problem) = &verified.problem {
        let design = designs.aggregates.get(&verified.id);
        let refusal = design.and_then(|design| designs.aggregate(design).err());
        let detail = refusal.map_or_else(|| problem.clone(), |refusal| definitions::first_of(&refusal));
        return Some(Finding::new("aggregate_broken").arg("aggregate", &verified.key).arg("detail", detail));
    }
    if verified.right {
        return None;
    }
    let first = verified.differences.first();
    let group = first.and_then(|first| serde_json::to_string(&first.group).ok());
    let wrong = Finding::new("aggregate_wrong").arg("aggregate", &verified.key);
    Some(wrong.arg("count", verified.differing).arg("group", group.unwrap_or_default()))
}

/// The requests of a workspace, each compared with its log.
async fn requests_of(installation: &Installation, workspace: &Workspace) -> Result<Vec<Finding>, Refusal> {
    requests::look(&mut installation.store.read().await?, workspace.id).await
}

/// The room that the files of a workspace take, compared with what is counted.
async fn files_of(installation: &Installation, workspace: &Workspace) -> Result<Vec<Finding>, Refusal> {
    let mut db = installation.store.read().await?;
    let (counted, there) = FileRoom::compared(&mut db, workspace.id).await?;
    if counted == there {
        return Ok(Vec::new());
    }
    let wrong = Finding::new("file_room_wrong").arg("workspace", &workspace.name);
    Ok(vec![wrong.arg("counted", counted).arg("there", there)])
}

/// The chain of a workspace's audit trail, and entries that are in none.
async fn audit_trail(
    installation: &Installation,
    workspace: &Workspace,
    examination: &mut Examination,
) -> Result<Vec<Finding>, Refusal> {
    let mut found = Vec::new();
    let mut db = installation.store.read().await?;
    match AuditEntry::verify(&mut db, workspace.id).await? {
        Ok(head) => {
            examination.entries += head.seq;
            let end = format!("{} {} {}", workspace.name, head.seq, hex(&head.chain));
            examination.ends.iter_mut().for_each(|ends| ends.push(end.clone()));
        }
        Err(broken) => found.push(audit_broken(workspace, &broken)),
    }
    let before = clock::now().checked_sub(UNSEALED).map_err(Refusal::internal)?;
    let count = AuditEntry::unsealed_since(&mut db, workspace.id, before).await?;
    if count > 0 {
        let left = Finding::new("audit_unsealed").arg("workspace", &workspace.name);
        found.push(left.arg("count", count));
    }
    Ok(found)
}

/// The first entry of a trail that is not what was written.
fn audit_broken(workspace: &Workspace, broken: &Break) -> Finding {
    let wrong = match broken.wrong {
        Wrong::Missing => "missing",
        Wrong::Content => "content",
        Wrong::Chain => "chain",
    };
    let entry = broken.entry.as_ref().map(|entry| {
        let label = entry.label.as_deref().unwrap_or_default();
        format!("{} {} {} {label}", entry.id, format_timestamp(entry.at), entry.action)
    });
    let finding = Finding::new("audit_broken").arg("workspace", &workspace.name).arg("seq", broken.seq);
    finding.arg("wrong", wrong).arg("entry", entry.unwrap_or_default().trim_end())
}

/// The audit trails of all workspaces alone.
///
/// # Errors
/// When the workspaces can't be read.
pub async fn examine_audit(installation: &Installation) -> Result<Examination, Refusal> {
    let mut examination = Examination { ends: Some(Vec::new()), ..Examination::default() };
    let workspaces = Workspace::list(&mut installation.store.read().await?).await?;
    for workspace in workspaces {
        let trail = audit_trail(installation, &workspace, &mut examination).await;
        examination.take("audit", trail);
    }
    Ok(examination)
}
