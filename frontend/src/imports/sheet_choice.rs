//! Which sheet of a workbook is read.

use leptos::prelude::*;

use crate::t;
use crate::ui::{Choice, Field, Select};

/// The choice of a sheet, where a workbook has several.
#[component]
pub(super) fn SheetChoice(
    #[prop(into)] sheets: Signal<Vec<String>>,
    #[prop(into)] sheet: Signal<Option<String>>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let choices = Signal::derive(move || {
        let sheets = sheets.get().into_iter();
        sheets.map(|name| Choice::new(name.clone(), name)).collect::<Vec<_>>()
    });
    let choose = move |name: Option<String>| {
        if let Some(name) = name.filter(|name| sheet.get_untracked().as_ref() != Some(name)) {
            on_choose.run(name);
        }
    };
    view! {
        <Show when=move || { choices.with(Vec::len) > 1 }>
            <Field label=t!("import-sheet")>
                <Select choices=choices value=sheet on_change=choose/>
            </Field>
        </Show>
    }
}
