//! The template on paper while it is designed: rendered here by what the server prints with.

use engine::print::{PrintReader, PrintRecord};
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::editor::Editor;
use super::gather::{Gathered, gather, offered};
use super::paper::Paper;
use crate::api::{files, session};
use crate::ui::{Choice, Field, Select, toast};
use crate::{browser, i18n, t};

/// On the screen a sheet is as wide as on paper, whatever room there is.
const AS_WIDE: &str = ".sheet{max-width:none}";

#[component]
pub fn Preview(editor: Editor) -> impl IntoView {
    let known = RwSignal::new(Vec::<(Id, String)>::new());
    let chosen = RwSignal::new(None::<Id>);
    let gathered = RwSignal::new(Gathered::default());
    spawn_local(async move {
        let form = editor.form.get_value();
        if let Ok(all) = offered(&form).await {
            let first = all.first().map(|(id, _)| *id);
            if known.try_set(all).is_none() {
                chosen.set(first);
            }
        }
    });
    let linked = Memo::new(move |_| editor.document.with(|document| document.linked_paths()));
    let turn = StoredValue::new(0_u32);
    Effect::new(move || {
        let (Some(id), linked) = (chosen.get(), linked.get()) else { return };
        let form = editor.form.get_value();
        turn.update_value(|turn| *turn += 1);
        let now = turn.get_value();
        spawn_local(async move {
            let answer = gather(&form, id, &linked).await;
            // Another one was chosen meanwhile.
            if turn.try_get_value() != Some(now) {
                return;
            }
            match answer {
                Ok(found) => gathered.set(found),
                Err(problem) => toast::refused(&problem),
            }
        });
    });
    let sheet = Memo::new(move |_| {
        let language = editor.language.get();
        let (zone, me) = (i18n::zone(), session::me());
        let printed_by = me.map(|me| me.member.name).unwrap_or_default();
        gathered.with(|gathered| {
            let name = |id: Id| gathered.names.get(&id).cloned();
            let picture = |id: Id| Some(files::address(id));
            let reader = PrintReader {
                language,
                zone: &zone,
                now: browser::now(),
                printed_by: &printed_by,
                name: &name,
                picture: &picture,
            };
            let records: &[PrintRecord] = std::slice::from_ref(&gathered.record);
            let printed = editor.form.with_value(|form| {
                editor.document.with(|document| document.print(&form.form, records, &reader))
            });
            let content = printed.content();
            (format!("{}{AS_WIDE}", printed.style), content)
        })
    });
    let choices = Signal::derive(move || {
        known.with(|known| {
            known.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())).collect::<Vec<_>>()
        })
    });
    let value = Signal::derive(move || chosen.get().map(|id| id.to_string()));
    let choose = move |key: Option<String>| chosen.set(key.and_then(|key| key.parse().ok()));
    view! {
        <div class="stack g3">
            <Field label=t!("prints-preview-of")>
                <Select choices=choices value=value on_change=choose/>
            </Field>
            <Paper sheet=sheet label=Signal::derive(t!("prints-preview"))/>
        </div>
    }
}
