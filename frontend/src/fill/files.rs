//! Files of a record: dropped, pasted, chosen or photographed, sent with progress, taken away.

use engine::field::FieldKind;
use engine::value::{Id, Value};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

use super::checks::sentence;
use super::file_list::FileLine;
use super::file_preview::{FilePreview, Looking};
use super::known_files;
use super::state::FormState;
use crate::ui::{CameraButton, FileDrop, Icon, IconButton, Progress};
use crate::{browser, t};

/// A file on its way to the server.
#[derive(Clone, PartialEq)]
struct Sending {
    key: String,
    name: String,
    done: u64,
    total: u64,
    /// Why it did not get there.
    fault: Option<String>,
}

/// The control of a files field.
#[component]
pub fn FilesInput(state: FormState, path: String, kind: FieldKind) -> impl IntoView {
    let value = state.value(path.clone());
    let at = StoredValue::new(path);
    let accept = accepted(&kind);
    let takes_photos = matches!(kind, FieldKind::Images(_));
    let limits = StoredValue::new(kind);
    let sending = RwSignal::new(Vec::<Sending>::new());
    let set = move |ids: Vec<Id>| at.with_value(|path| state.enter(path, json!(ids)));
    let change = move |key: &str, change: &dyn Fn(&mut Sending)| {
        sending.try_update(|all| all.iter_mut().filter(|one| one.key == key).for_each(change));
    };
    let drop_line = move |key: &str| {
        sending.try_update(|all| all.retain(|one| one.key != key));
    };
    let send = move |file: web_sys::File, key: String| async move {
        let progress = {
            let key = key.clone();
            move |done: u64, total: u64| change(&key, &|one| (one.done, one.total) = (done, total))
        };
        match state.loaders.filled_by.upload(&file, progress).await {
            Ok(stored) => {
                known_files::learn_sent(&stored, &file, state.loaders.filled_by);
                // The page may be gone by now; the file then stays without a record.
                let Some(mut all) = value.try_get_untracked().as_ref().map(ids_of) else { return };
                state.titles.learn_one(stored.id, stored.name);
                all.push(stored.id);
                set(all);
                drop_line(&key);
            }
            Err(problem) => change(&key, &|one| one.fault = Some(problem.sentence())),
        }
    };
    let take = UnsyncCallback::new(move |chosen: Vec<web_sys::File>| {
        let mut queue = Vec::new();
        for file in chosen {
            let key = browser::random_key();
            let size = file.size() as u64;
            let name = file.name();
            // The server asks again; this spares the wait.
            let media_type = file.type_();
            let fault = limits.with_value(|limits| limits.admit(&name, &media_type, size).err());
            // A browser that can't name the type leaves it to the server, which looks at the bytes.
            let fault = fault.filter(|fault| !(media_type.is_empty() && fault.code == "file_type"));
            let fault = fault.map(|fault| sentence(&fault));
            let refused = fault.is_some();
            sending.update(|all| all.push(Sending { key: key.clone(), name, done: 0, total: size, fault }));
            if !refused {
                queue.push((file, key));
            }
        }
        // One after another, so that they come to lie in the order in which they were chosen.
        spawn_local(async move {
            for (file, key) in queue {
                send(file, key).await;
            }
        });
    });
    let remove = move |id: Id| {
        let mut all = value.with_untracked(ids_of);
        all.retain(|known| *known != id);
        set(all);
    };
    let waiting = move |key: String| {
        let of = StoredValue::new(key);
        let now =
            move || of.with_value(|key| sending.with(|all| all.iter().find(|one| one.key == *key).cloned()));
        let name = now().map(|one| one.name).unwrap_or_default();
        let of_name = name.clone();
        let done = Signal::derive(move || now().map_or(0, |one| one.done));
        let total = Signal::derive(move || now().map_or(0, |one| one.total));
        let fault = move || now().and_then(|one| one.fault);
        view! {
            <div class="file" role="status">
                <Icon name="file"/>
                <div class="name">
                    <span title=name.clone()>{name.clone()}</span>
                    {move || match fault() {
                        Some(fault) => view! { <span class="error">{fault}</span> }.into_any(),
                        None => view! { <Progress value=done max=total label=Signal::stored(of_name.clone())/> }.into_any(),
                    }}
                </div>
                {move || fault().map(|_| view! {
                    <IconButton icon="close" label=Signal::derive(t!("ui-remove")) on_press=move |_| of.with_value(|key| drop_line(key))/>
                })}
            </div>
        }
    };
    let looking = Looking::closed();
    let keys = move || sending.with(|all| all.iter().map(|one| one.key.clone()).collect::<Vec<_>>());
    view! {
        <div class="files">
            <For
                each=move || value.with(ids_of)
                key=|id| *id
                children=move |id| view! { <FileLine id=id looking=looking on_remove=move |()| remove(id)/> }
            />
            <FilePreview looking=looking files=Signal::derive(move || value.with(ids_of))/>
            <For each=keys key=|key| key.clone() children=waiting/>
            <FileDrop on_files=take text=Signal::derive(t!("fill-drop-files")) accept=accept multiple=true/>
            {takes_photos.then(|| view! { <CameraButton on_files=take label=Signal::derive(t!("fill-take-photo"))/> })}
        </div>
    }
}

/// What a browser's dialog offers: `.pdf,image/*`.
fn accepted(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Images(images) => images.accepted().replace(", ", ","),
        FieldKind::Files(limits) => limits.types.join(","),
        _ => String::new(),
    }
}

/// The files that a value holds.
pub fn ids_of(value: &Value) -> Vec<Id> {
    value.items().iter().filter_map(Value::as_ref_id).collect()
}
