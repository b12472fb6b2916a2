//! Stored files as they are listed: each with its picture, its name and its size.

use engine::value::{Id, Value};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

use super::file_preview::{FilePreview, Looking};
use super::files::ids_of;
use super::known_files;
use crate::api::files::FileFacts;
use crate::ui::{Icon, IconButton, IconSize};
use crate::{i18n, t, text};

/// The files of a value that nobody changes here.
#[component]
pub fn FileList(#[prop(into)] value: Signal<Value>) -> impl IntoView {
    let none = move || value.with(Value::is_empty);
    let looking = Looking::closed();
    view! {
        <div class="files">
            {move || none().then(|| view! { <div class="input readonly"><span class="muted">"—"</span></div> })}
            <For each=move || value.with(ids_of) key=|id| *id children=move |id| view! { <FileLine id=id looking=looking/> }/>
            <FilePreview looking=looking files=Signal::derive(move || value.with(ids_of))/>
        </div>
    }
}

/// One stored file: its picture or an icon, its name to open it, its size. What the page can show is looked at over it.
#[component]
pub fn FileLine(
    id: Id,
    looking: Looking,
    #[prop(optional, into)] on_remove: Option<Callback<()>>,
) -> impl IntoView {
    let facts = Memo::new(move |_| known_files::facts(id));
    let name = move || facts.get().map(|facts| facts.name).unwrap_or_default();
    let size = move || facts.get().and_then(|facts| facts.size).map(i18n::file_size);
    let picture = move || facts.with(|facts| facts.as_ref().is_some_and(FileFacts::is_picture));
    let address = known_files::address(id);
    let picture_at = StoredValue::new(address.clone());
    let thumbnail = move || {
        view! {
            <button type="button" class="thumb-button" aria-label=move || text!("fill-file-look", name = name()) on:click=move |_| looking.look(id)>
                <img class="thumb" src=picture_at.get_value() alt="" loading="lazy"/>
            </button>
        }
    };
    // Whoever wants a tab of its own says so as with any link.
    let open = move |event: MouseEvent| {
        let is_shown = facts.with_untracked(|facts| facts.as_ref().is_some_and(FileFacts::is_shown));
        if is_shown && !event.ctrl_key() && !event.meta_key() && !event.shift_key() {
            event.prevent_default();
            looking.look(id);
        }
    };
    view! {
        <div class="file">
            {move || if picture() {
                thumbnail().into_any()
            } else {
                view! { <Icon name="file"/> }.into_any()
            }}
            <a class="name" href=address.clone() target="_blank" rel="noopener" title=name on:click=open>
                {move || match facts.get() {
                    Some(facts) => view! { <span>{facts.name}</span> }.into_any(),
                    None => view! { <span class="skeleton half"></span> }.into_any(),
                }}
                {move || size().map(|size| view! { <span class="note muted">{size}</span> })}
            </a>
            <a class="btn ghost icon-only" href=address download=name aria-label=t!("fill-file-download") data-tip=t!("fill-file-download")>
                <Icon name="download" size=IconSize::Normal/>
            </a>
            {on_remove.map(|remove| view! {
                <IconButton icon="close" label=Signal::derive(t!("ui-remove")) on_press=move |_| remove.run(())/>
            })}
        </div>
    }
}
