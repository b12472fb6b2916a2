//! The state of a form that is being designed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use engine::field::FieldKind;
use engine::form::edit::Edit;
use engine::form::{Field, Form, FormDocument, Sketch};
use engine::text::Label;
use engine::value::{Id, Value};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value as Json, json};
use wire::ProblemError;

use super::drag::{Dragged, Landing, landed};
use crate::api::{drafts, forms};
use crate::fill::sentence;
use crate::ui::toast;
use crate::{browser, i18n, text};

/// How long nothing is changed before the draft is saved.
const PAUSE: Duration = Duration::from_millis(600);
/// How often somebody who waits for what is being sent looks again.
const SHORT: Duration = Duration::from_millis(50);

/// Something that was done, and how to take it back.
#[derive(Clone)]
struct Step {
    name: String,
    edits: Vec<Edit>,
    undo: Vec<Edit>,
}

/// Whether the draft on the server is the one on the screen.
#[derive(Clone, PartialEq)]
pub enum Saved {
    Yes,
    Waiting,
    Failed(String),
}

/// A form being designed. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
pub struct Designer {
    pub id: Id,
    app: StoredValue<String>,
    pub document: RwSignal<FormDocument>,
    /// The published forms that this one may link to.
    pub others: RwSignal<Vec<Arc<Sketch>>>,
    /// The parameters of the app, as formulas read them.
    pub params: RwSignal<BTreeMap<String, Value>>,
    /// What of the draft can be used already.
    pub form: Memo<Option<Arc<Form>>>,
    /// The path of the selected field or column.
    pub selected: RwSignal<Option<String>>,
    /// What is being dragged, and where it would land.
    pub dragged: RwSignal<Option<Dragged>>,
    pub landing: RwSignal<Option<Landing>>,
    pub problems: RwSignal<Vec<ProblemError>>,
    /// Whether it differs from what is published.
    pub changed: RwSignal<bool>,
    pub saved: RwSignal<Saved>,
    done: RwSignal<Vec<Step>>,
    undone: RwSignal<Vec<Step>>,
    /// Commands that the server does not have yet.
    unsent: StoredValue<Vec<Edit>>,
    base: StoredValue<i64>,
    sending: StoredValue<bool>,
    turn: StoredValue<u32>,
}

impl Designer {
    pub fn new(id: Id, app: String, draft: wire::Draft) -> Option<Designer> {
        let document = RwSignal::new(serde_json::from_value::<FormDocument>(draft.definition).ok()?);
        let others = RwSignal::new(Vec::<Arc<Sketch>>::new());
        let app = StoredValue::new(app);
        let form = Memo::new_with_compare(
            move |_| {
                let sketch = Sketch { id, app: app.get_value(), document: document.get() };
                others.with(|others| forms::usable(&sketch, others)).map(Arc::new)
            },
            |_, _| true,
        );
        Some(Designer {
            id,
            app,
            document,
            others,
            params: RwSignal::default(),
            form,
            selected: RwSignal::new(None),
            dragged: RwSignal::new(None),
            landing: RwSignal::new(None),
            problems: RwSignal::new(draft.problems),
            changed: RwSignal::new(draft.changed),
            saved: RwSignal::new(Saved::Yes),
            done: RwSignal::default(),
            undone: RwSignal::default(),
            unsent: StoredValue::default(),
            base: StoredValue::new(draft.base),
            sending: StoredValue::new(false),
            turn: StoredValue::new(0),
        })
    }

    /// The draft with its identity, for formulas.
    pub fn sketch(self) -> Sketch {
        Sketch { id: self.id, app: self.app.get_value(), document: self.document.get() }
    }

    /// Every form that a formula or link can name, this draft among them.
    pub fn catalogue(self) -> forms::Related {
        let mut all = self.others.get();
        all.push(Arc::new(self.sketch()));
        forms::Related::of(all)
    }

    /// Carries out commands as one step.
    pub fn run(self, name: String, edits: Vec<Edit>) -> bool {
        let Some(undo) = self.apply(&edits) else { return false };
        self.done.update(|done| done.push(Step { name, edits: edits.clone(), undo }));
        self.undone.update(Vec::clear);
        self.send_later(edits);
        true
    }

    /// All of them or none; gives what takes them back.
    fn apply(self, edits: &[Edit]) -> Option<Vec<Edit>> {
        let mut document = self.document.get_untracked();
        let mut undo = Vec::new();
        for edit in edits {
            match edit.apply(&mut document) {
                // What was done last is taken back first.
                Ok(inverse) => undo.splice(0..0, inverse).for_each(drop),
                Err(fault) => {
                    toast::show(untrack(|| sentence(&fault)));
                    return None;
                }
            }
        }
        if self.document.with_untracked(|now| *now != document) {
            self.document.set(document);
        }
        self.keep_selection();
        Some(undo)
    }

    fn keep_selection(self) {
        let gone = self
            .selected
            .get_untracked()
            .is_some_and(|path| self.document.with_untracked(|document| document.field(&path).is_none()));
        if gone {
            self.selected.set(None);
        }
    }

    pub fn undo(self) {
        let Some(step) = self.done.try_update(Vec::pop).flatten() else { return };
        if self.apply(&step.undo).is_some() {
            self.send_later(step.undo.clone());
            self.undone.update(|undone| undone.push(step));
        }
    }

    pub fn redo(self) {
        let Some(step) = self.undone.try_update(Vec::pop).flatten() else { return };
        if let Some(undo) = self.apply(&step.edits) {
            self.send_later(step.edits.clone());
            self.done.update(|done| done.push(Step { undo, ..step }));
        }
    }

    /// What undo would take back.
    pub fn undo_name(self) -> Option<String> {
        self.done.with(|done| done.last().map(|step| step.name.clone()))
    }

    pub fn redo_name(self) -> Option<String> {
        self.undone.with(|undone| undone.last().map(|step| step.name.clone()))
    }

    fn send_later(self, edits: Vec<Edit>) {
        self.unsent.update_value(|unsent| unsent.extend(edits));
        self.saved.set(Saved::Waiting);
        // The server says later whether it really differs; until then nobody is told that there is nothing to publish.
        self.changed.set(true);
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        set_timeout(
            move || {
                if self.turn.try_get_value() == Some(turn) {
                    self.save();
                }
            },
            PAUSE,
        );
    }

    /// Sends what the server does not have yet.
    pub fn save(self) {
        spawn_local(async move {
            self.save_now().await;
        });
    }

    /// Whether everything is on the server afterwards.
    pub async fn save_now(self) -> bool {
        while self.sending.try_get_value() == Some(true) {
            gloo_timers::future::sleep(SHORT).await;
        }
        if self.sending.is_disposed() {
            return false;
        }
        self.sending.set_value(true);
        // One key for one batch, so that a repetition changes nothing twice.
        while let Some(batch) = self.unsent.try_get_value().filter(|batch| !batch.is_empty()) {
            let (base, key) = (self.base.get_value(), browser::random_key());
            let answer = drafts::edit(&self.id.to_string(), base, &batch, &key).await;
            if self.sending.is_disposed() {
                return false;
            }
            match answer {
                Ok(draft) => {
                    self.unsent.update_value(|unsent| drop(unsent.drain(..batch.len())));
                    self.base.set_value(draft.base);
                    self.problems.set(draft.problems);
                    self.changed.set(draft.changed);
                    self.take(draft.definition);
                }
                Err(problem) => {
                    self.sending.set_value(false);
                    self.saved.set(Saved::Failed(problem.sentence()));
                    return false;
                }
            }
        }
        self.sending.set_value(false);
        self.saved.set(Saved::Yes);
        true
    }

    /// Shows what others changed, once nothing of one's own is under way.
    fn take(self, definition: Json) {
        if self.unsent.with_value(|unsent| !unsent.is_empty()) {
            return;
        }
        if let Ok(document) = serde_json::from_value::<FormDocument>(definition)
            && self.document.with_untracked(|now| *now != document)
        {
            self.document.set(document);
            self.keep_selection();
        }
    }

    /// The label of a field, for the names of steps.
    pub fn label(self, path: &str) -> String {
        let language = i18n::language();
        self.document.with(|document| {
            let field = document.field(path);
            field.map_or_else(|| path.to_string(), |field| field.label.get(language).to_string())
        })
    }

    /// A member of a field as in documents; `null` where it is not given.
    pub fn member(self, path: &str, member: &'static str) -> Memo<Json> {
        let path = path.to_string();
        Memo::new(move |_| {
            let field = self
                .document
                .with(|document| document.field(&path).and_then(|f| serde_json::to_value(f).ok()));
            let pointer = format!("/{}", member.replace('.', "/"));
            field.and_then(|field| field.pointer(&pointer).cloned()).unwrap_or_default()
        })
    }

    /// Replaces a member of a field.
    pub fn set(self, path: &str, member: &str, value: Json) {
        let edit = Edit::Set { key: path.to_string(), member: member.to_string(), value };
        let label = untrack(|| self.label(path));
        self.run(text_of("designer-step-change", &label), vec![edit]);
    }

    /// A new field of a kind, under a key that is not taken in the form or the sub-form `within`.
    fn new_field(self, kind: &str, within: Option<&str>) -> Option<Field> {
        let options = FieldKind::from_parts(kind, first_options(kind)).ok()?;
        let taken = |key: &str| {
            let path = within.map_or_else(|| key.to_string(), |subform| format!("{subform}.{key}"));
            self.document.with_untracked(|document| document.field(&path).is_some())
        };
        let key = (1..).map(|number| format!("{kind}_{number}")).find(|key| !taken(key))?;
        let label = untrack(|| kind_name(kind));
        Some(Field::new(&key, Label::Plain(label), options))
    }

    /// Adds a field of a kind after the selected one, or a column to the sub-form `within`, and selects it.
    pub fn add(self, kind: &str, within: Option<String>) {
        if within.is_none()
            && let Some(path) = self.selected.get_untracked()
        {
            let top = path.split('.').next().unwrap_or_default().to_string();
            return self.add_at(kind, &Landing { beside: Some(top), after: true });
        }
        let Some(field) = self.new_field(kind, within.as_deref()) else { return };
        let label = untrack(|| kind_name(kind));
        let path =
            within.as_ref().map_or_else(|| field.key.clone(), |subform| format!("{subform}.{}", field.key));
        let edit = Edit::AddField { within, position: None, at: None, field: Box::new(field) };
        if self.run(text_of("designer-step-add", &label), vec![edit]) {
            self.selected.set(Some(path));
        }
    }

    /// Adds a field of a kind where it landed, and selects it.
    pub fn add_at(self, kind: &str, landing: &Landing) {
        let Some(field) = self.new_field(kind, None) else { return };
        let key = field.key.clone();
        let add = Edit::AddField { within: None, position: None, at: None, field: Box::new(field) };
        let mut document = self.document.get_untracked();
        if add.apply(&mut document).is_err() {
            return;
        }
        let mut edits = vec![add];
        edits.extend(landed(&document, &key, landing).into_iter().flatten());
        let label = untrack(|| kind_name(kind));
        if self.run(text_of("designer-step-add", &label), edits) {
            self.selected.set(Some(key));
        }
    }

    pub fn remove(self, path: &str) {
        let label = untrack(|| self.label(path));
        let edit = Edit::RemoveField { key: path.to_string() };
        if self.run(text_of("designer-step-remove", &label), vec![edit]) {
            let undo = text!("designer-undo");
            toast::show_with(text_of("designer-step-remove", &label), undo, move || self.undo());
        }
    }
}

/// A text that names one thing.
pub fn text_of(key: &str, name: &str) -> String {
    untrack(|| i18n::lookup(key, &[("name", name.to_string().into())]))
}

/// What a kind is called.
pub fn kind_name(kind: &str) -> String {
    i18n::lookup(&format!("designer-kind-{}", kind.replace('_', "-")), &[])
}

/// What a new field of a kind starts with, so that it can be used at once where that is possible.
fn first_options(kind: &str) -> Json {
    match kind {
        "select" | "multi_select" => {
            let choice = |number: i64| {
                let label = untrack(|| i18n::lookup("designer-choice", &[("number", number.into())]));
                json!({"key": format!("c{number}"), "label": label})
            };
            json!({"choices": [choice(1), choice(2)]})
        }
        "subform" => {
            let label = untrack(|| kind_name("text"));
            json!({"fields": [{"key": "text_1", "label": label, "kind": "text"}]})
        }
        "serial" => json!({"parts": [{"counter": {"width": 4}}]}),
        _others => Json::Null,
    }
}
