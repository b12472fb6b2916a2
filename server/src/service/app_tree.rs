//! The navigation of an app: in which order its forms, dashboards and reports stand, and in which groups.
//!
//! What is kept is an order and no list of what there is: what is new stands at the end, what is gone or closed to the reader
//! is left out, and nothing has to be told when a form comes or goes.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::text::{Fault, Faults};
use store::app::App;
use store::app_tree::AppTree as Kept;
use wire::{AppTree, AppTreeInput, TreeEntry, TreeKind};

use super::answer::Answer;
use super::apps::{is_key, to_json};
use super::audit::{self, Note};
use super::cached::Snapshot;
use super::designs::{Designs, administers, stored};
use super::people::Caller;
use super::reports::{Viewer, is_offered};
use super::{Cause, Installation, Refusal};

/// Lines that an app keeps at most.
const MOST: usize = 1000;
/// Characters of a group's name.
const LONGEST: usize = 100;

/// # Errors
/// Not found where the caller may use nothing in the app.
pub async fn read(installation: &Installation, caller: &Caller, app: &str) -> Result<AppTree, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let app = designs.app(app).filter(|app| designs.is_visible(app, caller)).ok_or_else(Refusal::missing)?;
    let kept = {
        let mut db = installation.store.read().await?;
        Kept::find(&mut db, app.workspace, app.id).await?
    };
    let there = there(&Viewer { installation, caller, designs: designs.clone() }, app);
    let (entries, version) = match &kept {
        Some(kept) => (stored("app_tree", &kept.entries)?, kept.version),
        None => (Vec::new(), 0),
    };
    Ok(AppTree { version, entries: arranged(entries, there, administers(caller, app)) })
}

/// Arranges the navigation anew, for everybody who uses the app.
///
/// # Errors
/// Not found, forbidden; stale; the place of each line that does not fit.
pub async fn replace(
    installation: &Installation,
    caller: &Caller,
    app: String,
    version: Option<i64>,
    input: AppTreeInput,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, None, move |tx| {
            Box::pin(async move {
                let designs = Arc::new(Designs::load(tx, actor.workspace_id()).await?);
                let app = designs.app_to_administer(&app, &actor)?.clone();
                let known = Kept::find(tx, app.workspace, app.id).await?;
                let now = known.as_ref().map_or(0, |known| known.version);
                if version.is_some_and(|version| version != now) {
                    return Err(Refusal::new(Cause::Stale, "stale"));
                }
                let there = there(&Viewer { installation: &parts, caller: &actor, designs }, &app);
                let faults = faults(&input.entries, &there);
                if !faults.is_empty() {
                    return Err(Refusal::invalid(faults));
                }
                let entries = to_json(&input.entries)?;
                let row = Kept { workspace: app.workspace, app: app.id, entries, version: now + 1 };
                match known {
                    Some(_) => row.update(tx).await?,
                    None => row.insert(tx).await?,
                }
                let note = Note {
                    action: "app.arrange",
                    object: Some(app.id),
                    label: Some(&app.key),
                    changes: None,
                };
                audit::note(tx, &actor, note).await?;
                let tree = AppTree { version: row.version, entries: arranged(input.entries, there, true) };
                Ok(Answer::done(&tree)?.version(row.version))
            })
        })
        .await
}

/// What the reader may use in an app, in the order in which it was made: forms, then dashboards, then reports.
fn there(viewer: &Viewer<'_>, app: &App) -> Vec<TreeEntry> {
    let (designs, caller) = (&viewer.designs, viewer.caller);
    let line = |kind: TreeKind, id: String| TreeEntry { kind, id, label: None, within: None };
    let forms = designs.forms.values().filter(|form| form.row.app == app.id && designs.may_use(form, caller));
    let dashboards = designs.dashboards.values().filter(|page| {
        page.row.app == app.id && designs.may_read(app.id, page.document.read.as_ref(), caller)
    });
    let reports = designs.reports_in(app.id).into_iter().filter(|report| is_offered(viewer, report));
    forms
        .map(|form| line(TreeKind::Form, form.row.id.to_string()))
        .chain(dashboards.map(|page| line(TreeKind::Dashboard, page.row.id.to_string())))
        .chain(reports.map(|report| line(TreeKind::Report, report.row.key.clone())))
        .collect()
}

/// What there is, in the order that is kept, each group followed by what stands in it; then what nobody has put anywhere.
/// Groups with nothing in them are for those who can put something there.
fn arranged(kept: Vec<TreeEntry>, there: Vec<TreeEntry>, with_empty_groups: bool) -> Vec<TreeEntry> {
    let name = |entry: &TreeEntry| (entry.kind, entry.id.clone());
    let is_group = |entry: &&TreeEntry| entry.kind == TreeKind::Group;
    let present: BTreeSet<_> = there.iter().map(name).collect();
    let placed: BTreeSet<_> = kept.iter().map(name).collect();
    let groups: BTreeSet<String> = kept.iter().filter(is_group).map(|group| group.id.clone()).collect();
    let inside = |group: &str| -> Vec<TreeEntry> {
        let of_group = kept.iter().filter(|entry| entry.within.as_deref() == Some(group));
        of_group.filter(|entry| present.contains(&name(entry))).cloned().collect()
    };
    let mut shown = Vec::with_capacity(there.len());
    for entry in &kept {
        let in_group = entry.within.as_ref().is_some_and(|group| groups.contains(group));
        if entry.kind == TreeKind::Group {
            let lines = inside(&entry.id);
            if with_empty_groups || !lines.is_empty() {
                shown.push(entry.clone());
                shown.extend(lines);
            }
        } else if !in_group && present.contains(&name(entry)) {
            shown.push(TreeEntry { within: None, ..entry.clone() });
        }
    }
    shown.extend(there.into_iter().filter(|entry| !placed.contains(&name(entry))));
    shown
}

fn faults(entries: &[TreeEntry], there: &[TreeEntry]) -> Faults {
    let mut faults = Faults::new();
    if entries.len() > MOST {
        faults.push(Fault::new("entries", "too_many").arg("max", MOST));
        return faults;
    }
    let groups: BTreeSet<&str> =
        entries.iter().filter(|entry| entry.kind == TreeKind::Group).map(|group| group.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    for (place, entry) in entries.iter().enumerate() {
        let at = |member: &str| format!("entries.{place}.{member}");
        if !seen.insert((entry.kind, &entry.id)) {
            faults.push(Fault::new(at("id"), "twice"));
        }
        if entry.kind == TreeKind::Group {
            faults.extend(faults_of_group(entry, &at));
        } else {
            let is_there = there.iter().any(|known| known.kind == entry.kind && known.id == entry.id);
            if !is_there {
                faults.push(Fault::new(at("id"), "not_an_id"));
            }
            if entry.within.as_deref().is_some_and(|group| !groups.contains(group)) {
                faults.push(Fault::new(at("within"), "not_an_id"));
            }
            if entry.label.is_some() {
                faults.push(Fault::new(at("label"), "not_writable"));
            }
        }
    }
    faults
}

fn faults_of_group(group: &TreeEntry, at: &impl Fn(&str) -> String) -> Faults {
    let mut faults = Faults::new();
    if !is_key(&group.id) {
        faults.push(Fault::new(at("id"), "invalid_key"));
    }
    match &group.label {
        Some(label) if !label.is_blank() => {
            if label.texts().iter().any(|text| text.chars().count() > LONGEST) {
                faults.push(Fault::new(at("label"), "too_long").arg("max", LONGEST));
            }
        }
        _ => faults.push(Fault::new(at("label"), "label_missing")),
    }
    if group.within.is_some() {
        faults.push(Fault::new(at("within"), "not_writable"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> TreeEntry {
        let (within, name) = text.split_once('/').map_or((None, text), |(group, name)| (Some(group), name));
        let kind = if name.starts_with('g') { TreeKind::Group } else { TreeKind::Form };
        let label = (kind == TreeKind::Group).then(|| "Group".into());
        TreeEntry { kind, id: name.to_string(), label, within: within.map(str::to_string) }
    }

    fn lines(texts: &[&str]) -> Vec<TreeEntry> {
        texts.iter().map(|text| line(text)).collect()
    }

    fn shown(kept: &[&str], there: &[&str], with_empty_groups: bool) -> Vec<String> {
        let all = arranged(lines(kept), lines(there), with_empty_groups);
        all.into_iter().map(|e| e.within.map_or(e.id.clone(), |group| format!("{group}/{}", e.id))).collect()
    }

    #[test]
    fn what_is_new_stands_at_the_end_and_what_is_gone_nowhere() {
        assert_eq!(shown(&["b", "old", "a"], &["a", "b", "new"], true), ["b", "a", "new"]);
        assert_eq!(shown(&[], &["a", "b"], true), ["a", "b"]);
    }

    #[test]
    fn groups_are_followed_by_what_stands_in_them_and_are_hidden_from_readers_while_empty() {
        let kept = ["a", "g1", "g2", "g1/b", "g2/closed"];
        assert_eq!(shown(&kept, &["a", "b"], true), ["a", "g1", "g1/b", "g2"]);
        assert_eq!(shown(&kept, &["a", "b"], false), ["a", "g1", "g1/b"]);
        assert_eq!(shown(&["g9/a"], &["a"], false), ["a"], "a group that is gone");
    }

    #[test]
    fn every_line_that_does_not_fit_is_named() {
        let there = lines(&["a", "b"]);
        let codes = |entries: &[TreeEntry]| -> Vec<String> {
            faults(entries, &there).iter().map(|fault| format!("{} {}", fault.path, fault.code)).collect()
        };
        assert!(codes(&lines(&["g1", "g1/a", "b"])).is_empty());
        let found = codes(&lines(&["a", "a", "c", "g9/b"]));
        assert_eq!(found, ["entries.1.id twice", "entries.2.id not_an_id", "entries.3.within not_an_id"]);
        let nameless = TreeEntry { label: None, within: Some("g".into()), ..line("g x") };
        let found = codes(&[nameless]);
        let wanted =
            ["entries.0.id invalid_key", "entries.0.label label_missing", "entries.0.within not_writable"];
        assert_eq!(found, wanted);
    }
}
