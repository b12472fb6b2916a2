//! The views of a form as they are known here, and what is done with them.

use engine::text::Label;
use engine::value::Id;
use engine::view::{ViewDocument, ViewKind, ViewOptions, ViewScope};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value as Json, json};
use wire::View;

use super::super::state::GridState;
use crate::api::forms::OpenForm;
use crate::api::{Problem, views};
use crate::i18n;
use crate::text;
use crate::ui::toast;

/// What the dialog asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// A new view of what is on the screen, or of another kind.
    New,
    /// Name, kind and arrangement of the open one.
    Settings,
}

/// The views of a form.
#[derive(Clone, Copy)]
pub struct Views {
    pub form: StoredValue<OpenForm>,
    pub state: GridState,
    /// The columns on the screen.
    pub columns: Signal<Vec<String>>,
    /// What the dialog asks for, while it is open.
    pub asking: RwSignal<Option<Asking>>,
    pub deleting: RwSignal<bool>,
    pub busy: RwSignal<bool>,
}

impl Views {
    /// Asks for the views at once.
    pub fn new(form: StoredValue<OpenForm>, state: GridState, columns: Signal<Vec<String>>) -> Views {
        let (asking, deleting, busy) = (RwSignal::new(None), RwSignal::new(false), RwSignal::new(false));
        let all = Views { form, state, columns, asking, deleting, busy };
        all.load();
        all
    }

    fn id(self) -> Id {
        self.form.with_value(|form| form.info.id)
    }

    /// Asks for the views again. Who sees none of the records has no views.
    pub fn load(self) {
        let form = self.id();
        spawn_local(async move {
            let found = views::list(form).await.unwrap_or_default();
            let _ = self.state.views.try_set(Some(found));
        });
    }

    /// What the open view is called in the reader's language.
    pub fn name(self) -> Option<String> {
        let language = i18n::language();
        self.state.view.with(|view| view.as_ref().map(|view| view.label.get(language).to_string()))
    }

    fn take(self, view: View) {
        let _ = self.state.views.try_update(|views| {
            let views = views.get_or_insert_default();
            match views.iter_mut().find(|known| known.id == view.id) {
                Some(known) => *known = view,
                None => views.push(view),
            }
        });
    }

    /// Does something with the server, and says why it could not be done.
    fn run<F>(self, work: F, done: impl FnOnce(View) + 'static)
    where
        F: Future<Output = Result<View, Problem>> + 'static,
    {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = work.await;
            let _ = self.busy.try_set(false);
            match answer {
                Ok(view) => {
                    self.take(view.clone());
                    done(view);
                }
                Err(problem) => {
                    toast::refused(&problem);
                    if problem.status == 412 || problem.status == 404 {
                        self.load();
                    }
                }
            }
        });
    }

    /// What is on the screen is what the open view says from now on.
    pub fn save(self) {
        let Some(view) = self.state.view.get_untracked() else { return };
        let document = self.state.document(view.document(), &self.columns.get_untracked());
        let patch = shown_members(&document);
        let work = async move { views::change(&view, &patch).await };
        self.run(work, move |_| {
            self.state.settle();
            toast::show(text!("view-saved"));
        });
    }

    /// Makes a view of what is on the screen, and opens it.
    pub fn create(self, label: &str, kind: ViewKind, options: ViewOptions) {
        let like = ViewDocument {
            key: String::new(),
            label: Label::from(label),
            kind,
            columns: Vec::new(),
            filter: None,
            sort: Vec::new(),
            group: Vec::new(),
            sums: Default::default(),
            row_height: Default::default(),
            scope: ViewScope::Own,
            options,
        };
        let document = self.state.document(like, &self.columns.get_untracked());
        let form = self.id();
        let work = async move { views::create(form, &document).await };
        self.run(work, move |view| {
            self.asking.set(None);
            self.state.open_view(Some(view.id));
        });
    }

    /// Calls and arranges the open view otherwise.
    pub fn arrange(self, label: &str, kind: ViewKind, options: &ViewOptions) {
        let Some(view) = self.state.view.get_untracked() else { return };
        let named = view.label.get(i18n::language_now()) == label;
        let label = if named { view.label.clone() } else { Label::from(label) };
        let patch = json!({"label": label, "kind": kind, "options": options});
        let work = async move { views::change(&view, &patch).await };
        self.run(work, move |_| self.asking.set(None));
    }

    /// Who sees the open view from now on.
    pub fn share(self, scope: ViewScope) {
        let Some(view) = self.state.view.get_untracked() else { return };
        let patch = json!({ "scope": scope });
        let work = async move { views::change(&view, &patch).await };
        self.run(work, move |view| {
            toast::show(match view.scope {
                ViewScope::Own => text!("view-is-own"),
                ViewScope::Shared => text!("view-is-shared"),
                ViewScope::Locked => text!("view-is-locked"),
            });
        });
    }

    /// Deletes the open view; it can be brought back as long as the note stands.
    pub fn delete(self) {
        let Some(view) = self.state.view.get_untracked() else { return };
        self.deleting.set(false);
        self.busy.set(true);
        let form = self.id();
        spawn_local(async move {
            let answer = views::delete(&view).await;
            let _ = self.busy.try_set(false);
            if let Err(problem) = answer {
                toast::refused(&problem);
                return self.load();
            }
            let _ = self.state.views.try_update(|views| {
                views.iter_mut().for_each(|views| views.retain(|known| known.id != view.id));
            });
            self.state.open_view(None);
            let name = view.label.get(i18n::language_now()).to_string();
            let document = view.document();
            toast::show_with(text!("view-deleted", name = name), text!("ui-undo"), move || {
                let document = document.clone();
                spawn_local(async move {
                    match views::create(form, &document).await {
                        Ok(view) => self.take(view),
                        Err(problem) => toast::refused(&problem),
                    }
                });
            });
        });
    }
}

/// What of a view is seen on the screen; its name, kind and scope are changed elsewhere.
fn shown_members(document: &ViewDocument) -> Json {
    let mut members = serde_json::to_value(document).unwrap_or_default();
    if let Some(members) = members.as_object_mut() {
        members.retain(|name, _| !["key", "label", "kind", "scope", "options"].contains(&name.as_str()));
    }
    members
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn saving_what_is_shown_leaves_name_and_scope_alone() {
        let document: ViewDocument = serde_json::from_value(json!({
            "key": "v", "label": "V", "scope": "locked", "columns": [{"field": "name"}]}))
        .unwrap();
        let patch = shown_members(&document);
        let names: BTreeSet<&str> = patch.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, BTreeSet::from(["columns", "filter", "group", "row_height", "sort", "sums"]));
        assert_eq!(patch["filter"], Json::Null, "what was taken away is taken away there too");
    }
}
