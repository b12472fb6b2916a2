//! What comes after a record was made: it is shown as it is stored, with the way to the next one.

use std::cell::Cell;

use engine::value::Id;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::t;
use crate::ui::{Banner, Button, ButtonKind, Empty, Tone};

thread_local! {
    /// The record that was made last and is not shown yet, and whether it was submitted to a flow.
    static MADE: Cell<Option<(Id, bool)>> = const { Cell::new(None) };
}

/// The next page of a record says that it has just been made.
pub fn note_made(record: Id, is_submitted: bool) {
    MADE.set(Some((record, is_submitted)));
}

/// Whether a record has just been made, and if so, whether it was submitted to a flow. Told once.
pub fn take_made(record: Id) -> Option<bool> {
    MADE.take().filter(|(made, _)| *made == record).map(|(_, is_submitted)| is_submitted)
}

/// Says so on top of the record.
#[component]
pub fn MadeBanner(
    is_submitted: bool,
    /// The address of the form's list.
    list: String,
    /// Whether the reader may make another one.
    may_create: bool,
    /// Whether there is a list that shows records to the reader.
    has_list: bool,
) -> impl IntoView {
    let navigate = StoredValue::new(use_navigate());
    let list = StoredValue::new(list);
    let go = move |to: &str| {
        let address = list.with_value(|list| format!("{list}{to}"));
        navigate.with_value(|navigate| navigate(&address, Default::default()));
    };
    view! {
        <Banner tone=Tone::Success>
            <div class="kept">
                <span>{move || if is_submitted { t!("record-made-submitted")() } else { t!("record-made")() }}</span>
                <div class="row">
                    {may_create.then(|| view! { <Button icon="plus" on_press=move |_| go("/new")>{t!("record-fill-again")}</Button> })}
                    {has_list.then(|| view! { <Button kind=ButtonKind::Ghost on_press=move |_| go("")>{t!("record-to-list")}</Button> })}
                </div>
            </div>
        </Banner>
    }
}

/// The page after a record that its maker may not read.
#[component]
pub fn HandedIn(#[prop(into)] on_again: Callback<()>) -> impl IntoView {
    view! {
        <Empty icon="ok" title=Signal::derive(t!("record-handed-in")) text=Signal::derive(t!("record-handed-in-text"))>
            <Button kind=ButtonKind::Primary icon="plus" on_press=move |_| on_again.run(())>{t!("record-fill-again")}</Button>
        </Empty>
    }
}
