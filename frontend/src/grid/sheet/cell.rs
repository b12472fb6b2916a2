//! A cell of the table: its value, or what is on its way in its place, and whether it is selected.

use leptos::prelude::*;
use wire::records::Record;

use super::marks::{Mark, Shown, State};
use super::{Sheet, Spot};
use crate::fill::{ValueText, text_in};
use crate::grid::column::{GridColumn, value_in};
use crate::grid::decimals::padded;
use crate::grid::layout::Placed;
use crate::inbox::FlowBadge;
use crate::ui::{Icon, IconSize, classes};
use crate::{t, text};

/// The cell of a record in the column `key`, at its place.
pub fn cell(sheet: Sheet, record: &Record, key: &str, spot: Spot, placed: Placed) -> AnyView {
    let found = sheet.form.with_value(|form| {
        let column = GridColumn::of(&form.form, key)?;
        let stored = value_in(&form.form, record, key);
        Some((column, stored))
    });
    let Some((column, stored)) = found else { return view! { <td></td> }.into_any() };
    let (id, titles) = (record.id, sheet.titles);
    let is_number = column.is_number();
    let kind = StoredValue::new(column.kind);
    let key = StoredValue::new(key.to_string());
    let mark = Memo::new(move |_| key.with_value(|key| sheet.marks.get(id, key)));
    let value = Signal::derive(move || match mark.get() {
        Some(Mark { shown: Shown::Value(json), .. }) => kind.with_value(|kind| kind.read(&json)),
        Some(_) | None => stored.clone(),
    });
    let words = Signal::derive(move || {
        let value = value.get();
        let text = sheet.form.with_value(|form| {
            key.with_value(|key| kind.with_value(|kind| text_in(&form.form, key, kind, &value, titles)))
        });
        let decimals = || sheet.decimals.with(|all| key.with_value(|key| all.get(key).copied()));
        match value.as_number().and_then(|_| decimals()) {
            Some(decimals) => padded(&text, decimals),
            None => text,
        }
    });
    let class = move || {
        let (active, within) = sheet.shown_at(spot);
        let state = mark.with(|mark| mark.as_ref().map(|mark| class_of(&mark.state)));
        classes(&[
            placed.class(is_number),
            if spot.column == 0 { "title" } else { "" },
            if active { "at" } else { "" },
            if within { "range" } else { "" },
            state.unwrap_or_default(),
        ])
    };
    let typed = move || match mark.get() {
        Some(Mark { shown: Shown::Typed(typed), .. }) => Some(typed),
        Some(_) | None => None,
    };
    let is_state = key.with_value(|key| key == "$flow_state");
    let state = move || is_state.then(|| value.with(|value| value.as_text().map(str::to_string))).flatten();
    let shown = move || match (typed(), state()) {
        (Some(typed), _) => view! { <span class="clip">{typed}</span> }.into_any(),
        (None, Some(state)) => view! { <FlowBadge state=state/> }.into_any(),
        (None, None) => view! { <ValueText value=value kind=kind text=words titles=titles/> }.into_any(),
    };
    let why = move || mark.with(|mark| mark.as_ref().map(|mark| reason(&mark.state)));
    let give_up = move |event: leptos::ev::MouseEvent| {
        event.stop_propagation();
        sheet.give_up(vec![(id, key.get_value())]);
        sheet.focus();
    };
    let sign = move || {
        let state = mark.with(|mark| mark.as_ref().map(|mark| mark.state.clone()))?;
        let sign = match state {
            State::Pending => view! { <span class="cell-sign spinner tiny" role="img" aria-label=t!("grid-cell-pending")></span> }.into_any(),
            State::Refused(reason) => view! {
                <button type="button" class="cell-sign" tabindex="-1" aria-label=t!("grid-cell-give-up") data-tip=refused_tip(&reason) on:click=give_up>
                    <Icon name="error" size=IconSize::Tiny/>
                </button>
            }
            .into_any(),
            State::Theirs(_) => view! { <span class="cell-sign"><Icon name="warning" size=IconSize::Tiny/></span> }.into_any(),
        };
        Some(sign)
    };
    view! {
        <td class=class style:left=placed.left_edge() data-col=spot.column.to_string() data-tip=why>
            {shown}
            {sign}
        </td>
    }
    .into_any()
}

/// Why a cell was refused, and what pressing its sign does.
fn refused_tip(reason: &str) -> String {
    format!("{reason} {}", text!("grid-cell-sign", what = text!("grid-cell-give-up")))
}

fn class_of(state: &State) -> &'static str {
    match state {
        State::Pending => "pending",
        State::Refused(_) => "refused",
        State::Theirs(_) => "at-odds",
    }
}

/// What a mark says in words.
pub fn reason(state: &State) -> String {
    match state {
        State::Pending => text!("grid-cell-pending"),
        State::Refused(reason) => reason.clone(),
        State::Theirs(_) => text!("grid-cell-theirs"),
    }
}

impl Sheet {
    /// Whether a cell is the one that the keys act on, and whether it is among several that are selected.
    fn shown_at(self, spot: Spot) -> (bool, bool) {
        if !self.roams.get() {
            return (false, false);
        }
        let filled_to = self.filled_to.get();
        self.selection.with(|selection| {
            let is_filled = filled_to.is_some_and(|row| {
                let rows = selection.rows();
                selection.columns().contains(&spot.column)
                    && (rows.start.min(row)..rows.end.max(row + 1)).contains(&spot.row)
            });
            let within = is_filled || (!selection.is_single() && selection.has(spot));
            (selection.active == spot, within)
        })
    }
}
