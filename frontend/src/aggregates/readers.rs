//! Who reads an aggregate table, while it is designed.

use engine::access::Who;
use leptos::prelude::*;

use super::fields::Editor;
use crate::api::people;
use crate::t;
use crate::ui::{Choice, Field, MultiSelect, Switch, wait_for};

#[component]
pub fn Readers(editor: Editor) -> impl IntoView {
    let roles = LocalResource::new(people::roles);
    let choices = Signal::derive(move || {
        let roles = roles.get().and_then(Result::ok).map(|page| page.items).unwrap_or_default();
        roles.into_iter().map(|role| Choice::new(role.key, role.name)).collect::<Vec<_>>()
    });
    // What they are called makes their chips as wide as they are.
    wait_for(move || roles.with(Option::is_some));
    let now = Memo::new(move |_| editor.document.with(|document| document.read.clone()).unwrap_or_default());
    let change = move |change: &dyn Fn(&mut Who)| {
        editor.set(|document| {
            let mut who = document.read.take().unwrap_or_default();
            change(&mut who);
            document.read = (who != Who::default()).then_some(who);
        });
    };
    let change_roles = move |keys: Vec<String>| change(&|who| who.roles.clone_from(&keys));
    view! {
        <div class="stack g3">
            <p class="note muted">{t!("aggregate-readers-text")}</p>
            <Field label=t!("aggregate-everyone")>
                <Switch
                    checked=Signal::derive(move || now.get().everyone)
                    on_change=move |on: bool| change(&|who| who.everyone = on)
                />
            </Field>
            <Field label=t!("aggregate-roles")>
                <MultiSelect
                    choices=choices
                    value=Signal::derive(move || now.get().roles)
                    on_change=change_roles
                />
            </Field>
        </div>
    }
}
