//! Values as scripts see them. Numbers are rhai's decimals, texts, keys and ids its strings, what is empty is `()`; lists are
//! its arrays. Dates, instants and times are a type of ours, and records and rows are looked into field by field.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rhai::{Array, Dynamic, EvalAltResult, ImmutableString, Map, Position};
use serde_json::{Map as JsonMap, Value as Json};

use super::run::State;
use super::weight;
use crate::value::{Decimal, Id, Row, Value, Values, format_date, format_time, format_timestamp, get};

/// The paths of a form's fields and columns: `lines`, `lines.qty`.
pub type Names = BTreeSet<String>;

/// What rhai calls an error.
pub(super) type Wrong = Box<EvalAltResult>;

/// A day, an instant or a time of day.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moment(pub Value);

/// A record, or a row of one, as it is read. Cheap to copy.
#[derive(Clone, Debug)]
pub struct Seen(Arc<Inside>);

/// The record that is saved: what is set in it is kept aside.
#[derive(Clone)]
pub(super) struct Own {
    pub seen: Seen,
    pub state: Arc<State>,
}

#[derive(Debug)]
struct Inside {
    id: Option<Id>,
    /// The sub-form, for a row.
    rows_of: Option<String>,
    /// The aggregate table, for a group of one.
    table: Option<String>,
    values: Values,
    names: Arc<Names>,
    /// The rows of its sub-forms, once one of them is looked into: however often that is, they are held once more at most.
    rows: OnceLock<BTreeMap<String, Vec<Seen>>>,
}

impl Seen {
    /// A record with the values of its fields, of its system fields by their names with `$`, and the names of all its form's
    /// fields.
    pub fn record(id: Id, values: Values, names: Arc<Names>) -> Seen {
        Seen(Arc::new(Inside {
            id: Some(id),
            rows_of: None,
            table: None,
            values,
            names,
            rows: OnceLock::new(),
        }))
    }

    /// A group of the aggregate table that the script calls `table`, with its dimensions and measures.
    pub fn group(table: &str, values: Values, names: Arc<Names>) -> Seen {
        let table = Some(table.to_string());
        Seen(Arc::new(Inside { id: None, rows_of: None, table, values, names, rows: OnceLock::new() }))
    }

    fn row(&self, subform: &str, row: &Row) -> Seen {
        let names = self.0.names.clone();
        Seen(Arc::new(Inside {
            id: row.id,
            rows_of: Some(subform.to_string()),
            table: None,
            values: row.values.clone(),
            names,
            rows: OnceLock::new(),
        }))
    }

    /// The rows of a sub-form.
    fn rows_in(&self, name: &str) -> &[Seen] {
        let rows = self.0.rows.get_or_init(|| {
            let seen = |(name, value): (&String, &Value)| {
                let rows = value.rows().iter().map(|row| self.row(name, row)).collect::<Vec<Seen>>();
                (!rows.is_empty()).then(|| (name.clone(), rows))
            };
            self.0.values.iter().filter_map(seen).collect()
        });
        rows.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// How much memory it takes, as it is estimated.
    pub fn bytes(&self) -> u64 {
        weight::of_values(&self.0.values)
    }

    pub(super) fn id(&self) -> Dynamic {
        self.0.id.map_or(Dynamic::UNIT, |id| id.to_string().into())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        match &self.0.rows_of {
            Some(subform) => self.0.names.contains(&format!("{subform}.{name}")),
            None => self.0.names.contains(name),
        }
    }

    /// The table and the record where a path of a group begins that leads behind a link dimension; nothing for other names,
    /// and where the dimension holds no record.
    pub(super) fn behind(&self, path: &str) -> Option<(String, Option<Id>)> {
        let table = self.0.table.as_ref()?;
        let (first, _) = path.split_once('.')?;
        self.has(first).then(|| (table.clone(), get(&self.0.values, first).as_ref_id()))
    }

    /// How many rows the field has, if it is a sub-form.
    pub(super) fn rows(&self, name: &str) -> u64 {
        get(&self.0.values, name).rows().len() as u64
    }

    /// What a field holds. `id` is the record's, where no field is called so.
    pub(super) fn field(&self, name: &str) -> Result<Dynamic, Wrong> {
        let is_field = self.has(name);
        if name == "$id" || (name == "id" && !is_field) {
            return Ok(self.id());
        }
        if !is_field && !name.starts_with('$') {
            return Err(EvalAltResult::ErrorPropertyNotFound(name.to_string(), Position::NONE).into());
        }
        Ok(match get(&self.0.values, name) {
            Value::Rows(_) => {
                let rows = self.rows_in(name).iter().cloned().map(Dynamic::from);
                Dynamic::from_array(rows.collect())
            }
            // A sub-form without rows has none, and is not empty in another way.
            Value::Empty if self.is_subform(name) => Dynamic::from_array(Array::new()),
            value => to_script(value),
        })
    }

    fn is_subform(&self, name: &str) -> bool {
        let columns = format!("{name}.");
        self.0.rows_of.is_none()
            && self.0.names.range(columns.clone()..).next().is_some_and(|path| path.starts_with(&columns))
    }

    /// In the place of a value, a record stands for the link to it, and a row for a new one with its values.
    fn json(&self) -> Result<Json, Wrong> {
        let (Some(id), None) = (self.0.id, &self.0.rows_of) else {
            let cells = self
                .0
                .values
                .iter()
                .map(|(key, value)| Ok::<_, Wrong>((key.clone(), to_json(&to_script(value))?)));
            return cells.collect::<Result<JsonMap<String, Json>, Wrong>>().map(Json::Object);
        };
        Ok(Json::String(id.to_string()))
    }
}

/// A mistake of the script, told with its place.
pub(super) fn wrong(detail: impl Into<String>) -> Wrong {
    let detail: String = detail.into();
    EvalAltResult::ErrorRuntime(detail.into(), Position::NONE).into()
}

/// A stored value as a script sees it. Rows are given by their record.
pub(super) fn to_script(value: &Value) -> Dynamic {
    match value {
        Value::Empty | Value::Error(_) | Value::Rows(_) => Dynamic::UNIT,
        Value::Bool(is) => Dynamic::from_bool(*is),
        Value::Number(number) => Dynamic::from_decimal(*number),
        Value::Text(text) => text.as_str().into(),
        Value::Date(_) | Value::DateTime(_) | Value::Time(_) => Dynamic::from(Moment(value.clone())),
        Value::Ref(id) => id.to_string().into(),
        Value::List(items) => Dynamic::from_array(items.iter().map(to_script).collect()),
    }
}

/// A script's value in wire form.
pub(super) fn to_json(value: &Dynamic) -> Result<Json, Wrong> {
    if value.is_unit() {
        return Ok(Json::Null);
    }
    if let Ok(is) = value.as_bool() {
        return Ok(Json::Bool(is));
    }
    if let Some(number) = number(value) {
        return Ok(Json::String(plain(number)));
    }
    if let Ok(letter) = value.as_char() {
        return Ok(Json::String(letter.to_string()));
    }
    if let Some(moment) = value.read_lock::<Moment>() {
        return Ok(Json::String(moment.text()));
    }
    if let Some(seen) = record(value) {
        return seen.json();
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return Ok(Json::String(text.to_string()));
    }
    if let Ok(items) = value.as_array_ref() {
        return items.iter().map(to_json).collect::<Result<Vec<Json>, Wrong>>().map(Json::Array);
    }
    match value.as_map_ref() {
        Ok(map) => fields(&map).map(Json::Object),
        Err(kind) => Err(wrong(format!("{kind} is no value of a field"))),
    }
}

/// A map as the fields of a record in wire form.
pub(super) fn fields(map: &Map) -> Result<JsonMap<String, Json>, Wrong> {
    map.iter().map(|(key, value)| Ok::<_, Wrong>((key.to_string(), to_json(value)?))).collect()
}

/// A number, whole or not.
pub(super) fn number(value: &Dynamic) -> Option<Decimal> {
    value.as_decimal().ok().or_else(|| value.as_int().ok().map(Decimal::from))
}

/// A number without zeros at its end.
pub(super) fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// A value as a text within a sentence.
pub(super) fn text(value: &Dynamic) -> String {
    match to_json(value) {
        Ok(Json::String(text)) => text,
        Ok(Json::Null) | Err(_) => String::new(),
        Ok(other) => other.to_string(),
    }
}

/// A value as a line of a log shows it. What is empty is shown as it is written.
pub(super) fn shown(value: &Dynamic) -> String {
    match to_json(value) {
        Ok(Json::Null) => "()".to_string(),
        Ok(Json::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => value.type_name().to_string(),
    }
}

/// Whether two values are equal, as `==` finds them.
pub(super) fn same(left: &Dynamic, right: &Dynamic) -> bool {
    if let (Some(left), Some(right)) = (number(left), number(right)) {
        return left == right;
    }
    matches!((to_json(left), to_json(right)), (Ok(left), Ok(right)) if left == right)
}

impl Moment {
    pub fn text(&self) -> String {
        match &self.0 {
            Value::Date(date) => format_date(*date),
            Value::DateTime(instant) => format_timestamp(*instant),
            Value::Time(time) => format_time(*time),
            Value::Empty
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Ref(_)
            | Value::List(_)
            | Value::Rows(_)
            | Value::Error(_) => String::new(),
        }
    }
}

/// The record that a value is, the one that is saved among them.
fn record(value: &Dynamic) -> Option<Seen> {
    let seen = value.read_lock::<Seen>().map(|seen| Seen::clone(&seen));
    seen.or_else(|| value.read_lock::<Own>().map(|own| own.seen.clone()))
}

/// The id that a text is, or the record that is given in its place.
pub(super) fn id(value: &Dynamic) -> Result<Id, Wrong> {
    let text = text(&record(value).map_or_else(|| value.clone(), |seen| seen.id()));
    text.parse().map_err(|_| wrong("an id of a record is needed"))
}

/// The text of a field of an options map.
pub(super) fn string(value: &Dynamic) -> Option<ImmutableString> {
    value.as_immutable_string_ref().ok().map(|text| text.clone())
}
