//! What somebody typed and did not save, kept in this browser and offered again.

use leptos::prelude::*;
use serde_json::{Map, Value as Json};

use crate::api::entries;
use crate::fill::FormState;
use crate::ui::{Banner, Button, ButtonKind, Tone};
use crate::{browser, t};

/// Where the draft of a record (or of a new one, without `record`) is kept.
pub fn place(form: engine::value::Id, record: Option<engine::value::Id>) -> String {
    match record {
        Some(record) => format!("formwork.draft.{form}.{record}"),
        None => format!("formwork.draft.{form}"),
    }
}

/// Throws away what is kept of a record (or of a new one) here, and what this browser has kept of it on the server.
pub fn forget(form: engine::value::Id, record: Option<engine::value::Id>) {
    let place = place(form, record);
    browser::forget(&place);
    entries::forget_own(form, record, &place);
}

/// Keeps what differs from the start; forgets it when nothing does. Gives whether this browser keeps it.
pub fn keep(place: &str, state: FormState) -> bool {
    let fields = state.kept_fields();
    if fields.is_empty() {
        browser::forget(place);
        return true;
    }
    serde_json::to_string(&fields).is_ok_and(|text| browser::remember(place, &text))
}

/// What was kept, if it says anything else than what is there.
pub fn kept(place: &str, state: FormState) -> Option<Map<String, Json>> {
    let fields: Map<String, Json> = serde_json::from_str(&browser::remembered(place)?).ok()?;
    if state.says_more(&fields) {
        return Some(fields);
    }
    browser::forget(place);
    None
}

/// Says that something was entered here and not saved, and offers it.
#[component]
pub fn KeptBanner(
    /// What is said of it.
    #[prop(default = Signal::derive(t!("record-kept-draft")), into)]
    words: Signal<String>,
    #[prop(into)] on_restore: Callback<()>,
    #[prop(into)] on_drop: Callback<()>,
) -> impl IntoView {
    view! {
        <Banner tone=Tone::Info>
            <div class="kept">
                <span>{words}</span>
                <div class="row">
                    <Button on_press=move |_| on_restore.run(())>{t!("record-restore-draft")}</Button>
                    <Button kind=ButtonKind::Ghost on_press=move |_| on_drop.run(())>{t!("record-drop-draft")}</Button>
                </div>
            </div>
        </Banner>
    }
}
