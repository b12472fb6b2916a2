//! What an import is to do, checked once before it begins.

use std::collections::BTreeSet;

use engine::access::{FieldRight, Operation};
use engine::field::{FieldKind, Reference, Shape};
use engine::form::{Column, system_kind};
use engine::import::RECORD_ID;
use engine::text::{Fault, Faults};
use engine::value::Id;
use wire::ImportMode;

use super::table::Table;
use crate::service::Refusal;
use crate::service::records::Order;

/// The one system field that a column can fill: opening data comes as approved (semantics.md 1).
pub const FLOW_STATE: &str = "$flow_state";

/// A column of the file and the field that it fills.
#[derive(Clone, Debug)]
pub struct Target {
    /// The place of the column in the file.
    pub place: usize,
    /// `amount`, or `lines.qty`; of a column of a sub-form that comes whole, its name in the rows.
    pub key: String,
    /// `amount`, or `lines.qty`.
    pub path: String,
    pub kind: FieldKind,
    pub refers: Option<Refers>,
    /// Whether it holds several references.
    pub is_many: bool,
    /// The columns of a sub-form that comes whole in one cell, by their names in its rows.
    pub columns: Vec<Target>,
}

impl Target {
    fn new(order: &Order, place: usize, key: &str, column: &Column) -> Target {
        let may_fill =
            |inner: &&Column| is_importable(inner) && order.access.right(&inner.path) >= FieldRight::Edit;
        let inner = order.compiled.form.columns_of(&column.path).filter(may_fill);
        Target {
            place,
            key: key.to_string(),
            path: column.path.clone(),
            kind: column.field.kind.clone(),
            refers: refers(column),
            is_many: column.field.kind.shape() == Shape::Refs,
            columns: inner.map(|inner| Target::new(order, place, &inner.field.key, inner)).collect(),
        }
    }

    fn system(place: usize, key: &str, kind: FieldKind) -> Target {
        let (key, path) = (key.to_string(), key.to_string());
        Target { place, key, path, kind, refers: None, is_many: false, columns: Vec::new() }
    }

    /// The sub-form and its column, where it fills one.
    pub fn in_row(&self) -> Option<(&str, &str)> {
        self.key.split_once('.')
    }
}

/// What a cell names by its title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refers {
    Member,
    Department,
    /// A record of this form.
    Record(Id),
    /// A file, by its id.
    File,
}

/// An import that can begin.
#[derive(Clone, Debug)]
pub struct Plan {
    pub form: Id,
    pub targets: Vec<Target>,
    pub mode: ImportMode,
    pub key: Vec<String>,
    pub dry_run: bool,
    pub start_flow: bool,
    pub trigger: bool,
    pub batch: Id,
    /// What only who administers the app may bring: serial numbers, and the state of the flow.
    pub administered: Vec<String>,
}

/// Whether a column of a file can fill the field, or the column of a sub-form.
pub fn is_importable(column: &Column) -> bool {
    // Nobody signs by a file.
    let is_single = !matches!(column.field.kind, FieldKind::Subform(_) | FieldKind::Signature(_));
    column.field.is_input() && is_single && column.shape != Shape::Nothing
}

/// Whether a column of a file can say the serial number of a record: its own, or that of the record to be found.
pub fn is_serial(column: &Column) -> bool {
    column.subform().is_none() && matches!(column.field.kind, FieldKind::Serial(_))
}

impl Plan {
    /// # Errors
    /// Forbidden for who may not import; faults of the mapping.
    pub fn new(order: &Order, table: &Table, input: &wire::ImportInput, batch: Id) -> Result<Plan, Refusal> {
        if !order.access.may(Operation::Import) {
            return Err(Refusal::forbidden("forbidden"));
        }
        let targets = targets(order, table, input)?;
        check_key(order, input)?;
        let is_administered = |target: &&Target| {
            let is_serial = matches!(target.kind, FieldKind::Serial(_));
            target.key == FLOW_STATE || (is_serial && order.is_administrator())
        };
        let administered = match input.mode {
            ImportMode::Update => Vec::new(),
            ImportMode::Create | ImportMode::Upsert => {
                targets.iter().filter(is_administered).map(|target| target.key.clone()).collect()
            }
        };
        Ok(Plan {
            form: order.form,
            targets,
            mode: input.mode,
            key: input.key.clone(),
            dry_run: input.dry_run,
            start_flow: input.start_flow,
            trigger: input.trigger,
            batch,
            administered,
        })
    }

    /// Whether rows find the records that they change.
    pub fn finds_records(&self) -> bool {
        match self.mode {
            ImportMode::Create => false,
            ImportMode::Update | ImportMode::Upsert => true,
        }
    }

    /// Whether rows name records of the form itself.
    pub fn names_own(&self) -> bool {
        let is_own = |target: &Target| target.refers == Some(Refers::Record(self.form));
        self.targets.iter().any(|target| is_own(target) || target.columns.iter().any(is_own))
    }

    /// Whether records come with serial numbers of their own.
    pub fn gives_serials(&self) -> bool {
        self.administered.iter().any(|key| key != FLOW_STATE)
    }
}

fn targets(order: &Order, table: &Table, input: &wire::ImportInput) -> Result<Vec<Target>, Refusal> {
    let mut faults = Faults::new();
    let mut targets = Vec::new();
    let mut taken = BTreeSet::new();
    for (header, key) in &input.mapping {
        let path = format!("mapping.{header}");
        let Some(place) = table.headers.iter().position(|known| known == header) else {
            faults.push(Fault::new(path, "unknown_column").arg("column", header));
            continue;
        };
        match target(order, table, input, place, key) {
            Ok(target) if taken.insert(key) => targets.push(target),
            Ok(_) => faults.push(Fault::new(path, "twice")),
            Err(fault) => faults.push(Fault { path, ..fault }),
        }
    }
    let fills = |target: &Target| target.key != RECORD_ID;
    if !targets.iter().any(fills) && faults.is_empty() {
        faults.push(Fault::new("mapping", "required"));
    }
    // A sub-form comes whole, or column by column.
    let whole = targets.iter().filter(|target| !target.columns.is_empty()).map(|target| target.key.as_str());
    let whole: BTreeSet<&str> = whole.collect();
    if targets.iter().any(|target| target.in_row().is_some_and(|(subform, _)| whole.contains(subform))) {
        faults.push(Fault::new("mapping", "twice"));
    }
    if faults.is_empty() { Ok(targets) } else { Err(Refusal::invalid(faults)) }
}

/// What a column of the file fills.
///
/// # Errors
/// A fault without a path.
fn target(
    order: &Order,
    table: &Table,
    input: &wire::ImportInput,
    place: usize,
    key: &str,
) -> Result<Target, Fault> {
    let not_importable = || Fault::new("", "not_importable");
    if key == FLOW_STATE || key == RECORD_ID {
        let kind = if key == RECORD_ID { system_kind(key) } else { state_kind(order, input.mode) };
        return kind.map(|kind| Target::system(place, key, kind)).ok_or_else(not_importable);
    }
    let column = order.compiled.form.column(key);
    let column = column.filter(|column| order.access.right(&column.path) >= FieldRight::Read);
    let column = column.ok_or_else(|| Fault::new("", "unknown_field").arg("field", key))?;
    // The rows of a sub-form may change together, or not at all.
    let may_edit = |path: &str| order.access.right(path) >= FieldRight::Edit;
    let may_fill = if is_serial(column) {
        let finds_records = input.mode != ImportMode::Create && input.key.iter().any(|field| field == key);
        finds_records || order.is_administrator()
    } else if matches!(column.field.kind, FieldKind::Subform(_)) {
        table.is_json && column.field.is_input() && may_edit(key)
    } else {
        is_importable(column) && may_edit(key) && column.subform().is_none_or(may_edit)
    };
    if may_fill { Ok(Target::new(order, place, key, column)) } else { Err(not_importable()) }
}

/// The kind of the flow's state, where this import may bring it: who administers the app, for new records of a form
/// that has a flow.
fn state_kind(order: &Order, mode: ImportMode) -> Option<FieldKind> {
    let has_flow = order.design().is_ok_and(|design| design.flow.is_some());
    let may = order.is_administrator() && has_flow && mode == ImportMode::Create;
    system_kind(FLOW_STATE).filter(|_| may)
}

fn refers(column: &Column) -> Option<Refers> {
    match (column.field.kind.reference(), column.target) {
        (Some(Reference::Member), _) => Some(Refers::Member),
        (Some(Reference::Department), _) => Some(Refers::Department),
        (Some(Reference::Record), Some(form)) => Some(Refers::Record(form)),
        (Some(Reference::File), _) => Some(Refers::File),
        (Some(Reference::Record) | None, _) => None,
    }
}

/// Rows that find their records need a key that the file has: fields of the record itself.
fn check_key(order: &Order, input: &wire::ImportInput) -> Result<(), Refusal> {
    match input.mode {
        ImportMode::Create => return Ok(()),
        ImportMode::Update | ImportMode::Upsert if input.key.is_empty() => {
            return Err(Refusal::fault("key", "required"));
        }
        ImportMode::Update | ImportMode::Upsert => {}
    }
    for (place, key) in input.key.iter().enumerate() {
        let path = format!("key.{place}");
        if !input.mapping.values().any(|mapped| mapped == key) {
            let known = order.compiled.form.column(key);
            let known = known.filter(|column| order.access.right(&column.path) >= FieldRight::Read);
            let fault = Fault::new(path, "key_not_mapped").arg("field", key);
            let named = match known {
                Some(column) => fault.name("field", column.field.label.clone()),
                None => fault,
            };
            return Err(Refusal::invalid(vec![named]));
        }
        let column = order.compiled.form.column(key);
        if column.is_some_and(|column| column.subform().is_some() || column.shape == Shape::Rows) {
            return Err(Refusal::fault(path, "not_importable"));
        }
    }
    Ok(())
}
