//! What members want at hand: apps, forms, dashboards and reports. Each is shown for as long as its member may use it.

use std::sync::Arc;

use engine::text::{Fault, Label};
use engine::value::Id;
use store::app::App;
use store::favourite::{Favourite, FavouriteKind as Kind};
use store::ids;

use super::answer::Answer;
use super::apps;
use super::cached::Snapshot;
use super::designs::Designs;
use super::once::Key;
use super::people::Caller;
use super::reports::{Viewer, is_offered};
use super::{Installation, Refusal};

/// Favourites of one member.
const MOST: usize = 100;

/// The caller's own that they may use now, oldest first.
///
/// # Errors
/// When the database can't be read.
pub async fn list(installation: &Installation, caller: &Caller) -> Result<Vec<wire::Favourite>, Refusal> {
    let rows = {
        let mut db = installation.store.read().await?;
        Favourite::of_member(&mut db, caller.workspace_id(), caller.id()).await?
    };
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let viewer = Viewer { installation, caller, designs };
    Ok(rows.iter().filter_map(|row| view(&viewer, row)).collect())
}

/// Keeps one more; one that is there already is answered as it is.
///
/// # Errors
/// Not found for what the caller may not use; `too_many`.
pub async fn create(
    installation: &Installation,
    caller: &Caller,
    key: Option<Key>,
    input: wire::FavouriteInput,
) -> Result<Answer, Refusal> {
    let (parts, actor) = (installation.clone(), caller.clone());
    installation
        .act(caller, key, move |tx| {
            Box::pin(async move {
                let (workspace, member) = (actor.workspace_id(), actor.id());
                let designs = Arc::new(Designs::load(tx, workspace).await?);
                let known = Favourite::of_member(tx, workspace, member).await?;
                let viewer = Viewer { installation: &parts, caller: &actor, designs };
                let row = row(&viewer, &input, member)?;
                let shown = view(&viewer, &row).ok_or_else(Refusal::missing)?;
                if let Some(same) = known.iter().find(|known| is_same(known, &row)) {
                    return Answer::created(&wire::Favourite { id: same.id, ..shown });
                }
                if known.len() >= MOST {
                    return Err(Refusal::invalid(vec![Fault::new("", "too_many").arg("max", MOST)]));
                }
                row.insert(tx).await?;
                Answer::created(&shown)
            })
        })
        .await
}

/// # Errors
/// Not found, for those of others too.
pub async fn delete(installation: &Installation, caller: &Caller, id: Id) -> Result<(), Refusal> {
    let (workspace, member) = (caller.workspace_id(), caller.id());
    installation
        .write(move |tx| {
            Box::pin(async move {
                let found = Favourite::find(tx, workspace, id).await?;
                found.filter(|row| row.member == member).ok_or_else(Refusal::missing)?;
                Favourite::delete(tx, workspace, id).await?;
                Ok(())
            })
        })
        .await
}

fn is_same(one: &Favourite, other: &Favourite) -> bool {
    (one.kind, one.app, &one.target) == (other.kind, other.app, &other.target)
}

/// What is to be kept, by the ids that it has here.
fn row(viewer: &Viewer<'_>, input: &wire::FavouriteInput, member: Id) -> Result<Favourite, Refusal> {
    let app = viewer.designs.app(&input.app).ok_or_else(Refusal::missing)?;
    let kind = stored_kind(input.kind);
    let target = match (kind, &input.target) {
        (Kind::App, _) => app.id.to_string(),
        (_, Some(target)) => target.clone(),
        (_, None) => return Err(Refusal::fault("target", "required")),
    };
    Ok(Favourite { workspace: viewer.designs.workspace, id: ids::next(), member, kind, app: app.id, target })
}

/// A favourite as its member has it; nothing where it is gone or closed to them.
fn view(viewer: &Viewer<'_>, row: &Favourite) -> Option<wire::Favourite> {
    let designs = &viewer.designs;
    let app = designs.apps.get(&row.app)?;
    if !designs.is_visible(app, viewer.caller) {
        return None;
    }
    let (label, icon) = named(viewer, app, row)?;
    Some(wire::Favourite {
        id: row.id,
        kind: wire_kind(row.kind),
        app: app.key.clone(),
        target: row.target.clone(),
        label,
        icon,
    })
}

/// The label and the icon of what somebody keeps.
fn named(viewer: &Viewer<'_>, app: &App, row: &Favourite) -> Option<(Label, Option<String>)> {
    let (designs, caller) = (&viewer.designs, viewer.caller);
    match row.kind {
        Kind::App => Some((apps::label(&app.label), app.icon.clone())),
        Kind::Form => {
            let form = designs.forms.get(&row.target.parse::<Id>().ok()?)?;
            let is_usable = form.row.app == app.id && designs.may_use(form, caller);
            let document = &form.sketch.as_ref()?.document;
            is_usable.then(|| (document.label.clone(), document.icon.clone()))
        }
        Kind::Dashboard => {
            let page = designs.dashboards.get(&row.target.parse::<Id>().ok()?)?;
            let readers = page.document.read.as_ref();
            let is_readable = page.row.app == app.id && designs.may_read(app.id, readers, caller);
            is_readable.then(|| (page.document.label.clone(), None))
        }
        Kind::Report => {
            let report =
                designs.reports_in(app.id).into_iter().find(|report| report.row.key == row.target)?;
            is_offered(viewer, report).then(|| (report.document.label.clone(), None))
        }
    }
}

fn stored_kind(kind: wire::FavouriteKind) -> Kind {
    match kind {
        wire::FavouriteKind::App => Kind::App,
        wire::FavouriteKind::Form => Kind::Form,
        wire::FavouriteKind::Dashboard => Kind::Dashboard,
        wire::FavouriteKind::Report => Kind::Report,
    }
}

fn wire_kind(kind: Kind) -> wire::FavouriteKind {
    match kind {
        Kind::App => wire::FavouriteKind::App,
        Kind::Form => wire::FavouriteKind::Form,
        Kind::Dashboard => wire::FavouriteKind::Dashboard,
        Kind::Report => wire::FavouriteKind::Report,
    }
}
