//! A dashboard, checked against what its tiles read.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dashboard::{DashboardDocument, FilterKind, FilterRule, Tile, TileSource};
use super::publish::{DataGroup, DataMeasure, Report, check_group, check_measure};
use super::spark;
use crate::aggregate::Aggregate;
use crate::condition::{Checked, Fields, Reach};
use crate::field::{FieldKind, Shape};
use crate::form::{Catalogue, Compiled, Form};
use crate::formula::{Resolved, Scope, Type};
use crate::text::{Fault, Faults};
use crate::value::Id;

/// A dashboard that can be shown.
#[derive(Debug)]
pub struct Dashboard {
    pub document: DashboardDocument,
    /// In the order of the document.
    pub tiles: Vec<CheckedTile>,
}

/// A tile, resolved.
#[derive(Debug)]
pub struct CheckedTile {
    pub rule: Tile,
    pub source: CheckedTileSource,
    pub filter: Checked,
    pub group: Vec<DataGroup>,
    /// What is measured in each group.
    pub measures: Vec<DataMeasure>,
    /// What is computed from it.
    pub(super) computed: Vec<ComputedMeasure>,
    /// What narrows the tile, by the key of the filter; parameters of a report have no field.
    pub binds: BTreeMap<String, Bind>,
    /// The same by the periods of its line.
    pub(super) spark: Option<Box<CheckedTile>>,
}

/// What a tile reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckedTileSource {
    Form(Id),
    /// By its key.
    Aggregate(String),
    /// By its key.
    Report(String),
}

/// What a filter narrows in a tile.
#[derive(Clone, Debug)]
pub enum Bind {
    Field(Reach, Box<FieldKind>),
    Parameter(String),
}

#[derive(Debug)]
pub(super) struct ComputedMeasure {
    pub key: String,
    pub formula: Compiled,
    pub scale: u32,
}

/// Digits after the point of a formula that says nothing else.
const SCALE: u32 = 2;

/// What the documents around a dashboard are.
pub struct Known<'k> {
    /// The published form that a name means.
    pub form: &'k dyn Fn(&str) -> Option<Arc<Form>>,
    pub aggregate: &'k dyn Fn(&str) -> Option<Arc<Aggregate>>,
    pub report: &'k dyn Fn(&str) -> Option<Arc<Report>>,
    pub catalogue: &'k dyn Catalogue,
}

impl Dashboard {
    /// Checks a document.
    ///
    /// # Errors
    /// Everything wrong with it, with JSON pointers.
    pub fn publish(document: DashboardDocument, known: &Known) -> Result<Dashboard, Faults> {
        let mut faults = Faults::new();
        let mut tiles: Vec<CheckedTile> = Vec::new();
        for (place, rule) in document.tiles.iter().enumerate() {
            let at = format!("/tiles/{place}");
            if tiles.iter().any(|tile| tile.rule.key == rule.key) {
                faults.push(Fault::new(format!("{at}/key"), "duplicate_key").arg("key", &rule.key));
            }
            let [column, _, width, height] = rule.at;
            if width == 0 || height == 0 || column.saturating_add(width) > COLUMNS {
                faults.push(Fault::new(format!("{at}/at"), "out_of_range"));
            }
            match CheckedTile::publish(rule, &document.filters, known) {
                Ok(tile) => tiles.push(tile),
                Err(found) => faults.extend(
                    found.into_iter().map(|fault| Fault { path: format!("{at}{}", fault.path), ..fault }),
                ),
            }
        }
        if faults.is_empty() { Ok(Dashboard { document, tiles }) } else { Err(faults) }
    }

    pub fn tile(&self, key: &str) -> Option<&CheckedTile> {
        self.tiles.iter().find(|tile| tile.rule.key == key)
    }
}

/// Columns of a dashboard's grid.
const COLUMNS: u32 = 24;

impl CheckedTile {
    fn publish(rule: &Tile, filters: &[FilterRule], known: &Known) -> Result<CheckedTile, Faults> {
        let unknown =
            |what: &str, code: &'static str, name: &str| vec![Fault::new("/source", code).arg(what, name)];
        match &rule.source {
            TileSource::Form(name) => {
                let form = (known.form)(name).ok_or_else(|| unknown("form", "unknown_form", name))?;
                let fields = OfForm { form: &form, catalogue: known.catalogue };
                CheckedTile::over(rule, CheckedTileSource::Form(form.id()), &fields, filters)
            }
            TileSource::Aggregate(name) => {
                let aggregate =
                    (known.aggregate)(name).ok_or_else(|| unknown("field", "unknown_field", name))?;
                let fields = aggregate.walked(known.catalogue);
                CheckedTile::over(rule, CheckedTileSource::Aggregate(name.clone()), &fields, filters)
            }
            TileSource::Report(name) => {
                let report = (known.report)(name).ok_or_else(|| unknown("field", "unknown_field", name))?;
                CheckedTile::of_report(rule, &report, filters)
            }
        }
    }

    fn over(
        rule: &Tile,
        source: CheckedTileSource,
        fields: &dyn Fields,
        filters: &[FilterRule],
    ) -> Result<CheckedTile, Faults> {
        let mut faults = spark::faults_of(rule);
        let filter = match &rule.filter {
            None => Checked::always(),
            Some(condition) => Checked::new(condition, fields).unwrap_or_else(|found| {
                faults.extend(found.into_iter().map(|fault| Fault { path: "/filter".into(), ..fault }));
                Checked::always()
            }),
        };
        let mut group = Vec::new();
        for (place, by) in rule.group.iter().enumerate() {
            match check_group(&by.field, by, fields.find(&by.field)) {
                Ok(by) => group.push(by),
                Err(fault) => faults.push(Fault { path: format!("/group/{place}"), ..fault }),
            }
        }
        let mut measures = Vec::new();
        for (place, measure) in rule.measures.iter().enumerate() {
            let Some(function) = measure.function else { continue };
            let find = |path: &str| fields.find(path);
            match check_measure(&measure.key, function, measure.field.as_deref(), &find) {
                Ok(measure) => measures.push(measure),
                Err(fault) => faults.push(Fault { path: format!("/measures/{place}"), ..fault }),
            }
        }
        let computed = computed(rule, &measures).unwrap_or_else(|found| {
            faults.extend(found);
            Vec::new()
        });
        let mut binds = BTreeMap::new();
        for filter in filters {
            let Some(path) = bound(rule, filter) else { continue };
            match fields.find(path).and_then(|found| fits(filter, path, found)) {
                Ok((reach, kind)) => {
                    drop(binds.insert(filter.key.clone(), Bind::Field(reach, Box::new(kind))))
                }
                Err(fault) => faults.push(Fault { path: String::new(), ..fault }),
            }
        }
        for (place, sort) in rule.sort.iter().enumerate() {
            if !rule.measures.iter().any(|measure| measure.key == sort.field) {
                let at = format!("/sort/{place}/field");
                faults.push(Fault::new(at, "unknown_field").arg("field", &sort.field));
            }
        }
        if rule.measures.is_empty() {
            faults.push(Fault::new("/measures", "required"));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let spark = match &rule.spark {
            None => None,
            Some(spark) => {
                let line =
                    CheckedTile::over(&spark::by_periods(rule, spark), source.clone(), fields, filters);
                let in_spark = |fault: Fault| Fault { path: "/spark/field".into(), ..fault };
                Some(Box::new(line.map_err(|faults| faults.into_iter().map(in_spark).collect::<Faults>())?))
            }
        };
        Ok(CheckedTile { rule: rule.clone(), source, filter, group, measures, computed, binds, spark })
    }

    /// A tile that shows figures of a report, or a table of it by one group.
    fn of_report(rule: &Tile, report: &Report, filters: &[FilterRule]) -> Result<CheckedTile, Faults> {
        let mut faults = spark::faults_of(rule);
        let document = &report.document;
        let table = match rule.group.as_slice() {
            [] => None,
            [by, ..] => {
                let found = document.tables.iter().find(|table| table.by == by.field);
                if found.is_none() || rule.group.len() > 1 {
                    faults.push(Fault::new("/group/0", "unknown_field").arg("field", &by.field));
                }
                found
            }
        };
        for (place, measure) in rule.measures.iter().enumerate() {
            let name = measure.formula.as_deref().unwrap_or(&measure.key);
            let known = match table {
                Some(table) => table.columns.iter().any(|column| column == name),
                None => document.figures.iter().any(|figure| figure.key == name && figure.by.is_none()),
            };
            if !known {
                let at = format!("/measures/{place}/formula");
                faults.push(Fault::new(at, "unknown_field").arg("field", name));
            }
        }
        let mut binds = BTreeMap::new();
        for filter in filters {
            let Some(parameter) = bound(rule, filter) else { continue };
            if !document.params.iter().any(|param| param.key == parameter) {
                faults.push(Fault::new("", "unknown_field").arg("field", parameter));
            }
            binds.insert(filter.key.clone(), Bind::Parameter(parameter.to_string()));
        }
        // The report says which rows there are, and in which order.
        let not_here = [
            (rule.filter.is_some(), "filter"),
            (!rule.sort.is_empty(), "sort"),
            (rule.spark.is_some(), "spark"),
        ];
        for (is_there, member) in not_here {
            if is_there {
                faults.push(Fault::new(format!("/{member}"), "not_allowed_here").arg("what", member));
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(CheckedTile {
            rule: rule.clone(),
            source: CheckedTileSource::Report(document.key.clone()),
            filter: Checked::always(),
            group: Vec::new(),
            measures: Vec::new(),
            computed: Vec::new(),
            binds,
            spark: None,
        })
    }
}

/// What a filter narrows in a tile: by the tile's key, else by its source.
fn bound<'f>(rule: &Tile, filter: &'f FilterRule) -> Option<&'f str> {
    let path = filter.binds.get(&rule.key).or_else(|| filter.binds.get(rule.source.name()));
    path.map(String::as_str)
}

fn fits(
    filter: &FilterRule,
    path: &str,
    (reach, kind): (Reach, FieldKind),
) -> Result<(Reach, FieldKind), Fault> {
    let is_time = matches!(kind.shape(), Shape::Day | Shape::Instant);
    let is_one =
        !matches!(kind.shape(), Shape::Keys | Shape::Refs | Shape::Rows | Shape::LongText | Shape::Markup);
    if (filter.kind == FilterKind::Period) != is_time || !is_one {
        return Err(Fault::new("", "bad_operand").arg("field", path));
    }
    Ok((reach, kind))
}

fn computed(rule: &Tile, measures: &[DataMeasure]) -> Result<Vec<ComputedMeasure>, Faults> {
    let mut all = Vec::new();
    let mut faults = Faults::new();
    let names = Names(measures);
    for (place, measure) in rule.measures.iter().enumerate() {
        if measure.function.is_some() {
            continue;
        }
        let Some(source) = &measure.formula else {
            faults.push(Fault::new(format!("/measures/{place}/fn"), "required"));
            continue;
        };
        match Compiled::over(source, &names, &Type::Number, &|path| Ok(Reach::own(path))) {
            Ok(formula) => all.push(ComputedMeasure {
                key: measure.key.clone(),
                formula,
                scale: measure.scale.unwrap_or(SCALE),
            }),
            Err(fault) => faults.push(Fault { path: format!("/measures/{place}/formula"), ..fault }),
        }
    }
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}

/// Measures as formulas of other measures see them.
struct Names<'m>(&'m [DataMeasure]);

impl Scope for Names<'_> {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let [name] = path else { return None };
        let known = self.0.iter().any(|measure| measure.key == *name);
        known.then_some(Resolved { ty: Type::Number, live: false })
    }
}

struct OfForm<'f> {
    form: &'f Form,
    catalogue: &'f dyn Catalogue,
}

impl Fields for OfForm<'_> {
    fn find(&self, path: &str) -> Result<(Reach, FieldKind), Fault> {
        self.form.find(path, self.catalogue)
    }
}
