//! Between the wire and values: reading what was sent, writing what is stored.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::field::{FieldKind, Shape};
use crate::form::{Column, Form};
use crate::text::{Fault, Faults};
use crate::value::{Id, Row, Value, Values, get};

/// What a writer may name.
pub struct ReadPolicy<'a> {
    /// Whether the field or column at a path exists for the writer. What is hidden by permission is refused like what
    /// does not exist.
    pub readable: &'a dyn Fn(&str) -> bool,
    /// Whether the writer may set it.
    pub writable: &'a dyn Fn(&str) -> bool,
    /// Whether serial numbers may be given: an administrator's import.
    pub serials: bool,
    /// Whether fields may be set that scripts alone set.
    pub scripts: bool,
}

impl ReadPolicy<'_> {
    /// Whether the field is one to be set, whoever may.
    fn sets(&self, column: &Column) -> bool {
        column.field.is_input() || (self.scripts && column.field.is_set_by_script())
    }

    /// Everything that can be set at all.
    pub fn unrestricted() -> ReadPolicy<'static> {
        ReadPolicy { readable: &|_| true, writable: &|_| true, serials: false, scripts: false }
    }
}

/// What a writer sent, as it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sent {
    /// What really changes something. The rows of a sub-form are the whole new list, merged with the stored rows.
    pub values: Values,
    /// The fields and cells (`price`, `lines.0.price`) that were sent as they are stored already, of those that defaults or
    /// links fill: they are the writer's all the same, and nothing else fills them.
    pub confirmed: BTreeSet<String>,
}

impl Sent {
    /// Takes in what was read of further fields.
    pub fn extend(&mut self, other: Sent) {
        self.values.extend(other.values);
        self.confirmed.extend(other.confirmed);
    }
}

impl From<Values> for Sent {
    fn from(values: Values) -> Sent {
        Sent { values, confirmed: BTreeSet::new() }
    }
}

/// What was sent for one field or cell.
enum Entry {
    /// Another value than the stored one.
    Changed(Value),
    /// The stored value, where something else would fill it.
    Confirmed,
    /// The stored value: no write.
    Unchanged,
}

/// Reads the `fields` of a write. A value equal to the stored one is no write, but keeps defaults and links from filling
/// its field.
///
/// # Errors
/// Every fault: `unknown_field`, `not_writable`, `unknown_row`, and what the kinds find. Paths are `amount` and
/// `lines.0.qty`.
pub fn read_fields(
    form: &Form,
    fields: &Map<String, Json>,
    stored: &Values,
    policy: &ReadPolicy,
) -> Result<Sent, Faults> {
    let mut sent = Sent::default();
    let mut faults = Faults::new();
    for (key, json) in fields {
        let column = form.column(key).filter(|column| column.subform().is_none() && (policy.readable)(key));
        let Some(column) = column else {
            faults.push(Fault::new(key.as_str(), "unknown_field").arg("field", key));
            continue;
        };
        if let FieldKind::Subform(_) = column.field.kind {
            match read_rows(form, column, json, get(stored, key), policy) {
                Ok(rows) => sent.extend(rows),
                Err(found) => faults.extend(found),
            }
            continue;
        }
        match read_value(column, json, get(stored, key), policy) {
            Ok(Entry::Changed(value)) => drop(sent.values.insert(key.clone(), value)),
            Ok(Entry::Confirmed) => drop(sent.confirmed.insert(key.clone())),
            Ok(Entry::Unchanged) => {}
            Err(fault) => faults.push(fault.under(key)),
        }
    }
    if faults.is_empty() {
        return Ok(sent);
    }
    Err(in_order(faults, form.fields().map(|column| column.path.as_str())))
}

/// Faults in the order in which people read what they are about, whatever order they were sent in; what there is not
/// comes last, by name.
fn in_order<'n>(mut faults: Faults, names: impl Iterator<Item = &'n str>) -> Faults {
    let places: BTreeMap<&str, usize> = names.enumerate().map(|(place, name)| (name, place)).collect();
    faults.sort_by_cached_key(|fault| {
        let name = fault.path.split('.').next().unwrap_or_default();
        match places.get(name) {
            Some(place) => (*place, String::new()),
            None => (usize::MAX, name.to_string()),
        }
    });
    faults
}

/// As [`read_fields`], for a new record: what was sent empty stays empty, whatever its default.
///
/// # Errors
/// As [`read_fields`].
pub fn read_new_fields(form: &Form, fields: &Map<String, Json>, policy: &ReadPolicy) -> Result<Sent, Faults> {
    let mut sent = read_fields(form, fields, &Values::new(), policy)?;
    let is_empty = |json: &Json| json.is_null() || json.as_array().is_some_and(Vec::is_empty);
    for (key, _) in fields.iter().filter(|(_, json)| is_empty(json)) {
        let settable = form.column(key).is_some_and(|column| policy.sets(column));
        if settable && (policy.writable)(key) {
            // Not where the kind is never empty: an empty switch was read as off.
            sent.values.entry(key.clone()).or_insert(Value::Empty);
            sent.confirmed.remove(key);
        }
    }
    Ok(sent)
}

/// Reads one value.
fn read_value(column: &Column, json: &Json, stored: &Value, policy: &ReadPolicy) -> Result<Entry, Fault> {
    let not_writable = || Fault::new("", "not_writable");
    let settable =
        policy.sets(column) || (policy.serials && matches!(column.field.kind, FieldKind::Serial(_)));
    if !settable || !(policy.writable)(&column.path) {
        let same = column.read_kind.to_json(stored) == *json
            || column.field.kind.parse_wire(json).is_ok_and(|value| value == *stored);
        return if same { Ok(Entry::Unchanged) } else { Err(not_writable()) };
    }
    let value = column.parse(json)?;
    Ok(match value == *stored {
        false => Entry::Changed(value),
        true if column.prefilled => Entry::Confirmed,
        true => Entry::Unchanged,
    })
}

fn read_rows(
    form: &Form,
    subform: &Column,
    json: &Json,
    stored: &Value,
    policy: &ReadPolicy,
) -> Result<Sent, Faults> {
    let key = &subform.path;
    let items = match json {
        Json::Null => &[][..],
        Json::Array(items) => items.as_slice(),
        _ => return Err(vec![Fault::new(key.as_str(), "wrong_type")]),
    };
    if items.len() > crate::field::MAX_ROWS {
        return Err(vec![Fault::new(key.as_str(), "too_many").arg("max", crate::field::MAX_ROWS)]);
    }
    let mut rows = Vec::with_capacity(items.len());
    let mut confirmed = BTreeSet::new();
    let mut faults = Faults::new();
    let mut seen = BTreeSet::new();
    for (place, item) in items.iter().enumerate() {
        match read_row(form, key, item, stored.rows(), &mut seen, policy) {
            Ok((row, cells)) => {
                rows.push(row);
                confirmed.extend(cells.into_iter().map(|column| format!("{key}.{place}.{column}")));
            }
            Err(found) => {
                faults.extend(found.into_iter().map(|fault| fault.under(&format!("{key}.{place}"))))
            }
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let value = if rows.is_empty() { Value::Empty } else { Value::Rows(rows) };
    if value == *stored {
        // No link is another one, so nothing is filled.
        return Ok(Sent::default());
    }
    // Single columns may be writable where adding, removing and moving rows is not; each cell was checked above.
    let keeps_rows = value.rows().iter().map(|row| row.id).eq(stored.rows().iter().map(|row| row.id));
    let may_change_rows = policy.sets(subform) && (policy.writable)(key);
    if !keeps_rows && !may_change_rows {
        return Err(vec![Fault::new(key.as_str(), "not_writable")]);
    }
    Ok(Sent { values: Values::from([(key.clone(), value)]), confirmed })
}

/// Reads one row; gives with it the columns that were sent as they are stored, where something else would fill them.
fn read_row<'j>(
    form: &Form,
    subform: &str,
    json: &'j Json,
    stored: &[Row],
    seen: &mut BTreeSet<Id>,
    policy: &ReadPolicy,
) -> Result<(Row, Vec<&'j str>), Faults> {
    let Json::Object(members) = json else { return Err(vec![Fault::new("", "wrong_type")]) };
    let unknown_row = || vec![Fault::new("id", "unknown_row")];
    let known = match members.get("id") {
        None | Some(Json::Null) => None,
        Some(id) => {
            let id: Id = id.as_str().and_then(|text| text.parse().ok()).ok_or_else(unknown_row)?;
            let row = stored.iter().find(|row| row.id == Some(id)).ok_or_else(unknown_row)?;
            if !seen.insert(id) {
                return Err(vec![Fault::new("id", "twice")]);
            }
            Some(row)
        }
    };
    let mut row = known.cloned().unwrap_or_default();
    let mut confirmed = Vec::new();
    let mut faults = Faults::new();
    for (key, json) in members.iter().filter(|(key, _)| *key != "id") {
        let path = format!("{subform}.{key}");
        let Some(column) = form.column(&path).filter(|_| (policy.readable)(&path)) else {
            faults.push(Fault::new(key.as_str(), "unknown_field").arg("field", key));
            continue;
        };
        match read_value(column, json, get(&row.values, key), policy) {
            Ok(Entry::Changed(Value::Empty)) => drop(row.values.remove(key)),
            Ok(Entry::Changed(value)) => drop(row.values.insert(key.clone(), value)),
            Ok(Entry::Confirmed) => confirmed.push(key.as_str()),
            Ok(Entry::Unchanged) => {}
            Err(fault) => faults.push(fault.under(key)),
        }
    }
    if faults.is_empty() {
        return Ok((row, confirmed));
    }
    Err(in_order(faults, form.columns_of(subform).map(|column| column.field.key.as_str())))
}

/// Reads stored or exchanged values leniently: computed ones too, what does not fit is left out. For values that this
/// product wrote itself, such as a draft kept by the browser.
pub fn read_values(form: &Form, fields: &Map<String, Json>) -> Values {
    let mut values = Values::new();
    for column in form.fields() {
        let Some(json) = fields.get(&column.path) else { continue };
        let value = match json {
            Json::Array(items) if column.shape == Shape::Rows => {
                let rows = items.iter().filter_map(Json::as_object).map(|members| {
                    let id = members.get("id").and_then(Json::as_str).and_then(|text| text.parse().ok());
                    let cells = form.columns_of(&column.path).filter_map(|inner| {
                        let value = inner.read_kind.read(members.get(&inner.field.key)?);
                        Some((inner.field.key.clone(), value))
                    });
                    Row { id, values: cells.filter(|(_, value)| !value.is_empty()).collect() }
                });
                Value::Rows(rows.collect())
            }
            json => column.read_kind.read(json),
        };
        if !value.is_empty() {
            values.insert(column.path.clone(), value);
        }
    }
    values
}

/// The wire form of a record's values: every field that `include` names, `null` where empty; a sub-form as an array
/// of its rows with their ids.
pub fn values_to_json(form: &Form, values: &Values, include: &dyn Fn(&str) -> bool) -> Map<String, Json> {
    let mut fields = Map::new();
    let held = form.fields().filter(|column| column.field.kind.holds_data());
    for column in held.filter(|column| include(&column.path)) {
        let value = get(values, &column.path);
        let json = match value {
            Value::Rows(rows) => {
                rows.iter().map(|row| row_to_json(form, &column.path, row, include)).collect()
            }
            Value::Empty if column.shape == Shape::Rows => Json::Array(Vec::new()),
            other => column.read_kind.to_json(other),
        };
        fields.insert(column.path.clone(), json);
    }
    fields
}

fn row_to_json(form: &Form, subform: &str, row: &Row, include: &dyn Fn(&str) -> bool) -> Json {
    let mut members = Map::new();
    if let Some(id) = row.id {
        members.insert("id".into(), Json::String(id.to_string()));
    }
    for column in form.columns_of(subform).filter(|column| include(&column.path)) {
        members
            .insert(column.field.key.clone(), column.read_kind.to_json(get(&row.values, &column.field.key)));
    }
    Json::Object(members)
}
