//! Published forms, ready for the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::aggregate::{is_table, tables_of};
use engine::form::{Catalogue, Form, FormDocument, Sketch};
use engine::package::parameter_values;
use engine::text::Faults;
use engine::value::{Id, Value};
use serde_json::{Map, Value as Json};

use super::{Call, Page, Problem, people, problem, segment};

/// A published form as the reader may see and use it.
#[derive(Clone)]
pub struct OpenForm {
    pub info: wire::Form,
    pub form: Arc<Form>,
    pub catalogue: Arc<Related>,
}

impl OpenForm {
    pub fn may(&self, operation: &str) -> bool {
        self.info.may.operations.iter().any(|may| may == operation)
    }

    /// Whether some group lets the reader do anything with its records: who sees one by a part in its flow alone opens no page
    /// of the form.
    pub fn is_used(&self) -> bool {
        !self.info.may.operations.is_empty()
    }

    /// Whether the reader only adds records, and sees none that are there.
    pub fn is_only_added_to(&self) -> bool {
        self.may("create") && !self.may("view")
    }

    /// The parameters of its app, as formulas read them.
    pub fn params(&self) -> BTreeMap<String, Value> {
        parameter_values(&self.info.parameters).unwrap_or_default()
    }

    /// The field paths that the reader may edit.
    pub fn editable(&self) -> std::collections::BTreeSet<String> {
        self.info
            .may
            .fields
            .iter()
            .filter(|(_, right)| *right == "edit")
            .map(|(path, _)| path.clone())
            .collect()
    }
}

/// The forms that a form links to or asks, itself, and the aggregate tables that it asks.
#[derive(Debug, Default)]
pub struct Related(Vec<Arc<Sketch>>);

impl Related {
    pub fn of(sketches: Vec<Arc<Sketch>>) -> Related {
        Related(sketches)
    }
}

impl Catalogue for Related {
    fn form(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        let (app, key) = name.split_once('/').unwrap_or((app, name));
        let known = |sketch: &&Arc<Sketch>| {
            (sketch.app == app && sketch.document.key == key) || sketch.id.to_string() == name
        };
        self.0.iter().find(known).cloned()
    }

    fn forms(&self) -> Vec<Arc<Sketch>> {
        self.0.clone()
    }

    fn table(&self, app: &str, name: &str) -> Option<Arc<Sketch>> {
        let (app, key) = name.split_once('/').unwrap_or((app, name));
        let mut tables = self.0.iter().filter(|sketch| is_table(sketch));
        let app = tables_of(app);
        let known = |sketch: &&Arc<Sketch>| {
            (sketch.app == app && sketch.document.key == key) || sketch.id.to_string() == name
        };
        tables.find(known).cloned()
    }
}

/// Opens a published form.
pub async fn open(form: &str) -> Result<OpenForm, Problem> {
    open_at(form, None).await
}

/// Opens a published form with the rights of a task's step.
pub async fn open_at(form: &str, task: Option<&str>) -> Result<OpenForm, Problem> {
    let call = Call::get(format!("/forms/{}", segment(form)));
    let call = match task {
        Some(task) => call.query("task", task),
        None => call,
    };
    let info: wire::Form = call.send().await?;
    let opened = build(info).ok_or_else(not_understood)?;
    if names_departments(&opened) {
        people::know_departments().await;
    }
    Ok(opened)
}

/// Whether a form has departments, or asks for those of its reader.
fn names_departments(opened: &OpenForm) -> bool {
    let definition = opened.info.definition.as_ref().map(Json::to_string).unwrap_or_default();
    definition.contains("department")
}

/// What a save would make of a record: of a new one, or of an edit of a stored one.
pub async fn evaluate(
    form: Id,
    record: Option<Id>,
    fields: Map<String, Json>,
) -> Result<wire::Evaluated, Problem> {
    let input = wire::EvaluateInput { record: fields, id: record };
    Call::post(format!("/forms/{form}/evaluate")).json(&input).send().await
}

/// The fields that link to records of a form.
pub async fn linking(form: Id) -> Result<Vec<wire::LinkingForm>, Problem> {
    let page: Page<wire::LinkingForm> = Call::get(format!("/forms/{form}/linking")).send().await?;
    Ok(page.items)
}

/// What was answered does not fit this page.
pub fn not_understood() -> Problem {
    problem::not_understood(200)
}

/// Makes an answer ready for the engine.
pub(super) fn build(info: wire::Form) -> Option<OpenForm> {
    let document: FormDocument = serde_json::from_value(info.definition.clone()?).ok()?;
    let related = info.related.iter().filter_map(|related| {
        let document = serde_json::from_value(related.definition.clone()).ok()?;
        Some(Arc::new(Sketch { id: related.id, app: related.app.clone(), document }))
    });
    let mut sketches: Vec<Arc<Sketch>> = related.collect();
    let app = info.app_key.clone();
    sketches.retain(|sketch| sketch.id != info.id);
    let own = |document: FormDocument| Arc::new(Sketch { id: info.id, app: app.clone(), document });
    let version = u32::try_from(info.version).unwrap_or_default();
    let (form, own) = publish_what_is_seen(document, version, &sketches, &own)?;
    sketches.push(own);
    Some(OpenForm { info, form: Arc::new(form), catalogue: Arc::new(Related(sketches)) })
}

/// What of a draft can be used already: a form without the parts that are not finished.
pub fn usable(sketch: &Sketch, others: &[Arc<Sketch>]) -> Option<Form> {
    let own = |document: FormDocument| Arc::new(Sketch { id: sketch.id, app: sketch.app.clone(), document });
    publish_what_is_seen(sketch.document.clone(), 1, others, &own).map(|(form, _)| form)
}

/// The published forms that a form of this app may link to: one that is seen, with those around it.
pub async fn sketches(form: &str) -> Result<(wire::Form, Vec<Arc<Sketch>>), Problem> {
    let info: wire::Form = Call::get(format!("/forms/{}", segment(form))).send().await?;
    let own = info.definition.clone().map(|definition| (info.id, info.app_key.clone(), definition));
    let related = info.related.iter().map(|form| (form.id, form.app.clone(), form.definition.clone()));
    let read = |(id, app, definition): (Id, String, Json)| {
        Some(Arc::new(Sketch { id, app, document: serde_json::from_value(definition).ok()? }))
    };
    let found = own.into_iter().chain(related).filter_map(read).collect();
    Ok((info, found))
}

/// A formula or rule may read what this reader may not see. Such a part is left to the server: here its field keeps the
/// value that the server gives.
fn publish_what_is_seen(
    mut document: FormDocument,
    version: u32,
    related: &[Arc<Sketch>],
    own: &dyn Fn(FormDocument) -> Arc<Sketch>,
) -> Option<(Form, Arc<Sketch>)> {
    const MOST_TRIES: usize = 50;
    for _ in 0..MOST_TRIES {
        let sketch = own(document.clone());
        let mut all = related.to_vec();
        all.push(sketch.clone());
        match Form::compile(sketch.clone(), version, &Related(all)) {
            Ok(form) => return Some((form, sketch)),
            Err(faults) => leave_out(&mut document, &faults)?,
        }
    }
    None
}

/// Takes out what the faults point at; `None` if that is not a part that can be left out.
fn leave_out(document: &mut FormDocument, faults: &Faults) -> Option<()> {
    let mut json = serde_json::to_value(&*document).ok()?;
    // From the end, so that places in lists stay right.
    let mut paths: Vec<&str> = faults.iter().map(|fault| fault.path.as_str()).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths.into_iter().rev() {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let (list, place, rest) = match parts.as_slice() {
            ["validate", place, ..] => ("/validate".to_string(), *place, None),
            ["rules", place, ..] => ("/rules".to_string(), *place, None),
            ["unique", place, ..] => ("/unique".to_string(), *place, None),
            ["layout", ..] => ("/layout".to_string(), "", None),
            ["title"] => ("/title".to_string(), "", None),
            ["fields", place, "options", "fields", inner, rest @ ..] => (
                format!("/fields/{place}/options/fields"),
                *inner,
                Some(rest.first().copied().unwrap_or_default()),
            ),
            ["fields", place, rest @ ..] => {
                ("/fields".to_string(), *place, Some(rest.first().copied().unwrap_or_default()))
            }
            _ => return None,
        };
        match (rest, place.parse::<usize>().ok()) {
            (None, None) => {
                json.as_object_mut()?.remove(list.trim_start_matches('/'));
            }
            (None, Some(place)) => {
                let items = json.pointer_mut(&list)?.as_array_mut()?;
                if place < items.len() {
                    items.remove(place);
                }
            }
            (
                Some(member @ ("compute" | "default" | "visible_when" | "required_when" | "unique")),
                Some(place),
            ) => {
                json.pointer_mut(&format!("{list}/{place}"))?.as_object_mut()?.remove(member);
            }
            // A lookup, rollup or link into what can't be seen: the field itself goes.
            (Some(_), Some(place)) => {
                let items = json.pointer_mut(&list)?.as_array_mut()?;
                if place < items.len() {
                    items.remove(place);
                }
            }
            (Some(_), None) => return None,
        }
    }
    *document = serde_json::from_value(json).ok()?;
    Some(())
}
