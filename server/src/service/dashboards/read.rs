//! Dashboards as their readers may see them.

use engine::report::{Bind, CheckedTileSource, Dashboard, FilterKind, FilterRule, Tile};
use engine::text::Label;
use engine::value::Id;
use serde_json::Value as Json;

use crate::service::Refusal;
use crate::service::designs::{DashboardDesign, Designs, administers};
use crate::service::people::Caller;
use crate::service::reports::field_label;

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
pub fn read(designs: &Designs, name: &str, caller: &Caller) -> Result<wire::Dashboard, Refusal> {
    let design = designs.dashboard_to_read(name, caller)?;
    view(designs, design, caller)
}

/// A dashboard as the wire has it.
pub fn view(
    designs: &Designs,
    design: &DashboardDesign,
    caller: &Caller,
) -> Result<wire::Dashboard, Refusal> {
    let dashboard = designs.dashboard(design)?;
    let is_administrator = designs.apps.get(&design.row.app).is_some_and(|app| administers(caller, app));
    let document = serde_json::to_value(&design.document).map_err(Refusal::internal)?;
    let document_filters = &dashboard.document.filters;
    Ok(wire::Dashboard {
        id: design.row.id,
        app: designs.app_key(design.row.app).to_string(),
        key: design.row.key.clone(),
        label: design.document.label.clone(),
        version: design.row.version,
        document: is_administrator.then_some(document),
        filters: document_filters.iter().map(|rule| filter(designs, &dashboard, rule)).collect(),
        tiles: dashboard.tiles.iter().map(|tile| frame(&tile.rule, &tile.source, tile)).collect(),
    })
}

fn frame(rule: &Tile, source: &CheckedTileSource, tile: &engine::report::CheckedTile) -> wire::TileFrame {
    let report = match source {
        CheckedTileSource::Report(key) => Some(key.clone()),
        CheckedTileSource::Form(_) | CheckedTileSource::Aggregate(_) => None,
    };
    wire::TileFrame {
        key: rule.key.clone(),
        label: rule.label.clone().unwrap_or_else(|| Label::Plain(String::new())),
        at: rule.at,
        kind: serde_json::to_value(rule.kind).ok().and_then(text).unwrap_or_default(),
        report,
        has_records: matches!(source, CheckedTileSource::Form(_)),
        filters: tile.binds.keys().cloned().collect(),
    }
}

fn text(json: Json) -> Option<String> {
    json.as_str().map(str::to_string)
}

/// A filter with where its choices come from: the field of the first tile that it narrows.
fn filter(designs: &Designs, dashboard: &Dashboard, rule: &FilterRule) -> wire::DashboardFilter {
    let bound = dashboard.tiles.iter().find_map(|tile| match (tile.binds.get(&rule.key)?, &tile.source) {
        (Bind::Field(reach, kind), CheckedTileSource::Form(form)) => Some((*form, reach, kind)),
        _ => None,
    });
    let choices = bound.map(|(_, _, kind)| kind.choices()).unwrap_or_default();
    let own = bound.filter(|(_, reach, kind)| {
        reach.hops.is_empty() && reach.subform().is_none() && kind.reference().is_some()
    });
    let named: Option<(Id, String)> = own.map(|(form, reach, _)| (form, reach.field.clone()));
    let label = rule.label.clone().unwrap_or_else(|| {
        let language = engine::text::Language::default();
        let name = bound.map(|(form, reach, _)| field_label(designs, form, reach, language));
        Label::Plain(name.unwrap_or_else(|| rule.key.clone()))
    });
    wire::DashboardFilter {
        key: rule.key.clone(),
        label,
        kind: match rule.kind {
            FilterKind::Period => "period",
            FilterKind::Values => "values",
        }
        .to_string(),
        default: rule.default.clone(),
        choices: choices
            .iter()
            .map(|choice| wire::FilterChoice { key: choice.key.clone(), label: choice.label.clone() })
            .collect(),
        form: named.as_ref().map(|(form, _)| *form),
        field: named.map(|(_, field)| field),
    }
}
