//! Dashboards as their readers may see them.

use engine::report::{Bind, CheckedTile, CheckedTileSource, FilterKind, FilterRule, NOT_READABLE};
use engine::text::Label;
use engine::value::Id;
use serde_json::Value as Json;

use super::closed::is_closed;
use super::eyes::{eyes, leads_further};
use super::source::{is_known, label_of};
use crate::service::designs::{DashboardDesign, Designs, administers};
use crate::service::people::Caller;
use crate::service::reports::Viewer;
use crate::service::{Installation, Refusal};

/// The dashboards of an app that the caller may read.
///
/// # Errors
/// Not found where the caller may use nothing in the app.
pub fn list(designs: &Designs, app: &str, caller: &Caller) -> Result<Vec<wire::DashboardSummary>, Refusal> {
    let app = designs.app(app).filter(|app| designs.is_visible(app, caller)).ok_or_else(Refusal::missing)?;
    let mine = designs.dashboards.values().filter(|design| {
        design.row.app == app.id && designs.may_read(app.id, design.document.read.as_ref(), caller)
    });
    let view = |design: &DashboardDesign| wire::DashboardSummary {
        id: design.row.id,
        key: design.row.key.clone(),
        label: design.document.label.clone(),
    };
    Ok(mine.map(view).collect())
}

/// # Errors
/// Not found for who may not read it; a conflict where it no longer fits what it reads.
pub async fn read(
    installation: &Installation,
    caller: &Caller,
    name: &str,
) -> Result<wire::Dashboard, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let viewer = Viewer { installation, caller, designs: designs.clone() };
    view(&viewer, designs.dashboard_to_read(name, caller)?)
}

/// A dashboard as its viewer may see it. Tiles that have nothing for them are marked, and what narrows those, or
/// fields that are closed to them, is left out.
pub fn view(viewer: &Viewer<'_>, design: &DashboardDesign) -> Result<wire::Dashboard, Refusal> {
    let (designs, caller) = (&viewer.designs, viewer.caller);
    let dashboard = designs.dashboard(design)?;
    let is_administrator = designs.apps.get(&design.row.app).is_some_and(|app| administers(caller, app));
    let document = serde_json::to_value(&design.document).map_err(Refusal::internal)?;
    let (eyes, leads_further) = (eyes(design, caller), leads_further(design));
    let viewer = &Viewer { caller: &eyes, ..viewer.clone() };
    let (mut frames, mut open) = (Vec::new(), Vec::new());
    for tile in &dashboard.tiles {
        let withheld = is_closed(viewer, design.row.app, tile)?;
        frames.push(frame(tile, withheld, leads_further));
        if !withheld {
            open.push(tile);
        }
    }
    let mut filters = Vec::new();
    for rule in &dashboard.document.filters {
        let narrowed = narrowed_by(viewer, design.row.app, &open, rule)?;
        if !narrowed.is_empty() {
            filters.push(filter(designs, (design.row.app, leads_further), &narrowed, rule));
        }
    }
    Ok(wire::Dashboard {
        id: design.row.id,
        app: designs.app_key(design.row.app).to_string(),
        key: design.row.key.clone(),
        label: design.document.label.clone(),
        version: design.row.version,
        document: is_administrator.then_some(document),
        filters,
        tiles: frames,
    })
}

/// Where a tile stands; `leads_further` to a report or records, or not.
fn frame(tile: &CheckedTile, withheld: bool, leads_further: bool) -> wire::TileFrame {
    let (rule, source) = (&tile.rule, &tile.source);
    let report = match source {
        CheckedTileSource::Report(key) if leads_further => Some(key.clone()),
        CheckedTileSource::Report(_) | CheckedTileSource::Form(_) | CheckedTileSource::Aggregate(_) => None,
    };
    wire::TileFrame {
        key: rule.key.clone(),
        label: rule.label.clone().unwrap_or_else(|| Label::Plain(String::new())),
        at: rule.at,
        kind: serde_json::to_value(rule.kind).ok().and_then(text).unwrap_or_default(),
        report,
        has_records: leads_further && matches!(source, CheckedTileSource::Form(_)),
        filters: tile.binds.keys().cloned().collect(),
        withheld: withheld.then(|| NOT_READABLE.to_string()),
    }
}

fn text(json: Json) -> Option<String> {
    json.as_str().map(str::to_string)
}

/// What a filter narrows in a tile: something of what the tile reads.
type Narrowed<'t> = (&'t CheckedTileSource, &'t Bind);

/// What a filter narrows in these tiles, as far as its reader may know of it.
fn narrowed_by<'t>(
    viewer: &Viewer<'_>,
    app: Id,
    tiles: &[&'t CheckedTile],
    rule: &FilterRule,
) -> Result<Vec<Narrowed<'t>>, Refusal> {
    let mut all = Vec::new();
    for tile in tiles {
        let Some(bind) = tile.binds.get(&rule.key) else { continue };
        let is_open = match bind {
            Bind::Field(reach, _) => is_known(viewer, (app, &tile.source), reach)?,
            Bind::Parameter(_) => true,
        };
        if is_open {
            all.push((&tile.source, bind));
        }
    }
    Ok(all)
}

/// A filter with where its choices come from: the first field of a form that it narrows, else the first of an aggregate
/// table. What neither has choices nor stands for records of the form itself, which are looked up there with the reader's own eyes,
/// offers the values that are there.
fn filter(
    designs: &Designs,
    (app, looks_up): (Id, bool),
    narrowed: &[Narrowed<'_>],
    rule: &FilterRule,
) -> wire::DashboardFilter {
    let bound = narrowed.iter().filter_map(|(source, bind)| match bind {
        Bind::Field(reach, kind) => Some((*source, reach, kind)),
        Bind::Parameter(_) => None,
    });
    let bound = bound.min_by_key(|(source, ..)| !matches!(source, CheckedTileSource::Form(_)));
    let choices = bound.map(|(_, _, kind)| kind.choices()).unwrap_or_default();
    let named: Option<(Id, String)> = bound.and_then(|(source, reach, kind)| {
        let is_own = reach.hops.is_empty() && reach.subform().is_none();
        match source {
            CheckedTileSource::Form(form) if looks_up && is_own && kind.reference().is_some() => {
                Some((*form, reach.field.clone()))
            }
            _ => None,
        }
    });
    let label = rule.label.clone().unwrap_or_else(|| {
        Label::each(|language| {
            let name = bound.and_then(|(source, reach, _)| label_of(designs, (app, source), reach, language));
            name.unwrap_or_else(|| rule.key.clone())
        })
    });
    let is_by_values = rule.kind == FilterKind::Values;
    wire::DashboardFilter {
        key: rule.key.clone(),
        label,
        kind: if is_by_values { "values" } else { "period" }.to_string(),
        default: rule.default.clone(),
        choices: choices
            .iter()
            .map(|choice| wire::FilterChoice { key: choice.key.clone(), label: choice.label.clone() })
            .collect(),
        has_options: is_by_values && bound.is_some() && choices.is_empty() && named.is_none(),
        form: named.as_ref().map(|(form, _)| *form),
        field: named.map(|(_, field)| field),
    }
}
