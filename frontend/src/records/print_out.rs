//! A record on paper: what it is called, all that its reader sees of it, and its approvals.

use std::time::Duration;

use engine::record::Draft;
use leptos::prelude::*;
use wire::records::Record;

use super::known::{Facts, given, title_of};
use super::{context, loaders};
use crate::api::forms::OpenForm;
use crate::api::{instances, records};
use crate::browser;
use crate::fill::{FormState, LiveForm, Titles};
use crate::i18n;
use crate::inbox::PrintOut;
use crate::t;

/// How long pictures and lists have to come before the paper is filled.
const SETTLES: Duration = Duration::from_millis(600);

/// A part of the page that is on paper alone, in place of everything else. It is printed as soon as it is there.
#[component]
pub fn RecordPrintOut(form: OpenForm, record: Record, titles: Titles) -> impl IntoView {
    let stored = records::values(&form, &record);
    let given = given(&form, &record, &stored);
    let draft = Draft::open(form.form.clone(), context(form.params()), stored.clone(), given);
    let state = FormState::new(draft, loaders(&form, titles), titles);
    // Nothing is filled in on paper: each value stands there as text.
    state.editable.set_value(Some(Default::default()));
    state.record.set_value(Some(record.id));
    state.load_links();
    let instance = record.system.flow.as_ref().map(|flow| flow.instance.to_string());
    let approvals = LocalResource::new(move || {
        let instance = instance.clone();
        async move {
            let id = instance?;
            instances::get(&id).await.ok()
        }
    });
    let is_ready = Memo::new(move |_| approvals.get().is_some());
    Effect::new(move |_| {
        if is_ready.get() {
            set_timeout(browser::print, SETTLES);
        }
    });
    let label = form.info.label.clone();
    let shared = StoredValue::new(form);
    let title = move || {
        let name = shared.with_value(|form| title_of(&form.form, &stored, titles, i18n::language()));
        if name.is_empty() { t!("record-untitled")() } else { name }
    };
    let printed = move || t!("record-printed-at", at = i18n::date_time(browser::now()))();
    view! {
        <section class="print-out record-out">
            <div class="note">{move || label.get(i18n::language()).to_string()}" · "{printed}</div>
            <h1>{title}</h1>
            <Facts state=state/>
            <LiveForm state=state/>
            {move || approvals.get().flatten().map(|instance| view! { <PrintOut instance=instance/> })}
        </section>
    }
}
