//! The state of a form that is being designed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::field::{FieldKind, Shape};
use engine::form::edit::{Edit, Names, rebase};
use engine::form::{Field, Form, FormDocument, LayoutItem, Sketch};
use engine::text::{Fault, Label};
use engine::value::{Id, Value, Values, get};
use leptos::prelude::*;
use serde_json::{Value as Json, json};
use wire::ProblemError;

use super::added::labels_of;
use super::column_heads::{add_column, column_at};
use super::drag::{Dragged, Landing, landed};
use super::headings::{Heading, OpenTabs, still_open};
use super::layout_parts::{add_part, is_part};
use super::other_forms::{add_unknown, around};
use super::palette::is_column_kind;
use super::removal::Removal;
use crate::api::{Problem, drafts, forms};
use crate::draft_editor::{DraftEditor, Editing};
use crate::fill::{Titles, value_text};
use crate::i18n;

/// What is selected of a form.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Selected {
    /// Nothing in it, but the form itself.
    #[default]
    Form,
    /// The field or column at a path.
    Field(String),
    Heading(Heading),
}

/// Where a formula stands: the path of its field and the member of that.
pub type Place = (String, &'static str);

/// A formula that is written and can't be taken into the draft. It waits here, also while another field is shown, until it is
/// right or somebody takes it out.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// What is written, as on the screen.
    pub source: String,
    pub fault: Fault,
}

/// A form being designed. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
pub struct Designer {
    pub id: Id,
    app: StoredValue<String>,
    pub document: RwSignal<FormDocument>,
    /// The published forms that this one may link to.
    pub others: RwSignal<Vec<Arc<Sketch>>>,
    /// Whether all of them have come: before that nobody can say what leads nowhere.
    pub knows_others: RwSignal<bool>,
    /// Those of other apps whose records its formulas may count, and whether they were asked for.
    pub(super) further: RwSignal<Vec<Arc<Sketch>>>,
    pub(super) asked_further: StoredValue<bool>,
    /// The parameters of the app, as formulas read them.
    pub params: RwSignal<BTreeMap<String, Value>>,
    /// What of the draft can be used already.
    pub form: Memo<Option<Arc<Form>>>,
    pub selected: RwSignal<Selected>,
    /// The tabs that the canvas shows.
    pub open_tabs: RwSignal<OpenTabs>,
    /// The layout in which the selected heading and the open tabs stand where they are said to.
    layout: StoredValue<Vec<LayoutItem>>,
    /// What is being dragged, and where it would land.
    pub dragged: RwSignal<Option<Dragged>>,
    pub landing: RwSignal<Option<Landing>>,
    /// Whether something is in the hand, a field or an edge: what others do is taken in once it is let go.
    pub is_held: StoredValue<bool>,
    pub problems: RwSignal<Vec<ProblemError>>,
    /// What is worth a look and stands in no way.
    pub warnings: RwSignal<Vec<ProblemError>>,
    /// A field that somebody wants to take out though something uses it.
    pub removal: RwSignal<Option<Removal>>,
    /// What every field is called that was in the draft on this page.
    pub(super) called: StoredValue<BTreeMap<String, Label>>,
    /// Where a formula is to be written first: that of a computed field that was just made.
    pub(super) added: StoredValue<Option<Place>>,
    /// The formulas that are written and can't be taken into the draft.
    pub unfinished: RwSignal<BTreeMap<Place, Unfinished>>,
    /// What the form on the canvas holds now, computed values included.
    pub on_canvas: RwSignal<Values>,
    editing: Editing<FormDocument>,
    /// The version of the draft on the server that the next commands build on.
    pub(super) base: StoredValue<i64>,
    /// The draft as the server had it last, and as it is with what is being sent.
    known: StoredValue<FormDocument>,
    expected: StoredValue<FormDocument>,
    /// Own changes of what somebody else has changed at the same time: one of the two is right.
    pub clashes: RwSignal<Vec<Edit>>,
    /// The fields that are chosen besides the one that is selected.
    pub more: RwSignal<BTreeSet<String>>,
    /// How often the form was published on this page; one more where it was before.
    pub publications: RwSignal<u32>,
    /// The version in force; none before the first.
    pub active: RwSignal<Option<i64>>,
    /// The dialogs over the page: one at a time.
    pub dialog: RwSignal<Option<DesignDialog>>,
}

/// A dialog over the designer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DesignDialog {
    Translations,
    Versions,
    Shortcuts,
    TryOut,
}

impl Designer {
    /// A form whose version in force is this one, 0 before the first, with its draft.
    pub fn new(id: Id, app: String, version: i64, draft: wire::Draft) -> Option<Designer> {
        let active = Some(version).filter(|version| *version > 0);
        let document = serde_json::from_value::<FormDocument>(draft.definition).ok()?;
        let known = StoredValue::new(document.clone());
        let layout = StoredValue::new(document.layout.clone());
        let editing = Editing::new(document, draft.changed);
        let document = editing.document;
        let others = RwSignal::new(Vec::<Arc<Sketch>>::new());
        let further = RwSignal::new(Vec::<Arc<Sketch>>::new());
        let app = StoredValue::new(app);
        let form = Memo::new_with_compare(
            move |_| {
                let sketch = Sketch { id, app: app.get_value(), document: document.get() };
                let mut all = others.get();
                further.with(|further| add_unknown(&mut all, further.clone()));
                forms::usable(&sketch, &all).map(Arc::new)
            },
            |_, _| true,
        );
        Some(Designer {
            id,
            app,
            document,
            others,
            knows_others: RwSignal::new(false),
            further,
            asked_further: StoredValue::new(false),
            params: RwSignal::default(),
            form,
            selected: RwSignal::new(Selected::Form),
            open_tabs: RwSignal::default(),
            layout,
            dragged: RwSignal::new(None),
            landing: RwSignal::new(None),
            is_held: StoredValue::new(false),
            problems: RwSignal::new(draft.problems),
            warnings: RwSignal::new(draft.warnings),
            removal: RwSignal::new(None),
            called: StoredValue::new(document.with_untracked(labels_of)),
            added: StoredValue::new(None),
            unfinished: RwSignal::default(),
            on_canvas: RwSignal::default(),
            editing,
            base: StoredValue::new(draft.base),
            known,
            expected: StoredValue::new(known.get_value()),
            clashes: RwSignal::default(),
            more: RwSignal::default(),
            publications: RwSignal::new(active.is_some().into()),
            active: RwSignal::new(active),
            dialog: RwSignal::new(None),
        })
    }

    /// Whether the form is in force; tracked.
    pub fn is_published(self) -> bool {
        self.publications.get() > 0
    }

    /// Goes on with the draft after it was published as a version: it says the same, and the server counts it anew.
    pub async fn hear_published(self, version: i64) {
        self.publications.update(|count| *count += 1);
        self.active.set(Some(version));
        self.editing.hear_changed(false);
        let Ok(draft) = drafts::draft(&self.id.to_string()).await else { return };
        if !self.editing.is_over() {
            self.hear(draft);
        }
    }

    /// The key of the app that the form is in.
    pub fn app(self) -> String {
        self.app.get_value()
    }

    /// The draft with its identity, for formulas.
    pub fn sketch(self) -> Sketch {
        Sketch { id: self.id, app: self.app.get_value(), document: self.document.get() }
    }

    /// Every form that a formula or link can name, this draft among them.
    pub fn catalogue(self) -> forms::Related {
        let mut all = around(self);
        all.push(Arc::new(self.sketch()));
        forms::Related::of(all)
    }

    /// Goes on with what is selected, open and written, as far as it is still there.
    fn keep_selection(self) {
        self.forget_gone();
        let layout = self.document.with_untracked(|document| document.layout.clone());
        let before = self.layout.get_value();
        let selected = self.selected.get_untracked();
        let now = match &selected {
            Selected::Form => None,
            Selected::Field(path) => self
                .document
                .with_untracked(|document| document.field(path).is_some())
                .then(|| selected.clone()),
            Selected::Heading(heading) => heading.followed(&before, &layout).map(Selected::Heading),
        };
        let is_there = |key: &String| self.document.with_untracked(|document| document.field(key).is_some());
        if !self.more.with_untracked(|more| more.iter().all(is_there)) {
            self.more.update(|more| more.retain(is_there));
        }
        let open = self.open_tabs.with_untracked(|open| still_open(open, &before, &layout));
        self.layout.set_value(layout);
        if self.open_tabs.with_untracked(|before| *before != open) {
            self.open_tabs.set(open);
        }
        let now = now.unwrap_or_default();
        if now != selected {
            self.selected.set(now);
        }
    }

    /// Goes on with the draft as the server has it, where the own changes that it does not have were made on `from`.
    fn go_on(self, from: &FormDocument, draft: wire::Draft) {
        self.base.set_value(draft.base);
        self.problems.set(draft.problems);
        self.warnings.set(draft.warnings);
        let Ok(theirs) = serde_json::from_value::<FormDocument>(draft.definition) else { return };
        self.known.set_value(theirs.clone());
        let rebased = rebase(&self.editing.unsent(), from, &theirs);
        let mut document = theirs;
        for edit in &rebased.edits {
            // Each was carried out on this once already.
            let _ = edit.apply(&mut document);
        }
        self.editing.go_on_with(document, rebased.edits, !rebased.names.is_empty());
        self.follow(&rebased.names);
        if !rebased.left.is_empty() {
            self.clashes.update(|clashes| clashes.extend(rebased.left));
        }
        self.keep_selection();
        self.editing.hear_changed(draft.changed);
    }

    /// What is selected and written stays with its field where that has another key now: the key that it had is somebody else's.
    fn follow(self, names: &Names) {
        if names.is_empty() {
            return;
        }
        if let Selected::Field(path) = self.selected.get_untracked() {
            self.selected.set(Selected::Field(names.now(&path)));
        }
        self.more.update(|more| *more = more.iter().map(|path| names.now(path)).collect());
        self.unfinished.update(|known| {
            let moved = std::mem::take(known).into_iter();
            *known = moved.map(|((path, member), written)| ((names.now(&path), member), written)).collect();
        });
    }

    /// Takes in the draft as somebody else has made it; later, where something is being sent.
    pub fn hear(self, draft: wire::Draft) {
        if !self.editing.is_sending() && draft.base > self.base.get_value() {
            let from = self.known.get_value();
            self.go_on(&from, draft);
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

    /// Replaces a member of a field with what somebody has typed so far.
    pub fn set_typed(self, path: &str, member: &'static str, value: Json, typing: &str) {
        self.set_all_typed(path, vec![(member, value)], typing);
    }

    /// Replaces members of a field with what comes of what somebody has typed so far.
    pub fn set_all_typed(self, path: &str, members: Vec<(&'static str, Json)>, typing: &str) {
        let set = |(member, value): (&str, Json)| Edit::Set {
            key: path.to_string(),
            member: member.to_string(),
            value,
        };
        let label = untrack(|| self.label(path));
        let edits = members.into_iter().map(set).collect();
        self.take_in(text_of("designer-step-change", &label), edits, typing);
    }

    /// Hears what is written at a place and can't be taken; nothing where it was taken or there is nothing. Gives whether
    /// something could not be taken there before.
    pub fn hear_unfinished(self, place: &Place, written: Option<Unfinished>) -> bool {
        // An editor may outlive its field for a moment.
        let is_there = self.document.with_untracked(|document| document.field(&place.0).is_some());
        let written = written.filter(|_| is_there);
        let (was, is_known) = self.unfinished.with_untracked(|known| {
            let before = known.get(place);
            (before.is_some(), before == written.as_ref())
        });
        if !is_known {
            self.unfinished.update(|known| match written {
                Some(written) => drop(known.insert(place.clone(), written)),
                None => drop(known.remove(place)),
            });
        }
        was
    }

    /// What is written at a place and could not be taken; not tracked.
    pub fn unfinished_at(self, place: &Place) -> Option<String> {
        self.unfinished.with_untracked(|known| known.get(place).map(|written| written.source.clone()))
    }

    /// What was written for fields that are gone is gone with them.
    fn forget_gone(self) {
        let is_there =
            |(path, _): &Place| self.document.with_untracked(|document| document.field(path).is_some());
        if !self.unfinished.with_untracked(|known| known.keys().all(is_there)) {
            self.unfinished.update(|known| known.retain(|place, _| is_there(place)));
        }
    }

    /// What a field of the record holds on the canvas, as it is read there; nothing where it holds no value.
    pub fn shown_on_canvas(self, path: &str) -> Option<String> {
        let form = self.form.get()?;
        let column = form.column(path)?;
        self.on_canvas.with(|values| {
            let value = get(values, path);
            let is_value = !value.is_empty() && !matches!(value, Value::Error(_));
            is_value.then(|| value_text(column, value, Titles::default(), i18n::language()))
        })
    }

    /// A new field of a kind, under a key that is not taken in the form or the sub-form `within`.
    pub(super) fn new_field(self, kind: &str, within: Option<&str>) -> Option<Field> {
        let is_title = kind == "text" && within.is_none() && self.document.with_untracked(lacks_title);
        let options = FieldKind::from_parts(kind, options_of_new(kind, is_title)).ok()?;
        let taken = |key: &str| {
            let path = within.map_or_else(|| key.to_string(), |subform| format!("{subform}.{key}"));
            self.document.with_untracked(|document| document.field(&path).is_some())
        };
        let key = (1..).map(|number| format!("{kind}_{number}")).find(|key| !taken(key))?;
        let label = untrack(|| kind_name(kind));
        Some(Field::new(&key, Label::Plain(label), options))
    }

    /// Adds a field or a part of a kind after what is selected, or a column to the sub-form `within`, and selects it.
    pub fn add(self, kind: &str, within: Option<String>) {
        if let Some(subform) = within {
            return add_column(self, kind, &subform, None);
        }
        if let Some(landing) = self.place_for(kind) {
            return self.add_at(kind, &landing);
        }
        if is_part(kind) {
            return add_part(self, kind, &Landing::default());
        }
        let Some(field) = self.new_field(kind, None) else { return };
        let label = untrack(|| kind_name(kind));
        let key = field.key.clone();
        let edit = Edit::AddField { within: None, position: None, at: None, field: Box::new(field) };
        if self.run(text_of("designer-step-add", &label), vec![edit]) {
            self.go_to_added(key, kind);
        }
    }

    /// Where what is pressed in the palette goes: after the selected column where a column can be of that kind, else after the
    /// selected field or first under the selected heading.
    fn place_for(self, kind: &str) -> Option<Landing> {
        match self.selected.get_untracked() {
            Selected::Field(path) if column_at(&path).is_some() && is_column_kind(kind) => {
                Some(Landing { beside: Some(path), after: true, under: None })
            }
            _ => self.after_selected(),
        }
    }

    /// After the selected field, or first under the selected heading.
    pub(super) fn after_selected(self) -> Option<Landing> {
        match self.selected.get_untracked() {
            Selected::Form => None,
            Selected::Field(path) => {
                let top = path.split('.').next().unwrap_or_default().to_string();
                Some(Landing { beside: Some(top), after: true, under: None })
            }
            Selected::Heading(heading) => Some(Landing::under(heading)),
        }
    }

    /// Adds a field or a part of a kind where it landed, and selects it.
    pub fn add_at(self, kind: &str, landing: &Landing) {
        if is_part(kind) {
            return add_part(self, kind, landing);
        }
        if let Some((subform, beside)) = landing.beside.as_deref().and_then(column_at) {
            return add_column(self, kind, subform, Some((beside, landing.after)));
        }
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
            self.go_to_added(key, kind);
        }
    }

    /// Makes it a field of another kind. What the options of both say alike stays.
    pub fn set_kind(self, path: &str, kind: &str) {
        let before =
            self.document.with_untracked(|document| document.field(path).map(|it| it.kind.options()));
        let options = options_kept(&before.unwrap_or_default(), kind);
        let edit = Edit::SetKind { key: path.to_string(), kind: kind.to_string(), options };
        let label = untrack(|| self.label(path));
        self.run(text_of("designer-step-change", &label), vec![edit]);
    }
}

impl DraftEditor for Designer {
    type Document = FormDocument;
    type Answer = wire::Draft;

    fn editing(self) -> Editing<FormDocument> {
        self.editing
    }

    fn changed(self) {
        self.learn_labels();
        self.keep_selection();
    }

    fn unfinished(self) -> Vec<String> {
        self.unfinished.with_untracked(|known| known.values().map(|written| written.source.clone()).collect())
    }

    async fn send(self, edits: Vec<Edit>, key: &str) -> Result<wire::Draft, Problem> {
        let mut expected = self.known.get_value();
        for edit in &edits {
            let _ = edit.apply(&mut expected);
        }
        self.expected.set_value(expected);
        drafts::edit(&self.id.to_string(), self.base.get_value(), &edits, key).await
    }

    fn sent(self, draft: wire::Draft) {
        let from = self.expected.get_value();
        self.go_on(&from, draft);
    }

    fn meet(self, problem: &Problem) -> bool {
        let current = problem.members.get("current").filter(|_| problem.code == "edits_collide");
        let Some(draft) = current.and_then(|it| serde_json::from_value::<wire::Draft>(it.clone()).ok())
        else {
            return false;
        };
        let from = self.known.get_value();
        self.go_on(&from, draft);
        true
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

/// The options that a field starts with when it becomes one of another kind: what that knows of the former ones stays.
fn options_kept(before: &Json, kind: &str) -> Json {
    let mut options = first_options(kind);
    for name in ["choices", "scale", "max_length"] {
        let Some(value) = before.get(name) else { continue };
        let mut members = options.as_object().cloned().unwrap_or_default();
        members.insert(name.to_string(), value.clone());
        let more = Json::Object(members);
        if FieldKind::from_parts(kind, more.clone()).is_ok() {
            options = more;
        }
    }
    options
}

/// Whether records are called by nothing yet: the next text that is added is what they are called by.
fn lacks_title(document: &FormDocument) -> bool {
    document.title.is_none() && !document.fields.iter().any(|field| field.kind.shape() == Shape::Text)
}

/// What a new field of a kind starts with. Lists of what has a name are in the order in which the names sound.
fn options_of_new(kind: &str, is_title: bool) -> Json {
    if is_title { json!({"sort": "pinyin"}) } else { first_options(kind) }
}

/// What a field starts with so that it can be used at once where that is possible.
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
        "cascader" => {
            let choice =
                |number: i64| untrack(|| i18n::lookup("designer-choice", &[("number", number.into())]));
            let below = json!({"key": "c1", "label": choice(2)});
            json!({"choices": [{"key": "c1", "label": choice(1), "children": [below]}]})
        }
        "address" => json!({"regions": "base/cn"}),
        "serial" => json!({"parts": [{"counter": {"width": 4}}]}),
        "note" => json!({ "text": untrack(|| i18n::lookup("designer-note-first", &[])) }),
        _others => Json::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_text_is_what_records_are_called_by_unless_the_form_says_otherwise() {
        let lacks = |form: Json| lacks_title(&serde_json::from_value(form).unwrap());
        let field = |kind: &str| json!({"key": "a", "label": "A", "kind": kind});
        assert!(lacks(json!({"key": "f", "label": "F", "fields": [field("number"), field("long_text")]})));
        assert!(!lacks(json!({"key": "f", "label": "F", "fields": [field("text")]})));
        assert!(!lacks(json!({"key": "f", "label": "F", "title": "{a}", "fields": [field("number")]})));
        // They are listed as they sound; other texts are not.
        assert_eq!(options_of_new("text", true), json!({"sort": "pinyin"}));
        assert_eq!(options_of_new("text", false), Json::Null);
    }

    #[test]
    fn a_field_of_another_kind_keeps_the_options_that_both_know() {
        let choices = json!([{"key": "a", "label": "A"}]);
        assert_eq!(options_kept(&json!({ "choices": choices }), "multi_select")["choices"], choices);
        assert_eq!(options_kept(&json!({"scale": 3, "min": "1"}), "money")["scale"], 3);
        assert_eq!(options_kept(&json!({"scale": 3}), "date"), Json::Null);
    }
}
