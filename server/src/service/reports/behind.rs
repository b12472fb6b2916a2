//! The records behind a number.

use engine::access::{FieldRight, Operation};
use engine::condition::{Checked, CheckedOperand, CheckedTest, Match, Operator, Reach};
use engine::field::Shape;
use engine::report::{CheckedData, DataGroup, DataMeasure, Report};
use engine::value::{Id, Value};
use sha2::{Digest, Sha256};
use store::query::{Cursor, From, Shelf, Sort};

use super::params::Params;
use super::run::{filter_of, period_named, report_context};
use super::source::{Viewer, may_look};
use crate::service::people::Caller;
use crate::service::people::secret::hex;
use crate::service::records::Order;
use crate::service::records::query::checked_limit;
use crate::service::{Installation, Refusal};

/// # Errors
/// Not found for who may not read the report; faults of what was asked.
pub async fn records(
    installation: &Installation,
    caller: &Caller,
    key: &str,
    input: &wire::BehindInput,
) -> Result<wire::Behind, Refusal> {
    let designs = installation.designs.get(&installation.store, caller.workspace_id()).await?;
    let viewer = Viewer { installation, caller, designs: designs.clone() };
    let design = designs.report_to_run(input.app.as_deref(), key, caller)?;
    let report = designs.report(design)?;
    let context = report_context(&designs, design, caller);
    let params = Params::read(&design.document, &input.params, &context)?;
    let (data, measure) = asked_measure(&report, input)?;
    let form = data.form.ok_or_else(|| Refusal::fault("input", "unknown_field"))?;
    let mut filter = filter_of(&data.filter, &designs, design, &params);
    if let Some(row) = &input.row {
        let by = row_group(&report, data, input)?;
        filter = filter.and(in_group(by, row).ok_or_else(|| Refusal::fault("row", "out_of_range"))?);
    }
    let asked = (&input.figure, &input.input, &input.params, &input.table, &input.row);
    let asked = serde_json::to_string(&asked).map_err(Refusal::internal)?;
    let listing = Listing {
        form,
        filter,
        group: &data.group,
        measure: Some(measure),
        limit: input.limit,
        cursor: input.cursor.as_deref(),
        bound: format!("report {key} {asked}"),
    };
    listing.read(&viewer).await
}

/// The records that a number was made of, a page at a time.
pub struct Listing<'l> {
    pub form: Id,
    pub filter: Checked,
    /// By what the number was told apart.
    pub group: &'l [DataGroup],
    /// What was measured: those that weigh most come first.
    pub measure: Option<&'l DataMeasure>,
    pub limit: Option<u32>,
    pub cursor: Option<&'l str>,
    /// What was asked for: a cursor of something else does not fit.
    pub bound: String,
}

impl Listing<'_> {
    /// # Errors
    /// Forbidden for who may see no records of the form, and where the number itself is withheld: which records count
    /// would tell what is in a field that the viewer may not read. Faults of limit and cursor.
    pub async fn read(self, viewer: &Viewer<'_>) -> Result<wire::Behind, Refusal> {
        let order = viewer.order(self.form)?;
        if !order.access.may(Operation::View) || !may_look(&order, &self.filter, self.group)? {
            return Err(Refusal::forbidden("forbidden"));
        }
        let seal = &viewer.installation.seal;
        let hash = hex(&Sha256::digest(self.bound.as_bytes()));
        let bound = format!("behind {} {} {hash}", order.caller.id(), order.form);
        let open = |text: &str| -> Result<Cursor, Refusal> {
            let bad = || Refusal::fault("cursor", "bad_cursor");
            serde_json::from_str(&seal.open(text, &bound).ok_or_else(bad)?).map_err(|_| bad())
        };
        let query = store::query::Query {
            shelf: Shelf::Live,
            sort: largest_first(&order, self.measure)?,
            filter: self.filter,
            limit: checked_limit(self.limit)?,
            from: self.cursor.map(open).transpose()?.map_or(From::Start, From::After),
            fields: None,
        };
        let mut db = order.reader().await?;
        let page = store::query::page(&mut db, &order.access, order.table(), &query, &order.context).await?;
        let next = match page.next {
            None => None,
            Some(cursor) => {
                let text = serde_json::to_string(&cursor).map_err(Refusal::internal)?;
                Some(seal.close(&text, &bound)?)
            }
        };
        let language = order.caller.language();
        let form = &order.compiled.form;
        let titles = order.seen_titles(&mut db, &page.records).await?;
        let titles = page.records.iter().map(|record| record.id.to_string()).zip(titles).collect();
        let shown = self.measure.filter(|measure| readable(&order, measure)).and_then(shown_field);
        Ok(wire::Behind {
            form: self.form,
            app: form.sketch.app.clone(),
            label: form.sketch.document.label.get(language).to_string(),
            field: shown.map(str::to_string),
            field_label: shown
                .and_then(|path| form.column(path))
                .map(|column| column.field.label.get(language).to_string()),
            date: dated(&order, self.group),
            items: order.view_all(&mut db, &page.records, None, None).await?,
            titles,
            next,
        })
    }
}

/// The measure that is asked about, with its query.
fn asked_measure<'r>(
    report: &'r Report,
    input: &wire::BehindInput,
) -> Result<(&'r CheckedData, &'r DataMeasure), Refusal> {
    let unknown = |at: &str, name: &str| {
        let fault = engine::text::Fault::new(at, "unknown_field").arg("field", name);
        Refusal::invalid(vec![fault])
    };
    let inputs = match report.document.figures.iter().any(|figure| figure.key == input.figure) {
        true => report.inputs_of(&input.figure),
        false => vec![input.figure.clone()],
    };
    let wanted = match &input.input {
        Some(wanted) if inputs.contains(wanted) => wanted,
        Some(other) => return Err(unknown("input", other)),
        None => inputs.first().ok_or_else(|| unknown("figure", &input.figure))?,
    };
    report.measure(wanted).ok_or_else(|| unknown("figure", &input.figure))
}

/// The group that the rows of the asked table stand for.
fn row_group<'r>(
    report: &Report,
    data: &'r CheckedData,
    input: &wire::BehindInput,
) -> Result<&'r DataGroup, Refusal> {
    let table = report.document.tables.iter().find(|table| Some(&table.key) == input.table.as_ref());
    let table = table.ok_or_else(|| Refusal::fault("table", "unknown_field"))?;
    let group = data.group.iter().find(|group| group.key == table.by);
    group.ok_or_else(|| Refusal::fault("table", "unknown_field"))
}

/// The records of one group; `None` where the text names none.
pub fn in_group(by: &DataGroup, row: &str) -> Option<Checked> {
    let (op, operand) = match by.unit {
        _ if row.is_empty() => (Operator::IsEmpty, CheckedOperand::Nothing),
        Some(unit) => {
            let (from, to) = period_named(unit, row)?;
            (Operator::Within, CheckedOperand::List(vec![Value::Date(from), Value::Date(to)]))
        }
        None if matches!(by.kind.shape(), Shape::Keys | Shape::Refs) => {
            let values = by.kind.parse_wire(&serde_json::json!([row])).ok()?;
            (Operator::HasAny, CheckedOperand::List(values.items().to_vec()))
        }
        None => (Operator::Eq, CheckedOperand::Value(by.kind.parse_wire(&json_of(by, row)).ok()?)),
    };
    let (reach, kind) = (by.reach.clone(), by.kind.clone());
    Some(Checked::Test(Box::new(CheckedTest { reach, kind, op, operand, matching: Match::Any })))
}

fn json_of(by: &DataGroup, row: &str) -> serde_json::Value {
    match by.kind.shape() {
        Shape::Bool => serde_json::json!(row == "true"),
        _ => serde_json::json!(row),
    }
}

/// The record's own field that is added up.
fn shown_field(measure: &DataMeasure) -> Option<&str> {
    let (reach, _) = measure.of.as_ref()?;
    own(reach).then_some(reach.field.as_str())
}

/// The record's own date that is shown beside it.
fn dated(order: &Order, group: &[DataGroup]) -> Option<String> {
    let is_open = |path: &str| order.access.right(path) >= FieldRight::Read;
    let grouped = group.iter().filter(|by| by.unit.is_some() && own(&by.reach));
    let first = order.compiled.form.fields().filter(|column| column.shape == Shape::Day);
    let mut paths = grouped.map(|by| by.reach.field.clone()).chain(first.map(|column| column.path.clone()));
    paths.find(|path| is_open(path))
}

fn own(reach: &Reach) -> bool {
    reach.hops.is_empty() && reach.subform().is_none()
}

fn readable(order: &Order, measure: &DataMeasure) -> bool {
    measure.of.as_ref().is_some_and(|(reach, _)| order.may_ask(reach).unwrap_or(false))
}

/// Those that weigh most come first.
fn largest_first(order: &Order, measure: Option<&DataMeasure>) -> Result<Vec<Sort>, Refusal> {
    let of = measure.filter(|measure| readable(order, measure)).and_then(|measure| measure.of.as_ref());
    if let Some((reach, kind)) = of.filter(|(reach, _)| own(reach)) {
        return Ok(vec![Sort { reach: reach.clone(), kind: kind.clone(), descending: true }]);
    }
    let (reach, kind) = order.find("$created_at", "sort")?;
    Ok(vec![Sort { reach, kind, descending: true }])
}
