//! What a card says of a record: what it is called, and what the columns hold.

use leptos::prelude::*;
use wire::records::Record;

use super::Board;
use crate::fill::{ValueText, text_in};
use crate::grid::GridColumn;
use crate::inbox::FlowBadge;

/// Columns that a card shows.
const FACTS: usize = 3;
/// The heights of what is on a card, in pixels, as in the style sheet.
const AROUND: f64 = 26.0;
const TITLE: f64 = 20.0;
const FACT: f64 = 24.0;

/// The columns that cards show: the first ones that say neither what the record is called nor what the board is
/// arranged by.
pub fn facts(board: Board) -> Vec<String> {
    let (columns, arranged) = (board.columns.get(), board.state.arranged_by());
    let titles: Vec<String> = board.form.with_value(|form| {
        engine::record::title_fields(&form.form).into_iter().map(|column| column.path.clone()).collect()
    });
    let is_told = |key: &String| arranged.contains(key) || titles.contains(key);
    columns.into_iter().filter(|key| !is_told(key)).take(FACTS).collect()
}

/// The height of a card with so many facts: all are alike, so that only those on the screen need be there.
pub fn height(facts: usize) -> f64 {
    AROUND + TITLE + FACT * facts as f64
}

/// What stands on a card.
pub fn content(board: Board, record: &Record, facts: &[String]) -> impl IntoView + use<> {
    let title = board.title(record);
    let lines = facts.iter().filter_map(|key| line(board, record, key)).collect_view();
    view! {
        <b class="clip" title=title.clone()>{title.clone()}</b>
        {lines}
    }
}

fn line(board: Board, record: &Record, key: &str) -> Option<AnyView> {
    let column = board.form.with_value(|form| GridColumn::of(&form.form, key))?;
    let value = board.value(record, key);
    let kind = StoredValue::new(column.kind);
    let (titles, shown) = (board.titles, value.clone());
    let state = value.as_text().filter(|_| key == "$flow_state").map(str::to_string);
    let key = key.to_string();
    let text = Signal::derive(move || {
        board.form.with_value(|form| kind.with_value(|kind| text_in(&form.form, &key, kind, &shown, titles)))
    });
    let said = match state {
        Some(state) => view! { <FlowBadge state=state/> }.into_any(),
        None => {
            view! { <ValueText value=Signal::stored(value) kind=kind text=text titles=titles/> }.into_any()
        }
    };
    let line = view! {
        <span class="fact" title=move || text.get()>
            <span class="note muted" title=column.label.clone()>{column.label.clone()}</span>
            {said}
        </span>
    };
    Some(line.into_any())
}
