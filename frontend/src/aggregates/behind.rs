//! The records that make a number of an aggregate table, in a drawer beside the page.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{AggregateBehind, AggregateBehindInput, ContributingRecord};

use crate::api::{Problem, aggregates};
use crate::i18n::{self, group_digits};
use crate::ui::{Button, ControlSize, Drawer, Empty, ProblemView, Skeleton};
use crate::{t, text};

/// A number that somebody asks about.
#[derive(Clone)]
pub struct Asked {
    /// The id of the table.
    pub table: String,
    pub input: AggregateBehindInput,
    /// The number as people call it, with its group.
    pub title: String,
}

/// A drawer with the records behind a number, a page at a time.
#[component]
pub fn MadeOf(asked: Asked, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let title = asked.title.clone();
    let asked = StoredValue::new(asked);
    let found = RwSignal::new(None::<AggregateBehind>);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let load = move |cursor: Option<String>| {
        busy.set(true);
        let Asked { table, input, .. } = asked.get_value();
        spawn_local(async move {
            let answer = aggregates::behind(&table, &AggregateBehindInput { cursor, ..input }).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => found.update(|found| match found {
                    Some(before) => {
                        before.items.extend(page.items);
                        before.hidden += page.hidden;
                        before.next = page.next;
                    }
                    None => *found = Some(page),
                }),
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    load(None);
    let body = move || match (problem.get(), found.get()) {
        (Some(problem), _) => view! { <ProblemView problem=problem/> }.into_any(),
        (None, None) => view! { <Skeleton lines=6/> }.into_any(),
        (None, Some(behind)) => {
            let AggregateBehind { value, formula, adds_up, items, hidden, next, .. } = behind;
            let value = value.map_or_else(|| "—".to_string(), |value| group_digits(&value));
            let more = next.map(|next| {
                view! {
                    <Button size=ControlSize::Small busy=busy on_press=move |_| load(Some(next.clone()))>{t!("report-more")}</Button>
                }
            });
            let nothing = items.is_empty() && hidden == 0;
            view! {
                <div class="behind-head">
                    <span class="muted">{t!("aggregate-made-of")}</span>
                    <div class="told"><b class="num">{value}</b></div>
                </div>
                {formula.map(|formula| view! { <p class="note soft-text">{formula}</p> })}
                {(!adds_up).then(|| view! { <p class="note muted">{t!("aggregate-no-sum")}</p> })}
                {nothing.then(|| view! { <Empty icon="table" title=t!("report-no-records")/> })}
                <div class="behind">{items.iter().map(line).collect_view()}</div>
                {(hidden > 0).then(|| view! { <p class="note muted">{t!("aggregate-hidden", count = hidden)}</p> })}
                {more}
            }
            .into_any()
        }
    };
    view! {
        <Drawer title=Signal::stored(title) class="behind-drawer" answers=true on_close=on_close>
            {body}
        </Drawer>
    }
}

fn line(record: &ContributingRecord) -> impl IntoView + use<> {
    let href = format!("/apps/{}/forms/{}/records/{}", record.app, record.form, record.id);
    let title = if record.title.is_empty() { text!("record-untitled") } else { record.title.clone() };
    let date = parse_timestamp(&record.created_at).map(i18n::date_time).unwrap_or_default();
    // What it adds, or the parts that go into a number to which nothing can be added.
    let parts = record.parts.iter().filter_map(|(name, part)| Some((name, part.as_ref()?)));
    let parts: Vec<String> = parts.map(|(name, part)| format!("{name} {}", group_digits(part))).collect();
    let given = match &record.contribution {
        Some(contribution) => group_digits(contribution),
        None => i18n::listed(parts),
    };
    let form = record.form_label.clone();
    view! {
        <a class="behind-line" href=href>
            <span class="grow clip">{title}</span>
            <span class="muted clip">{form}</span>
            <span class="num muted">{date}</span>
            <span class="num amount">{given}</span>
        </a>
    }
}
