//! A report, checked against the forms that it reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::{CalculationRule, DataRule, FigureRule, ReportDocument};
use super::picking::Picking;
use crate::aggregate::{AggregateFn, GroupBy};
use crate::condition::{Checked, Reach, Unit};
use crate::field::{FieldKind, Shape};
use crate::form::{Catalogue, Compiled, Form};
use crate::formula::{ROW_FUNCTIONS, Resolved, Scope, Type};
use crate::text::{Fault, Faults};
use crate::value::Id;

/// A report that can be run.
#[derive(Debug)]
pub struct Report {
    pub document: ReportDocument,
    pub data: Vec<CheckedData>,
    pub(super) figures: Vec<CheckedFigure>,
    /// Which rows of each table are shown, in the order of the document's tables.
    pub(super) picking: Vec<Picking>,
}

/// One query, resolved. `form` is `None` where an optional source is not installed.
#[derive(Debug)]
pub struct CheckedData {
    pub key: String,
    pub form: Option<Id>,
    /// Has parameters in it: fill them with [`Checked::with_params`].
    pub filter: Checked,
    pub group: Vec<DataGroup>,
    pub measures: Vec<DataMeasure>,
}

/// A group of a query.
#[derive(Clone, Debug)]
pub struct DataGroup {
    pub key: String,
    pub reach: Reach,
    pub kind: FieldKind,
    pub unit: Option<Unit>,
}

/// A measure of a query.
#[derive(Clone, Debug)]
pub struct DataMeasure {
    pub key: String,
    pub function: AggregateFn,
    /// What is measured; absent where records are counted.
    pub of: Option<(Reach, FieldKind)>,
    pub scale: u32,
}

#[derive(Debug)]
pub(super) struct CheckedFigure {
    pub rule: FigureRule,
    pub formula: Compiled,
    pub null_when: Vec<(Compiled, String)>,
    /// The measures behind its formula, each once.
    pub inputs: Vec<String>,
    /// Those and the ones behind its conditions.
    reads: Vec<String>,
}

impl CheckedFigure {
    /// The measures that it looks at, those of earlier rows and totals too.
    pub fn reads(&self) -> impl Iterator<Item = &str> {
        self.reads.iter().map(String::as_str)
    }
}

/// The measure behind a name: `PREV.gain` reads `gain`.
pub(super) fn measure_of(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, measure)| measure)
}

impl Report {
    /// Checks a document. `form` gives the published form for a name.
    ///
    /// # Errors
    /// Everything wrong with it, with JSON pointers.
    pub fn publish(
        document: ReportDocument,
        form: &dyn Fn(&str) -> Option<Arc<Form>>,
        catalogue: &dyn Catalogue,
    ) -> Result<Report, Faults> {
        let mut faults = Faults::new();
        let mut data = Vec::new();
        for (place, rule) in document.data.iter().enumerate() {
            match check_data(rule, form(&rule.form).as_deref(), catalogue) {
                Ok(checked) => data.push(checked),
                Err(found) => faults.extend(
                    found
                        .into_iter()
                        .map(|fault| Fault { path: format!("/data/{place}{}", fault.path), ..fault }),
                ),
            }
        }
        let (calculate, figures) = (&document.calculate, &document.figures);
        let names = Names { data: &document.data, calculate, figures };
        for (place, rule) in calculate.iter().enumerate() {
            let found = check_calculation(rule, &names).into_iter();
            faults.extend(
                found.map(|fault| Fault { path: format!("/calculate/{place}{}", fault.path), ..fault }),
            );
        }
        let mut figures = Vec::new();
        for (place, rule) in document.figures.iter().enumerate() {
            match check_figure(rule, &names) {
                Ok(figure) => figures.push(figure),
                Err(fault) => {
                    faults.push(Fault { path: format!("/figures/{place}{}", fault.path), ..fault });
                }
            }
        }
        let mut picking = Vec::new();
        for (place, table) in document.tables.iter().enumerate() {
            match Picking::check(table, &names) {
                Ok(checked) => picking.push(checked),
                Err(found) => faults.extend(
                    found
                        .into_iter()
                        .map(|fault| Fault { path: format!("/tables/{place}{}", fault.path), ..fault }),
                ),
            }
        }
        if faults.is_empty() { Ok(Report { document, data, figures, picking }) } else { Err(faults) }
    }

    pub(super) fn figure(&self, key: &str) -> Option<&CheckedFigure> {
        self.figures.iter().find(|figure| figure.rule.key == key)
    }

    /// A measure with its query.
    pub fn measure(&self, key: &str) -> Option<(&CheckedData, &DataMeasure)> {
        let mut all = self.data.iter().flat_map(|data| data.measures.iter().map(move |m| (data, m)));
        all.find(|(_, measure)| measure.key == key)
    }

    /// The digits after the point of a measure.
    pub fn measure_scale(&self, key: &str) -> Option<u32> {
        self.measure(key).map(|(_, measure)| measure.scale)
    }

    /// The measures that a column looks at: those of a figure and of its conditions, or the measure itself.
    pub fn reads_of(&self, column: &str) -> Vec<String> {
        self.figure(column).map_or_else(|| vec![column.to_string()], |figure| figure.reads.clone())
    }

    /// The measures that a figure's formula reads, each once.
    pub fn inputs_of(&self, figure: &str) -> Vec<String> {
        self.figure(figure).map(|known| known.inputs.clone()).unwrap_or_default()
    }
}

fn check_data(
    rule: &DataRule,
    form: Option<&Form>,
    catalogue: &dyn Catalogue,
) -> Result<CheckedData, Faults> {
    let Some(form) = form else {
        if !rule.optional {
            return Err(vec![Fault::new("/form", "unknown_form").arg("form", &rule.form)]);
        }
        let measure =
            |key: &String| DataMeasure { key: key.clone(), function: AggregateFn::Sum, of: None, scale: 2 };
        let measures = rule.measures.keys().map(measure).collect();
        return Ok(CheckedData {
            key: rule.key.clone(),
            form: None,
            filter: Checked::always(),
            group: Vec::new(),
            measures,
        });
    };
    let mut faults = Faults::new();
    let filter = match &rule.filter {
        None => Checked::always(),
        Some(condition) => form.check(condition, catalogue).unwrap_or_else(|found| {
            faults.extend(found.into_iter().map(|fault| Fault { path: "/filter".into(), ..fault }));
            Checked::always()
        }),
    };
    let mut group = Vec::new();
    for (key, by) in &rule.group {
        match check_group(key, by, form.find(&by.field, catalogue)) {
            Ok(by) => group.push(by),
            Err(fault) => faults.push(Fault { path: format!("/group/{key}"), ..fault }),
        }
    }
    let mut measures = Vec::new();
    for (key, measure) in &rule.measures {
        let find = |path: &str| form.find(path, catalogue);
        match check_measure(key, measure.function, measure.field.as_deref(), &find) {
            Ok(measure) => measures.push(measure),
            Err(fault) => faults.push(Fault { path: format!("/measures/{key}"), ..fault }),
        }
    }
    if faults.is_empty() {
        Ok(CheckedData { key: rule.key.clone(), form: Some(form.id()), filter, group, measures })
    } else {
        Err(faults)
    }
}

/// A group by the field that was found for it.
pub(super) fn check_group(
    key: &str,
    by: &GroupBy,
    found: Result<(Reach, FieldKind), Fault>,
) -> Result<DataGroup, Fault> {
    let (reach, kind) = found?;
    let is_time = matches!(kind.shape(), Shape::Day | Shape::Instant);
    if (by.unit.is_some() && !is_time)
        || matches!(kind.shape(), Shape::Rows | Shape::LongText | Shape::Markup)
    {
        return Err(Fault::new("", "bad_operand").arg("field", &by.field));
    }
    Ok(DataGroup { key: key.to_string(), reach, kind, unit: by.unit })
}

/// The field that a path names.
pub(super) type Find<'f> = dyn Fn(&str) -> Result<(Reach, FieldKind), Fault> + 'f;

/// A measure over what `find` knows: the fields of a form, or of an aggregate table.
pub(super) fn check_measure(
    key: &str,
    function: AggregateFn,
    field: Option<&str>,
    find: &Find<'_>,
) -> Result<DataMeasure, Fault> {
    let key = key.to_string();
    let field = match (function, field) {
        (AggregateFn::Count, _) => return Ok(DataMeasure { key, function, of: None, scale: 0 }),
        (_, None) => return Err(Fault::new("", "required")),
        (_, Some(field)) => field,
    };
    let (reach, kind) = find(field)?;
    let scale = match (kind.shape(), function) {
        (_, AggregateFn::Distinct) => 0,
        (Shape::Decimal(scale), AggregateFn::Avg) => (scale + 4).min(8),
        (Shape::Decimal(scale), _) => scale,
        _ => return Err(Fault::new("", "bad_operand").arg("field", field)),
    };
    Ok(DataMeasure { key, function, of: Some((reach, kind)), scale })
}

fn check_figure(rule: &FigureRule, names: &Names) -> Result<CheckedFigure, Fault> {
    let compile = |source: &str, expected: &Type, at: String| {
        Compiled::over(source, names, expected, &|path| Ok(Reach::own(path)))
            .map_err(|fault| Fault { path: at, ..fault })
    };
    let formula = compile(&rule.formula, &Type::Number, "/formula".into())?;
    let mut null_when = Vec::new();
    for (place, null) in rule.null_when.iter().enumerate() {
        let when = compile(&null.when, &Type::Bool, format!("/null_when/{place}/when"))?;
        null_when.push((when, null.reason.clone()));
    }
    let mut inputs = Vec::new();
    names.note(&formula, &mut inputs);
    let mut reads = inputs.clone();
    for (when, _) in &null_when {
        names.note(when, &mut reads);
    }
    Ok(CheckedFigure { rule: rule.clone(), formula, null_when, inputs, reads })
}

/// What is wrong with a calculation: it has a name of its own, and its measures are parted into periods.
fn check_calculation(rule: &CalculationRule, names: &Names) -> Faults {
    let mut faults = Faults::new();
    let same = names.calculate.iter().filter(|other| other.key == rule.key).count();
    if same > 1 || names.is_measure(&rule.key) {
        faults.push(Fault::new("/key", "duplicate_key").arg("key", &rule.key));
    }
    for (member, measure) in [("gain", &rule.with.gain), ("cost", &rule.with.cost)] {
        let mut data = names.data.iter().filter(|data| data.measures.contains_key(measure)).peekable();
        if data.peek().is_none() {
            faults.push(Fault::new(format!("/with/{member}"), "unknown_field").arg("field", measure));
        } else if !data.any(|data| data.group.get(&rule.with.by).is_some_and(|by| by.unit.is_some())) {
            faults.push(Fault::new("/with/by", "unknown_field").arg("field", &rule.with.by));
        }
    }
    faults
}

/// What a report's formulas can name: measures, and what was calculated; figures only where rows are picked.
pub(super) struct Names<'a> {
    data: &'a [DataRule],
    calculate: &'a [CalculationRule],
    figures: &'a [FigureRule],
}

impl Names<'_> {
    pub fn is_measure(&self, name: &str) -> bool {
        self.data.iter().any(|data| data.measures.contains_key(name))
    }

    pub fn is_calculation(&self, name: &str) -> bool {
        self.calculate.iter().any(|rule| rule.key == name)
    }

    /// Notes the measures behind what a formula reads, each once: those of a calculation for its result.
    fn note(&self, formula: &Compiled, into: &mut Vec<String>) {
        for reach in formula.reaches() {
            let measures = match self.calculate.iter().find(|rule| rule.key == reach.field) {
                Some(rule) => vec![rule.with.cost.as_str(), rule.with.gain.as_str()],
                None => vec![measure_of(&reach.field)],
            };
            for measure in measures {
                if !into.iter().any(|known| known == measure) {
                    into.push(measure.to_string());
                }
            }
        }
    }

    pub fn is_figure(&self, name: &str) -> bool {
        self.figures.iter().any(|figure| figure.key == name)
    }

    pub fn is_group(&self, name: &str) -> bool {
        self.data.iter().any(|data| data.group.contains_key(name))
    }
}

impl Scope for Names<'_> {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        let name = match path {
            [name] if self.is_calculation(name) => {
                return Some(Resolved { ty: Type::Number, live: false });
            }
            [name] => name,
            [function, name] if ROW_FUNCTIONS.contains(function) => name,
            _ => return None,
        };
        self.is_measure(name).then_some(Resolved { ty: Type::Number, live: false })
    }
}

/// Measures as a function over the rows gives them: `PREV(gain)` is read as `PREV.gain`.
pub(super) fn offer(
    values: &BTreeMap<String, crate::value::Value>,
    function: &str,
    into: &mut BTreeMap<String, crate::value::Value>,
) {
    into.extend(values.iter().map(|(key, value)| (format!("{function}.{key}"), value.clone())));
}
