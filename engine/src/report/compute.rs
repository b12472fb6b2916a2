//! From the answers of the queries to figures.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::answer::{
    DataAnswer, GAIN_MISSING, INSUFFICIENT_DATA, NONE_VISIBLE, NOT_READABLE, SOURCE_NOT_INSTALLED, Titles,
};
use super::document::{Calculation, Role};
use super::groups::{Measures, combine};
use super::publish::{CheckedData, CheckedFigure, Report, offer};
use super::table::TableResult;
use crate::condition::{Reach, Source};
use crate::context::Context;
use crate::formula::Budget;
use crate::text::Language;
use crate::value::{Rounding, Value, round, to_fixed};

/// A figure with what it was computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureResult {
    pub key: String,
    /// Exactly as many digits as the figure's scale; `None` with a reason.
    pub value: Option<String>,
    pub reason: Option<String>,
    /// The measures that its formula reads.
    pub inputs: BTreeMap<String, Option<String>>,
    pub records: u64,
}

/// Everything that a report says.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub figures: Vec<FigureResult>,
    pub tables: Vec<TableResult>,
}

impl Report {
    /// Computes figures and tables from the queries' answers, `answers[i]` being that of `data[i]`.
    pub fn compute(
        &self,
        answers: &[DataAnswer],
        titles: &Titles,
        context: &Context,
        language: Language,
    ) -> Outcome {
        let (absent, budget) = (self.absent(answers), RefCell::new(Budget::for_answer()));
        let run = Run { report: self, answers, titles, context, language, absent, budget };
        let totals = run.totals();
        let calculated = run.calculated();
        let figures = self.figures.iter().filter(|figure| figure.rule.by.is_none());
        Outcome {
            figures: figures.map(|figure| run.figure(figure, &totals, &calculated)).collect(),
            tables: run.tables(&totals),
        }
    }

    /// The measures that have no value, and why.
    fn absent(&self, answers: &[DataAnswer]) -> Absent {
        let mut absent = Absent::default();
        for ((rule, data), answer) in self.document.data.iter().zip(&self.data).zip(answers) {
            absent.withheld.extend(answer.withheld.iter().cloned());
            let unseen = data.measures.iter().filter(|measure| answer.shows_none(measure));
            absent.unseen.extend(unseen.map(|measure| measure.key.clone()));
            if data.form.is_none() {
                absent.not_installed.extend(data.measures.iter().map(|measure| measure.key.clone()));
            }
            let gains = rule.measures.iter().filter(|(_, measure)| measure.role == Some(Role::Gain));
            let nowhere = gains.filter(|(key, _)| !answer.has(key)).map(|(key, _)| key.clone());
            absent.not_entered.extend(nowhere);
        }
        absent
    }
}

/// The measures without a value anywhere: in the figures, in each row, in the total below them.
#[derive(Default)]
pub(super) struct Absent {
    withheld: BTreeSet<String>,
    /// The viewer sees a part of the records, and none is in it.
    unseen: BTreeSet<String>,
    not_installed: BTreeSet<String>,
    /// Gains.
    not_entered: BTreeSet<String>,
}

impl Absent {
    /// Whether the viewer can not know a measure.
    pub fn is_closed(&self, measure: &str) -> bool {
        self.withheld.contains(measure) || self.unseen.contains(measure)
    }

    /// Why a measure has no value.
    pub fn reason(&self, measure: &str) -> Option<&'static str> {
        if self.withheld.contains(measure) {
            Some(NOT_READABLE)
        } else if self.unseen.contains(measure) {
            Some(NONE_VISIBLE)
        } else if self.not_installed.contains(measure) {
            Some(SOURCE_NOT_INSTALLED)
        } else if self.not_entered.contains(measure) {
            Some(GAIN_MISSING)
        } else {
            None
        }
    }
}

/// A report over some answers.
pub(super) struct Run<'r> {
    pub report: &'r Report,
    answers: &'r [DataAnswer],
    pub titles: &'r Titles,
    pub context: &'r Context,
    pub language: Language,
    pub absent: Absent,
    /// What the formulas of all figures and all rows of its tables share.
    pub budget: RefCell<Budget>,
}

impl Run<'_> {
    pub fn queries(&self) -> impl Iterator<Item = (&CheckedData, &DataAnswer)> {
        self.report.data.iter().zip(self.answers)
    }

    /// Each measure over all its rows; empty where there is none.
    fn totals(&self) -> Measures {
        let mut totals = Measures::new();
        for (data, answer) in self.queries() {
            for measure in &data.measures {
                let values = answer.rows.iter().filter_map(|row| row.values.get(&measure.key));
                let values = values.filter_map(Value::as_number);
                totals.insert(measure.key.clone(), combine(measure.function, values));
            }
        }
        totals
    }

    /// The results of the report's calculations, by their keys.
    fn calculated(&self) -> Measures {
        let results = self.report.document.calculate.iter().map(|rule| {
            let result = match rule.calculation {
                Calculation::Payback => self.payback(&rule.with),
            };
            (rule.key.clone(), result)
        });
        results.collect()
    }

    fn figure(&self, figure: &CheckedFigure, measures: &Measures, calculated: &Measures) -> FigureResult {
        let mut names = with_totals(measures, measures);
        names.extend(calculated.clone());
        let (value, reason) = self.evaluate(figure, &names);
        let read: BTreeSet<&str> = figure.inputs.iter().map(String::as_str).collect();
        let inputs = read
            .iter()
            .filter_map(|key| Some((key.to_string(), self.text(key, measures.get(*key)?))))
            .collect();
        let reads =
            |data: &CheckedData| data.measures.iter().any(|measure| read.contains(measure.key.as_str()));
        let answers = self.queries().filter(|(data, _)| reads(data)).map(|(_, answer)| answer);
        let records = answers.flat_map(|answer| &answer.rows).map(|row| row.records).sum();
        FigureResult { key: figure.rule.key.clone(), value, reason, inputs, records }
    }

    pub fn text(&self, measure: &str, value: &Value) -> Option<String> {
        let scale = self.report.measure_scale(measure).unwrap_or(2);
        value.as_number().map(|number| to_fixed(number, scale))
    }

    pub fn evaluate(&self, figure: &CheckedFigure, names: &Measures) -> (Option<String>, Option<String>) {
        let absent = |reason: &str| figure.reads().any(|key| self.absent.reason(key) == Some(reason));
        if let Some(closed) = [NOT_READABLE, NONE_VISIBLE].into_iter().find(|reason| absent(reason)) {
            return (None, Some(closed.to_string()));
        }
        let (value, reason) = match evaluate(figure, names, self.context, &mut self.budget.borrow_mut()) {
            Ok(value) if value.is_empty() && absent(GAIN_MISSING) => (None, Some(GAIN_MISSING.to_string())),
            Ok(value) => told(value, figure.rule.scale),
            Err(reason) => (None, Some(reason)),
        };
        match value {
            None if absent(SOURCE_NOT_INSTALLED) => (None, Some(SOURCE_NOT_INSTALLED.to_string())),
            value => (value, reason),
        }
    }
}

/// Measures as formulas read them, with what they are of the whole.
pub(super) fn with_totals(measures: &Measures, totals: &Measures) -> Measures {
    let mut names = measures.clone();
    offer(totals, "TOTAL", &mut names);
    for (key, value) in measures {
        let share = match (value.as_number(), totals.get(key).and_then(Value::as_number)) {
            (Some(part), Some(whole)) if !whole.is_zero() => {
                part.checked_div(whole).map(Value::Number).unwrap_or_default()
            }
            _ => Value::Empty,
        };
        names.insert(format!("SHARE.{key}"), share);
    }
    names
}

/// What the formula gives, or the reason of the document's that there is nothing to compute.
fn evaluate(
    figure: &CheckedFigure,
    names: &Measures,
    context: &Context,
    budget: &mut Budget,
) -> Result<Value, String> {
    let source = Reader(names);
    for (when, reason) in &figure.null_when {
        if when.evaluate(&source, context, budget) == Value::Bool(true) {
            return Err(reason.clone());
        }
    }
    Ok(figure.formula.evaluate(&source, context, budget))
}

/// A computed value as text of this scale, or why there is none.
pub(super) fn told(value: Value, scale: u32) -> (Option<String>, Option<String>) {
    match value {
        Value::Number(number) => (Some(to_fixed(round(number, scale, Rounding::HalfUp), scale)), None),
        Value::Error(error) => (None, Some(error.code().to_string())),
        _ => (None, Some(INSUFFICIENT_DATA.to_string())),
    }
}

/// Measures by name, as formulas read them.
pub(super) struct Reader<'a>(pub &'a Measures);

impl Source for Reader<'_> {
    fn value(&self, reach: &Reach) -> Value {
        self.0.get(&reach.field).cloned().unwrap_or_default()
    }

    fn row_values(&self, _: &Reach) -> Vec<Value> {
        Vec::new()
    }
}
