//! Messages of flows: written in the transaction of what led there, with the texts of the fields that they name; read with the
//! rights of their reader. Who may not read a field reads nothing in its place (docs/decisions/0063).

use std::collections::{BTreeMap, BTreeSet};

use engine::field::{Reference, Shape};
use engine::flow::{Channel, Message, OnRecord, Subject};
use engine::form::{fill_pattern, fill_text, pattern_paths};
use engine::text::{Label, Language};
use engine::value::{Id, Value, Values, get};
use serde::{Deserialize, Serialize};
use store::flow_message::FlowMessage;
use store::outbox::OutboxEntry;
use store::{Reader, Tx, ids};

use crate::service::apps::to_json;
use crate::service::designs::stored;
use crate::service::records::{self, Order};
use crate::service::{Refusal, clock};

/// What its entries of the outbox are called.
pub const MESSAGE: &str = "message";

/// A message that is to reach people.
#[derive(Serialize, Deserialize)]
pub struct Posted {
    pub message: Id,
    pub instance: Id,
    pub members: Vec<Id>,
    /// By which ways it may reach them.
    pub app: bool,
    pub mail: bool,
}

/// What the fields say that a message names, by path.
type Texts = BTreeMap<String, Label>;

/// A message with what its fields say, to be left for people.
pub fn written(
    order: &Order,
    (instance, step): (Id, &str),
    message: &Message,
    record: &OnRecord<'_>,
) -> Result<FlowMessage, Refusal> {
    Ok(FlowMessage {
        workspace: order.caller.workspace_id(),
        id: ids::next(),
        instance,
        step: step.to_string(),
        title: to_json(&message.title)?,
        body: to_json(&message.body)?,
        texts: to_json(&texts_of(order, message, record))?,
        at: clock::now(),
    })
}

/// Leaves a message for these members.
///
/// # Errors
/// When it can't be stored.
pub async fn leave(
    tx: &mut Tx,
    written: &FlowMessage,
    message: &Message,
    members: &[Id],
) -> Result<(), Refusal> {
    if members.is_empty() {
        return Ok(());
    }
    written.insert(tx).await?;
    let posted = Posted {
        message: written.id,
        instance: written.instance,
        members: members.to_vec(),
        app: message.is_by(Channel::App),
        mail: message.is_by(Channel::Mail),
    };
    let entry = OutboxEntry {
        workspace: written.workspace,
        id: ids::next(),
        kind: MESSAGE.to_string(),
        payload: to_json(&posted)?,
        created_at: written.at,
        due_at: written.at,
        attempts: 0,
    };
    Ok(OutboxEntry::insert_ahead(tx, &[entry]).await?)
}

/// What the fields say that a message names, in each language. What linked records are called is left to who reads it.
fn texts_of(order: &Order, message: &Message, record: &OnRecord<'_>) -> Texts {
    let templates = message.templates();
    let paths: BTreeSet<String> = templates.into_iter().flat_map(pattern_paths).collect();
    let mut texts = Texts::new();
    for path in paths {
        let Ok((_, kind)) = record.form.find(&path, record.catalogue) else { continue };
        let value = Subject::value(record, &path);
        let reference = kind.reference();
        if value.is_empty() || !value.rows().is_empty() || reference == Some(Reference::Record) {
            continue;
        }
        let one = |value: &Value, language: Language| match (value, reference) {
            (Value::Ref(id), Some(Reference::Member | Reference::Department)) => {
                order.context.names.name(*id).unwrap_or_default()
            }
            (Value::DateTime(at), _) => {
                at.to_zoned_datetime(order.context.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
            }
            (value, _) => kind.display(value, language),
        };
        let is_listed = |item: &Value| matches!(item, Value::Ref(_)) || path.contains('.');
        let text = |language: Language| match &value {
            Value::List(items) if items.iter().all(is_listed) => {
                let items = items.iter().filter(|item| !item.is_empty());
                items.map(|item| one(item, language)).collect::<Vec<_>>().join(", ")
            }
            value => one(value, language),
        };
        let said = Label::each(text);
        texts.insert(path, said);
    }
    texts
}

/// A message as its reader sees it.
pub struct Read {
    pub title: String,
    pub text: String,
}

/// Who reads a message, and the record that it is about: the fields of it that are open to them, and what is in it.
pub struct Eyes<'r> {
    pub order: &'r Order,
    pub open: &'r BTreeSet<String>,
    pub values: &'r Values,
}

/// A message for a reader; for one who may not know of its record at all, without anything of it.
///
/// # Errors
/// When what is stored can't be read.
pub async fn read(
    db: &mut Reader,
    message: &FlowMessage,
    reader: Option<&Eyes<'_>>,
    language: Language,
) -> Result<Read, Refusal> {
    let (name, body): (Label, Label) =
        (stored("flow_message", &message.title)?, stored("flow_message", &message.body)?);
    let texts: Texts = stored("flow_message", &message.texts)?;
    let (name, body) = (name.get(language), body.get(language));
    let mut seen = BTreeMap::new();
    if let Some(reader) = reader {
        let paths: BTreeSet<String> = pattern_paths(name).into_iter().chain(pattern_paths(body)).collect();
        for path in paths {
            let kept = texts.get(&path).map(|text| text.get(language).to_string()).unwrap_or_default();
            let text = reader.text(db, &path, kept, language).await?;
            seen.insert(path, text);
        }
    }
    let text = |path: &str| seen.get(path).cloned().unwrap_or_default();
    Ok(Read { title: fill_pattern(name, &text), text: fill_text(body, &text).trim().to_string() })
}

impl Eyes<'_> {
    /// What is read in the place of a path that said `kept` when the message was written. What links lead to is read anew.
    async fn text(
        &self,
        db: &mut Reader,
        path: &str,
        kept: String,
        language: Language,
    ) -> Result<String, Refusal> {
        let order = self.order;
        if path.starts_with('$') {
            return Ok(if self.open.is_empty() { String::new() } else { kept });
        }
        let column = order.compiled.form.column(path);
        let own = match column {
            Some(column) => column.path.as_str(),
            None => path.split('.').next().unwrap_or_default(),
        };
        if !self.open.contains(own) {
            return Ok(String::new());
        }
        match column {
            Some(column) if column.field.kind.reference() == Some(Reference::Record) => {
                self.titles(db, path, column.target).await
            }
            // What is worked out anew for every reader was worked out for the product here.
            Some(column) if column.shape == Shape::Nothing && !order.access.is_all_open() => {
                Ok(String::new())
            }
            Some(_) => Ok(kept),
            None if order.access.is_all_open() => Ok(kept),
            None => {
                let pattern = format!("{{{path}}}");
                let found =
                    order.linked_texts(db, self.values, &pattern, language, records::Eyes::Viewer).await?;
                Ok(found.get(path).cloned().unwrap_or_default())
            }
        }
    }

    /// What the records of a link are called, as far as the reader may see them.
    async fn titles(&self, db: &mut Reader, path: &str, target: Option<Id>) -> Result<String, Refusal> {
        let linked: Vec<Id> = get(self.values, path).items().iter().filter_map(Value::as_ref_id).collect();
        let (Some(target), false) = (target, linked.is_empty()) else { return Ok(String::new()) };
        let known = self.order.titles_in(db, target, &linked).await?;
        let titles = linked.iter().filter_map(|id| known.get(&id.to_string()));
        Ok(titles.filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(", "))
    }
}

/// A message as whoever tries its flow out reads it, for a record with these values.
///
/// # Errors
/// Those of reading.
pub async fn tried(
    db: &mut Reader,
    order: &Order,
    written: &FlowMessage,
    values: &Values,
) -> Result<Read, Refusal> {
    let open = order.compiled.form.fields().map(|column| column.path.clone()).collect();
    let eyes = Eyes { order, open: &open, values };
    read(db, written, Some(&eyes), order.caller.language()).await
}
