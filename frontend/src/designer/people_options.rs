//! Who and what can be chosen in fields of people and departments.

use engine::field::{FieldKind, MY_DEPARTMENTS, MY_SUBORDINATES, Reference};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::kind_options::several_option;
use super::state::Designer;
use crate::api::people;
use crate::t;
use crate::ui::{Choice, Switch};

/// The options of a field of members or departments.
#[component]
pub fn PeopleOptions(designer: Designer, path: String, kind: FieldKind) -> impl IntoView {
    let of_departments = kind.reference() == Some(Reference::Department);
    let known = LocalResource::new(move || async move {
        let departments = people::departments().await?.items;
        let roles = if of_departments { Vec::new() } else { people::roles().await?.items };
        Ok::<_, crate::api::Problem>((departments, roles))
    });
    let choices = Signal::derive(move || {
        let mut all = vec![Choice::new(MY_DEPARTMENTS, t!("designer-my-departments")())];
        if !of_departments {
            all.push(Choice::new(MY_SUBORDINATES, t!("designer-my-subordinates")()));
        }
        if let Some(Ok((departments, roles))) = known.get() {
            all.extend(departments.iter().map(|one| Choice::new(one.id.to_string(), &one.name)));
            all.extend(roles.iter().map(|role| Choice::new(&role.key, &role.name)));
        }
        all
    });
    let own = designer.member(&path, "options.default_me");
    let at = StoredValue::new(path.clone());
    let turn = move |on: bool| {
        let value = if on { json!(true) } else { Json::Null };
        at.with_value(|path| designer.set(path, "options.default_me", value));
    };
    view! {
        {several_option(designer, path, "options.within", || t!("designer-within")(), choices)}
        <label class="switch-row">
            <span>{t!("designer-default-me")}</span>
            <Switch checked=Signal::derive(move || own.get() == true) on_change=turn/>
        </label>
    }
}
