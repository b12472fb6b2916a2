//! Parts of a form that hold no value: lines with a title, words, and what stands for tabs where they are not opened.

use engine::field::FieldKind;
use engine::text::Label;
use leptos::prelude::*;

use crate::i18n;

/// A line across the form, with its title.
#[component]
pub fn SectionTitle(label: Label) -> impl IntoView {
    view! { <h2 class="q4 section-title">{move || label.get(i18n::language()).to_string()}</h2> }
}

/// Words to whoever fills the form.
#[component]
pub fn NoteText(text: Option<Label>) -> impl IntoView {
    let said = move || text.as_ref().map(|text| text.get(i18n::language()).to_string()).unwrap_or_default();
    view! { <p class="note-text">{said}</p> }
}

/// A part of the layout by itself, as it stands on the designer's canvas.
pub fn part_alone(kind: &FieldKind) -> AnyView {
    match kind {
        FieldKind::Note(note) => view! { <NoteText text=note.text.clone()/> }.into_any(),
        FieldKind::Tabs(tabs) => {
            let labels = tabs.tabs.iter().map(|tab| tab.label.clone());
            let heads = labels.map(|label| {
                view! { <span class="chip o1">{move || label.get(i18n::language()).to_string()}</span> }
            });
            view! { <div class="row wrap">{heads.collect_view()}</div> }.into_any()
        }
        _ => view! { <hr class="line"/> }.into_any(),
    }
}
