//! The reader's own drafts of a form: stored, not submitted, each with the way to go on with it.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use wire::records::{Query, Record, SortBy};

use super::by_pages::{ByPages, PAGE};
use crate::api::forms::OpenForm;
use crate::api::records;
use crate::fill::Titles;
use crate::records::{app_param, title_of};
use crate::ui::Dialog;
use crate::{i18n, t, text};

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
    let pages = ByPages::of(form.with_value(|form| form.info.id), asked);
    let line = move |record: Record| view! { <Line form=form record=record titles=pages.titles/> };
    let instead = move || pages.instead("file", t!("grid-drafts-empty"), t!("grid-drafts-empty-text"));
    // A list of nothing is none.
    let role = move || pages.has_some().then_some("list");
    view! {
        <div class="stack bin">
            {instead}
            <div role=role>
                <For each=move || pages.all() key=|record| record.id.to_string() children=line/>
            </div>
            {move || pages.more()}
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
                <a class="clip" title=move || name.get() href=to><b>{name}</b></a>
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
