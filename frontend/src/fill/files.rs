//! Files of a record: dropped, sent with progress, listed.

use engine::value::{Id, Value};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

use super::state::FormState;
use crate::api::files;
use crate::t;
use crate::ui::{FileDrop, Icon, IconButton, Progress, toast};

/// The control of a files field.
#[component]
pub fn FilesInput(state: FormState, path: String) -> impl IntoView {
    let value = state.value(path.clone());
    let at = StoredValue::new(path);
    let sending = RwSignal::new(None::<(String, u64, u64)>);
    let ids = move || value.get().items().iter().filter_map(Value::as_ref_id).collect::<Vec<Id>>();
    let set = move |ids: Vec<Id>| at.with_value(|path| state.enter(path, json!(ids)));
    let take = UnsyncCallback::new(move |chosen: Vec<web_sys::File>| {
        spawn_local(async move {
            for file in chosen {
                sending.set(Some((file.name(), 0, 0)));
                let name = file.name();
                let progress = move |done: u64, total: u64| {
                    sending.set(Some((name.clone(), done, total)));
                };
                match files::upload(&file, progress).await {
                    Ok(stored) => {
                        if let Ok(id) = stored.id.parse::<Id>() {
                            state.titles.learn_one(id, stored.name);
                            let mut all = value.with_untracked(|value| {
                                value.items().iter().filter_map(Value::as_ref_id).collect::<Vec<Id>>()
                            });
                            all.push(id);
                            set(all);
                        }
                    }
                    Err(problem) => toast::show(problem.detail),
                }
                sending.set(None);
            }
        });
    });
    let line = move |id: Id| {
        let remove = move |_| set(ids().into_iter().filter(|known| *known != id).collect());
        view! {
            <div class="row">
                <Icon name="file"/>
                <a class="grow clip" href=files::address(&id.to_string()) target="_blank">{move || state.titles.of(id)}</a>
                <IconButton icon="close" label=Signal::derive(t!("ui-remove")) on_press=remove/>
            </div>
        }
    };
    view! {
        <div class="stack g1">
            <For each=ids key=|id| *id children=line/>
            {move || sending.get().map(|(name, done, total)| view! {
                <Progress value=Signal::stored(done) max=Signal::stored(total) label=Signal::stored(name)/>
            })}
            <FileDrop on_files=take text=Signal::derive(t!("fill-drop-files")) multiple=true/>
        </div>
    }
}
