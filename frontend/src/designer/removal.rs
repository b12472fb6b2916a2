//! Taking fields out that something uses: asked for first, whichever way somebody takes them out.

use engine::form::FormDocument;
use engine::form::edit::Edit;
use engine::value::Id;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::Dependent;

use super::state::{Designer, text_of};
use super::uses::Uses;
use crate::api::{self, drafts};
use crate::draft_editor::DraftEditor;
use crate::ui::{Banner, ConfirmDialog, Tone, toast};
use crate::{t, text};

/// Fields or columns that somebody wants to take out, and what uses them.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    paths: Vec<String>,
    uses: Vec<Dependent>,
}

/// Takes a field or column out: at once where nothing uses it.
pub fn remove(designer: Designer, path: &str) {
    remove_all(designer, vec![path.to_string()]);
}

/// Takes fields out as one step: at once where nothing that stays uses one of them.
pub fn remove_all(designer: Designer, paths: Vec<String>) {
    spawn_local(async move {
        // What uses them may be written and not sent yet. What can't be asked can be undone.
        let is_known = untrack(api::is_connected) && designer.save_now().await;
        let mut uses = Vec::new();
        for path in paths.iter().filter(|_| is_known) {
            let found = drafts::dependents(designer.id, path).await.unwrap_or_default();
            if designer.editing().is_over() {
                return;
            }
            unite(&mut uses, found);
        }
        if designer.editing().is_over() {
            return;
        }
        designer.document.with_untracked(|document| {
            uses.retain(|one| !goes_along(document, designer.id, &paths, one));
        });
        if uses.is_empty() {
            take_out(designer, &paths);
        } else {
            designer.removal.set(Some(Removal { paths, uses }));
        }
    });
}

/// One thing that uses several of the fields is told once.
fn unite(uses: &mut Vec<Dependent>, found: Vec<Dependent>) {
    for one in found {
        if !uses.contains(&one) {
            uses.push(one);
        }
    }
}

/// Whether what uses a field is taken out together with it: it stands in one of the fields that go, and in none that stays.
fn goes_along(document: &FormDocument, form: Id, paths: &[String], one: &Dependent) -> bool {
    let Some(place) = one.place.as_ref().filter(|_| one.object == "form" && one.id == Some(form)) else {
        return false;
    };
    let goes = |path: &str| {
        let within = |gone: &String| {
            path.strip_prefix(gone.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        paths.iter().any(within)
    };
    let mut named = document
        .all_fields()
        .map(|(path, _)| path)
        .filter(|path| document.label_at(path).as_ref() == Some(place))
        .peekable();
    named.peek().is_some() && named.all(|path| goes(&path))
}

/// Takes fields out, whatever uses them.
fn take_out(designer: Designer, paths: &[String]) {
    let name = match paths {
        [only] => untrack(|| designer.label(only)),
        several => text!("designer-several", count = several.len()),
    };
    let is_there =
        |path: &&String| designer.document.with_untracked(|document| document.field(path).is_some());
    let edits = paths.iter().filter(is_there).map(|path| Edit::RemoveField { key: path.clone() }).collect();
    let step = text_of("designer-step-remove", &name);
    if designer.run(step.clone(), edits) {
        toast::show_with(step, text!("designer-undo"), move || designer.undo());
    }
}

/// Says what uses the fields, and asks.
#[component]
pub fn RemovalDialog(designer: Designer) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if designer.removal.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            designer.removal.set(None);
        }
        now
    });
    let paths = move || {
        designer.removal.with(|removal| removal.as_ref().map(|it| it.paths.clone())).unwrap_or_default()
    };
    let confirm = move |()| {
        let paths = untrack(paths);
        open.set(false);
        if !paths.is_empty() {
            take_out(designer, &paths);
        }
    };
    let title = Signal::derive(move || match paths().as_slice() {
        several @ [_, _, ..] => text!("designer-remove-several-question", count = several.len()),
        one => {
            let name = one.first().map(|path| designer.label(path)).unwrap_or_default();
            text!("designer-remove-question", name = name)
        }
    });
    let uses = move || {
        let removal = designer.removal.get()?;
        let blocks = removal.uses.iter().any(|one| one.blocks);
        let used = if removal.paths.len() > 1 {
            t!("designer-remove-several-used")()
        } else {
            t!("designer-remove-used")()
        };
        Some(view! {
            <p>{used}</p>
            <Uses uses=removal.uses form=designer.id/>
            {blocks.then(|| view! { <Banner tone=Tone::Warning>{t!("designer-remove-blocks")}</Banner> })}
        })
    };
    view! {
        <ConfirmDialog open=open title=title action=Signal::derive(t!("designer-remove-anyway")) on_confirm=confirm>
            <div class="stack g4">{uses}</div>
        </ConfirmDialog>
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn used(json: Json) -> Dependent {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn what_uses_several_fields_is_told_once() {
        let rule = used(json!({"object": "form", "used_in": "rule", "number": 1, "blocks": true}));
        let view = used(json!({"object": "view", "used_in": "view", "blocks": false}));
        let mut uses = vec![rule.clone()];
        unite(&mut uses, vec![rule.clone(), view.clone()]);
        assert_eq!(uses, [rule, view]);
    }

    #[test]
    fn what_is_taken_out_as_well_uses_nothing_any_more() {
        let field = |key: &str, label: &str| json!({"key": key, "label": label, "kind": "number"});
        let document: FormDocument = serde_json::from_value(json!({"key": "f", "label": "F", "fields": [
            field("a", "A"), field("sum", "Sum"), field("other", "Twice"), field("same", "Twice")]}))
        .unwrap();
        let form = Id::from_i64(1).unwrap();
        let formula = |form: i64, place: &str| {
            used(
                json!({"object": "form", "used_in": "formula", "id": Id::from_i64(form).unwrap(), "place": place, "blocks": true}),
            )
        };
        let along = |keys: &[&str], one: &Dependent| {
            let keys: Vec<String> = keys.iter().map(|key| (*key).to_string()).collect();
            goes_along(&document, form, &keys, one)
        };
        assert!(along(&["a", "sum"], &formula(1, "Sum")));
        assert!(!along(&["a"], &formula(1, "Sum")), "it stays");
        assert!(!along(&["a", "sum"], &formula(2, "Sum")), "another form has one of that name");
        assert!(!along(&["a", "other"], &formula(1, "Twice")), "one of that name stays");
        assert!(!along(
            &["a"],
            &used(json!({"object": "form", "used_in": "title", "id": form, "blocks": true}))
        ));
    }
}
