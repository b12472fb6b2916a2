//! In which encoding a file was read, where nothing in it says so.

use leptos::prelude::*;

use crate::t;

/// The encoding, where it was guessed: what carries a mark, or is UTF-8 in every byte, needs no word.
#[component]
pub fn EncodingNote(#[prop(into)] encoding: Signal<Option<String>>) -> impl IntoView {
    let guessed = move || encoding.get().filter(|name| !name.starts_with("UTF-"));
    move || {
        let name = guessed()?;
        Some(view! { <p class="small-text soft-text">{t!("import-encoding", encoding = name)}</p> })
    }
}
