//! What tiles read, records or an aggregate table, with the viewer's eyes.

use engine::condition::{Checked, Reach};
use engine::report::{CheckedTile, CheckedTileSource, DataAnswer, DataGroup, DataMeasure, Titles};
use engine::text::Language;
use engine::value::Id;
use store::Reader;

use super::groups;
use crate::service::Refusal;
use crate::service::designs::Designs;
use crate::service::reports::{Query, Viewer, field_label, find_titles};

/// What is asked of a source.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub filter: &'a Checked,
    pub group: &'a [DataGroup],
    pub measures: &'a [DataMeasure],
}

impl<'a> Asked<'a> {
    /// What a tile asks, narrowed by `filter`.
    pub fn by(tile: &'a CheckedTile, filter: &'a Checked) -> Asked<'a> {
        Asked { filter, group: &tile.group, measures: &tile.measures }
    }
}

/// What the source of a tile of an app's dashboard answers, and the names of the records and people that its groups
/// stand for.
///
/// # Errors
/// Not found for a table that is gone, and for a report, which is no such source.
pub async fn ask(
    viewer: &Viewer<'_>,
    db: &mut Reader,
    (app, source): (Id, &CheckedTileSource),
    asked: Asked<'_>,
) -> Result<(DataAnswer, Titles), Refusal> {
    match source {
        CheckedTileSource::Aggregate(name) => {
            let of = viewer.designs.aggregate_in(app, name).ok_or_else(Refusal::missing)?;
            groups::ask(viewer, db, of, asked).await
        }
        CheckedTileSource::Form(form) => {
            let query = Query {
                form: *form,
                filter: asked.filter.clone(),
                group: asked.group,
                measures: asked.measures,
            };
            let found = viewer.ask(db, &query).await?;
            let order = viewer.order(*form)?;
            let groups: Vec<_> = asked.group.iter().map(|by| (by, order.target_of(&by.reach))).collect();
            let mut titles = Titles::new();
            find_titles(&order, db, &groups, &found.rows, &mut titles).await?;
            Ok((found, titles))
        }
        CheckedTileSource::Report(_) => Err(Refusal::missing()),
    }
}

/// Whether the viewer may know of the field, dimension or measure at the end of a path.
pub fn is_known(
    viewer: &Viewer<'_>,
    (app, source): (Id, &CheckedTileSource),
    reach: &Reach,
) -> Result<bool, Refusal> {
    match source {
        CheckedTileSource::Form(form) => viewer.knows(*form, reach),
        CheckedTileSource::Aggregate(name) => match viewer.designs.aggregate_in(app, name) {
            Some((design, _)) => groups::is_open(viewer, design, std::slice::from_ref(reach)),
            None => Ok(false),
        },
        CheckedTileSource::Report(_) => Ok(false),
    }
}

/// What a source itself is called, where the viewer may know of it: who has no right on a form, or does not read a table,
/// isn't told that it is there.
///
/// # Errors
/// Where a form no longer compiles.
pub fn name_of(
    viewer: &Viewer<'_>,
    (app, source): (Id, &CheckedTileSource),
) -> Result<Option<String>, Refusal> {
    let language = viewer.caller.language();
    let label = match source {
        CheckedTileSource::Form(form) => viewer.form_label(*form),
        CheckedTileSource::Aggregate(name) => match viewer.designs.aggregate_in(app, name) {
            Some((design, _)) if groups::is_open(viewer, design, &[])? => {
                Some(design.document.label.get(language))
            }
            Some(_) | None => None,
        },
        CheckedTileSource::Report(_) => None,
    };
    Ok(label.filter(|label| !label.is_empty()).map(str::to_string))
}

/// What a field, dimension or measure of a source is called; for whom [`is_known`] holds.
pub fn label_of(
    designs: &Designs,
    (app, source): (Id, &CheckedTileSource),
    reach: &Reach,
    language: Language,
) -> Option<String> {
    let label = match (source, reach.hops.last()) {
        (CheckedTileSource::Form(form), _) => field_label(designs, *form, reach, language),
        (CheckedTileSource::Aggregate(_), Some((_, form))) => field_label(designs, *form, reach, language),
        (CheckedTileSource::Aggregate(name), None) => {
            let (_, aggregate) = designs.aggregate_in(app, name)?;
            aggregate.label_of(&reach.field)?.get(language).to_string()
        }
        (CheckedTileSource::Report(_), _) => return None,
    };
    Some(label).filter(|label| !label.is_empty())
}
