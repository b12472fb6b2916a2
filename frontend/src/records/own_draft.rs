//! The draft that its maker stored last and has not submitted, offered where another record would be begun.

use engine::value::parse_timestamp;
use leptos::prelude::*;
use wire::records::{Query, Record, SortBy};

use super::title_of;
use crate::api::forms::OpenForm;
use crate::api::records;
use crate::fill::Titles;
use crate::ui::{Banner, Tone, wait_for};
use crate::{i18n, t, text};

/// Offers it; nothing where there is none.
#[component]
pub fn OfferedDraft(
    form: OpenForm,
    titles: Titles,
    /// The address of the form's list.
    list: String,
) -> impl IntoView {
    let id = form.info.id;
    let shared = StoredValue::new(form);
    let list = StoredValue::new(list);
    let newest = LocalResource::new(move || async move {
        let query = Query {
            sort: vec![SortBy { field: "$updated_at".to_string(), desc: true }],
            limit: Some(1),
            titles: true,
            drafts: true,
            ..Query::default()
        };
        let answer = records::query(id, &query).await.ok()?;
        if let Some(known) = &answer.titles {
            titles.learn(known);
        }
        answer.items.into_iter().next()
    });
    // It stands above the form.
    wait_for(move || newest.with(Option::is_some));
    let offer = move |record: Record| {
        let to = list.with_value(|list| format!("{list}/records/{}", record.id));
        let at = parse_timestamp(&record.system.updated_at).map(i18n::date_time).unwrap_or_default();
        let name = Memo::new(move |_| {
            let name = shared.with_value(|form| {
                title_of(&form.form, &records::values(form, &record), titles, i18n::language())
            });
            if name.is_empty() { text!("record-untitled") } else { name }
        });
        view! {
            <Banner tone=Tone::Info>
                <div class="kept">
                    <span>{move || text!("record-own-draft", title = name.get(), at = at.clone())}</span>
                    <div class="row"><a class="btn" href=to>{t!("record-restore-draft")}</a></div>
                </div>
            </Banner>
        }
    };
    move || newest.get().flatten().map(offer)
}
