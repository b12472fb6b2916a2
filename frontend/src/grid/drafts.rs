//! The reader's own drafts of a form: stored, not submitted, each with the way to go on with it.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::records::{Query, Record, SortBy};

use crate::api::forms::OpenForm;
use crate::api::{Problem, records};
use crate::fill::Titles;
use crate::records::{app_param, title_of};
use crate::ui::{Button, ControlSize, Dialog, Empty, ProblemView, Skeleton};
use crate::{i18n, t, text};

/// Drafts asked for at once.
const PAGE: u32 = 50;

/// The reader's drafts in a dialog, for who may make records.
#[component]
pub fn DraftsDialog(open: RwSignal<bool>, form: StoredValue<OpenForm>) -> impl IntoView {
    view! {
        <Dialog open=open title=Signal::derive(t!("grid-drafts"))>
            <Drafts form=form/>
        </Dialog>
    }
}

/// The drafts after a cursor, the last changed first.
fn asked(cursor: Option<String>) -> Query {
    Query {
        sort: vec![SortBy { field: "$updated_at".to_string(), desc: true }],
        limit: Some(PAGE),
        cursor,
        titles: true,
        drafts: true,
        ..Query::default()
    }
}

#[component]
fn Drafts(form: StoredValue<OpenForm>) -> impl IntoView {
    let titles = Titles::default();
    let found = RwSignal::new(None::<Vec<Record>>);
    let next = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<Problem>);
    let busy = RwSignal::new(false);
    let form_id = form.with_value(|form| form.info.id);
    let load = move |cursor: Option<String>| {
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = records::query(form_id, &asked(cursor)).await;
            // The dialog may be closed by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => {
                    if let Some(known) = &page.titles {
                        titles.learn(known);
                    }
                    next.set(page.next);
                    found.update(|found| found.get_or_insert_default().extend(page.items));
                }
                Err(refused) => problem.set(Some(refused)),
            }
        });
    };
    load(None);
    let all = move || found.get().unwrap_or_default();
    let line = move |record: Record| view! { <Line form=form record=record titles=titles/> };
    let is_empty = Memo::new(move |_| found.with(|found| found.as_ref().map(Vec::is_empty)));
    let instead = move || match is_empty.get() {
        None if problem.with(Option::is_none) => Some(view! { <Skeleton lines=4/> }.into_any()),
        Some(true) => {
            let words = Signal::derive(t!("grid-drafts-empty-text"));
            Some(view! { <Empty icon="file" title=t!("grid-drafts-empty") text=words/> }.into_any())
        }
        None | Some(_) => None,
    };
    let more = move || match (problem.get(), next.get()) {
        // The cursor stays where the last page ended.
        (Some(problem), cursor) => {
            let again = move |()| load(cursor.clone());
            Some(view! { <ProblemView problem=problem on_retry=again/> }.into_any())
        }
        (None, Some(cursor)) => {
            let ask = move |_| load(Some(cursor.clone()));
            let button =
                view! { <Button size=ControlSize::Small busy=busy on_press=ask>{t!("report-more")}</Button> };
            Some(button.into_any())
        }
        (None, None) => None,
    };
    // A list of nothing is none.
    let role = move || (is_empty.get() == Some(false)).then_some("list");
    view! {
        <div class="stack bin">
            {instead}
            <div role=role>
                <For each=all key=|record| record.id.to_string() children=line/>
            </div>
            {more}
        </div>
    }
}

/// A draft: how it is called, and when it was changed last.
#[component]
fn Line(form: StoredValue<OpenForm>, record: Record, titles: Titles) -> impl IntoView {
    let app = app_param();
    let (id, form_id) = (record.id, form.with_value(|form| form.info.id));
    let at = parse_timestamp(&record.system.updated_at);
    let told = move || text!("grid-draft-saved", at = at.map(i18n::date_time).unwrap_or_default());
    let name = Memo::new(move |_| {
        let name = form.with_value(|form| {
            title_of(&form.form, &records::values(form, &record), titles, i18n::language())
        });
        if name.is_empty() { text!("record-untitled") } else { name }
    });
    let to = move || format!("/apps/{}/forms/{form_id}/records/{id}", app.get());
    view! {
        <div class="bin-line" role="listitem">
            <span class="grow stack g1">
                <a class="clip" href=to><b>{name}</b></a>
                <span class="note muted">{told}</span>
            </span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_are_asked_for_and_nothing_else() {
        let query = asked(Some("c".into()));
        assert!(query.drafts && !query.deleted && query.titles);
        assert_eq!(query.cursor.as_deref(), Some("c"));
    }
}
