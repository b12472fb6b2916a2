//! The table over records that are at hand: no server is asked, and nothing is edited.

use leptos::prelude::*;
use serde_json::Value as Json;
use wire::records::Record;

use super::chosen::Chosen;
use super::rows::Rows;
use super::sheet::{Mark, MarkState, Selection, Sheet, Shown, Spot};
use super::state::GridState;
use super::table::GridTable;
use super::totals::Totals;
use crate::api::forms::OpenForm;
use crate::fill::Titles;

/// How a cell stands that is not as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub enum GivenCell {
    /// It is on its way.
    Pending(Json),
    /// It was typed and is no value, for this reason.
    Refused(String, String),
    /// Somebody else stored the second value meanwhile.
    AtOdds(Json, Json),
}

impl GivenCell {
    fn mark(self) -> Mark {
        let (shown, state) = match self {
            GivenCell::Pending(value) => (Shown::Value(value), MarkState::Pending),
            GivenCell::Refused(typed, why) => (Shown::Typed(typed), MarkState::Refused(why)),
            GivenCell::AtOdds(own, theirs) => (Shown::Value(own), MarkState::Theirs(theirs)),
        };
        Mark { shown, state }
    }
}

/// The table of some columns, over at most a page of records; over none it is one whose rows are on their way.
#[component]
pub fn GivenTable(
    form: OpenForm,
    columns: Vec<String>,
    records: Option<Vec<Record>>,
    /// Cells that are not as they are stored: the place of the record, the column, and how it stands.
    #[prop(optional)]
    cells: Vec<(usize, &'static str, GivenCell)>,
    /// The first and the last cell of a block that is selected, by row and column.
    #[prop(optional_no_strip)]
    selected: Option<[(usize, usize); 2]>,
    /// The places of records that are chosen.
    #[prop(optional)]
    picked: Vec<usize>,
) -> impl IntoView {
    let titles = Titles::default();
    provide_context(titles);
    let state = GridState::from_address(Vec::new());
    let (id, whole) = (form.info.id, form.form.clone());
    let ids: Vec<_> = records.iter().flatten().map(|record| record.id).collect();
    let rows = match records {
        Some(records) => Rows::given(id, titles, records),
        None => Rows::new(id, titles),
    };
    let shared = StoredValue::new(form);
    let columns = Signal::stored(columns);
    let chosen = Chosen::new(true, rows, state);
    let sheet = Sheet::new(shared, rows, titles, columns);
    let marked = cells
        .into_iter()
        .filter_map(|(place, column, cell)| ids.get(place).map(|id| (*id, column.to_string(), cell.mark())));
    sheet.marks.put(marked.collect::<Vec<_>>());
    picked.into_iter().for_each(|place| chosen.turn(place));
    if let Some([(row, column), (last_row, last_column)]) = selected {
        sheet.roams.set(true);
        sheet.selection.set(Selection::at(Spot::new(row, column)).to(Spot::new(last_row, last_column)));
    }
    let totals = Totals::none(shared, state);
    view! {
        <div class="given-table">
            <GridTable form=whole rows=rows state=state columns=columns totals=totals chosen=chosen sheet=sheet edits=false/>
        </div>
    }
}
