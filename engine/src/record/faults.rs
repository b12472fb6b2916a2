//! What is wrong with a draft: checked at submit, shown while typing.

use super::Draft;
use super::draft::cell_path;
use crate::condition::Source;
use crate::field::Shape;
use crate::form::Column;
use crate::formula::Budget;
use crate::text::{Fault, Faults};
use crate::value::{Value, get};

/// Operations that looking for the causes of faults takes at most: a tenth of what a record has.
const FOR_CAUSES: u64 = 500_000;

impl Draft {
    /// Whether the field or column must be filled now: always, by its own condition, or by a matching rule.
    pub fn is_required(&self, column: &Column, row: Option<usize>) -> bool {
        if column.field.required {
            return true;
        }
        let source = self.source(row);
        let own =
            column.required_when.as_ref().is_some_and(|condition| condition.holds(&source, &self.context));
        own || self
            .form
            .rules
            .iter()
            .any(|rule| rule.require.contains(&column.path) && rule.when.holds(&source, &self.context))
    }

    /// Everything that stops this record from being submitted by somebody who may edit the paths that `editable`
    /// names. A field that a rule hides is not checked.
    pub fn faults(&self, editable: &dyn Fn(&str) -> bool) -> Faults {
        let mut faults = Faults::new();
        // What looking for the causes of faults takes is taken from no check.
        let mut spare = Budget::of(FOR_CAUSES);
        for column in self.form.fields() {
            self.check_cell((column, None), editable, &mut faults, &mut spare);
            let rows = get(&self.values, &column.path).rows().len();
            if self.is_hidden(&column.path) {
                continue;
            }
            for row in 0..rows {
                for inner in self.form.columns_of(&column.path) {
                    self.check_cell((inner, Some(row)), editable, &mut faults, &mut spare);
                }
            }
        }
        self.check_validations(&mut faults, &mut spare);
        faults
    }

    fn check_cell(
        &self,
        (column, row): (&Column, Option<usize>),
        editable: &dyn Fn(&str) -> bool,
        faults: &mut Faults,
        spare: &mut Budget,
    ) {
        let path = cell_path(column, row);
        if self.is_hidden(&path) {
            return;
        }
        let value = match (column.subform(), row) {
            (Some(subform), Some(row)) => {
                let row = get(&self.values, subform).rows().get(row);
                row.map_or(&Value::Empty, |row| get(&row.values, &column.field.key))
            }
            _ => get(&self.values, &column.path),
        };
        match value {
            Value::Error(error) if !column.is_live() => {
                faults.push(self.not_computed(path, (column, row), *error, spare));
            }
            Value::Error(_) => {}
            value if value.is_empty() => {
                if editable(&column.path) && column.field.kind.is_input() && self.is_required(column, row) {
                    faults.push(Fault::new(path.clone(), "required"));
                } else if column.shape == Shape::Rows {
                    faults.extend(column.check(value).into_iter().map(|fault| fault.under(&path)));
                }
            }
            _ if column.is_live() => {}
            value => {
                let mut found = column.check(value);
                let most = self.form.sketch.document.longest_indexed(&column.path, &column.field);
                let length = || value.as_text().map_or(0, |text| text.chars().count());
                if let Some(most) = most.filter(|most| found.is_empty() && length() > *most) {
                    found.push(Fault::new("", "too_long").arg("max", most));
                }
                faults.extend(found.into_iter().map(|fault| fault.under(&path)));
            }
        }
    }

    fn check_validations(&self, faults: &mut Faults, spare: &mut Budget) {
        let mut budget = Budget::for_record();
        for validation in &self.form.validations {
            let source = self.source(None);
            let source = &source as &dyn Source;
            let (value, asks) = validation.formula.ask(source, &self.context, &mut budget, &self.answers);
            match value {
                // Who does not know the figures can't say; whoever saves the record finds them.
                _ if !asks.is_empty() => {}
                Value::Bool(false) => faults.push(
                    Fault::new(self.place_of(validation, spare), "validation")
                        .arg("key", &validation.key)
                        .message(validation.message.clone()),
                ),
                Value::Error(error) => {
                    faults.push(self.not_checked(validation.at.clone(), &validation.formula, error, spare));
                }
                _ => {}
            }
        }
    }
}
