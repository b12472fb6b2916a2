//! A record that is gone while somebody changes it: what they entered is not.

use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use wire::records::Record;

use super::given::copy_of;
use super::{app_param, kept_draft};
use crate::api::forms::OpenForm;
use crate::api::records;
use crate::fill::FormState;
use crate::ui::{Banner, Button, Tone, toast};
use crate::{browser, t};

/// Says so, with what can become of what was entered: a record of its own, or the old one brought back.
#[component]
pub fn GoneBanner(
    form: OpenForm,
    record: Id,
    state: FormState,
    /// Hears of the record that was brought back.
    #[prop(into)]
    on_back: Callback<Record>,
) -> impl IntoView {
    let app = app_param();
    let navigate = StoredValue::new(use_navigate());
    let busy = RwSignal::new(false);
    let (form_id, may_create, may_restore) = (form.info.id, form.may("create"), form.may("delete"));
    let restore = move |_| {
        busy.set(true);
        spawn_local(async move {
            let answer = records::restore(form_id, record).await;
            // The page may be left by now.
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(record) => on_back.run(record),
                Err(problem) => toast::refused(&problem),
            }
        });
    };
    let editable = StoredValue::new(form.editable());
    // It is offered on the page of a new record as what was kept there.
    let keep = move |_| {
        let fields = state.draft.with_untracked(|draft| {
            let values = copy_of(draft.form(), draft.values().clone(), &|column| {
                editable.with_value(|paths| paths.contains(&column.path))
            });
            let rows = |path: &str| path.contains('.') && editable.with_value(|paths| paths.contains(path));
            engine::record::values_to_json(draft.form(), &values, &|path| {
                values.contains_key(path) || rows(path)
            })
        });
        if let Ok(text) = serde_json::to_string(&fields) {
            browser::remember(&kept_draft::place(form_id, None), &text);
            kept_draft::forget(form_id, Some(record));
        }
        // What was entered here is there now.
        state.start_from(state.draft.with_untracked(|draft| draft.values().clone()));
        let to = untrack(|| format!("/apps/{}/forms/{form_id}/new", app.get()));
        navigate.with_value(|navigate| navigate(&to, Default::default()));
    };
    view! {
        <Banner tone=Tone::Warning>
            <div class="kept">
                <span>{t!("record-gone")}</span>
                <div class="row">
                    {may_restore.then(|| view! { <Button busy=busy on_press=restore>{t!("record-gone-restore")}</Button> })}
                    {may_create.then(|| view! { <Button on_press=keep>{t!("record-gone-keep")}</Button> })}
                </div>
            </div>
        </Banner>
    }
}
