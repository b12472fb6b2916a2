//! The line under the table about what is not stored: how far what was entered is, why a cell was refused, whose value
//! stays where somebody else changed the same cell.

use engine::value::Id;
use leptos::prelude::*;

use super::cell::reason;
use super::marks::{Mark, State};
use super::{Selection, Sheet, Spot};
use crate::grid::column::GridColumn;
use crate::ui::{Button, ButtonKind, ControlSize, Icon, IconSize, Progress};
use crate::{i18n, t, text};

/// From so many cells on the way is counted.
const COUNTED: usize = 20;

/// A cell that waits for somebody.
#[derive(Clone, PartialEq)]
struct Open {
    record: Id,
    key: String,
    mark: Mark,
}

#[component]
pub fn MarksBar(sheet: Sheet) -> impl IntoView {
    let open = Memo::new(move |_| sheet.marks.count_open());
    // What the active cell says, else what the first says that waits.
    let told = Memo::new(move |_| {
        if open.get() == 0 {
            return None;
        }
        let spot = sheet.selection.get().active;
        let active =
            sheet.rows.at(spot.row).zip(sheet.columns.with(|columns| columns.get(spot.column).cloned()));
        let active = active.and_then(|(record, key)| {
            let mark = sheet.marks.get(record.id, &key).filter(|mark| mark.state != State::Pending)?;
            Some(Open { record: record.id, key, mark })
        });
        active.or_else(|| {
            let (record, key) = sheet.marks.open().into_iter().next()?;
            let mark = sheet.marks.get(record, &key)?;
            Some(Open { record, key, mark })
        })
    });
    let progress = move || sheet.saving.progress.get().filter(|(_, total)| *total >= COUNTED);
    view! {
        {move || progress().map(|(done, total)| {
            let value = Signal::stored(done.min(total) as u64);
            let words = text!("grid-saving", done = i18n::whole(done.min(total) as u64), count = i18n::whole(total as u64));
            view! {
                <div class="marks-bar" role="status">
                    <span class="num">{words}</span>
                    <Progress value=value max=Signal::stored(total as u64) label=Signal::derive(t!("grid-saving-cells"))/>
                    <span class="push">
                        <Button size=ControlSize::Small on_press=move |_| sheet.stop()>{t!("grid-saving-stop")}</Button>
                    </span>
                </div>
            }
        })}
        {move || told.get().map(|open_cell| view! { <Told sheet=sheet cell=open_cell count=open/> })}
    }
}

/// What became of one cell, and what can be done about it.
#[component]
fn Told(sheet: Sheet, cell: Open, count: Memo<usize>) -> impl IntoView {
    let Open { record, key, mark } = cell;
    let column = sheet.form.with_value(|form| GridColumn::of(&form.form, &key));
    let label = column.as_ref().map(|column| column.label.clone()).unwrap_or_default();
    let place = sheet.rows.place_of_id(record);
    let what = match place {
        Some(place) => text!("grid-cell-where", column = label, row = i18n::whole(place as u64 + 1)),
        None => label,
    };
    let theirs = match &mark.state {
        State::Theirs(theirs) => column.map(|column| {
            let value = column.kind.read(theirs);
            crate::fill::kind_text(&column.kind, &value, sheet.titles, i18n::language())
        }),
        State::Pending | State::Refused(_) => None,
    };
    let is_at_odds = theirs.is_some();
    let words = match theirs {
        Some(theirs) if theirs.is_empty() => text!("grid-cell-emptied"),
        Some(theirs) => text!("grid-cell-theirs-is", value = theirs),
        None => reason(&mark.state),
    };
    let cell = StoredValue::new((record, key));
    let give_up = move |_| {
        sheet.give_up(vec![cell.get_value()]);
        sheet.focus();
    };
    let insist = move |_| {
        cell.with_value(|(record, key)| sheet.insist(*record, key));
        sheet.focus();
    };
    let go = move |_| {
        let (record, key) = cell.get_value();
        let column = sheet.columns.with_untracked(|columns| columns.iter().position(|column| *column == key));
        if let Some((row, column)) = sheet.rows.place_of_id(record).zip(column) {
            sheet.roams.set(true);
            sheet.selection.set(Selection::at(Spot::new(row, column)));
            sheet.bring_row(row);
            sheet.bring_column(Spot::new(row, column));
            sheet.focus();
        }
    };
    let give_up_all = move |_| {
        sheet.give_up(untrack(|| sheet.marks.open()));
        sheet.focus();
    };
    let (icon, class) =
        if is_at_odds { ("warning", "marks-bar at-odds") } else { ("error", "marks-bar refused") };
    view! {
        <div class=class role="status">
            <Icon name=icon size=IconSize::Small/>
            <span class="grow"><b>{what}</b>" "{words}</span>
            <span class="push row gap-1 wrap">
                {place.is_some().then(|| view! {
                    <Button kind=ButtonKind::Ghost size=ControlSize::Small on_press=go>{t!("grid-cell-go")}</Button>
                })}
                {if is_at_odds {
                    view! {
                        <Button size=ControlSize::Small on_press=insist>{t!("grid-cell-mine")}</Button>
                        <Button size=ControlSize::Small on_press=give_up>{t!("grid-cell-take-theirs")}</Button>
                    }
                    .into_any()
                } else {
                    view! { <Button size=ControlSize::Small on_press=give_up>{t!("grid-cell-give-up")}</Button> }.into_any()
                }}
                {move || (count.get() > 1).then(|| view! {
                    <Button kind=ButtonKind::Ghost size=ControlSize::Small on_press=give_up_all>
                        {t!("grid-cells-give-up", count = i18n::whole(count.get() as u64))}
                    </Button>
                })}
            </span>
        </div>
    }
}
