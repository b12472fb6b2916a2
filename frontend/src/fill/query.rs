//! The list that a query field of a record shows: read when it is shown, never stored.

use engine::field::{FieldKind, Shape};
use engine::value::Value;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::loaders::{Listed, ListedRecord};
use super::reading::{Titles, ValueText, kind_text};
use super::state::FormState;
use crate::api::Problem;
use crate::ui::{Button, ButtonKind, ControlSize, Skeleton};
use crate::{i18n, t};

/// The list of a record that is stored; of a new one there is none yet.
#[component]
pub fn QueryList(state: FormState, field: String) -> impl IntoView {
    let Some(record) = state.record.get_value() else {
        return view! { <p class="note muted">{t!("fill-query-later")}</p> }.into_any();
    };
    let shown = RwSignal::new(None::<Result<Listed, Problem>>);
    let busy = RwSignal::new(false);
    let field = StoredValue::new(field);
    let ask = move |from: Option<String>| {
        busy.set(true);
        spawn_local(async move {
            // The page may be gone by now.
            let Some(answer) = state.loaders.list.try_run((record, field.get_value(), from)) else { return };
            let answer = answer.await;
            let _ = shown.try_update(|shown| match (shown.as_mut(), answer) {
                (Some(Ok(before)), Ok(mut more)) => {
                    before.records.append(&mut more.records);
                    before.next = more.next;
                }
                // What is there stays where the rest could not be had.
                (Some(Ok(_)), Err(_)) => {}
                (_, answer) => *shown = Some(answer),
            });
            let _ = busy.try_set(false);
        });
    };
    ask(None);
    let more = move |_| {
        let next = shown.with_untracked(|shown| match shown {
            Some(Ok(listed)) => listed.next.clone(),
            Some(Err(_)) | None => None,
        });
        if next.is_some() && !busy.get_untracked() {
            ask(next);
        }
    };
    let list = move || match shown.get() {
        None => view! { <Skeleton lines=2/> }.into_any(),
        Some(Err(problem)) => view! { <p class="note bad-text">{problem.detail}</p> }.into_any(),
        Some(Ok(listed)) if listed.records.is_empty() => {
            view! { <p class="note muted">{t!("fill-query-empty")}</p> }.into_any()
        }
        Some(Ok(listed)) => view! { <ListedTable titles=state.titles listed=listed/> }.into_any(),
    };
    let has_more = move || shown.with(|shown| matches!(shown, Some(Ok(listed)) if listed.next.is_some()));
    view! {
        <div class="stack g2">
            {list}
            {move || has_more().then(|| view! {
                <div><Button size=ControlSize::Small kind=ButtonKind::Ghost busy=busy on_press=more>{t!("fill-query-more")}</Button></div>
            })}
        </div>
    }
    .into_any()
}

/// Records, or groups, as a table with their count.
#[component]
pub fn ListedTable(titles: Titles, listed: Listed) -> impl IntoView {
    let kinds = StoredValue::new(listed.columns.iter().map(|(_, kind)| kind.clone()).collect::<Vec<_>>());
    let heads = listed.columns.iter().map(|(label, kind)| {
        let class = if is_number(kind) { "num" } else { "" };
        view! { <th class=class>{label.clone()}</th> }
    });
    let heads = heads.collect_view();
    // A group of a table is nothing by itself: its columns are all there is of it.
    let is_named = !listed.of_groups;
    let line = move |record: ListedRecord| {
        let name = if record.title.is_empty() { t!("record-untitled")() } else { record.title.clone() };
        let name = match record.address.clone() {
            Some(address) => {
                view! { <a class="link clip" href=address title=name.clone()>{name.clone()}</a> }.into_any()
            }
            None => view! { <span class="clip">{name}</span> }.into_any(),
        };
        let cells = record.values.into_iter().enumerate().map(|(place, value)| {
            let kind = kinds.with_value(|kinds| kinds.get(place).cloned());
            kind.map(|kind| cell(titles, kind, value))
        });
        view! { <tr>{is_named.then(|| view! { <td>{name}</td> })}{cells.collect_view()}</tr> }
    };
    let count = listed.count;
    view! {
        <div class="frame">
            <table class="grid plain auto">
                <thead><tr>{is_named.then(|| view! { <th>{t!("fill-query-record")}</th> })}{heads}</tr></thead>
                <tbody>{listed.records.into_iter().map(line).collect_view()}</tbody>
            </table>
        </div>
        <p class="note muted">{t!("fill-query-count", count = count)}</p>
    }
}

fn cell(titles: Titles, kind: FieldKind, value: Value) -> impl IntoView {
    let class = if is_number(&kind) { "num" } else { "" };
    let kind = StoredValue::new(kind);
    let shown = Signal::stored(value);
    let text = Signal::derive(move || {
        kind.with_value(|kind| kind_text(kind, &shown.get(), titles, i18n::language()))
    });
    view! { <td class=class><ValueText value=shown kind=kind text=text titles=titles/></td> }
}

fn is_number(kind: &FieldKind) -> bool {
    matches!(kind.shape(), Shape::Decimal(_))
}
