//! The columns of an export.

use std::collections::BTreeMap;

use engine::access::FieldRight;
use engine::field::FieldKind;
use engine::form::{Column as Field, SYSTEM_FIELDS, system_kind, system_label};
use engine::import::RECORD_ID;
use engine::text::Fault;
use wire::{ExportFormat, ExportInput};

use crate::service::Refusal;
use crate::service::records::Order;

/// Fields and columns of one export at most.
const MOST: usize = 500;

/// A column of the file.
#[derive(Clone, Debug)]
pub struct Column {
    pub place: Place,
    pub header: String,
    pub kind: FieldKind,
}

/// Where its values are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Own(String),
    System(String),
    /// In the rows of a sub-form.
    Inner {
        subform: String,
        column: String,
    },
}

impl Place {
    pub fn path(&self) -> String {
        match self {
            Place::Own(path) | Place::System(path) => path.clone(),
            Place::Inner { subform, column } => format!("{subform}.{column}"),
        }
    }
}

/// The columns that were asked for, as far as the caller may read them.
///
/// # Errors
/// `unknown_field` for one that is not there, or that they may never read; `twice`; `required` where nothing is left.
pub fn columns(order: &Order, input: &ExportInput) -> Result<Vec<Column>, Refusal> {
    let places = match &input.fields {
        Some(named) => named_places(order, named)?,
        None => all_places(order),
    };
    let has_rows = places.iter().any(|place| matches!(place, Place::Inner { .. }));
    let id = Place::System(RECORD_ID.to_string());
    // Several rows of the file may be one record: which of them are, its id says. Records of a list are told apart anyway.
    let needs_id = input.format == ExportFormat::Json || has_rows;
    let places: Vec<Place> = match needs_id && !places.contains(&id) {
        true => [id].into_iter().chain(places).collect(),
        false => places,
    };
    if places.iter().all(|place| *place == Place::System(RECORD_ID.to_string())) && input.fields.is_none() {
        return Err(Refusal::fault("fields", "required"));
    }
    if places.len() > MOST {
        return Err(Refusal::invalid(vec![Fault::new("fields", "too_many").arg("max", MOST)]));
    }
    let labels = input.labels && input.format != ExportFormat::Json;
    let headers = headers(order, &places, labels);
    let column = |(place, header): (Place, String)| {
        let kind = kind_of(order, &place)?;
        Some(Column { place, header, kind })
    };
    Ok(places.into_iter().zip(headers).filter_map(column).collect())
}

fn kind_of(order: &Order, place: &Place) -> Option<FieldKind> {
    match place {
        Place::System(name) => system_kind(name),
        Place::Own(_) | Place::Inner { .. } => {
            order.compiled.form.column(&place.path()).map(|column| column.read_kind.clone())
        }
    }
}

fn may_read(order: &Order, path: &str) -> bool {
    order.access.right(path) >= FieldRight::Read
}

/// Whether a field holds something: dividers, notes and the like are there for the eye.
fn holds_values(field: &Field) -> bool {
    field.field.kind.holds_data()
}

fn inner_places<'o>(order: &'o Order, subform: &'o str) -> impl Iterator<Item = Place> + 'o {
    let columns = order.compiled.form.columns_of(subform);
    let open = columns.filter(|column| may_read(order, &column.path) && holds_values(column));
    open.map(move |column| Place::Inner { subform: subform.to_string(), column: column.field.key.clone() })
}

fn places_of(order: &Order, field: &Field) -> Vec<Place> {
    match field.field.kind {
        FieldKind::Subform(_) => inner_places(order, &field.path).collect(),
        _ => vec![Place::Own(field.path.clone())],
    }
}

fn all_places(order: &Order) -> Vec<Place> {
    let fields = order.compiled.form.fields();
    let open = fields.filter(|field| may_read(order, &field.path) && holds_values(field));
    open.flat_map(|field| places_of(order, field)).collect()
}

fn named_places(order: &Order, named: &[String]) -> Result<Vec<Place>, Refusal> {
    let mut places: Vec<Place> = Vec::new();
    for (number, name) in named.iter().enumerate() {
        let at = || format!("fields.{number}");
        let unknown = || Refusal::invalid(vec![Fault::new(at(), "unknown_field").arg("field", name)]);
        let found = if SYSTEM_FIELDS.contains(&name.as_str()) {
            vec![Place::System(name.clone())]
        } else {
            let field = order.compiled.form.column(name).filter(|_| may_read(order, name));
            let field = field.filter(|field| holds_values(field)).ok_or_else(unknown)?;
            match name.split_once('.') {
                Some((subform, column)) if may_read(order, subform) => {
                    vec![Place::Inner { subform: subform.to_string(), column: column.to_string() }]
                }
                Some(_) => return Err(unknown()),
                None => places_of(order, field),
            }
        };
        if found.iter().any(|place| places.contains(place)) {
            return Err(Refusal::fault(at(), "twice"));
        }
        places.extend(found);
    }
    Ok(places)
}

/// What the columns are called: by their labels where those tell them apart, else by their keys.
fn headers(order: &Order, places: &[Place], labels: bool) -> Vec<String> {
    let names: Vec<String> = places.iter().map(|place| label_of(order, place)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in &names {
        *counts.entry(name).or_default() += 1;
    }
    let is_plain = |name: &str| labels && !name.trim().is_empty() && counts.get(name) == Some(&1);
    let header = |(place, name): (&Place, &String)| if is_plain(name) { name.clone() } else { place.path() };
    places.iter().zip(&names).map(header).collect()
}

fn label_of(order: &Order, place: &Place) -> String {
    let (form, language) = (&order.compiled.form, order.caller.language());
    let label = |path: &str| form.column(path).map(|column| column.field.label.get(language).to_string());
    match place {
        Place::System(name) => system_label(name, language),
        Place::Own(path) => label(path).unwrap_or_default(),
        Place::Inner { subform, .. } => {
            let (outer, inner) =
                (label(subform).unwrap_or_default(), label(&place.path()).unwrap_or_default());
            format!("{outer}.{inner}")
        }
    }
}
