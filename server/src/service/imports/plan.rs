//! What an import is to do, checked once before it begins.

use std::collections::BTreeSet;

use engine::access::{FieldRight, Operation};
use engine::field::{FieldKind, Reference, Shape};
use engine::form::{Column, system_kind};
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
    pub key: String,
    pub kind: FieldKind,
    pub refers: Option<Refers>,
}

impl Target {
    /// Whether a cell may name several things.
    pub fn is_many(&self) -> bool {
        self.kind.shape() == Shape::Refs
    }
}

/// What a cell names by its title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refers {
    Member,
    Department,
    /// A record of this form.
    Record(Id),
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

/// Whether a column of a file can fill the field.
pub fn is_importable(column: &Column) -> bool {
    let is_single = !matches!(column.field.kind, FieldKind::Subform(_))
        && column.field.kind.reference() != Some(Reference::File);
    column.subform().is_none() && column.field.is_input() && is_single
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
        check_key(input)?;
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
        if key == FLOW_STATE {
            match state_kind(order, input.mode) {
                Some(kind) if taken.insert(key) => {
                    targets.push(Target { place, key: key.clone(), kind, refers: None });
                }
                Some(_) => faults.push(Fault::new(path, "twice")),
                None => faults.push(Fault::new(path, "not_importable")),
            }
            continue;
        }
        let column = order.compiled.form.column(key);
        let column = column.filter(|column| order.access.right(&column.path) >= FieldRight::Read);
        let Some(column) = column else {
            faults.push(Fault::new(path, "unknown_field").arg("field", key));
            continue;
        };
        let may_fill = if is_serial(column) {
            let finds_records = input.mode != ImportMode::Create && input.key.contains(key);
            finds_records || order.is_administrator()
        } else {
            is_importable(column) && order.access.right(key) >= FieldRight::Edit
        };
        if !may_fill {
            faults.push(Fault::new(path, "not_importable"));
        } else if !taken.insert(key) {
            faults.push(Fault::new(path, "twice"));
        } else {
            let (key, kind) = (key.clone(), column.field.kind.clone());
            targets.push(Target { place, key, kind, refers: refers(column) });
        }
    }
    if targets.is_empty() && faults.is_empty() {
        faults.push(Fault::new("mapping", "required"));
    }
    if faults.is_empty() { Ok(targets) } else { Err(Refusal::invalid(faults)) }
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
        (Some(Reference::Record | Reference::File) | None, _) => None,
    }
}

/// Rows that find their records need a key that the file has.
fn check_key(input: &wire::ImportInput) -> Result<(), Refusal> {
    match input.mode {
        ImportMode::Create => return Ok(()),
        ImportMode::Update | ImportMode::Upsert if input.key.is_empty() => {
            return Err(Refusal::fault("key", "required"));
        }
        ImportMode::Update | ImportMode::Upsert => {}
    }
    let unmapped = input.key.iter().position(|key| !input.mapping.values().any(|mapped| mapped == key));
    match unmapped {
        Some(place) => Err(Refusal::fault(format!("key.{place}"), "required")),
        None => Ok(()),
    }
}
