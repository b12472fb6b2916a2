//! Why somebody may or may not do something with a record that is chosen first.

use engine::value::Id;
use leptos::prelude::*;
use wire::records::Query;

use super::explain::Ask;
use super::people::People;
use crate::api::forms::OpenForm;
use crate::api::{Problem, records};
use crate::ui::{Dialog, DialogSize, Field, FieldContext, Found, Icon, IconSize, Picker, Popover, Searching};
use crate::{i18n, t};

/// How many records are offered at once.
const OFFERED: u32 = 20;

/// Asks which record, who and which field; tells what that member may do, and why.
#[component]
pub fn ExplainFormDialog(
    open: RwSignal<bool>,
    form: StoredValue<OpenForm>,
    people: StoredValue<People>,
) -> impl IntoView {
    view! {
        <Dialog open=open title=Signal::derive(t!("record-explain")) size=DialogSize::Large>
            <AskOfSome form=form people=people/>
        </Dialog>
    }
}

#[component]
fn AskOfSome(form: StoredValue<OpenForm>, people: StoredValue<People>) -> impl IntoView {
    let chosen = RwSignal::new(None::<Found>);
    let record = Signal::derive(move || -> Option<Id> {
        chosen.with(|chosen| chosen.as_ref().and_then(|chosen| chosen.id.parse().ok()))
    });
    view! {
        <div class="stack g4">
            <Field label=t!("permissions-record")><RecordInput form=form chosen=chosen/></Field>
            <Ask people=people.get_value() form=form record=record/>
        </div>
    }
}

/// The newest records of a form, and those in which some words stand.
async fn find(form: OpenForm, words: String) -> Result<Vec<Found>, Problem> {
    let q = Some(words.trim().to_string()).filter(|words| !words.is_empty());
    let asked = Query { q, limit: Some(OFFERED), ..Query::default() };
    let page = records::query(form.info.id, &asked).await?;
    let language = i18n::language_now();
    let found = page.items.iter().map(|record| {
        let (id, values) = (record.id.to_string(), records::values(&form, record));
        let title = engine::record::title(&form.form, &values, language, &|_| String::new());
        let title = if title.is_empty() { id.clone() } else { title };
        Found { id, title, ..Found::default() }
    });
    Ok(found.collect())
}

/// A record of a form, chosen by what it is called.
#[component]
fn RecordInput(form: StoredValue<OpenForm>, chosen: RwSignal<Option<Found>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let search = Callback::new(move |words: String| -> Searching {
        let form = form.get_value();
        Box::pin(async move { find(form, words).await })
    });
    let pick = move |found: Found| {
        open.set(false);
        chosen.set(Some(found));
    };
    let shown = move || match chosen.get() {
        Some(found) => {
            view! { <span class="clip" title=found.title.clone()>{found.title.clone()}</span> }.into_any()
        }
        None => view! { <span class="placeholder">{t!("ui-choose")}</span> }.into_any(),
    };
    let picked = Signal::derive(move || {
        chosen.with(|chosen| chosen.iter().map(|chosen| chosen.id.clone()).collect::<Vec<_>>())
    });
    view! {
        <button
            type="button"
            class="input"
            id=FieldContext::id()
            aria-haspopup="listbox"
            aria-expanded=move || open.get().to_string()
            on:click=move |_| open.update(|open| *open = !*open)
        >
            {shown}
            <span class="end"><Icon name="down" size=IconSize::Small/></span>
        </button>
        <Popover open=open match_width=true class="menu" role="group">
            <Picker search=search on_pick=pick placeholder=t!("ui-search") picked=picked/>
        </Popover>
    }
}
