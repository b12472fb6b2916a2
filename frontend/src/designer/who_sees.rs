//! Which permission groups see and fill the selected field, for whoever wants to know while they design it.

use engine::access::{FieldRight, PermissionGroup};
use engine::form::Field as FormField;
use engine::text::Label;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::state::Designer;
use crate::api::{Problem, permissions};
use crate::draft_editor::permissions_of;
use crate::records::app_param;
use crate::ui::{Icon, Loaded};
use crate::{i18n, t};

/// What a group lets its people do with the field.
type Reach = (Label, FieldRight);

/// The groups in force, folded, with the way to where they are changed; they are asked for each time that somebody looks.
#[component]
pub fn WhoSees(designer: Designer, path: String) -> impl IntoView {
    let path = StoredValue::new(path);
    let app = app_param();
    let looks = RwSignal::new(false);
    let hear = move |event: web_sys::Event| {
        let fold = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        looks.set(fold.is_some_and(|fold| fold.has_attribute("open")));
    };
    let list = move || {
        looks.get().then(|| {
            let path = path.get_value();
            let field = designer.document.with_untracked(|document| document.field(&path).cloned());
            let asked = StoredValue::new((path, field));
            let found = LocalResource::new(move || {
                let (path, field) = asked.get_value();
                async move { reaches(designer, &path, field).await }
            });
            view! { <Loaded answer=found view=shown lines=2/> }
        })
    };
    let to = move || permissions_of(&app.get(), designer.id);
    // Before the form is published there are no records that anybody could have rights on.
    let link = move || {
        let is_published = designer.is_published();
        is_published.then(|| view! { <p><a class="act" href=to>{t!("designer-may-use-set")}</a></p> })
    };
    view! {
        <details class="fold who-sees" open=move || looks.get() on:toggle=hear>
            <summary><Icon name="right"/>{t!("designer-who-sees")}</summary>
            <div>{list}{link}</div>
        </details>
    }
}

async fn reaches(designer: Designer, path: &str, field: Option<FormField>) -> Result<Vec<Reach>, Problem> {
    let stored = permissions::groups(designer.id).await?.into_iter();
    let read =
        |stored: wire::PermissionGroup| serde_json::from_value::<PermissionGroup>(stored.document).ok();
    Ok(stored.filter_map(read).filter_map(|group| reach(group, path, field.as_ref())).collect())
}

/// Nothing of a group that is not in force.
fn reach(group: PermissionGroup, path: &str, field: Option<&FormField>) -> Option<Reach> {
    let right = group.reaches(path, field?);
    group.enabled.then_some((group.label, right))
}

fn shown(reaches: Vec<Reach>) -> AnyView {
    if reaches.is_empty() {
        return view! { <p class="note muted">{t!("designer-who-sees-nobody")}</p> }.into_any();
    }
    let line = |(label, right): Reach| {
        let word = match right {
            FieldRight::Edit => "permissions-right-edit",
            FieldRight::Read => "permissions-right-read",
            FieldRight::None => "permissions-right-none",
        };
        let class = if right == FieldRight::None { "muted" } else { "" };
        view! {
            <li class="row">
                <span class="grow">{move || label.get(i18n::language()).to_string()}</span>
                <span class=class>{move || i18n::lookup(word, &[])}</span>
            </li>
        }
    };
    view! { <ul class="stack g1">{reaches.into_iter().map(line).collect_view()}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_group_that_is_not_in_force_is_left_out() {
        let field: FormField =
            serde_json::from_value(json!({"key": "n", "label": "N", "kind": "number"})).unwrap();
        let group = |enabled: bool| -> PermissionGroup {
            serde_json::from_value(json!({"format": 1, "key": "g", "label": "G", "operations": ["view"],
                "fields": {"*": "edit"}, "enabled": enabled}))
            .unwrap()
        };
        assert_eq!(reach(group(false), "n", Some(&field)), None);
        assert_eq!(
            reach(group(true), "n", Some(&field)),
            Some(("G".into(), FieldRight::Read)),
            "nobody edits any"
        );
    }
}
