//! What the palette looks like: what is typed, what fits it, and the keys by which one goes there.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::places::Entry;
use crate::t;
use crate::ui::{Icon, unique_id};

/// The box of the palette. The focus stays in its input; the place that Enter goes to is said by its id.
#[component]
pub fn PaletteBox(
    /// What is offered.
    #[prop(into)]
    shown: Signal<Vec<Entry>>,
    /// Which of it Enter goes to.
    at: RwSignal<usize>,
    #[prop(into)] name: Signal<String>,
    #[prop(into)] placeholder: Signal<String>,
    /// What is said where nothing is offered; nothing while it is on its way.
    #[prop(into)]
    missing: Signal<Option<String>>,
    /// Hears what is typed.
    #[prop(into)]
    on_ask: UnsyncCallback<String>,
    #[prop(into)] on_go: UnsyncCallback<Entry>,
    /// Whether the focus begins in it.
    #[prop(default = true)]
    takes_focus: bool,
) -> impl IntoView {
    let list = StoredValue::new(unique_id("palette"));
    let id_of = move |number: usize| list.with_value(|list| format!("{list}-{number}"));
    let on_key = move |event: KeyboardEvent| {
        let count = shown.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => at.update(|at| *at = (*at + count - 1) % count),
            "Enter" if !event.is_composing() => {
                let entry = shown.with_untracked(|shown| shown.get(at.get_untracked()).cloned());
                if let Some(entry) = entry {
                    on_go.run(entry);
                }
            }
            _other_key => return,
        }
        event.prevent_default();
    };
    let item = move |(number, entry): (usize, Entry)| {
        let target = entry.clone();
        let title = entry.title.clone();
        view! {
            <button
                type="button"
                class="menu-item"
                id=id_of(number)
                role="option"
                tabindex="-1"
                aria-selected=move || (at.get() == number).to_string()
                on:click=move |_| on_go.run(target.clone())
            >
                <Icon name=entry.icon/>
                <span class="clip" title=title>{entry.title}</span>
                <span class="end">{entry.note}</span>
            </button>
        }
    };
    let marked = move || shown.with(|shown| (at.get() < shown.len()).then(|| id_of(at.get())));
    let is_list = move || shown.with(|shown| !shown.is_empty());
    let nothing = move || missing.get().filter(|_| shown.with(Vec::is_empty));
    view! {
        <div class="palette" on:keydown=on_key>
            <div class="palette-input">
                <Icon name="search"/>
                <input
                    autofocus=takes_focus
                    autocomplete="off"
                    spellcheck="false"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls=list.get_value()
                    aria-activedescendant=marked
                    placeholder=placeholder
                    aria-label=placeholder
                    on:input=move |event| on_ask.run(event_target_value(&event))
                />
                <kbd>"Esc"</kbd>
            </div>
            <div class="palette-list">
                // A list is one of what can be chosen; that there is nothing is said beside it.
                <div
                    role=move || is_list().then_some("listbox")
                    id=list.get_value()
                    aria-label=move || is_list().then(|| name.get())
                >
                    {move || shown.get().into_iter().enumerate().map(item).collect_view()}
                </div>
                {move || nothing().map(|words| view! {
                    <div class="empty small-empty" role="status"><span class="muted">{words}</span></div>
                })}
            </div>
            <div class="palette-foot">
                <span><kbd>"↑"</kbd><kbd>"↓"</kbd>{t!("palette-move")}</span>
                <span><kbd>"↵"</kbd>{t!("palette-open")}</span>
            </div>
        </div>
    }
}
