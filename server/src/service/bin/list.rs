//! What lies in the bin for somebody.

use engine::text::{Fault, Label};
use engine::value::{Id, Timestamp, fold, format_timestamp};
use store::app::App;
use store::bin_line::{BinFilter, BinKind, BinLine, BinScope};
use wire::{Bin, Binned, BinnedKind};

use super::Retention;
use super::line::label_of;
use crate::service::apps::label;
use crate::service::designs::{Designs, administers};
use crate::service::people::Caller;
use crate::service::records::query::checked_limit;
use crate::service::{Installation, Refusal};

/// Characters that are looked for at most.
const LONGEST_TEXT: usize = 200;

/// What of the bin is asked for, as it came.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub kind: Option<String>,
    pub app: Option<String>,
    pub who: Option<Id>,
    pub text: Option<String>,
    pub limit: Option<u32>,
    pub cursor: Option<String>,
}

/// What lies in the bin that the caller can take back, the last deleted first.
///
/// # Errors
/// A sort of thing that there is not, a limit that is too large, a cursor of another list.
pub async fn list(installation: &Installation, caller: &Caller, asked: Asked) -> Result<Bin, Refusal> {
    let workspace = caller.workspace_id();
    let limit = checked_limit(asked.limit)?;
    let designs = installation.designs.get(&installation.store, workspace).await?;
    let mut db = installation.store.read().await?;
    let retention = Retention::of(&mut db, workspace).await?;
    let binned_apps: Vec<App> =
        App::deleted(&mut db, workspace).await?.into_iter().filter(|app| administers(caller, app)).collect();
    let mut bin = Bin { days: retention.days, ..Bin::default() };
    let Some(filter) = filter(&designs, &binned_apps, &asked)? else { return Ok(bin) };
    let scope = scope(&designs, &binned_apps, caller);
    // One more says whether there is a next page.
    let most = i64::from(limit).saturating_add(1);
    let mut lines = BinLine::list(&mut db, workspace, &scope, &filter, most).await?;
    let has_more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    bin.next = lines.last().filter(|_| has_more).map(cursor_after);
    bin.items = lines.into_iter().map(|line| view(&designs, caller, retention, line)).collect();
    Ok(bin)
}

fn scope(designs: &Designs, binned_apps: &[App], caller: &Caller) -> BinScope {
    let apps = designs.apps.values().filter(|app| administers(caller, app));
    let forms = designs.forms.values().filter(|form| designs.administers_form(form, caller));
    BinScope {
        apps: apps.map(|app| app.id).collect(),
        binned_apps: binned_apps.iter().map(|app| app.id).collect(),
        forms: forms.map(|form| form.row.id).collect(),
    }
}

/// What is asked for; nothing for an app that the caller does not know of.
fn filter(designs: &Designs, binned_apps: &[App], asked: &Asked) -> Result<Option<BinFilter>, Refusal> {
    let kind = match &asked.kind {
        None => None,
        Some(name) => {
            let fault = || Fault::new("kind", "unknown_choice").arg("choice", name);
            Some(BinKind::from_key(name).ok_or_else(|| Refusal::invalid(vec![fault()]))?)
        }
    };
    let before = asked.cursor.as_deref().map(place_of).transpose()?;
    let text = asked.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
        return Err(Refusal::invalid(vec![Fault::new("q", "too_long").arg("max", LONGEST_TEXT)]));
    }
    let app = match &asked.app {
        None => None,
        Some(name) => {
            let binned = || {
                let named = binned_apps.iter().find(|app| app.id.to_string() == *name);
                named.map(|app| app.id)
            };
            let Some(app) = designs.app(name).map(|app| app.id).or_else(binned) else { return Ok(None) };
            Some(app)
        }
    };
    Ok(Some(BinFilter { kind, app, who: asked.who, text: text.map(fold), before }))
}

/// Where the next page begins: behind this line.
fn cursor_after(line: &BinLine) -> String {
    format!("{}.{}", line.deleted_at.as_microsecond(), line.id)
}

fn place_of(cursor: &str) -> Result<(Timestamp, Id), Refusal> {
    let read = || {
        let (at, id) = cursor.split_once('.')?;
        Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?))
    };
    read().ok_or_else(|| Refusal::fault("cursor", "bad_cursor"))
}

fn view(designs: &Designs, caller: &Caller, retention: Retention, line: BinLine) -> Binned {
    let app_label = match designs.apps.get(&line.app) {
        Some(app) => label(&app.label),
        None if line.kind == BinKind::App => label_of(&line),
        None => Label::default(),
    };
    let people = &caller.people;
    let is_version = line.kind == BinKind::FlowVersion;
    let name_of = |id: Id| people.members.get(&id).map(|member| member.name.clone());
    Binned {
        id: line.id,
        kind: kind_of(line.kind),
        app: line.app,
        app_label,
        form: line.form,
        label: label_of(&line),
        key: line.key,
        version: is_version.then_some(line.version),
        deleted_at: format_timestamp(line.deleted_at),
        deleted_by: line.deleted_by,
        deleted_by_name: line.deleted_by.and_then(name_of),
        purged_at: format_timestamp(retention.ends(line.deleted_at)),
    }
}

fn kind_of(kind: BinKind) -> BinnedKind {
    match kind {
        BinKind::App => BinnedKind::App,
        BinKind::Form => BinnedKind::Form,
        BinKind::Dashboard => BinnedKind::Dashboard,
        BinKind::Report => BinnedKind::Report,
        BinKind::Aggregate => BinnedKind::Aggregate,
        BinKind::FlowVersion => BinnedKind::FlowVersion,
        BinKind::FlowDraft => BinnedKind::FlowDraft,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_a_moment_and_a_line() {
        let id = Id::from_i64(7).unwrap();
        let place = place_of(&format!("12.{id}")).unwrap();
        assert_eq!(place, (Timestamp::from_microsecond(12).unwrap(), id));
        for broken in ["", "12", "x.1", "12.x"] {
            assert!(place_of(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn kinds_are_called_alike_on_the_wire_and_on_the_disk() {
        for kind in BinKind::ALL {
            assert_eq!(kind_of(*kind).key(), kind.key());
        }
    }
}
