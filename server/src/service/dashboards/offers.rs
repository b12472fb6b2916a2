//! What a filter offers where no document says it: the values that are there.

use engine::report::{Bind, DataGroup, FilterKind, Titles, offered};
use engine::text::Label;
use engine::value::fold;

use super::closed::is_closed;
use super::eyes::eyes;
use super::source::{Asked, ask};
use crate::service::people::Caller;
use crate::service::records::options::{Rank, best, check_length};
use crate::service::reports::Viewer;
use crate::service::{Installation, Refusal};

/// The values that are there in what a filter narrows, as far as the caller may see them: those of which `search` is a
/// part, the best first.
///
/// # Errors
/// Not found for who may not read the dashboard, and for what is no filter by values of it; a fault of the search.
pub async fn options(
    installation: &Installation,
    caller: &Caller,
    (name, filter): (&str, &str),
    search: &str,
) -> Result<wire::List<wire::FilterChoice>, Refusal> {
    check_length(search)?;
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let design = designs.dashboard_to_read(name, caller)?;
    let dashboard = designs.dashboard(design)?;
    let mut rules = dashboard.document.filters.iter();
    if !rules.any(|rule| rule.key == filter && rule.kind == FilterKind::Values) {
        return Err(Refusal::missing());
    }
    let eyes = eyes(design, caller);
    let viewer = Viewer { installation, caller: &eyes, designs: designs.clone() };
    let mut db = installation.store.read().await?;
    let mut first: Option<DataGroup> = None;
    let (mut values, mut titles) = (Vec::new(), Titles::new());
    for tile in &dashboard.tiles {
        let Some(Bind::Field(reach, kind)) = tile.binds.get(filter) else { continue };
        if is_closed(&viewer, design.row.app, tile)? {
            continue;
        }
        let by =
            DataGroup { key: filter.to_string(), reach: reach.clone(), kind: (**kind).clone(), unit: None };
        let asked = Asked { filter: &tile.filter, group: std::slice::from_ref(&by), measures: &[] };
        let (found, named) = ask(&viewer, &mut db, (design.row.app, &tile.source), asked).await?;
        values.extend(found.rows.into_iter().filter_map(|row| row.group.into_iter().next()));
        titles.extend(named);
        first.get_or_insert(by);
    }
    let all = first.map(|by| offered(&by, values, &titles, caller.language())).unwrap_or_default();
    let search = fold(search.trim());
    let fitting = all.into_iter().filter(|offered| fold(&offered.label).contains(&search));
    let ranked = fitting.map(|offered| {
        let choice = wire::FilterChoice { key: offered.key, label: Label::Plain(offered.label) };
        (Rank::of(choice.label.get(caller.language()), &search), choice)
    });
    Ok(wire::List::all(best(ranked.collect())))
}
